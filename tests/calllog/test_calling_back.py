"""Calling back: who waits, one colleague at a time, and what came of it. On both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event
from typing import Any

import pytest

from callrouter.calllog.audit import entries
from callrouter.calllog.calling_back import finish, let_go, own, settle, take
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.missed import LISTED, Waiting, WaitingList, answered_since, waiting
from callrouter.calllog.projection import Key, lock
from callrouter.calllog.writes import write_entries
from callrouter.domain.call_back import HELD_FOR, WAITS_FOR
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.review import Act
from callrouter.domain.words import CallBackResult, Origin
from tests.calllog.plans import first_index
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, arrival, missed, whole_story
from tests.schedules import CLOSED_HOUR

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = CLOSED_HOUR + 2 * HOUR
OTHER = PhoneNumber("+46701740660")
ANNA, BO = Act("anna", NOW), Act("bo", NOW + MINUTE)
DAY = CLOSED_HOUR.date()
HASHED = PSEUDONYMIZER.key(OTHER.e164)


def keep(log: Database, *told: Entry) -> None:
    write_entries(log, PSEUDONYMIZER, list(told))
    catch_up(log)


def key(call_id: str) -> Key:
    return DAY, call_id


def change(log: Database, what: Callable[..., Any], *arguments: Any) -> Any:
    with log.writing() as connection:
        return what(connection, *arguments)


def listed(log: Database, at: Any = NOW, unit: str | None = None, **order: bool) -> WaitingList:
    with log.reading() as connection:
        return waiting(connection, Origin.REAL, at, unit, **order)


def ids(callers: Any) -> list[list[str]]:
    return [[call.call_id for call in each.calls] for each in callers]


def deeds(log: Database) -> list[tuple[str, str, str, dict[str, Any]]]:
    with log.reading() as connection:
        return [(e.deed.who, e.deed.action, e.deed.subject, dict(e.deed.facts)) for e in entries(connection)]


@pytest.fixture
def log(database: Database) -> Database:
    keep(database, missed("CA1"), missed("CA2", CLOSED_HOUR + MINUTE, OTHER))
    return database


class TestWhoWaits:
    def test_the_newest_first_or_the_oldest(self, log: Database) -> None:
        assert ids(listed(log).callers) == [["CA2"], ["CA1"]]
        assert ids(listed(log, oldest_first=True).callers) == [["CA1"], ["CA2"]]

    def test_of_a_unit(self, log: Database) -> None:
        assert ids(listed(log, unit="centre").callers) == [["CA2"], ["CA1"]]
        assert listed(log, unit="elsewhere") == WaitingList([], is_whole=True)

    def test_who_was_answered_or_is_on_the_line_does_not(self, database: Database) -> None:
        keep(database, arrival("CA1"), Entry(tuple(whole_story("CA2")), OTHER))
        assert listed(database).callers == []

    def test_who_called_several_times_waits_once(self, log: Database) -> None:
        keep(log, missed("CA3", CLOSED_HOUR + HOUR))
        assert ids(listed(log).callers) == [["CA3", "CA1"], ["CA2"]]
        assert ids(listed(log, oldest_first=True).callers) == [["CA3", "CA1"], ["CA2"]]

    def test_also_where_the_number_is_not_kept(self, database: Database) -> None:
        keep(database, missed("CA1", number=None, key=HASHED), missed("CA2", CLOSED_HOUR + MINUTE, None, HASHED))
        (one,) = listed(database).callers
        assert (ids([one]), one.call.number) == ([["CA2", "CA1"]], None)

    def test_of_whom_nothing_is_known_each_call_stands_by_itself(self, database: Database) -> None:
        keep(database, missed("CA1", number=None), missed("CA2", number=None))
        assert ids(listed(database).callers) == [["CA2"], ["CA1"]]

    @pytest.mark.parametrize("at", [NOW, NOW + 24 * HOUR])
    def test_who_called_again_and_was_answered_is_probably_settled(self, log: Database, at: datetime) -> None:
        keep(log, Entry(tuple(whole_story("CA3", CLOSED_HOUR + HOUR)), CITIZEN))
        found = listed(log, at)
        assert (ids(found.open), ids(found.answered)) == ([["CA2"]], [["CA1"]])
        assert found.answered[0].answered
        assert found.answered[0].answered.received_at == CLOSED_HOUR + HOUR

    @pytest.mark.parametrize("at", [NOW, NOW + 24 * HOUR])
    def test_an_answer_before_settles_nothing(self, log: Database, at: datetime) -> None:
        keep(log, Entry(tuple(whole_story("CA0", CLOSED_HOUR - HOUR)), CITIZEN))
        assert ids(listed(log, at).open) == [["CA2"], ["CA1"]]

    def test_not_for_ever(self, log: Database) -> None:
        assert ids(listed(log, CLOSED_HOUR + WAITS_FOR).callers) == [["CA2"]]

    def test_calls_of_the_phone_network_are_none_of_the_desk_s(self, log: Database) -> None:
        with log.reading() as connection:
            assert waiting(connection, Origin.PHONE_NETWORK, NOW).callers == []

    def test_there_is_an_end_to_the_list(self, database: Database) -> None:
        seconds = timedelta(seconds=1)
        keep(database, *(missed(f"CA{n}", CLOSED_HOUR + n * seconds, None) for n in range(LISTED + 1)))
        found = listed(database)
        assert (len(found.callers), found.is_whole) == (LISTED, False)

    def test_an_index_finds_them(self, log: Database) -> None:
        if log.is_sqlite:
            with log.reading() as connection:
                index = first_index(connection, lambda: waiting(connection, Origin.REAL, NOW))
                assert index == "ix_call_disposition_received_at"
                index = first_index(connection, lambda: waiting(connection, Origin.REAL, NOW, "centre"))
                assert index.startswith("ix_call_unit_")

    @pytest.mark.parametrize(
        ("at", "index"), [(NOW, "ix_call_disposition_received_at"), (NOW + 24 * HOUR, "ix_caller_key")]
    )
    def test_of_answered_calls_and_callers_the_fewer_lead(self, log: Database, at: datetime, index: str) -> None:
        if log.is_sqlite:
            with log.reading() as connection:
                assert first_index(connection, lambda: answered_since(connection, key("CA1"), at)) == index


class TestTaking:
    def test_who_takes_it_is_seen_by_others_for_a_while(self, log: Database) -> None:
        taken = change(log, take, key("CA1"), ANNA)
        assert taken.taken == ANNA
        one = caller(log, "CA1")
        assert one.held(NOW + HELD_FOR - MINUTE) == taken
        assert one.held(NOW + HELD_FOR) is None
        assert caller(log, "CA2").held(NOW) is None

    def test_the_audit_log_tells_that_the_number_was_seen(self, log: Database) -> None:
        number = change(log, take, key("CA1"), ANNA).id
        assert deeds(log) == [
            ("anna", "call-back", "call CA1", {"call_back": number}),
            ("anna", "show-numbers", "call CA1", {"calls": 1}),
        ]

    def test_a_colleague_is_told_who_has_it(self, log: Database) -> None:
        taken = change(log, take, key("CA1"), ANNA)
        assert change(log, take, key("CA1"), BO) == taken
        assert change(log, settle, key("CA1"), BO) == taken
        assert len(deeds(log)) == 2

    def test_whichever_of_the_caller_s_calls_they_chose(self, log: Database) -> None:
        keep(log, missed("CA3", CLOSED_HOUR + HOUR))
        taken = change(log, take, key("CA1"), ANNA)
        assert change(log, take, key("CA3"), BO) == taken

    def test_a_second_press_is_the_same(self, log: Database) -> None:
        taken = change(log, take, key("CA1"), ANNA)
        assert change(log, take, key("CA1"), Act("anna", NOW + MINUTE)) == taken
        assert len(deeds(log)) == 2

    def test_after_a_while_another_takes_it_and_the_first_has_it_no_more(self, log: Database) -> None:
        first = change(log, take, key("CA1"), ANNA)
        late = Act("bo", NOW + HELD_FOR)
        second = change(log, take, key("CA1"), late)
        assert second.taken == late
        assert change(log, finish, first.id, Act("anna", late.at), CallBackResult.REACHED) is None
        assert caller(log, "CA1").held(late.at) == second

    def test_unless_another_does_it_can_still_be_finished(self, log: Database) -> None:
        first = change(log, take, key("CA1"), ANNA)
        assert change(log, finish, first.id, Act("anna", NOW + 2 * HELD_FOR), CallBackResult.REACHED)

    def test_let_go_it_is_free_at_once(self, log: Database) -> None:
        taken = change(log, take, key("CA1"), ANNA)
        assert not change(log, let_go, taken.id, BO), "it is not theirs"
        assert change(log, let_go, taken.id, ANNA)
        assert not change(log, let_go, taken.id, ANNA)
        assert change(log, take, key("CA1"), BO).taken == BO
        assert [action for _, action, *_ in deeds(log)][2] == "call-back-let-go"

    def test_what_waits_no_longer_cannot_be_taken(self, log: Database) -> None:
        assert change(log, take, key("CA9"), ANNA) is None
        change(log, settle, key("CA1"), ANNA)
        assert change(log, take, key("CA1"), BO) is None

    def test_of_two_at_once_one_has_it_and_the_other_is_told(self, log: Database) -> None:
        """Each also chooses another of the caller's calls: they would ring the same person."""
        keep(log, missed("CA3", CLOSED_HOUR + HOUR))
        start = Barrier(4)

        def press(who: str, call_id: str) -> Any:
            start.wait(20)
            return change(log, take, key(call_id), Act(who, NOW))

        people = ["anna", "bo", "cilla", "dan"]
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(press, people, ["CA1", "CA3", "CA1", "CA3"]))
        assert len({each.id for each in found}) == 1
        assert found[0].taken.who in people
        assert [action for _, action, *_ in deeds(log)] == ["call-back", "show-numbers"]

    def test_who_comes_second_waits_for_the_first(self, log: Database) -> None:
        """Else both would read that nobody has it."""
        is_taken, may_end = Event(), Event()

        def slowly() -> Any:
            with log.writing() as connection:
                lock(connection, [key("CA1")])
                is_taken.set()
                assert may_end.wait(20)
                return take(connection, key("CA1"), ANNA)

        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(slowly)
            assert is_taken.wait(20)
            second = threads.submit(change, log, take, key("CA1"), BO)
            with pytest.raises(TimeoutError):
                second.result(0.3)
            may_end.set()
            assert second.result(20) == first.result(20)


def caller(log: Database, call_id: str) -> Waiting:
    """Whoever made that call, and waits."""
    return next(each for each in listed(log).callers if call_id in [call.call_id for call in each.calls])


class TestFinishing:
    @pytest.mark.parametrize("result", [CallBackResult.REACHED, CallBackResult.WRONG_NUMBER, CallBackResult.SETTLED])
    def test_what_settles_it_takes_it_off_the_list(self, log: Database, result: CallBackResult) -> None:
        taken = change(log, take, key("CA1"), ANNA)
        assert change(log, finish, taken.id, Act("anna", NOW + MINUTE), result)
        assert ids(listed(log).callers) == [["CA2"]]
        assert deeds(log)[-1] == (
            "anna",
            "call-back-done",
            "call CA1",
            {"call_back": taken.id, "result": result, "calls": 1},
        )

    def test_with_all_that_the_caller_missed(self, log: Database) -> None:
        keep(log, missed("CA3", CLOSED_HOUR + HOUR))
        taken = change(log, take, key("CA1"), ANNA)
        change(log, finish, taken.id, ANNA, CallBackResult.REACHED)
        assert ids(listed(log).callers) == [["CA2"]]
        assert deeds(log)[-1][3]["calls"] == 2

    def test_but_not_what_they_missed_since(self, log: Database) -> None:
        change(log, settle, key("CA1"), ANNA)
        keep(log, missed("CA3", NOW + MINUTE))
        assert ids(listed(log, NOW + HOUR).callers) == [["CA3"], ["CA2"]]

    def test_no_answer_stays_on_the_list_with_who_tried(self, log: Database) -> None:
        taken = change(log, take, key("CA1"), ANNA)
        again = NOW + HOUR
        change(log, finish, taken.id, ANNA, CallBackResult.NO_ANSWER, again)
        one = caller(log, "CA1")
        assert one.held(NOW) is None
        assert one.last_try
        assert (one.last_try.taken.who, one.later(NOW), one.later(again)) == ("anna", again, None)
        assert change(log, take, key("CA1"), BO).taken == BO

    def test_only_ones_own_and_only_once(self, log: Database) -> None:
        taken = change(log, take, key("CA1"), ANNA)
        assert change(log, finish, taken.id, BO, CallBackResult.REACHED) is None
        assert change(log, finish, taken.id, ANNA, CallBackResult.REACHED)
        assert change(log, finish, taken.id, ANNA, CallBackResult.NO_ANSWER) is None
        with log.reading() as connection:
            assert own(connection, taken.id, "anna") is None

    def test_struck_off_without_seeing_the_number(self, log: Database) -> None:
        assert change(log, settle, key("CA1"), ANNA).taken == ANNA
        assert ids(listed(log).callers) == [["CA2"]]
        assert [action for _, action, *_ in deeds(log)] == ["call-back-done"]

"""What reconciliation owes: it only fills gaps, twice is once, and what must not come back stays away."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow, DestructionRow, RecordingRow, TallyRow
from callrouter.calllog.writes import write_entries
from callrouter.calls.reconciliation import Reconciled, Reconciliation
from callrouter.domain.call import CallEvent, message_left
from callrouter.domain.record import fold
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.words import Discrepancy, EventKind, Outcome
from callrouter.telephony.provider import Direction, FinishedCall, ProviderUnavailableError, StoredRecording
from tests.calllog.engines import database, postgres, url
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, SCHEDULE, whole_story
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1

__all__ = ["database", "postgres", "url"]

AT = CLOSED_HOUR + timedelta(hours=8)
DAY = CLOSED_HOUR.astimezone(UTC).date()


def call(call_id: str = "CA1", outcome: Outcome = Outcome.ANSWERED, to: str = CENTRE.e164) -> FinishedCall:
    over = CLOSED_HOUR + timedelta(seconds=80)
    return FinishedCall(call_id, None, Direction.INBOUND, CITIZEN.e164, to, CLOSED_HOUR, over, outcome, 80)


def leg(call_id: str = "CA1", sid: str = "CA9", outcome: Outcome = Outcome.ANSWERED, seconds: int = 60) -> FinishedCall:
    began, over = CLOSED_HOUR + timedelta(seconds=12), CLOSED_HOUR + timedelta(seconds=80)
    return FinishedCall(sid, call_id, Direction.LEG, CENTRE.e164, GUARD_1.e164, began, over, outcome, seconds)


@dataclass
class Ledger:
    """The provider's list."""

    listed: list[FinishedCall] = field(default_factory=lambda: [call(), leg()])
    is_away: bool = False
    taped: list[StoredRecording] = field(default_factory=list)

    def finished_calls(self, span: Span) -> Iterator[FinishedCall]:
        yield from (each for each in self.listed if span.covers(each.started_at))
        if self.is_away:
            raise ProviderUnavailableError("the list of calls: the provider answered 503")

    def recordings(self, span: Span) -> Iterator[StoredRecording]:
        yield from (each for each in self.taped if span.covers(each.began_at))


def reconciled(
    database: Database, *listed: FinishedCall, schedule: Schedule = SCHEDULE, is_dry: bool = False
) -> Reconciled:
    run = Reconciliation(database, Ledger(list(listed)), schedule, PSEUDONYMIZER, AT, is_dry=is_dry)
    return run.run(DAY, DAY)


def message(sid: str = "RE1", call_id: str = "CA1", *, is_message: bool = True) -> StoredRecording:
    return StoredRecording(sid, call_id, CLOSED_HOUR + timedelta(seconds=40), 12, is_message)


def listening(database: Database, taped: list[StoredRecording], *listed: FinishedCall) -> Reconciled:
    run = Reconciliation(database, Ledger(list(listed), taped=taped), SCHEDULE, PSEUDONYMIZER, AT)
    return run.run(DAY, DAY)


def kinds(done: Reconciled) -> list[Discrepancy]:
    return [each.what for each in done.findings]


def rows(database: Database, table: Any) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table.__table__)))


def told(database: Database, events: Sequence[CallEvent]) -> None:
    write_entries(database, PSEUDONYMIZER, [Entry(tuple(events), CITIZEN)])
    project(database, {(each.day, each.call_id) for each in events})


def test_a_missing_call_is_added_with_its_legs_once_and_counted(database: Database) -> None:
    done = reconciled(database, leg(), call())
    assert kinds(done) == [Discrepancy.CALL_MISSING, Discrepancy.LEG_MISSING]
    (row,) = rows(database, CallRow)
    assert (row.unit, row.state, row.decided_by, row.disposition) == ("centre", None, "from-provider", "answered")
    assert (row.talked_seconds, row.legs[0]["to"], row.legs[0]["from_provider"]) == (60, GUARD_1.e164, True)
    assert rows(database, CallerRow)[0].number == CITIZEN.e164
    counted = rows(database, TallyRow)
    assert counted
    assert reconciled(database, call(), leg()).findings == []
    assert (len(rows(database, CallEventRow)), rows(database, TallyRow)) == (2, counted)


def test_what_agrees_is_left_alone_and_what_differs_is_told(database: Database) -> None:
    told(database, whole_story())
    before = rows(database, CallEventRow)
    assert reconciled(database, call(), leg()).findings == []
    assert kinds(reconciled(database, call(), leg(outcome=Outcome.BUSY))) == [Discrepancy.OUTCOME]
    assert kinds(reconciled(database, call(), leg(seconds=30))) == [Discrepancy.SECONDS]
    assert kinds(reconciled(database)) == [Discrepancy.NOT_LISTED]
    assert rows(database, CallEventRow) == before


def test_a_dry_run_adds_nothing(database: Database) -> None:
    assert len(reconciled(database, call(), leg(), is_dry=True).mended) == 2
    assert rows(database, CallEventRow) == []


@pytest.mark.parametrize("lost", range(1, len(whole_story()) + 1))
def test_whatever_was_lost_of_a_call_comes_from_the_list(database: Database, lost: int) -> None:
    """And it comes to the same in whatever order it is told, also when the lost part comes late."""
    story = whole_story()
    told(database, story[:-lost]) if story[:-lost] else None
    reconciled(database, call(), leg())
    (row,) = rows(database, CallRow)
    assert (row.disposition, len(row.legs), row.legs[0]["to"]) == ("answered", 1, GUARD_1.e164)
    events = [CallEvent(e.day, e.call_id, e.id, EventKind(e.kind), e.at, e.facts) for e in rows(database, CallEventRow)]
    for seed in range(5):
        assert fold(random.Random(seed).sample(events, len(events))) == fold(events)
    late = fold([*events, *story])
    assert replace(late, events=0) == replace(fold(story), events=0)


def test_short_talk_of_an_unknown_attempt_may_have_been_with_a_voicemail(database: Database) -> None:
    reconciled(database, call(), leg(seconds=20))
    (row,) = rows(database, CallRow)
    assert (row.disposition, row.legs[0]["outcome"]) == ("unknown", None)


def test_a_discreet_unit_keeps_the_key_alone(database: Database) -> None:
    units = {name: replace(unit, keeps_numbers=False) for name, unit in SCHEDULE.units.items()}
    reconciled(database, call(), schedule=replace(SCHEDULE, units=units))
    (row,) = rows(database, CallerRow)
    assert (row.number, row.key) == (None, PSEUDONYMIZER.key(CITIZEN.e164))


def destroyed(what: str, before: datetime, at: datetime) -> dict[str, Any]:
    said = {"by": "anna", "what": what, "unit": None, "before": before, "decision": "KS 1", "decided_on": None}
    return said | {"at": at, "count": 1, "held": 0, "outstanding": 0, "result": "done"}


def test_an_erased_number_does_not_come_back(database: Database) -> None:
    told(database, whole_story()[:1])
    with database.writing() as connection:
        empty = {"number": None, "key": None, "key_id": None, "erased_at": AT}
        connection.execute(update(CallerRow).values(empty))
        connection.execute(insert(DestructionRow), [destroyed("erasure", AT, AT)])
    reconciled(database, call(), leg(), call("CA2"))
    assert {row.disposition for row in rows(database, CallRow)} == {"answered", "unanswered"}
    assert [(row.call_id, row.number, row.key) for row in rows(database, CallerRow)] == [("CA1", None, None)]


def test_a_destroyed_call_does_not_come_back(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(DestructionRow), [destroyed("calls", CLOSED_HOUR + timedelta(hours=1), AT)])
    assert reconciled(database, call(), leg()).findings == []
    assert rows(database, CallEventRow) == []


class TestMessages:
    def test_left_while_nobody_was_here_come_with_their_call_once(self, database: Database) -> None:
        done = listening(database, [message()], call())
        assert kinds(done) == [Discrepancy.CALL_MISSING, Discrepancy.MESSAGE_MISSING]
        assert (done.messages, done.left) == (1, [])
        (row,) = rows(database, CallRow)
        assert (row.decided_by, row.disposition) == ("from-provider", "message")
        (recording,) = rows(database, RecordingRow)
        assert (recording.sid, recording.seconds) == ("RE1", 12)
        assert listening(database, [message()], call()).findings == []
        assert len(rows(database, CallEventRow)) == 2

    def test_whose_call_is_known_are_added_and_marked(self, database: Database) -> None:
        told(database, whole_story()[:1])
        assert [each.what for each in listening(database, [message()]).mended] == [Discrepancy.MESSAGE_MISSING]
        (added,) = [each for each in rows(database, CallEventRow) if each.kind == EventKind.RECORDED]
        assert added.facts == {"sid": "RE1", "message_seconds": 12, "from_provider": True}
        assert rows(database, CallRow)[0].disposition == "message"

    def test_that_are_told_of_after_all_are_the_same(self, database: Database) -> None:
        told(database, whole_story()[:1])
        listening(database, [message()])
        at = CLOSED_HOUR + timedelta(days=2)
        late = message_left("CA1", "RE1", 12, at, kind=EventKind.RECORDED, began_at=CLOSED_HOUR)
        before = rows(database, CallEventRow)
        told(database, [late])
        assert rows(database, CallEventRow) == before

    @pytest.mark.parametrize("kind", [EventKind.RECORDED, EventKind.MESSAGE_LEFT])
    def test_that_we_know_are_left_alone(self, database: Database, kind: EventKind) -> None:
        told(database, [*whole_story()[:1], message_left("CA1", "RE1", 11, CLOSED_HOUR, kind=kind)])
        assert listening(database, [message()]).mended == []

    def test_of_others_and_talks_that_somebody_recorded_are_none_of_ours(self, database: Database) -> None:
        told(database, whole_story())
        done = listening(database, [message(is_message=False), message(call_id="CA7")], call(), leg())
        assert (done.findings, done.others) == ([], 1)

    def test_of_a_destroyed_time_do_not_come_back(self, database: Database) -> None:
        with database.writing() as connection:
            connection.execute(insert(DestructionRow), [destroyed("events", CLOSED_HOUR + timedelta(hours=1), AT)])
        assert listening(database, [message()], call()).findings == []

    def test_that_ended_just_now_are_left_alone(self, database: Database) -> None:
        told(database, whole_story()[:1])
        at = CLOSED_HOUR + timedelta(minutes=10, seconds=51)
        run = Reconciliation(database, Ledger([], taped=[message()]), SCHEDULE, PSEUDONYMIZER, at)
        assert run.run(DAY, DAY).findings == []

    def test_are_not_added_on_a_dry_run(self, database: Database) -> None:
        told(database, whole_story()[:1])
        ledger = Ledger([], taped=[message()])
        done = Reconciliation(database, ledger, SCHEDULE, PSEUDONYMIZER, AT, is_dry=True).run(DAY, DAY)
        assert ([each.what for each in done.mended], rows(database, RecordingRow)) == (
            [Discrepancy.MESSAGE_MISSING],
            [],
        )


def test_calls_of_others_and_legs_of_no_call_are_left_alone(database: Database) -> None:
    done = reconciled(database, call(to="+46313900699"), leg("CA7"))
    assert (done.findings, done.others) == ([], 2)
    assert rows(database, CallEventRow) == []


def test_what_ended_just_now_is_left_alone(database: Database) -> None:
    run = Reconciliation(
        *(database, Ledger(), SCHEDULE, PSEUDONYMIZER, CLOSED_HOUR + timedelta(minutes=5)),
    )
    assert run.run(DAY, DAY).findings == []


def test_a_list_that_breaks_off_adds_nothing_and_is_told(database: Database) -> None:
    run = Reconciliation(database, Ledger(is_away=True), SCHEDULE, PSEUDONYMIZER, AT)
    with pytest.raises(ProviderUnavailableError):
        run.run(DAY, DAY)
    assert rows(database, CallEventRow) == []


def test_a_run_that_is_stopped_says_how_far_it_came(database: Database) -> None:
    run = Reconciliation(database, Ledger(), SCHEDULE, PSEUDONYMIZER, AT)
    run.stop.set()
    assert run.run(DAY, DAY).until == DAY

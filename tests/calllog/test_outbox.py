"""The outbox: each notice once, sent by one at a time, tried until it is sent or told as failed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.outbox import (
    KEPT,
    LEASE,
    Claimed,
    claim_next,
    counted,
    is_due,
    listed,
    note_failed,
    note_sent,
    prune,
    put,
    state_of,
    try_again,
    warn,
)
from callrouter.domain.notice import TRIES, Notice, pause_after
from callrouter.domain.schedule import Notify
from callrouter.domain.words import NoticeKind, NoticeState
from tests.schedules import schedule

AT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DESK = "desk@example.se"
NAMED = replace(schedule(), notify=Notify(warnings=("drift@example.se",)))


def notice(about: str = "2026-11-23:CA1", address: str = DESK) -> Notice:
    return Notice(NoticeKind.MISSED_CALL, about, address, {"call_id": "CA1"})


def put_there(database: Database, *notices: Notice, at: datetime = AT) -> int:
    return put(database, notices, at)


def claimed(database: Database, at: datetime = AT) -> Claimed:
    found = claim_next(database, at)
    assert found is not None
    return found


def states(database: Database) -> list[NoticeState]:
    with database.reading() as connection:
        return [state_of(row) for _notice, row in listed(connection, None, 100)]


def test_a_notice_is_put_there_once_for_each_address(database: Database) -> None:
    assert put_there(database, notice(), notice(), notice(address="+46701740660")) == 2
    assert put_there(database, notice(), at=AT + timedelta(days=1)) == 0
    first = claimed(database)
    note_sent(database, first, AT)
    assert put_there(database, first.notice) == 0


def test_what_is_sent_is_never_sent_again(database: Database) -> None:
    put_there(database, notice())
    mine = claimed(database)
    assert (mine.notice, mine.attempts) == (notice(), 1)
    note_sent(database, mine, AT)
    assert claim_next(database, AT + timedelta(days=9)) is None
    assert states(database) == [NoticeState.SENT]


def test_nothing_is_due_before_its_time(database: Database) -> None:
    put_there(database, notice())
    for at, is_so in ((AT - SECOND, False), (AT, True)):
        with database.reading() as connection:
            assert is_due(connection, at) is is_so
    assert claim_next(database, AT - SECOND) is None


class TestWhoeverSendsIt:
    def test_has_it_alone_while_the_lease_lasts(self, database: Database) -> None:
        put_there(database, notice())
        claimed(database)
        assert claim_next(database, AT + LEASE - SECOND) is None

    def test_and_dies_is_followed_by_another(self, database: Database) -> None:
        put_there(database, notice())
        claimed(database)
        assert claimed(database, AT + LEASE).attempts == 2

    def test_too_slowly_does_not_undo_what_the_other_did(self, database: Database) -> None:
        put_there(database, notice())
        slow, other = claimed(database), claimed(database, AT + LEASE)
        note_failed(database, slow, "too late", AT + LEASE)
        with database.reading() as connection:
            ((_notice, row),) = listed(connection, None, 9)
        assert (row.next_at, row.error) == (AT + 2 * LEASE, None)
        note_sent(database, other, AT + LEASE)
        note_failed(database, other, "and yet", AT + LEASE)
        assert states(database) == [NoticeState.SENT]

    def test_of_many_at_once_is_one_for_each(self, url: str) -> None:
        database = Database(url)
        put_there(database, *(notice(f"2026-11-23:CA{number}") for number in range(12)))
        database.close()
        together = Barrier(4)

        def work(_worker: int) -> list[str]:
            mine = Database(url)
            together.wait(10)
            found = iter(lambda: claim_next(mine, AT), None)
            abouts = [each.notice.about for each in found]
            mine.close()
            return abouts

        with ThreadPoolExecutor(4) as threads:
            won = [about for abouts in threads.map(work, range(4)) for about in abouts]
        assert sorted(won) == sorted(f"2026-11-23:CA{number}" for number in range(12))


class TestWhatCannotBeSent:
    def test_is_tried_again_after_ever_longer_pauses_and_at_last_told_as_failed(self, database: Database) -> None:
        put_there(database, notice())
        at, tried = AT, []
        while (found := claim_next(database, at)) is not None:
            tried.append(at - AT)
            goes_on = note_failed(database, found, "no answer", at)
            pause = pause_after(found.attempts)
            assert goes_on is (pause is not None)
            assert pause is None or claim_next(database, at + pause - SECOND) is None
            at += pause or timedelta(days=99)
        assert len(tried) == TRIES
        assert tried[:5] == [timedelta(minutes=minutes) for minutes in (0, 1, 3, 7, 15)]
        assert timedelta(hours=24) < tried[-1] < timedelta(hours=48)
        assert states(database) == [NoticeState.FAILED]

    def test_for_good_is_not_tried_again(self, database: Database) -> None:
        put_there(database, notice())
        assert not note_failed(database, claimed(database), "no such address", AT, for_good=True)
        assert claim_next(database, AT + timedelta(days=9)) is None

    def test_can_be_sent_when_somebody_says_so(self, database: Database) -> None:
        put_there(database, notice(), notice("2026-11-23:CA2"))
        note_failed(database, claimed(database), "no such address", AT, for_good=True)
        note_sent(database, claimed(database), AT)
        with database.writing() as connection:
            assert try_again(connection, AT + SECOND) == 1
        assert claimed(database, AT + SECOND).attempts == 1
        assert claim_next(database, AT + SECOND) is None

    def test_does_not_keep_the_others_waiting(self, database: Database) -> None:
        put_there(database, notice(), notice("2026-11-23:CA2"))
        first = claimed(database)
        note_failed(database, first, "no answer", AT)
        assert claimed(database).notice != first.notice


def test_it_is_counted_how_they_stand(database: Database) -> None:
    put_there(database, *(notice(f"2026-11-23:CA{number}") for number in range(3)))
    note_sent(database, claimed(database), AT)
    note_failed(database, claimed(database), "no", AT, for_good=True)
    for since, count in ((AT, 1), (AT + SECOND, 0)):
        with database.reading() as connection:
            assert counted(connection, since) == dict.fromkeys(NoticeState, count)
    with database.reading() as connection:
        assert [len(listed(connection, state, 9)) for state in (*NoticeState, None)] == [1, 1, 1, 3]


def test_what_is_over_goes_after_a_while(database: Database) -> None:
    put_there(database, notice(), notice("2026-11-23:CA2"))
    note_sent(database, claimed(database), AT)
    assert prune(database, AT + KEPT) == 0
    assert prune(database, AT + KEPT + SECOND) == 1
    assert states(database) == [NoticeState.WAITING]


class TestWarning:
    def test_once_a_local_day_and_subject(self, database: Database) -> None:
        def warned(subject: str, at: datetime) -> int:
            return warn(database, NAMED, subject, at, sv="Certifikatet går ut.", en="The certificate ends.")

        late = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
        assert [warned("certificate", AT), warned("certificate", late)] == [1, 0]
        assert warned("certificate", late + timedelta(minutes=1)) == 1  # midnight in Stockholm
        assert warned("horizon", late) == 1
        assert claimed(database).notice == Notice(
            NoticeKind.WARNING,
            "certificate:2026-11-23",
            "drift@example.se",
            {"sv": "Certifikatet går ut.", "en": "The certificate ends."},
        )

    def test_without_a_schedule_or_an_address_nobody_is_told(self, database: Database) -> None:
        assert warn(database, schedule(), "certificate", AT, sv="x", en="x") == 0
        assert warn(database, None, "certificate", AT, sv="x", en="x") == 0


def test_the_name_of_a_notice_is_its_own() -> None:
    names = {each.name for each in (notice(), notice("other"), notice(address="x@example.se"))}
    assert len(names) == 3
    assert notice().name == notice().name


@pytest.mark.parametrize(("address", "is_mail"), [(DESK, True), ("+46701740660", False)])
def test_an_address_says_how_it_is_told(address: str, is_mail: bool) -> None:
    assert notice(address=address).is_mail is is_mail

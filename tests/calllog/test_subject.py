"""One person in the log: found by number and by hash, and erased so that nothing brings the number back."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from callrouter.calllog.copies import Copies
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Order, Protocol, protocol
from callrouter.calllog.entry import Entry
from callrouter.calllog.erasure import ERASURE, erase, finish
from callrouter.calllog.projection import project
from callrouter.calllog.spool import Spool
from callrouter.calllog.subject import FORWARDED, Person, blocks_of, calls_of, hashed_otherwise, traces
from callrouter.calllog.tables import CallerRow, RecordingRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import message_left
from callrouter.domain.phone import PhoneNumber
from callrouter.sealing import Pseudonymizer
from tests.calllog.aged import DECIDED, NOW, Store, everything, held, lines, run, told
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, SEALER, arrival, whole_story
from tests.schedules import STOCKHOLM

NEIGHBOUR = PhoneNumber("+46701740651")
PERSON = Person(CITIZEN.e164, PSEUDONYMIZER.key(CITIZEN.e164), PSEUDONYMIZER.key_id)
ORDER = Order(ERASURE, NOW, "Begäran 1", DECIDED)


@pytest.fixture
def log(database: Database) -> Database:
    """Two calls of the citizen, one of them with the hash alone; one that they sent on; one of a neighbour."""
    told(database, "CA-number", 3)
    told(database, "CA-hash", 2)
    told(database, "CA-forwarded", 1, NEIGHBOUR)
    told(database, "CA-other", 1, NEIGHBOUR)
    change(database, "CA-hash", number=None)
    change(database, "CA-forwarded", forwarded_from=CITIZEN.e164)
    return database


def change(database: Database, call_id: str, **values: str | None) -> None:
    with database.writing() as connection:
        connection.execute(update(CallerRow).where(CallerRow.call_id == call_id).values(values))


def erased(database: Database, store: Store | None = None) -> int:
    with database.reading() as connection:
        found = traces(connection, PERSON)
    its = Protocol("anna", NOW)
    count = erase(database, found, its, ORDER)
    finish(database, found, its, ORDER, Copies(database, store))
    return count


def callers(database: Database) -> dict[str, tuple[str | None, ...]]:
    columns = (CallerRow.call_id, CallerRow.number, CallerRow.key, CallerRow.key_id, CallerRow.forwarded_from)
    with database.reading() as connection:
        return {row.call_id: tuple(row[1:]) for row in connection.execute(select(*columns))}


class TestFound:
    def test_by_number_by_hash_and_as_who_sent_it_on(self, log: Database) -> None:
        with log.reading() as connection:
            found = traces(connection, PERSON)
            calls = calls_of(connection, PERSON, [*found.own, *found.forwarded], STOCKHOLM, show_numbers=True)
        assert [(call["call_id"], call["known_by"], call["from"]) for call in calls] == [
            ("CA-number", "number", CITIZEN.e164),
            ("CA-hash", "hash", None),
            ("CA-forwarded", FORWARDED, NEIGHBOUR.masked),
        ]
        assert calls[2]["forwarded_from"] == CITIZEN.e164

    def test_with_all_that_stands_beside(self, log: Database) -> None:
        held(log, "CA-number")
        with log.reading() as connection:
            (call,) = calls_of(connection, PERSON, traces(connection, PERSON).own[:1], STOCKHOLM, show_numbers=False)
        assert call["from"] == CITIZEN.masked
        assert [note["text"] for note in call["notes"]] == ["Ringde om en vattenläcka"]
        assert [each["what"] for each in call["follow_ups"]] == ["Ring upp"]
        assert [each["why"] for each in call["holds"]] == ["Polisanmälan"]
        assert [each["sid"] for each in call["recordings"]] == ["RECA-number"]
        assert call["recordings"][0]["left_at"] == "2026-11-23T03:31:30+01:00"

    def test_also_by_a_number_whose_hash_is_of_another_key(self, log: Database) -> None:
        other = Pseudonymizer("another secret of these tests, 32 characters")
        change(log, "CA-number", key=other.key(CITIZEN.e164), key_id=other.key_id)
        change(log, "CA-hash", key=other.key(CITIZEN.e164), key_id=other.key_id)
        with log.reading() as connection:
            assert [call_id for _, call_id in traces(connection, PERSON).own] == ["CA-number"]
            assert hashed_otherwise(connection, PERSON) == 1

    def test_somebody_unknown(self, log: Database) -> None:
        nobody = Person("+46701740659", PSEUDONYMIZER.key("+46701740659"), PSEUDONYMIZER.key_id)
        with log.reading() as connection:
            found = traces(connection, nobody)
            assert (found.own, found.forwarded, blocks_of(connection, nobody, STOCKHOLM)) == ((), (), [])


class TestErased:
    def test_number_and_hash_are_gone_and_nothing_else(self, log: Database) -> None:
        before = everything(log)
        assert erased(log) == 3
        nothing = (None, None, None, None)
        assert (callers(log)["CA-number"], callers(log)["CA-hash"]) == (nothing, nothing)
        assert callers(log)["CA-forwarded"][0] == NEIGHBOUR.e164
        assert callers(log)["CA-forwarded"][3] is None
        after = everything(log)
        assert [table for table in before if before[table] != after[table]] == ["audit", "caller", "destruction"]
        assert lines(log) == [("erasure", "centre", 3, 0, 2, "no account with the provider")]

    def test_what_the_provider_has_goes_too_when_it_can(self, log: Database) -> None:
        store = Store(is_away=True)
        erased(log, store)
        assert lines(log) == [("erasure", "centre", 3, 0, 2, "the provider does not answer")]
        assert run(log, store, {}, NOW + timedelta(days=1)).outstanding == 2
        assert lines(log)[1:] == [("erasure", "centre", 0, 0, 2, "the provider does not answer")]
        with log.reading() as connection:
            assert {(row.before, row.decision) for row in protocol(connection)} == {(NOW, ORDER.decision)}
        store.is_away = False
        run(log, store, {})
        assert sorted(store.recordings) == ["RECA-hash", "RECA-number"]
        assert sorted(store.calls) == ["CA-hash", "CA-number", "CA9", "CA9"]
        with log.reading() as connection:
            gone = connection.execute(select(RecordingRow.call_id).where(RecordingRow.deleted_at == NOW)).scalars()
            assert sorted(gone) == ["CA-hash", "CA-number"]
        run(log, store, {})
        assert len(store.calls) == 4

    def test_a_message_left_after_the_call_was_erased_goes_too(self, log: Database) -> None:
        """The call was going on."""
        store = Store()
        erased(log, store)
        at = NOW - timedelta(days=3)
        left = message_left("CA-number", "RElater", 12, at + timedelta(seconds=200), began_at=at)
        write_entries(log, PSEUDONYMIZER, [Entry((left,))])
        project(log, [(at.date(), "CA-number")])
        run(log, store, {})
        assert store.recordings.count("RElater") == 1
        run(log, store, {})
        assert store.recordings.count("RElater") == 1

    def test_of_two_who_erase_at_once_each_tells_of_what_was_left(self, log: Database) -> None:
        with log.reading() as connection:
            found = traces(connection, PERSON)
        counts = [erase(log, found, Protocol("anna", NOW), ORDER) for _ in range(2)]
        assert counts == [3, 0]
        assert [line[2] for line in lines(log)] == [3]

    def test_a_held_call_stays(self, log: Database) -> None:
        held(log, "CA-number")
        assert erased(log, Store()) == 2
        assert callers(log)["CA-number"][0] == CITIZEN.e164
        assert lines(log) == [("erasure", "centre", 2, 1, 0, "done")]

    def test_a_late_retry_does_not_bring_the_number_back(self, log: Database) -> None:
        erased(log)
        again = NOW - timedelta(days=3)
        write_entries(log, PSEUDONYMIZER, [arrival("CA-number", again), arrival("CA-hash", NOW - timedelta(days=2))])
        assert found_again(log) == []

    def test_a_replay_of_the_spool_does_not_either(self, log: Database, directory: Path) -> None:
        spool = Spool(directory, SEALER)
        spool.append([Entry(tuple(whole_story("CA-number", NOW - timedelta(days=3))), CITIZEN)])
        erased(log)
        assert spool.replay(lambda entries: write_entries(log, PSEUDONYMIZER, entries)) == 1
        assert found_again(log) == []

    def test_not_even_when_the_call_itself_is_gone(self, log: Database) -> None:
        erased(log)
        run(log, Store(), {"calls": "1 day"})
        write_entries(log, PSEUDONYMIZER, [arrival("CA-number", NOW - timedelta(days=3))])
        assert found_again(log) == []

    def test_a_new_call_of_theirs_is_a_call_like_any_other(self, log: Database) -> None:
        erased(log)
        told(log, "CA-new", 0)
        assert found_again(log) == ["CA-new"]

    def test_more_calls_than_one_transaction_takes(self, database: Database) -> None:
        days = [NOW - timedelta(days=number) for number in range(120)]
        write_entries(database, PSEUDONYMIZER, [arrival(f"CA{n:03}", at) for n, at in enumerate(days)])
        assert erased(database) == 120
        assert found_again(database) == []


def found_again(database: Database) -> Sequence[str]:
    with database.reading() as connection:
        return [call_id for _, call_id in traces(connection, PERSON).own]

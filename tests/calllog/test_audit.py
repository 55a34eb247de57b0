"""The audit log: whoever changes, removes or inserts an entry breaks the chain."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, text, update

from callrouter.calllog.audit import BEGINNING, Deed, append, entries, entry_of, verify
from callrouter.calllog.database import Database
from callrouter.calllog.tables import AuditRow
from tests.schedules import CLOSED_HOUR


def three_entries(database: Database) -> None:
    for number in range(3):
        with database.writing() as connection:
            at = CLOSED_HOUR + timedelta(microseconds=number)
            append(connection, Deed("anna", "review", f"call CA{number}", {"category": "oro", "ö": None}, at))


def test_an_untouched_log_holds(database: Database) -> None:
    with database.reading() as connection:
        assert verify(connection).last_hash == BEGINNING
    three_entries(database)
    with database.reading() as connection:
        verified = verify(connection)
        told = list(entries(connection))
    assert (verified.entries, verified.broken_at) == (3, None)
    assert verified.last_hash == told[-1].hash
    assert [(entry.seq, entry.deed.subject) for entry in told] == [(1, "call CA0"), (2, "call CA1"), (3, "call CA2")]


def change(**values: object) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(update(AuditRow).where(AuditRow.seq == 2).values(**values))


def remove(connection: Connection) -> None:
    connection.execute(delete(AuditRow).where(AuditRow.seq == 2))


def slip_in(connection: Connection, seq: int = 4) -> None:
    row = {"seq": seq, "at": CLOSED_HOUR, "who": "eve", "action": "review", "subject": "call", "facts": {}, "hash": "0"}
    connection.execute(insert(AuditRow), [row])


@pytest.mark.parametrize("cell", ["at = 'noon'", "facts = 'no JSON'", "facts = '[1]'"])
def test_what_cannot_be_read_any_more_does_not_fit(sqlite_url: str, cell: str) -> None:
    database = Database(sqlite_url)
    database.prepare()
    three_entries(database)
    with database.writing() as connection:
        connection.execute(text(f"UPDATE audit SET {cell} WHERE seq = 2"))  # noqa: S608 - our own words
    with database.reading() as connection:
        assert (verify(connection).entries, verify(connection).broken_at) == (1, 2)
    database.close()


def test_that_the_last_one_is_gone_is_seen_by_who_noted_its_hash(database: Database) -> None:
    three_entries(database)
    with database.reading() as connection:
        noted = verify(connection).last_hash
        assert entry_of(connection, noted) == 3
    with database.writing() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.seq == 3))
    with database.reading() as connection:
        assert verify(connection).broken_at is None
        assert entry_of(connection, noted) is None


@pytest.mark.parametrize(
    ("tamper", "broken_at"),
    [
        (change(who="eve"), 2),
        (change(at=CLOSED_HOUR), 2),
        (change(action="delete"), 2),
        (change(subject="call CA9"), 2),
        (change(facts={}), 2),
        (change(hash="0" * 64), 2),
        (remove, 2),
        (slip_in, 4),
        (lambda connection: slip_in(connection, 0), 1),
    ],
    ids=["who", "at", "action", "subject", "facts", "hash", "removed", "slipped in", "slipped in before the first"],
)
def test_what_was_tampered_with_is_found(
    database: Database, tamper: Callable[[Connection], object], broken_at: int
) -> None:
    three_entries(database)
    with database.writing() as connection:
        tamper(connection)
    with database.reading() as connection:
        assert verify(connection).broken_at == broken_at


def test_who_append_at_once_make_one_chain(url: str) -> None:
    def work(number: int) -> None:
        database = Database(url)
        for _ in range(5):
            with database.writing() as connection:
                append(connection, Deed(f"worker {number}", "test", "nothing", {}, CLOSED_HOUR))
        database.close()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(work, number) for number in range(4)]:
            done.result(30)
    database = Database(url)
    with database.reading() as connection:
        assert (verify(connection).entries, verify(connection).broken_at) == (20, None)
    database.close()


def rolled_back(database: Database) -> None:
    with database.writing() as connection:
        append(connection, Deed("anna", "review", "call CA1", {}, CLOSED_HOUR))
        raise ZeroDivisionError


def test_a_change_that_is_rolled_back_leaves_no_entry(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        rolled_back(database)
    with database.reading() as connection:
        assert verify(connection).entries == 0

"""What is refused for what it says, and what nothing can be written to: told apart on real databases."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.refusal import REFUSED, in_a_line, is_refusal, write_together
from callrouter.calllog.tables import CallerRow, CallEventRow
from callrouter.calllog.writes import write_entries
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import CITIZEN, DIGITS, PSEUDONYMIZER, arrival, event_count, poison
from tests.schedules import CLOSED_HOUR

EVENT = {"day": date(2026, 11, 23), "call_id": "CA1", "id": "1", "kind": "arrived", "at": CLOSED_HOUR, "facts": {}}


def error_of(database: Database, row: dict[str, object]) -> Exception:
    with pytest.raises(Exception) as raised, database.writing() as connection:  # noqa: PT011 - which one is the question
        connection.execute(insert(CallEventRow), [row])
    return raised.value


@pytest.mark.parametrize(
    "bad",
    [
        {"at": CLOSED_HOUR.replace(tzinfo=None)},
        {"at": "yesterday"},
        {"kind": None},
        {"facts": {"a": object()}},
    ],
    ids=["naive time", "no time", "nothing", "no JSON"],
)
def test_a_row_that_makes_no_sense_is_refused(database: Database, bad: dict[str, object]) -> None:
    error = error_of(database, EVENT | bad)
    assert isinstance(error, REFUSED)
    assert is_refusal(error)


def test_a_key_too_long_for_postgresql_is_refused(postgres: PostgresServer) -> None:
    database = Database(postgres.prepared_database())
    incompressible = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(20_000))
    assert is_refusal(error_of(database, EVENT | {"call_id": incompressible}))
    database.close()


def test_a_database_without_tables_refuses_nothing(empty_url: str) -> None:
    database = Database(empty_url)
    error = error_of(database, EVENT)
    assert isinstance(error, SQLAlchemyError)
    assert not is_refusal(error)
    database.close()


def test_what_is_no_database_refuses_nothing(tmp_path: Path) -> None:
    (tmp_path / "file.db").write_bytes(b"this was a database once" * 100)
    for place in ("file.db", "", "missing/file.db"):
        database = Database(f"sqlite:///{tmp_path / place}")
        assert not is_refusal(error_of(database, EVENT))
        database.close()


def test_an_error_never_shows_what_was_to_be_written(empty_url: str) -> None:
    database = Database(empty_url)
    database.prepare()
    with database.writing() as connection:
        connection.execute(text("DROP TABLE caller"))
    with pytest.raises(SQLAlchemyError) as raised, database.writing() as connection:
        connection.execute(insert(CallerRow), [{"day": date(2026, 11, 23), "call_id": "CA1", "number": CITIZEN.e164}])
    assert DIGITS.decode() not in str(raised.value)
    assert "caller" in in_a_line(raised.value)
    assert "INSERT" not in in_a_line(raised.value)
    database.close()


def test_the_good_ones_are_written_and_the_bad_one_is_told(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def write(entries: Sequence[Entry]) -> None:
        write_entries(database, PSEUDONYMIZER, entries)

    bad = poison()
    assert write_together(write, [arrival("CA1"), bad, arrival("CA2")]) == [bad]
    assert event_count(database) == 4
    (line,) = caplog.messages
    assert line.startswith("an entry of call CA-poison is refused: ValueError: ")
    assert "naive" in line
    assert DIGITS.decode() not in line

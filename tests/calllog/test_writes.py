"""Writing is idempotent, append-only, and puts nothing personal anywhere but in one table."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.tables import CallerRow, CallEventRow, ScheduleVersionRow
from callrouter.calllog.writes import rows_of, write_entries, write_rows, write_schedule_version
from callrouter.domain.phone import PhoneNumber
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import (
    CITIZEN,
    DIGITS,
    PSEUDONYMIZER,
    arrival,
    event_count,
    everything_but_callers,
    numbers,
    whole_story,
)
from tests.schedules import CLOSED_HOUR, STOCKHOLM

SWITCHBOARD = PhoneNumber("+46406280425")


def write(database: Database, *entries: Entry) -> None:
    write_entries(database, PSEUDONYMIZER, entries)


def test_what_is_written_again_stays_one_row(database: Database) -> None:
    entry = arrival()
    write(database, entry, entry)
    write(database, entry)
    assert event_count(database) == len(entry.events)
    assert numbers(database) == {"CA1": CITIZEN.e164}


def test_the_first_word_stands(database: Database) -> None:
    """Append-only: an event with the same id that says something else changes nothing."""
    entry = arrival()
    write(database, entry)
    other = replace(entry.events[0], at=CLOSED_HOUR + timedelta(hours=1), facts={"unit": "another"})
    write(database, Entry((other,), PhoneNumber("+46701740651")))
    with database.reading() as connection:
        row = connection.execute(select(CallEventRow.__table__).where(CallEventRow.id == other.id)).one()
    assert (row.at, row.facts) == (entry.events[0].at, dict(entry.events[0].facts))
    assert numbers(database) == {"CA1": CITIZEN.e164}


def test_what_is_refused_is_told_and_leaves_nothing_of_its_batch(database: Database) -> None:
    """Whoever comes last by its key, after the others are there."""
    entries = [rows_of(arrival(call), PSEUDONYMIZER) for call in ("CA1", "CA2", "CA3")]
    spoilt = (*entries[2].events[-1][:-1], None)
    entries[2] = replace(entries[2], events=(*entries[2].events[:-1], spoilt))
    with pytest.raises(IntegrityError):
        write_rows(database, entries)
    assert event_count(database) == 0
    write_rows(database, entries[:2])
    assert event_count(database) == 4


def test_a_withheld_caller_has_no_row(database: Database) -> None:
    write(database, arrival(number=None))
    assert numbers(database) == {}
    assert event_count(database) == 2


def test_the_number_is_kept_with_its_keyed_hash(database: Database) -> None:
    write(database, arrival())
    with database.reading() as connection:
        row = connection.execute(select(CallerRow.__table__)).one()
    assert (row.key, row.key_id) == (PSEUDONYMIZER.key(CITIZEN.e164), PSEUDONYMIZER.key_id)


@pytest.mark.parametrize("number", [CITIZEN, None], ids=["a number", "withheld"])
def test_who_forwarded_is_kept_beside_the_caller(database: Database, number: PhoneNumber | None) -> None:
    write(database, Entry(arrival().events, number, forwarded_from=SWITCHBOARD), arrival("CA2"))
    with database.reading() as connection:
        row = connection.execute(select(CallerRow.__table__).where(CallerRow.call_id == "CA1")).one()
    assert (row.number, row.forwarded_from) == (number.e164 if number else None, SWITCHBOARD.e164)
    assert (row.key is None, row.key_id is None) == (number is None, number is None)


def test_nothing_personal_stands_outside_the_callers_table(database: Database) -> None:
    write(database, Entry(tuple(whole_story()), CITIZEN, forwarded_from=SWITCHBOARD))
    project(database, {(CLOSED_HOUR.date(), "CA1")})
    assert numbers(database) == {"CA1": CITIZEN.e164}
    assert DIGITS.decode() not in everything_but_callers(database)
    assert SWITCHBOARD.e164[3:] not in everything_but_callers(database)


def test_nothing_personal_is_left_when_the_caller_is_erased(sqlite_url: str, tmp_path: Path) -> None:
    """Byte for byte: the number was in no index, no log and no page but those of its table."""
    database = Database(sqlite_url)
    write(database, Entry(tuple(whole_story()), CITIZEN))
    project(database, {(CLOSED_HOUR.date(), "CA1")})
    assert any(DIGITS in path.read_bytes() for path in tmp_path.rglob("*"))
    with database.writing() as connection:
        connection.execute(delete(CallerRow))
    database.close()
    assert [path.name for path in tmp_path.rglob("*") if DIGITS in path.read_bytes()] == []


@pytest.mark.parametrize("odd", ["a\0b", "a\ud800b", "å" * 3000, "\N{BELL}\n\r\t", "'; DROP TABLE call; --"])
def test_odd_text_is_kept_wherever_it_stands(database: Database, odd: str) -> None:
    story = [replace(event, call_id=f"CA{odd}", facts=dict(event.facts) | {"called": odd}) for event in whole_story()]
    write(database, Entry(tuple(story), CITIZEN))
    write(database, Entry(tuple(story), CITIZEN))
    assert event_count(database) == len(story)
    assert project(database, {(CLOSED_HOUR.date(), f"CA{odd}")}) == 1


@pytest.mark.parametrize("zone", [UTC, STOCKHOLM], ids=str)
def test_instants_keep_their_microseconds_and_come_back_in_utc(database: Database, zone: tzinfo) -> None:
    told = CLOSED_HOUR.replace(microsecond=123456).astimezone(zone)
    write(database, Entry((replace(arrival().events[0], at=told),)))
    with database.reading() as connection:
        at = connection.execute(select(CallEventRow.at)).scalar_one()
    assert (at, at.utcoffset()) == (told, timedelta(0))


def test_a_server_that_lives_elsewhere_does_not_move_them(postgres: PostgresServer) -> None:
    """A database has the time zone of its country; what is told in UTC stays UTC."""
    database = Database(postgres.empty_database())
    database.prepare()
    with database.writing() as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET timezone = 'Europe/Stockholm'")
    database.close()
    write_entries(database, PSEUDONYMIZER, [Entry((arrival().events[0],))])
    with database.reading() as connection:
        assert connection.execute(select(CallEventRow.at)).scalar_one() == CLOSED_HOUR
    database.close()


def test_writers_of_the_same_rows_wait_for_each_other_and_never_in_a_circle(url: str) -> None:
    entries = [arrival(f"CA{number:03}") for number in range(150)]
    together = Barrier(2)

    def write_in(order: list[Entry]) -> None:
        database = Database(url)
        for _ in range(3):
            together.wait(10)
            write(database, *order)
        database.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write_in, order) for order in (entries, entries[::-1])]:
            done.result(30)
    database = Database(url)
    assert event_count(database) == 300
    database.close()


def test_a_schedule_version_is_kept_the_first_time(database: Database) -> None:
    write_schedule_version(database, "v1", "version: 1\n", "start")
    write_schedule_version(database, "v1", "version: 1\n", "reload")
    with database.reading() as connection:
        row = connection.execute(select(ScheduleVersionRow.__table__)).one()
    assert (row.hash, row.text, row.by) == ("v1", "version: 1\n", "start")

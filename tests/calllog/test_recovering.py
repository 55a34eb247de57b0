"""What has but a line in the service's own log comes back: once, whole, and nothing that must stay away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, insert

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.log_lines import as_log_line, events_in
from callrouter.calllog.projection import project
from callrouter.calllog.recovering import Recovered, recover
from callrouter.calllog.tables import CallEventRow, DestructionRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import CallEvent
from callrouter.domain.words import Disposition
from callrouter.logs import Format
from callrouter.logs.lines import formatter
from callrouter.sealing import Sealer
from tests.calllog.recorders import recording
from tests.calllog.told import (
    DIGITS,
    PSEUDONYMIZER,
    SEALER,
    arrival,
    call_rows,
    event_count,
    numbers,
    poison,
    whole_story,
)
from tests.schedules import CLOSED_HOUR, GUARD_1


def lines_of(events: Sequence[CallEvent]) -> list[str]:
    return [as_log_line(event, SEALER) for event in events]


def recovered(database: Database, lines: Sequence[str], *, new_calls: bool = True) -> Recovered:
    return recover(database, SEALER, PSEUDONYMIZER, lines, new_calls=new_calls)


@pytest.mark.parametrize("format_", Format)
def test_what_a_process_took_with_it_is_read_back_from_its_log(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture, format_: Format
) -> None:
    """In both formats, behind what a journal puts before each line, among other lines."""
    in_the_way = tmp_path / "in the way"
    in_the_way.write_text("no directory")
    nowhere = Database(f"sqlite:///{in_the_way}/callrouter.db")
    story = whole_story()
    with recording(nowhere, in_the_way) as recorder:
        assert recorder.record(Entry(tuple(story))) is Recorded.LOG_LINE
    log = [f"Nov 23 18:30:00 centralen callrouter[7]: {formatter(format_).format(each)}" for each in caplog.records]
    database = Database(sqlite_url)
    assert recovered(database, log) == Recovered(events=len(story), added=len(story), calls=1)
    (row,) = call_rows(database)
    assert (row.disposition, row.events, row.talked_seconds) == (Disposition.ANSWERED, len(story), 60)
    database.close()


def test_nothing_of_anybody_can_be_read_in_a_line_and_the_caller_is_not_in_it() -> None:
    lines = lines_of(whole_story())
    text = "\n".join(lines)
    assert DIGITS.decode() not in text
    assert GUARD_1.e164.removeprefix("+") not in text
    assert all(line.startswith("not recorded: call=CA1 ") for line in lines)
    assert DIGITS.decode() not in "".join(SEALER.open(line.rsplit(" ", 1)[1]) for line in lines)


def test_only_what_the_log_lacks_is_added_and_twice_is_once(database: Database) -> None:
    story = whole_story()
    write_entries(database, PSEUDONYMIZER, [arrival()])
    lines = lines_of([*story, *story])
    Random(7).shuffle(lines)
    assert recovered(database, lines).added == len(story) - 2
    assert recovered(database, lines) == Recovered(events=len(story))
    assert event_count(database) == len(story)
    assert list(numbers(database)) == ["CA1"], "who called stays"


def test_a_call_that_the_log_has_not_heard_of_is_left_for_reconciliation(database: Database) -> None:
    lines = lines_of(whole_story())
    assert recovered(database, lines, new_calls=False) == Recovered(events=len(lines), unknown=1)
    assert event_count(database) == 0


def test_a_line_that_was_cut_off_costs_no_other(database: Database) -> None:
    lines = lines_of(whole_story())
    for length in (len("not recorded: "), 60, len(lines[1]) - 1):
        torn = [lines[0], lines[1][:length], *lines[2:]]
        events, unreadable = events_in(torn, SEALER)
        assert (len(events), unreadable) == (len(lines) - 1, 1), length
    assert recovered(database, [lines[0][:60], *lines[1:]]).unreadable == 1


def test_what_another_key_sealed_and_what_no_database_takes_is_counted(database: Database) -> None:
    other = Sealer("another secret than the one that sealed it")
    foreign = [as_log_line(event, other) for event in whole_story()]
    odd = lines_of(poison().events)
    lines = [*foreign, *odd, *lines_of(whole_story("CA2"))]
    assert recovered(database, lines).unreadable == len(foreign) + 1
    assert [row.call_id for row in call_rows(database)] == ["CA2"]


def test_what_was_deleted_since_stays_away(database: Database) -> None:
    said = {"what": "calls", "decision": "KS 1", "by": "anna", "result": "done", "at": CLOSED_HOUR + timedelta(days=1)}
    gone = said | {"unit": None, "before": CLOSED_HOUR + timedelta(hours=1), "count": 1, "held": 0, "outstanding": 0}
    with database.writing() as connection:
        connection.execute(insert(DestructionRow), [gone])
    lines = lines_of(whole_story())
    assert recovered(database, lines) == Recovered(events=len(lines), destroyed=len(lines))
    assert event_count(database) == 0


def test_events_that_were_destroyed_stay_away_from_a_call_that_is_known_still(database: Database) -> None:
    story = whole_story()
    write_entries(database, PSEUDONYMIZER, [Entry(tuple(story))])
    project(database, {(story[0].day, story[0].call_id)})
    with database.writing() as connection:
        connection.execute(delete(CallEventRow))
    assert recovered(database, lines_of(story)) == Recovered(events=len(story), destroyed=len(story))
    assert event_count(database) == 0


def test_a_time_without_its_offset_is_not_guessed(database: Database) -> None:
    told = whole_story()[0]
    assert recovered(database, lines_of([replace(told, at=told.at.replace(tzinfo=None))])).unreadable == 1

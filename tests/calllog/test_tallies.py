"""The counts in the database are at every moment the sum over the calls that are there, whoever folded them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from callrouter.calllog.call_rows import call_record, call_row
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.tables import CallEventRow, CallRow, LegRow, TallyRow
from callrouter.calllog.tallies import add_up, legs_by_outcome
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import Caller, CallEvent, LegUpdate, RunningCall, call_ended
from callrouter.domain.record import fold
from callrouter.domain.routing import Ring, decide, first_step
from callrouter.domain.tally import ALL_UNITS, By, Cell, Grain, tally
from callrouter.domain.words import LegStatus, Origin, Outcome
from tests.calllog.plans import read_by
from tests.calllog.played import played
from tests.calllog.told import PSEUDONYMIZER, SCHEDULE, call_rows, whole_story
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1

DAY = CLOSED_HOUR.date()


def counted(database: Database) -> dict[Cell, dict[str, int]]:
    """What stands in the database, without cells that have come to nothing."""
    with database.reading() as connection:
        rows = connection.execute(select(TallyRow.__table__)).all()
    return {Cell(r.origin, r.unit, By(r.by), Grain(r.grain), r.start, r.value): r.counts for r in rows if r.counts}


def expected(database: Database) -> dict[Cell, dict[str, int]]:
    total: dict[Cell, Counter[str]] = {}
    for row in call_rows(database):
        for cell, counts in tally(call_record(row._mapping)).items():  # noqa: SLF001 - SQLAlchemy's public name
            total.setdefault(cell, Counter()).update(counts)
    return {cell: {name: count for name, count in counts.items() if count} for cell, counts in total.items()}


def test_each_cell_is_looked_up_and_no_other_is_read(sqlite_url: str) -> None:
    """Ten years have millions of cells, and whoever adds to some of them keeps the calls waiting."""
    database = Database(sqlite_url)
    with database.writing() as log:
        changes = tally(fold(answered("CA1", 1, 20, 60)))
        steps = read_by(log, lambda: add_up(database, log, changes))
    database.close()
    (step,) = (step for step in steps if "tally" in step)
    assert step.startswith("SEARCH tally")
    assert step.endswith("(origin=? AND unit=? AND by=? AND grain=? AND start=? AND value=?)")


def write(database: Database, *events: CallEvent) -> None:
    write_entries(database, PSEUDONYMIZER, [Entry(events)])


def empty(database: Database) -> None:
    with database.writing() as connection:
        for table in (CallEventRow, CallRow, LegRow, TallyRow):
            connection.execute(delete(table))


def answered(call_id: str, minutes: int, seconds: int, talked: int) -> list[CallEvent]:
    """A call that came *minutes* after closing, and was answered after *seconds*."""
    at = CLOSED_HOUR + timedelta(minutes=minutes)
    decision = decide(SCHEDULE, SCHEDULE.unit("centre"), at)
    step = first_step(SCHEDULE, decision, at)
    assert isinstance(step, Ring)
    call = RunningCall(call_id, CENTRE.e164, Caller(), decision).ringing(step)
    over = at + timedelta(seconds=seconds + talked)
    return [
        *call.told(),
        call.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, call_id), at + timedelta(seconds=seconds)),
        call.leg(GUARD_1.e164, LegUpdate(LegStatus.ENDED, call_id, Outcome.ANSWERED, talked), over),
        call.hung_up(over),
        call_ended(call_id, CENTRE.e164, "completed", seconds + talked, Origin.REAL, over),
    ]


calls = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 90), st.integers(3, 300)), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls, st.randoms(use_true_random=False), st.data())
def test_the_counts_are_the_sum_over_the_calls(
    database: Database, calls: list[tuple[int, int, int]], random: Random, data: st.DataObject
) -> None:
    """However the events of several calls are mixed, cut into portions, told twice, and folded in between."""
    empty(database)
    told = [event for number, call in enumerate(calls) for event in answered(f"CA{number}", *call)]
    told += random.sample(told, len(told) // 2)
    random.shuffle(told)
    while told:
        portion = data.draw(st.integers(1, len(told)))
        now, told = told[:portion], told[portion:]
        for event in now:
            write(database, event)
        project(database, {(e.day, e.call_id) for e in now})
        assert counted(database) == expected(database)
    whole = [counts for cell, counts in counted(database).items() if (cell.by, cell.unit) == (By.ALL, ALL_UNITS)]
    assert sum(counts["offered"] for counts in whole) == len(Grain) * len(calls)


def test_who_count_at_once_lose_nothing(url: str) -> None:
    """Calls of the same hour, folded by several processes at once, meet in the same cells."""
    workers, each = 4, 12

    def work(worker: int) -> None:
        database = Database(url)
        for number in range(each):
            call_id = f"CA{worker}-{number}"
            write(database, *answered(call_id, number, 10 + worker, 60))
            project(database, {(DAY, call_id)})
        database.close()

    with ThreadPoolExecutor(workers) as threads:
        for done in [threads.submit(work, worker) for worker in range(workers)]:
            done.result(60)
    database = Database(url)
    assert counted(database) == expected(database)
    assert len(call_rows(database)) == workers * each
    database.close()


def test_each_leg_is_counted_once_by_how_it_ended_and_for_good(database: Database) -> None:
    """Of calls that are over: however often and by whomever they are folded, and when they have been deleted."""
    calls = [played(SCHEDULE, f"CA{number}", CLOSED_HOUR, Random(number)) for number in range(12)]
    expected = Counter(leg.outcome for told in calls for leg in fold(told).legs if leg.outcome)
    assert len(expected) > 3
    under_way = answered("CA-now", 5, 10, 60)[:-2]
    for told in (*calls, under_way):
        write(database, *told)
    for _ in range(2):
        project(database, {(DAY, told[0].call_id) for told in (*calls, under_way)})
    with database.writing() as connection:
        connection.execute(delete(CallRow))
    with database.reading() as connection:
        assert +legs_by_outcome(connection, Origin.REAL) == expected
        assert +legs_by_outcome(connection, Origin.PHONE_NETWORK) == Counter()


def test_a_record_comes_back_from_its_row(database: Database) -> None:
    """What was counted can be taken back only if the row tells the whole record."""
    record = replace(fold(whole_story()), recordings=())
    assert call_record(call_row(record)) == record
    write(database, *whole_story())
    project(database, {(DAY, "CA1")})
    (row,) = call_rows(database)
    assert call_record(row._mapping) == record  # noqa: SLF001 - SQLAlchemy's public name

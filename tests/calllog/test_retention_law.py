"""The law of retention: nothing older than decided is left, and nothing younger is gone."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.tables import (
    CallerRow,
    CallEventRow,
    CallRow,
    FollowUpRow,
    LegRow,
    NoteRow,
    Table,
)
from callrouter.domain.retention import kept_since
from tests.calllog.aged import LEFT_AFTER, NOW, Store, deleted_at, everything, held, run, there, told
from tests.calllog.told import numbers
from tests.schedules import STOCKHOLM


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=5),
    is_held=st.lists(st.booleans(), min_size=5, max_size=5),
    keep=st.dictionaries(
        st.sampled_from(("numbers", "notes", "recordings", "events", "calls")),
        st.sampled_from(("1 day", "5 days", "2 weeks", "1 month", "2 months")),
    ),
    runs=st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=3),
)
def test_nothing_older_than_decided_is_left_and_nothing_younger_is_gone(
    database: Database, ages: list[float], is_held: list[bool], keep: dict[str, str], runs: list[float]
) -> None:
    """After any runs at any instants, and twice is once."""
    _empty(database)
    calls = {f"CA{number}": told(database, f"CA{number}", age) for number, age in enumerate(ages)}
    holding = {call_id for call_id, holds_it in zip(calls, is_held, strict=False) if holds_it}
    for call_id in holding:
        held(database, call_id)
    counted = everything(database)["tally"]
    for days in runs:
        run(database, Store(), keep, NOW + timedelta(days=days))
    before = everything(database)
    last = NOW + timedelta(days=max(runs))
    run(database, Store(), keep, last)
    since = {what: kept_since(time, last, STOCKHOLM) for what, time in keep.items()}

    def expected(*classes: str, younger: timedelta = timedelta(0)) -> set[str]:
        cuts = [since[what] for what in classes if what in since]
        return {id_ for id_, at in calls.items() if id_ in holding or all(at + younger >= cut for cut in cuts)}

    assert there(database, CallRow) == there(database, LegRow) == there(database, CallerRow) == expected("calls")
    assert there(database, CallEventRow) == expected("calls", "events")
    assert there(database, NoteRow) == there(database, FollowUpRow)
    assert there(database, NoteRow) == expected("calls", "notes")
    assert {id_ for id_, number in numbers(database).items() if number} == expected("calls", "numbers")
    heard = {id_ for id_, gone in deleted_at(database).items() if gone is None}
    assert heard == expected("calls") & expected("recordings", younger=LEFT_AFTER)
    assert everything(database)["tally"] == counted
    assert catch_up(database) == (0, 0)
    assert everything(database) | {"projection": []} == before | {"projection": []}


def _empty(database: Database) -> None:
    with database.writing() as connection:
        for table in reversed(Table.metadata.sorted_tables):
            connection.execute(delete(table))

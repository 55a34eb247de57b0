"""What a crash left behind between the events and the rows is folded, from the high-water mark on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from callrouter import clock
from callrouter.calllog.catching_up import CALLS, catch_up, mark, missing_since, unprojected
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.tables import NO_DAY, CallerRow, CallRow, ProjectionRow, TallyRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import CallEvent, call_ended
from callrouter.domain.period import Period
from callrouter.domain.words import Origin
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, arrival, call_rows, ringing, whole_story
from tests.schedules import CENTRE

NOW = clock.now()
TODAY = NOW.date()
DAY = timedelta(days=1)


def write(database: Database, *events: CallEvent) -> None:
    write_entries(database, PSEUDONYMIZER, [Entry(events)])


def test_a_call_without_a_row(database: Database) -> None:
    write(database, *ringing("CA-folded", NOW).told(), *ringing("CA-left", NOW).told())
    project(database, {(TODAY, "CA-folded")})
    assert unprojected(database, TODAY) == {(TODAY, "CA-left")}
    assert catch_up(database) == (1, 1)
    assert catch_up(database) == (0, 0)


def test_a_call_whose_row_lacks_an_event(database: Database) -> None:
    first, *others = whole_story(at=NOW)
    write(database, first)
    project(database, {(TODAY, "CA1")})
    assert unprojected(database, TODAY) == set()
    write(database, *others)
    assert unprojected(database, TODAY) == {(TODAY, "CA1")}


def test_a_call_over_midnight_is_caught_up_with_once(database: Database) -> None:
    """Also one event that stands under both days: a retry that was decided the same."""
    today = NOW.replace(hour=0, minute=0, second=1)
    for call_id, at in (("CA1", today), ("CA1", today - timedelta(seconds=2))):
        write(database, *ringing(call_id, at).told())
    again = next(ringing("CA1", today).told())
    write(database, replace(again, day=again.day - DAY))
    assert unprojected(database, TODAY) == set()
    assert unprojected(database, TODAY - DAY) == {(TODAY - DAY, "CA1")}
    assert catch_up(database) == (1, 1)
    assert catch_up(database) == (0, 0)


def test_a_call_whose_end_is_counted_back_over_midnight_is_caught_up_with_once(database: Database) -> None:
    """Its row stands where its caller does."""
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    write(database, *ringing("CA1", midnight + timedelta(seconds=0.3)).told())
    write(database, call_ended("CA1", CENTRE.e164, "completed", 61, Origin.REAL, midnight + timedelta(seconds=60)))
    assert catch_up(database) == (1, 1)
    assert [row.day for row in call_rows(database)] == [TODAY]
    assert catch_up(database) == (0, 0)


class TestMark:
    """All calls of the days before it are folded."""

    def test_where_there_is_none_every_day_is_looked_at(self, database: Database) -> None:
        with database.writing() as connection:
            connection.execute(delete(ProjectionRow))
        write(database, *ringing(at=NOW - 400 * DAY).told())
        assert catch_up(database) == (1, 1)
        assert marked(database) == TODAY - 2 * DAY

    def test_it_rises_with_the_days(self, database: Database) -> None:
        set_mark(database, TODAY - 9 * DAY)
        catch_up(database)
        assert marked(database) == TODAY - 2 * DAY

    def test_what_is_older_is_not_looked_at(self, database: Database) -> None:
        set_mark(database, TODAY)
        write(database, *ringing(at=NOW - 9 * DAY).told())
        set_mark(database, TODAY)
        assert catch_up(database) == (0, 0)

    def test_whoever_writes_an_older_day_lowers_it(self, database: Database) -> None:
        """A recording arrives late, the spool of another week is replayed: a crash right after it is caught up with."""
        set_mark(database, TODAY)
        write(database, *ringing(at=NOW - 9 * DAY).told())
        assert marked(database) == TODAY - 9 * DAY
        assert catch_up(database) == (1, 1)

    def test_while_it_was_lowered_it_does_not_rise(self, database: Database) -> None:
        set_mark(database, TODAY - 9 * DAY)

        def somebody_writes(_day: date) -> None:
            write(database, *ringing("CA2", NOW - 20 * DAY).told())

        write(database, *ringing("CA1", NOW).told())
        catch_up(database, somebody_writes)
        assert marked(database) == TODAY - 20 * DAY


class TestUpgrade:
    """Rows and callers of the release before."""

    def test_calls_that_were_never_counted_are_folded_anew_and_counted_once(self, database: Database) -> None:
        write(database, *whole_story(at=NOW))
        project(database, {(TODAY, "CA1")})
        with database.writing() as connection:
            connection.execute(update(CallRow).values(tallied=0))
            connection.execute(delete(TallyRow))
        assert catch_up(database) == (1, 1)
        assert call_rows(database)[0].tallied == 1
        with database.reading() as connection:
            counts = connection.execute(select(TallyRow.counts).where(TallyRow.by == "all")).scalars().all()
        assert [count["offered"] for count in counts] == [1] * 6  # the unit and all units, by day, month and year

    @pytest.mark.parametrize("call_id", ["CA1", "CA-unheard-of"])
    def test_a_caller_without_a_day_gets_that_of_the_call(self, database: Database, call_id: str) -> None:
        write_entries(database, PSEUDONYMIZER, [arrival("CA1", NOW, None)])
        with database.writing() as connection:
            connection.execute(insert(CallerRow), [{"call_id": call_id, "number": CITIZEN.e164}])
        catch_up(database)
        with database.reading() as connection:
            (row,) = connection.execute(select(CallerRow.__table__)).all()
        expected = TODAY if call_id == "CA1" else date.fromisoformat(NO_DAY)
        assert (row.day, row.number) == (expected, CITIZEN.e164)


@pytest.mark.parametrize(
    ("days_ago", "hours_since", "told"),
    [(2, 3, False), (5, 0, False), (5, 1, False), (5, 3, True), (40, 3, False)],
    ids=["lately", "just lowered", "before the next catch-up", "no catch-up came", "after the period"],
)
def test_calls_may_be_missing_only_where_no_catch_up_has_come(
    database: Database, days_ago: int, hours_since: int, *, told: bool
) -> None:
    set_mark(database, TODAY - days_ago * DAY)
    period = Period(TODAY - 90 * DAY, TODAY - (days_ago if days_ago < 40 else days_ago + 1) * DAY)
    with database.reading() as connection:
        since = missing_since(connection, period, NOW + timedelta(hours=hours_since))
    assert since == (TODAY - days_ago * DAY if told else None)


def test_nothing_is_missing_where_nothing_was_folded_yet(database: Database) -> None:
    with database.reading() as connection:
        assert missing_since(connection, Period(TODAY, TODAY), NOW) is None


def marked(database: Database) -> date | None:
    with database.reading() as connection:
        return mark(connection)


def set_mark(database: Database, day: date) -> None:
    with database.writing() as connection:
        connection.execute(delete(ProjectionRow))
        connection.execute(insert(ProjectionRow), [{"name": CALLS, "day": day, "at": NOW}])

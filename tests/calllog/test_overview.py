"""What the page of a report shows at once: hours that have passed, alarm units apart."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.overview import Overview, overview
from callrouter.calllog.reports import Asked
from callrouter.domain.days import ALL_DAY, DayPlan
from callrouter.domain.hours import OpeningHours
from callrouter.domain.period import Period
from callrouter.domain.record import CallRecord
from callrouter.domain.report import Pace
from callrouter.domain.rules import DayRules
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.tally import ALL_UNITS
from callrouter.domain.words import DecidedBy, Disposition, Origin
from tests.calllog.records import keep, record
from tests.schedules import CENTRE, STOCKHOLM, WEEKDAYS_10_TO_15, schedule

MONDAY = date(2026, 11, 23)
WEEK = Period(MONDAY, MONDAY + timedelta(days=6))
NEVER_CLOSED = OpeningHours(STOCKHOLM, DayRules(always=DayPlan(ALL_DAY, DecidedBy.ALWAYS, "always")))
LATER = datetime(2026, 12, 24, tzinfo=UTC)


def with_units(*units: Unit) -> Schedule:
    return replace(schedule(), units={unit.name: unit for unit in units})


CENTRE_UNIT = Unit("centre", "Centre", (CENTRE,), WEEKDAYS_10_TO_15, "reception", "security")
FIELD = replace(CENTRE_UNIT, name="field")
ALARM = Unit("alarm", "Alarm", (), NEVER_CLOSED, "security", "security", is_alarm=True)


def call(number: int, hour: int, unit: str, state: str, day: date = MONDAY) -> CallRecord:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    local = at.astimezone(STOCKHOLM).isoformat()
    made = record(f"CA{number}", Random(1), at)
    return replace(
        made,
        unit=unit,
        state=state,
        local_time=local,
        origin=Origin.REAL,
        legs=(),
        answered_by=None,
        seconds_to_answer=None,
        disposition=Disposition.UNANSWERED,
    )


@pytest.fixture
def log(database: Database) -> Database:
    calls = [
        call(1, 0, "centre", "closed"),
        call(2, 10, "centre", "open"),
        call(3, 11, "centre", "open"),
        call(4, 12, "field", "open"),
        call(5, 13, "alarm", "open"),
        call(6, 13, "alarm", "open", MONDAY + timedelta(days=1)),
        replace(call(7, 10, "centre", "open"), disposition=Disposition.BLOCKED),
    ]
    keep(database, calls)
    return database


def of(log: Database, units: Schedule | None, now: datetime = LATER, unit: str = ALL_UNITS) -> Overview:
    with log.reading() as connection:
        return overview(connection, Asked(WEEK, Origin.REAL, unit), None, units, now)


class TestPace:
    def test_calls_per_hour_that_a_unit_is_open_or_closed(self, log: Database) -> None:
        paces = of(log, with_units(CENTRE_UNIT), unit="centre").paces
        assert paces == {"open": Pace(2, 25), "closed": Pace(1, 7 * 24 - 25)}  # five days of five hours; one blocked

    def test_of_all_units_together_alarm_units_are_left_out(self, log: Database) -> None:
        paces = of(log, with_units(CENTRE_UNIT, FIELD, ALARM)).paces
        assert paces == {"open": Pace(3, 50), "closed": Pace(1, 2 * 7 * 24 - 50)}

    def test_an_alarm_unit_by_itself_has_no_closed_hours(self, log: Database) -> None:
        assert of(log, with_units(ALARM), unit="alarm").paces == {"open": Pace(2, 7 * 24)}

    def test_only_hours_that_have_passed_count(self, log: Database) -> None:
        noon = datetime(2026, 11, 23, 11, tzinfo=UTC)  # 12:00 in Stockholm
        assert of(log, with_units(CENTRE_UNIT), noon, "centre").paces == {"open": Pace(2, 2), "closed": Pace(1, 10)}

    def test_hours_before_the_first_call_that_was_ever_counted_do_not(self, log: Database) -> None:
        earlier = Asked(Period(MONDAY - timedelta(days=700), MONDAY), Origin.REAL, "centre")
        with log.reading() as connection:
            paces = overview(connection, earlier, None, with_units(CENTRE_UNIT), LATER).paces
        assert paces == {"open": Pace(2, 5), "closed": Pace(1, 19)}

    def test_nobody_knows_the_hours_without_a_schedule(self, log: Database) -> None:
        assert of(log, None).paces == {}


def test_the_period_to_compare_with_is_counted_alike(log: Database) -> None:
    before = Asked(Period(MONDAY, MONDAY))
    with log.reading() as connection:
        shown = overview(connection, Asked(Period(MONDAY + timedelta(1), WEEK.last)), before, None, LATER)
    assert shown.before
    assert (shown.total.offered, shown.before.offered) == (1, 5)
    assert {unit: figures.offered for unit, figures in shown.units.items()} == {"alarm": 1}
    assert shown.heat == {"2-14": 1}

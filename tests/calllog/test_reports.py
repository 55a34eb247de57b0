"""A report of any period is what one would count by hand from the calls of that period."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, select

from callrouter.calllog.database import Database
from callrouter.calllog.reports import (
    Asked,
    counted_period,
    groups,
    looked_up,
    offered_of_units,
    repeat_callers,
    total,
    units_counted,
)
from callrouter.calllog.tables import CallerRow, CallRow
from callrouter.domain.measures import Times
from callrouter.domain.period import Part, Period
from callrouter.domain.report import Figures, GroupBy
from callrouter.domain.tally import ALL_UNITS, By, Grain
from callrouter.domain.words import Disposition, Origin
from tests.calllog.records import SINCE, keep, records

Call = Row[Any]

periods = st.builds(
    lambda first, days: Period(SINCE.date() + timedelta(first - 5), SINCE.date() + timedelta(first - 5 + days)),
    st.integers(0, 110),
    st.integers(0, 450),
)


def rows(database: Database) -> list[Call]:
    with database.reading() as connection:
        return list(connection.execute(select(CallRow.__table__)))


def local(call: Call) -> datetime:
    at: datetime = datetime.fromisoformat(call.local_time) if call.local_time else call.received_at.astimezone(UTC)
    return at


def counted(calls: Iterable[Call], asked: Asked) -> list[Call]:
    """The calls that are asked for, picked by hand."""
    return [
        call
        for call in calls
        if call.origin == asked.origin
        and asked.unit in (ALL_UNITS, call.unit)
        and asked.period.first <= local(call).date() <= asked.period.last
        and call.disposition != "in-progress"
    ]


def by_hand(calls: list[Call]) -> dict[str, Any]:
    """The figures of some calls, as one would write them on paper."""
    offered = [c for c in calls if c.disposition != "blocked"]
    answered = [c for c in calls if c.disposition == "answered"]
    gone = [c for c in calls if c.disposition == "abandoned"]
    seconds = sorted(c.seconds_to_answer for c in answered if c.seconds_to_answer is not None)
    waits = sorted(min(3600, round((c.ended_at - c.received_at).total_seconds())) for c in gone if c.ended_at)
    return {
        "offered": len(offered),
        "answered": len(answered),
        "desk": sum(c.answered_company is None for c in answered),
        "company": sum(c.answered_company is not None for c in answered),
        "nobody": len(offered) - len(answered),
        "abandoned": len(gone),
        "messages": sum(c.disposition == "message" for c in calls),
        "blocked": sum(c.disposition == "blocked" for c in calls),
        "unknown": sum(c.disposition == "unknown" for c in calls),
        "redials": sum(c.is_redial for c in calls),
        "talked": sum(c.talked_seconds or 0 for c in answered),
        "seconds": [nearest_rank(seconds, percent) for percent in (50, 90, 95, 100)],
        "within 30": sum(each <= 30 for each in seconds),
        "waits": (len(waits), sum(waits), nearest_rank(waits, 50), nearest_rank(waits, 90)),
    }


def nearest_rank(ordered: list[int], percent: int) -> int | None:
    return ordered[math.ceil(len(ordered) * percent / 100) - 1] if ordered else None


def told(figures: Figures) -> dict[str, Any]:
    """The same figures, as the report has them."""
    waits = figures.gave_up
    return {
        "offered": figures.offered,
        "answered": figures.answered,
        "desk": figures["by-desk"],
        "company": figures["by-company"],
        "nobody": figures.by_nobody,
        "abandoned": figures.abandoned.part,
        "messages": figures["message"],
        "blocked": figures["blocked"],
        "unknown": figures["unknown"],
        "redials": figures["redial"],
        "talked": figures.talked_seconds,
        "seconds": [figures.to_answer.percentile(percent) for percent in (50, 90, 95, 100)],
        "within 30": figures.to_answer.within(30),
        "waits": (waits.n, total_of(waits), waits.percentile(50), waits.percentile(90)),
    }


def total_of(times: Times) -> int:
    return round((times.mean or 0) * times.n)


KEYS: dict[GroupBy, Callable[[Call], str | None]] = {
    GroupBy.UNIT: lambda call: call.unit or "",
    GroupBy.STATE: lambda call: call.state,
    GroupBy.WEEKDAY: lambda call: str(local(call).isoweekday()),
    GroupBy.HOUR: lambda call: f"{local(call).hour:02}",
    GroupBy.HEAT: lambda call: f"{local(call).isoweekday()}-{local(call).hour:02}",
    GroupBy.DAY: lambda call: str(local(call).date()),
    GroupBy.MONTH: lambda call: str(local(call).date())[:7],
}


def in_groups(calls: list[Call], by: GroupBy) -> dict[str, dict[str, Any]]:
    found: dict[str, list[Call]] = {}
    for call in calls:
        if (key := KEYS[by](call)) is not None:
            found.setdefault(key, []).append(call)
    return {key: by_hand(found[key]) for key in sorted(found)}


@pytest.fixture
def log(database: Database) -> Database:
    """A hundred and fifty calls over fourteen months."""
    keep(database, records(1, 150, SINCE, 420))
    return database


over_one_log = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestAnyPeriod:
    @over_one_log
    @given(periods, st.sampled_from((ALL_UNITS, "centre")), st.sampled_from(sorted(KEYS)))
    def test_is_what_one_counts_by_hand(self, log: Database, period: Period, unit: str, by: GroupBy) -> None:
        asked = Asked(period, Origin.REAL, unit)
        calls = counted(rows(log), asked)
        with log.reading() as connection:
            for same in (asked, looked_up(connection, asked)):
                assert told(total(connection, same)) == by_hand(calls)
                assert {k: told(f) for k, f in groups(connection, same, by).items()} == in_groups(calls, by)

    @over_one_log
    @given(periods, st.sampled_from((ALL_UNITS, "centre")))
    def test_so_are_the_hours_that_are_shown_as_a_heat_map(self, log: Database, period: Period, unit: str) -> None:
        with log.reading() as connection:
            asked = looked_up(connection, Asked(period, Origin.REAL, unit))
            hours = groups(connection, asked, GroupBy.HEAT)
            shown = offered_of_units(connection, asked, By.HOUR, [unit])
        assert {hour: count for hour, count in shown.items() if count} == {
            hour: figures.offered for hour, figures in hours.items() if figures.offered
        }

    @pytest.mark.parametrize("days", [-1, 0, 1])
    def test_so_it_is_up_to_the_last_day_that_is_counted(self, log: Database, days: int) -> None:
        """From then on the year's own count is that of the days so far; a day earlier it is not."""
        with log.reading() as connection:
            known = counted_period(connection, Origin.REAL)
            assert known
            asked = looked_up(connection, Asked(Period(known.last - timedelta(364), known.last + timedelta(days))))
            found = {key: told(figures) for key, figures in groups(connection, asked, GroupBy.HEAT).items()}
        assert found == in_groups(counted(rows(log), asked), GroupBy.HEAT)

    @pytest.mark.parametrize("days", [-1, 0, 1])
    def test_so_it_is_from_the_first_day_that_is_counted(self, log: Database, days: int) -> None:
        """Until then the year's own count is that of its days since; a day later it is not."""
        with log.reading() as connection:
            known = counted_period(connection, Origin.REAL)
            assert known
            asked = looked_up(connection, Asked(Period(known.first + timedelta(days), known.first + timedelta(364))))
            found = {key: told(figures) for key, figures in groups(connection, asked, GroupBy.HEAT).items()}
        assert found == in_groups(counted(rows(log), asked), GroupBy.HEAT)

    def test_all_of_it_is_read_from_its_years(self, log: Database) -> None:
        with log.reading() as connection:
            known = counted_period(connection, Origin.REAL)
            assert known
            years = Period(date(known.first.year, 1, 1), date(known.last.year, 12, 31))
            assert looked_up(connection, Asked(known)).parts() == [Part(Grain.YEAR, years)]

    def test_so_far_is_read_from_few_cells(self, log: Database) -> None:
        with log.reading() as connection:
            known = counted_period(connection, Origin.REAL)
            assert known
            sofar = Asked(Period(known.last.replace(month=1, day=1), known.last))
            assert looked_up(connection, sofar).parts() == [Part(Grain.YEAR, Period.year(known.last.year))]

    @over_one_log
    @given(periods, st.sampled_from([by for by in GroupBy if by.is_offer]))
    def test_so_is_what_was_offered_to_whom(self, log: Database, period: Period, by: GroupBy) -> None:
        asked = Asked(period)
        expected: dict[str, Counter[str]] = {}
        for call in counted(rows(log), asked):
            for place in {leg[by] for leg in call.legs if leg[by]}:
                is_theirs = call.disposition == "answered" and getattr(call, f"answered_{by}") == place
                outcomes = Counter(f"leg {leg['outcome']}" for leg in call.legs if leg[by] == place and leg["outcome"])
                answered = Counter(
                    offered=1, answered=int(is_theirs), talked=call.talked_seconds * is_theirs if is_theirs else 0
                )
                expected[place] = expected.get(place, Counter()) + outcomes + answered
        with log.reading() as connection:
            found = groups(connection, asked, by)
        assert {place: offer(figures) for place, figures in found.items()} == expected

    @over_one_log
    @given(periods, st.sampled_from((ALL_UNITS, "centre")))
    def test_so_are_the_repeat_callers(self, log: Database, period: Period, unit: str) -> None:
        asked = Asked(period, Origin.REAL, unit)
        with log.reading() as connection:
            keys = {row.call_id: row.key for row in connection.execute(select(CallerRow.__table__))}
            found = repeat_callers(connection, asked)
        offered = [c for c in counted(rows(log), asked) if c.disposition != "blocked"]
        calls = Counter(keys[call.call_id] for call in offered)
        unknown = calls.pop(None, 0)
        repeated = [count for count in calls.values() if count > 1]
        assert (found.callers, found.repeated, found.calls, found.unknown) == (
            len(calls),
            len(repeated),
            sum(repeated),
            unknown,
        )


def offer(figures: Figures) -> Counter[str]:
    legs = Counter({f"leg {outcome}": count for outcome, count in figures.legs.items()})
    return legs + Counter(offered=figures.offered, answered=figures.answered, talked=figures.talked_seconds)


class TestWhatIsThere:
    def test_the_units_that_have_counts(self, log: Database) -> None:
        with log.reading() as connection:
            assert units_counted(connection, Origin.REAL) == ["", "centre", "field"]
            assert units_counted(connection, Origin.TEST_CALL) == []

    def test_the_dates_that_have_counts(self, log: Database) -> None:
        days = [
            local(call).date()
            for call in rows(log)
            if call.origin == "real" and call.disposition != Disposition.IN_PROGRESS
        ]
        with log.reading() as connection:
            assert counted_period(connection, Origin.REAL) == Period(min(days), max(days))
            assert counted_period(connection, Origin.TEST_CALL) is None


def test_a_report_of_nothing_is_empty(database: Database) -> None:
    asked = Asked(Period(date(2026, 1, 1), date(2026, 1, 31)))
    with database.reading() as connection:
        assert total(connection, asked).offered == 0
        assert groups(connection, asked, GroupBy.UNIT) == {}
        assert repeat_callers(connection, asked).share.value is None

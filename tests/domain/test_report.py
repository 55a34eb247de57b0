"""The figures of a report, from merged counts."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from callrouter.domain.days import Version, WallRange, WeekEntry
from callrouter.domain.destination import Contract, Destination, ServiceTarget
from callrouter.domain.goals import Goals
from callrouter.domain.hours import OpeningHours
from callrouter.domain.measures import Share
from callrouter.domain.report import Figures, Pace, busiest, open_hours
from callrouter.domain.rules import DayRules
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.words import Outcome
from tests.schedules import CENTRE, GUARD_1, STOCKHOLM, schedule

A_MONTH = Figures(
    Counter(
        {
            "offered": 10,
            "answered": 6,
            "by-desk": 4,
            "by-company": 2,
            "abandoned": 2,
            "message": 1,
            "unanswered": 1,
            "blocked": 3,
            "talked-seconds": 300,
            "answered-in-10": 4,
            "answered-in-40": 1,
            "gave-up-in-2": 1,
            "gave-up-in-20": 1,
        }
    )
)


def test_what_is_not_answered_is_answered_by_nobody() -> None:
    assert A_MONTH.by_nobody == 4
    assert A_MONTH.answer_rate == Share(6, 10)
    assert A_MONTH.abandoned == Share(2, 10)
    assert A_MONTH.mean_talk == 50


def test_the_service_level_leaves_nobody_out() -> None:
    """Who went after 2 s was not answered in time; nor was a call of which nobody told when it was answered."""
    assert A_MONTH.to_answer.n == 5
    assert A_MONTH.level(ServiceTarget(0.8, 30)).reached == Share(4, 10)
    assert A_MONTH.level(ServiceTarget(0.8, 60)).reached == Share(5, 10)


def test_a_promise_runs_from_the_first_ring_at_the_company() -> None:
    offer = Figures(
        {"offered": 4, "answered": 3, "taken-in-5": 2, "taken-in-31": 1, "answered-in-90": 3, "leg-busy": 2}
    )
    assert offer.kept(ServiceTarget(0.8, 30)).reached == Share(2, 4)
    assert offer.legs == {Outcome.BUSY: 2}


def test_the_busiest_hours_come_first_and_empty_ones_not_at_all() -> None:
    heat = {"1-08": 3, "1-09": 5, "2-08": 3, "7-23": 0}
    assert [key for key, _ in busiest(heat, 2)] == ["1-09", "1-08"]
    assert [key for key, _ in busiest(heat, 9)] == ["1-09", "1-08", "2-08"]


def test_hours_open_are_counted_as_they_pass() -> None:
    """On the night when the clocks go back a unit that is open from midnight to four is open for five hours."""
    nights = DayRules(versions=(Version(date(2020, 1, 1), (WeekEntry((6,), (WallRange(0, 240),), 1),), 1),))
    unit = Unit("night", "Night", (CENTRE,), OpeningHours(STOCKHOLM, nights), "desk", "guard")
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight
    assert open_hours([unit], start, start + timedelta(days=1)) == 5
    assert open_hours([unit, unit], start, start + timedelta(hours=2)) == 4
    assert open_hours([], start, start + timedelta(days=1)) == 0


def test_a_pace_needs_an_hour() -> None:
    assert Pace(6, 4).per_hour == 1.5
    assert Pace(6, 0).per_hour is None


class TestGoals:
    AT = datetime(2026, 11, 1, tzinfo=UTC)
    FAST = ServiceTarget(0.8, 30)
    SLOW = ServiceTarget(0.8, 60)

    def of(self, *promised: tuple[str, ServiceTarget | None, Span]) -> Goals:
        places = [
            Destination(f"place-{n}", contracts=(Contract(company, span, (GUARD_1,), target),))
            for n, (company, target, span) in enumerate(promised)
        ]
        return Goals.of(self.schedule(*places), self.AT)

    def schedule(self, *places: Destination) -> Schedule:
        return schedule(*places, open_="place-0", closed="place-0")

    def test_the_promise_of_the_contract_in_force(self) -> None:
        ever, over = Span(datetime(2020, 1, 1, tzinfo=UTC)), Span(datetime(2020, 1, 1, tzinfo=UTC), self.AT)
        assert self.of(("A", self.FAST, ever), ("B", self.SLOW, over)).promises == {"A": self.FAST}

    def test_none_where_contracts_differ_or_say_nothing(self) -> None:
        ever = Span(datetime(2020, 1, 1, tzinfo=UTC))
        assert self.of(("A", self.FAST, ever), ("A", self.SLOW, ever), ("B", None, ever)).promises == {}
        assert self.of(("A", self.FAST, ever), ("A", self.FAST, ever)).promises == {"A": self.FAST}

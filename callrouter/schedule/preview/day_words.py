"""Words for days: their names, their hours in short, and what makes a date differ from the usual week."""

from datetime import date, timedelta

from callrouter.domain.days import MINUTES_A_DAY, DayPlan, WallRange
from callrouter.domain.rules import DayRules
from callrouter.domain.words import DecidedBy

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_DAY = timedelta(days=1)


def in_day(day: date) -> str:
    """Write `Thursday 2026-12-24`."""
    return f"{DAYS[day.weekday()]} {day}"


def short_time(minutes: int) -> str:
    """Write minutes since midnight: `08`, `08:30`."""
    return f"{minutes // 60:02}" if minutes % 60 == 0 else f"{minutes // 60:02}:{minutes % 60:02}"


def short_range(wall: WallRange) -> str:
    """Write a range: `10–15`, `08:30–16`, `20–03`."""
    end = wall.end if wall.end <= MINUTES_A_DAY else wall.end - MINUTES_A_DAY
    return f"{short_time(wall.start)}–{short_time(end)}"


def special_name(rules: DayRules, day: date, plan: DayPlan) -> str:
    """Return what the rule behind the *plan* of *day* is called: `julafton`, `Julstängt`; empty for the usual week."""
    match plan.decided_by:
        case DecidedBy.EXCEPTION:
            return next((rule.why for rule in rules.exceptions if rule.period.covers(day)), "") or "exception"
        case DecidedBy.HOLIDAY:
            return _holiday(rules, day)
        case DecidedBy.DAY_BEFORE:
            return f"day before {_holiday(rules, day + _DAY)}"
        case DecidedBy.SEASON:
            return next(f"season {season.period}" for season in rules.seasons if season.period.covers(day))
        case _:
            return ""


def _holiday(rules: DayRules, day: date) -> str:
    special = rules.holidays.days.get(day) if rules.holidays else None
    return special.name if special else ""

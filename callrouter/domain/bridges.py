"""Bridge days: working days squeezed between a red day and a day off, about which nobody has decided."""

from collections.abc import Iterator
from datetime import date, timedelta

from callrouter.domain.rules import DayRules

_DAY = timedelta(days=1)


def bridge_days(rules: DayRules, first: date, last: date) -> tuple[date, ...]:
    """Return the undecided bridge days from *first* to *last*, both included, in order."""
    red_days = rules.holidays.days.items() if rules.holidays else ()
    near = (red for red, special in red_days if special.is_red and first - _DAY <= red <= last + _DAY)
    return tuple(sorted({day for red in near for day in _beside(rules, red) if first <= day <= last}))


def _beside(rules: DayRules, red: date) -> Iterator[date]:
    """Yield the open days between the *red* day, if it would be a working day, and a day off."""
    if rules.week_plan(red).ranges:
        for step in (-_DAY, _DAY):
            day = red + step
            if rules.plan(day).ranges and _is_off(rules, day + step) and not _is_decided(rules, day):
                yield day


def _is_off(rules: DayRules, day: date) -> bool:
    special = rules.holidays.days.get(day) if rules.holidays else None
    return not rules.week_plan(day).ranges or bool(special and special.is_red)


def _is_decided(rules: DayRules, day: date) -> bool:
    return rules.has_exception(day) or bool(rules.holidays and day in rules.holidays.days)

"""From the settings of a unit and a rota to opening hours and on-call timetables."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from callrouter.domain.days import DatePeriod, Holidays, HoursException, Season, Version
from callrouter.domain.hours import OpeningHours
from callrouter.domain.oncall import Person, Rota, RotaBlock, Swap
from callrouter.domain.rules import DayRules, always_open
from callrouter.domain.span import Span
from callrouter.domain.wallclock import instant_of, midnight
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.ring_shape import InBlock, InSwap
from callrouter.schedule.format.unit_shape import InException, InSeason, InUnit, InVersion


def hours_of(unit: Values, zone: ZoneInfo, holidays: Holidays | None) -> OpeningHours:
    """Return the opening hours of a unit without an error."""
    weeks = unit.need(InUnit.hours)
    versions = [
        Version(w.values.need(InVersion.since).value, w.entries, w.values.at(InVersion.since).line) for w in weeks
    ]
    rules = DayRules(
        versions=tuple(sorted(versions, key=lambda version: version.since)),
        always=None if weeks else always_open(unit.at(InUnit.hours).line),
        seasons=tuple(
            Season(week.values.need(InSeason.period).value, week.entries, week.values.at(InSeason.period).line)
            for week in unit.get(InUnit.seasons) or ()
        ),
        holidays=None if unit.get(InUnit.holidays) else holidays,
        exceptions=_exceptions(unit),
    )
    return OpeningHours(zone, rules)


def rota_of(name: str, blocks: tuple[Values, ...], people: Mapping[str, Person], zone: ZoneInfo) -> Rota:
    """Return the rota made of *blocks* without an error."""
    made = [
        RotaBlock(
            start=block.need(InBlock.start).value,
            shift=block.need(InBlock.shift),
            people=tuple(people[person.value] for person in block.need(InBlock.people)),
            swaps=tuple(_swap(swap, people, zone) for swap in block.get(InBlock.swaps) or ()),
        )
        for block in blocks
    ]
    return Rota(name, zone, tuple(sorted(made, key=lambda block: block.start)))


def span_of(period: DatePeriod, zone: ZoneInfo) -> Span:
    """Return the instants of *period*, both days included."""
    end = None if period.last is None else instant_of(midnight(period.last + timedelta(days=1)), zone)
    return Span(instant_of(midnight(period.first), zone), end)


def _exceptions(unit: Values) -> tuple[HoursException, ...]:
    rules = [
        HoursException(
            period=rule.need(InException.period).value,
            ranges=rule.need(InException.hours),
            why=rule.get(InException.why) or "",
            line=rule.at(InException.period).line,
        )
        for rule in unit.get(InUnit.exceptions) or ()
    ]
    return tuple(sorted(rules, key=lambda rule: rule.period.first))


def _swap(swap: Values, people: Mapping[str, Person], zone: ZoneInfo) -> Swap:
    start, end = swap.need(InSwap.period).value
    span = Span(instant_of(start, zone), None if end is None else instant_of(end, zone))
    return Swap(span, people[swap.need(InSwap.person).value])

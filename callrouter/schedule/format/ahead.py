"""Warnings of what lies ahead: days nobody has decided about, and times when nobody would answer."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from callrouter.domain.bridges import bridge_days
from callrouter.domain.days import WEEKDAYS, DatePeriod
from callrouter.domain.oncall import Rota
from callrouter.domain.rules import DayRules
from callrouter.domain.schedule import Schedule
from callrouter.domain.sentence import Sentence
from callrouter.domain.wallclock import wall_time
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.readers import Placed
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.ring_shape import InBlock, InContract, InDestination
from callrouter.schedule.format.shape import InFile
from callrouter.schedule.format.unit_shape import InException, InSeason, InUnit

BRIDGE_DAYS_AHEAD = timedelta(days=400)
GAPS_AHEAD = timedelta(days=3 * 366)
HORIZON = timedelta(days=60)

_DAY = timedelta(days=1)


def look_ahead(file: Values, schedule: Schedule, at: datetime, found: Findings) -> None:
    """Warn of what comes after *at* in a *schedule* without an error, made from *file*."""
    today = wall_time(at, schedule.zone).date()
    for entry, unit in file.entries(InFile.units):
        rules = schedule.units[entry.name].hours.rules
        _warn_of_red_days(unit, rules, found)
        _warn_of_bridge_days(unit, rules, today, found)
    for _, destination in file.entries(InFile.destinations):
        _warn_of_contract_gap(destination, today, found)
    for rota, blocks in file.entries(InFile.rotas):
        _warn_of_rota_gap(schedule.rotas[rota.name], blocks, at, found)
    _warn_of_horizon(file, today, found)


def _warn_of_red_days(unit: Values, rules: DayRules, found: Findings) -> None:
    if rules.always and rules.holidays:
        text = "'always', but red days close it; write 'holidays: ignore' if it is open on them too"
        found.warn(unit.at(InUnit.hours), text)


def _warn_of_bridge_days(unit: Values, rules: DayRules, today: date, found: Findings) -> None:
    days = () if rules.always else bridge_days(rules, today, today + BRIDGE_DAYS_AHEAD)
    if days:
        named = [Sentence.of("{day} ({weekday})", day=day, weekday=Sentence(WEEKDAYS[day.weekday()])) for day in days]
        one, several = (
            "no exception decides about the bridge day {days}",
            "no exception decides about the bridge days {days}",
        )
        found.warn(unit.at(InUnit.exceptions), one if len(days) == 1 else several, days=named)


def _warn_of_contract_gap(destination: Values, today: date, found: Findings) -> None:
    contracts = destination.get(InDestination.contracts)
    if not contracts or destination.has(InDestination.ring):
        return
    day = today
    for period in sorted((rule.need(InContract.period).value for rule in contracts), key=lambda one: one.first):
        if period.covers(day):
            if period.last is None:
                return
            day = period.last + _DAY
    if day <= today + GAPS_AHEAD:
        found.warn(
            destination.at(InDestination.contracts), "no contract covers {day}: nobody is rung from then", day=day
        )


def _warn_of_rota_gap(rota: Rota, blocks: tuple[Values, ...], at: datetime, found: Findings) -> None:
    now, latest = wall_time(at, rota.zone), wall_time(at + GAPS_AHEAD, rota.zone)
    ordered = sorted(blocks, key=_start)
    if now < _start(ordered[0]):
        text = "nobody is on call until {time}: this rota is skipped"
        found.warn(ordered[0].at(InBlock.start), text, time=f"{_start(ordered[0]):%Y-%m-%d %H:%M}")
    ends = [*(_start(block) for block in ordered[1:]), datetime.max]  # noqa: DTZ901 - naive local, as the file
    for block, end in zip(ordered, ends, strict=True):
        if not block.need(InBlock.people) and end > now and _start(block) <= latest:
            text = "nobody is on call from {time}: this rota is skipped"
            found.warn(block.at(InBlock.people), text, time=f"{_start(block):%Y-%m-%d %H:%M}")


def _start(block: Values) -> datetime:
    return block.need(InBlock.start).value


def _warn_of_horizon(file: Values, today: date, found: Findings) -> None:
    decided = list(_decided_periods(file))
    if not decided or any(period.value.last is None for period in decided):
        return
    latest = max(decided, key=lambda period: period.value.last or period.value.first)
    last = latest.value.last or latest.value.first
    if last < today + HORIZON:
        text = (
            "the last date that anybody has decided about is {day}, nearer than {n} days; look through the year ahead"
        )
        found.warn(latest.node, text, day=last, n=HORIZON.days)


def _decided_periods(file: Values) -> Iterator[Placed[DatePeriod]]:
    for _, unit in file.entries(InFile.units):
        for rule in unit.get(InUnit.exceptions) or ():
            yield rule.need(InException.period)
        for week in unit.get(InUnit.seasons) or ():
            period = week.values.need(InSeason.period)
            if isinstance(period.value, DatePeriod):
                yield Placed(period.value, period.node)

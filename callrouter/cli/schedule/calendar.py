"""A year as a table: a row a week, the usual hours quiet, what differs with a sign, a colour and a name."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import click

from callrouter.cli.schedule.words import width
from callrouter.domain.words import DecidedBy
from callrouter.schedule.preview.clock_changes import ClockChange
from callrouter.schedule.preview.day_words import DAYS, short_range
from callrouter.schedule.preview.year import Day, UnitYear

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT = tuple(day[:3] for day in DAYS)
_SIGNS = {
    DecidedBy.SEASON: ("~", "cyan"),
    DecidedBy.DAY_BEFORE: ("*", "red"),
    DecidedBy.HOLIDAY: ("*", "red"),
    DecidedBy.EXCEPTION: ("!", "magenta"),
}
_FORWARD, _BACK, _UNDECIDED = "↻", "↺", "?"
_CLOSED = "·"
_LONGEST_CELL = 11  # two ranges of whole hours
_INDENT = 14
_NARROWEST_NOTES = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands for a day: its hours, the signs behind them, and the colour of both."""

    text: str
    colour: str | None

    def drawn(self, room: int) -> str:
        """Return the cell, filled up to *room* characters."""
        text = self.text.ljust(room)
        return click.style(text, fg=self.colour, bold=True) if self.colour else click.style(text, dim=True)


def calendar(of: UnitYear) -> Iterator[str]:
    """Yield the table and what its signs mean."""
    codes = _codes(of)
    weeks = [{day.date.weekday(): day for day in week} for week in of.weeks()]
    cells = [{weekday: _cell(day, codes) for weekday, day in week.items()} for week in weeks]
    rooms = [max(3, *(len(row[day].text) for row in cells if day in row)) for day in range(7)]
    heads = " ".join(name.ljust(room) for name, room in zip(_SHORT, rooms, strict=True))
    yield click.style(f"     wk  Mon    {heads}", dim=True)
    month = 0
    for week, row in zip(weeks, cells, strict=True):
        first = next(iter(week.values())).date
        drawn = " ".join(row.get(day, Cell("", None)).drawn(rooms[day]) for day in range(7))
        begin = f"{_MONTHS[first.month - 1] if first.month != month else '':<3}  {first.isocalendar().week:>2}"
        month = first.month
        monday = first - timedelta(days=first.weekday())
        yield from _row(f"{begin}  {monday:%m-%d}  ", drawn, sum(rooms) + 6, _note(list(week.values())))
    yield from _legend(of, codes)


def _row(begin: str, drawn: str, room: int, note: str) -> Iterator[str]:
    """Yield a week with its note beside it, or below where the note does not fit."""
    free = (width() or 10_000) - len(begin) - room - 2
    if len(note) <= free:
        yield f"{begin}{drawn}  {note}"
        return
    if free < _NARROWEST_NOTES:
        yield f"{begin}{drawn}"
        yield from (" " * _INDENT + line for line in textwrap.wrap(note, (width() or 0) - _INDENT))
        return
    first, *rest = textwrap.wrap(note, free)
    yield f"{begin}{drawn}  {first}"
    yield from (" " * (len(begin) + room + 2) + line for line in rest)


def _cell(day: Day, codes: Mapping[str, str]) -> Cell:
    hours = _hours(day)
    sign, colour = _SIGNS.get(day.plan.decided_by, ("", None)) if day.deviates else ("", None)
    if day.is_undecided:
        sign, colour = sign + _UNDECIDED, "yellow"
    if day.clock_change:
        sign, colour = sign + _jump_sign(day.clock_change), colour or "blue"
    return Cell(codes.get(hours, hours) + sign, colour)


def _hours(day: Day) -> str:
    return ",".join(short_range(wall) for wall in day.plan.ranges) or _CLOSED


def _codes(of: UnitYear) -> dict[str, str]:
    """Give a letter to the hours that are too long for a cell."""
    long = dict.fromkeys(hours for day in of.days if len(hours := _hours(day)) > _LONGEST_CELL)
    return {hours: f"[{number}]" for number, hours in enumerate(long, start=1)}


def _note(week: list[Day]) -> str:
    """Name what stands out in a week: `Mon–Wed Julstängt, Thu julafton`."""
    named = [(day, name) for day in week if (name := ", ".join(_names(day)))]
    parts = []
    for name, group in groupby(named, key=lambda entry: entry[1]):
        days = [day.date for day, _ in group]
        parts.append(f"{_span(days)} {name}")
    return ", ".join(parts)


def _span(days: list[date]) -> str:
    first, last = _SHORT[days[0].weekday()], _SHORT[days[-1].weekday()]
    return first if first == last else f"{first}–{last}"


def _names(day: Day) -> Iterator[str]:
    if day.begins:
        yield "new hours"
    if day.deviates:
        yield "season" if day.plan.decided_by is DecidedBy.SEASON else day.name
    elif day.as_usual:
        yield f"{day.as_usual} as usual"
    if day.is_undecided:
        yield "bridge day?"
    if day.clock_change:
        yield "clocks forward" if day.clock_change.is_forward else "clocks back"


def _jump_sign(change: ClockChange) -> str:
    return _FORWARD if change.is_forward else _BACK


def _legend(of: UnitYear, codes: Mapping[str, str]) -> Iterator[str]:
    """Yield what the signs mean that this year needs."""
    kinds = {day.plan.decided_by for day in of.deviations}
    meanings = {code: hours.replace(",", ", ") for hours, code in codes.items()}
    meanings[_CLOSED] = "closed"
    if kinds & {DecidedBy.HOLIDAY, DecidedBy.DAY_BEFORE}:
        meanings["*"] = "red day, named day, or day before a red day"
    if DecidedBy.EXCEPTION in kinds:
        meanings["!"] = "exception"
    if DecidedBy.SEASON in kinds:
        names = dict.fromkeys(day.name for day in of.deviations if day.plan.decided_by is DecidedBy.SEASON)
        meanings["~"] = ", ".join(names)
    if any(day.is_undecided for day in of.days):
        meanings[_UNDECIDED] = "bridge day that nobody has decided about: write an exception, closed or not"
    for day in of.days:
        if day.clock_change:
            meanings[_jump_sign(day.clock_change)] = _jump_words(day)
    for sign, meaning in meanings.items():
        yield f"{sign:>3}  {meaning}"


def _jump_words(day: Day) -> str:
    change = day.clock_change
    if change is None:
        return ""
    hours = 24 - (change.after - change.before).total_seconds() / 3600
    way = "forward" if change.is_forward else "back"
    return (
        f"the clocks go {way} on {day.date}, {change.shown_before:%H:%M} → {change.shown_after:%H:%M}: "
        f"the day has {hours:g} hours"
    )

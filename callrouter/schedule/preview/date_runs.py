"""Dates with something in common, as a person would say them: `every weekday from 2027-02-01, except 2027-03-26`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from callrouter.schedule.preview.wording import ENGLISH, Wording

_DAY = timedelta(days=1)
_EVERY_DAY = tuple(range(7))
_LONGEST_HOLE = 21
"""Days that may lie between two dates of a run: two Fridays off at Christmas do not end it."""
_SHORTEST_PATTERN = 14
_NAMED_EXCEPTIONS = 5


@dataclass(frozen=True, slots=True)
class Run:
    """The *weekdays* (0 is Monday) from *first* to *last*, both included, save the dates *without*.

    *goes_on*: it reaches the last day that was looked at.
    """

    first: date
    last: date
    weekdays: tuple[int, ...] = _EVERY_DAY
    without: tuple[date, ...] = ()
    goes_on: bool = False

    def dates(self) -> Iterator[date]:
        """Yield the dates that it stands for."""
        yield from (day for day in _between(self.first, self.last, self.weekdays) if day not in self.without)

    def __str__(self) -> str:
        """Write it in English."""
        return self.in_words(ENGLISH)

    def in_words(self, words: Wording) -> str:
        """Write it in *words*."""
        if self.first == self.last:
            return words.in_day(self.first)
        if self.weekdays == _EVERY_DAY and not self.goes_on and self.last - self.first < _SHORTEST_PATTERN * _DAY:
            return f"{words.in_day(self.first)} {words.to} {words.in_day(self.last)}"
        until = "" if self.goes_on else f" {words.to} {self.last}"
        every = words.every.format(days=_weekdays_in_words(self.weekdays, words))
        return f"{every} {words.since} {self.first}{until}{_except(self.without, words)}"


def runs(days: Sequence[date], last: date) -> tuple[Run, ...]:
    """Return the few runs that stand for *days* (in order, none twice); *last* is the last day looked at."""
    found = [run for stretch in _stretches(days, _LONGEST_HOLE) for run in _runs_of(stretch, last)]
    return tuple(sorted(found, key=lambda run: run.first))


def _runs_of(stretch: list[date], last: date) -> Iterator[Run]:
    regular = tuple(weekday for weekday in _EVERY_DAY if _is_regular(weekday, stretch))
    core = [day for day in stretch if day.weekday() in regular]
    if not core or core[-1] - core[0] < _SHORTEST_PATTERN * _DAY:
        core = []
    else:
        yield _pattern(core, regular, last)
    rest = [day for day in stretch if day not in core]
    for block in _stretches(rest, 1):
        yield Run(block[0], block[-1], goes_on=len(block) > 1 and block[-1] == last)


def _pattern(core: list[date], weekdays: tuple[int, ...], last: date) -> Run:
    goes_on = last - core[-1] < _LONGEST_HOLE * _DAY
    end = last if goes_on else core[-1]
    without = sorted(set(_between(core[0], end, weekdays)) - set(core))
    return Run(core[0], end, weekdays, tuple(without), goes_on)


def _is_regular(weekday: int, stretch: list[date]) -> bool:
    """Say whether more than half of these weekdays, from the first to the last date, are hit."""
    hits = sum(day.weekday() == weekday for day in stretch)
    return hits * 2 > len(list(_between(stretch[0], stretch[-1], (weekday,))))


def _stretches(days: Sequence[date], hole: int) -> list[list[date]]:
    """Part *days* where more than *hole* days lie between two of them."""
    found: list[list[date]] = []
    for day in days:
        if found and day - found[-1][-1] <= hole * _DAY:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _between(first: date, last: date, weekdays: tuple[int, ...]) -> Iterator[date]:
    days = (first + step * _DAY for step in range((last - first).days + 1))
    return (day for day in days if day.weekday() in weekdays)


def _weekdays_in_words(weekdays: tuple[int, ...], words: Wording) -> str:
    if weekdays == _EVERY_DAY:
        return words.day
    if weekdays == (0, 1, 2, 3, 4):
        return words.weekday
    names = [words.weekdays[weekday] for weekday in weekdays]
    if len(weekdays) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        return f"{names[0]} {words.to} {names[-1]}"
    return words.listed(names)


def _except(without: tuple[date, ...], words: Wording) -> str:
    if not without:
        return ""
    stretches = _stretches(without, 1)
    blocks = [str(block[0]) if len(block) == 1 else f"{block[0]} {words.to} {block[-1]}" for block in stretches]
    named = blocks[: len(blocks) if len(blocks) <= _NAMED_EXCEPTIONS else _NAMED_EXCEPTIONS - 1]
    more = sum(map(len, stretches[len(named) :]))
    listed = words.listed([*named, words.more_days.format(count=more)] if more else named)
    return f", {words.except_} {listed}"

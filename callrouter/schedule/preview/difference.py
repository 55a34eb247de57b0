"""What another schedule changes in the coming days: hours, who is on call, who rings, and what callers hear."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from callrouter.domain.destination import Destination
from callrouter.domain.oncall import Rota
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.schedule.preview.changed_hours import ChangedDays, changed_days
from callrouter.schedule.preview.changed_spells import Spells, changed_duty, changed_lineup
from callrouter.schedule.preview.said import (
    Said,
    Words,
    said_by_destination,
    said_by_file,
    said_by_message,
    said_by_person,
    said_by_rota,
    said_by_unit,
)

T = TypeVar("T")


class Presence(StrEnum):
    """Whether a part of the schedule stands in both versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """A setting that says something else: its name in the file, and what it says."""

    name: str
    old: Words
    new: Words


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A unit, destination, rota, person or message that is added, removed or changed; `file`: all the rest."""

    kind: str
    name: str
    presence: Presence
    settings: tuple[ChangedSetting, ...] = ()
    days: tuple[ChangedDays, ...] = ()
    spells: tuple[Spells, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from *first* to *last* (local dates, both included), part by part, in the order of the file.

    *span* is where it was looked for spells: from the instant asked about to the end of the last day.
    """

    first: date
    last: date
    span: Span
    parts: tuple[ChangedPart, ...]


def difference(old: Schedule, new: Schedule, at: datetime, days: int) -> Difference:
    """Return what *new* changes from *at* (aware) on: for *days* days, the local day of *at* the first and whole."""
    first = wall_time(at, new.zone).date()
    last = first + timedelta(days=days - 1)
    span = Span(at, instant_of(midnight(last + timedelta(days=1)), new.zone))
    return Difference(first, last, span, tuple(_parts(old, new, span, first, last)))


def _parts(old: Schedule, new: Schedule, span: Span, first: date, last: date) -> Iterator[ChangedPart]:
    def days(was: Unit | None, now: Unit) -> tuple[ChangedDays, ...]:
        if was and was.hours == now.hours:
            return ()
        return changed_days(was.hours if was else None, now.hours, first, last)

    def lineup(was: Destination | None, now: Destination) -> tuple[Spells, ...]:
        return changed_lineup(was, now, span)

    def duty(was: Rota | None, now: Rota) -> tuple[Spells, ...]:
        return () if was == now else changed_duty(was, now, span)

    yield from _compared("file", {"": old}, {"": new}, said_by_file)
    yield from _compared("unit", old.units, new.units, said_by_unit, days=days)
    yield from _compared("destination", old.destinations, new.destinations, said_by_destination, spells=lineup)
    yield from _compared("rota", old.rotas, new.rotas, said_by_rota, spells=duty)
    yield from _compared("person", old.people, new.people, said_by_person)
    yield from _compared("message", old.messages, new.messages, said_by_message)


def _compared(
    kind: str,
    old: Mapping[str, T],
    new: Mapping[str, T],
    said: Callable[[T], Said],
    *,
    days: Callable[[T | None, T], tuple[ChangedDays, ...]] = lambda _was, _now: (),
    spells: Callable[[T | None, T], tuple[Spells, ...]] = lambda _was, _now: (),
) -> Iterator[ChangedPart]:
    """Yield the parts of a kind that are not the same, those that are gone last."""
    for name, now in new.items():
        was = old.get(name)
        if was == now:
            continue  # most parts of most files, whatever lines they stand on
        presence = Presence.ADDED if was is None else Presence.CHANGED
        settings = _settings(said(was) if was else {}, said(now))
        part = ChangedPart(kind, name, presence, settings, days(was, now), spells(was, now))
        if presence is Presence.ADDED or part.settings or part.days or part.spells:
            yield part
    for name in old:
        if name not in new:
            yield ChangedPart(kind, name, Presence.REMOVED, _settings(said(old[name]), {}))


def _settings(old: Said, new: Said) -> tuple[ChangedSetting, ...]:
    settings = (ChangedSetting(name, old.get(name, ()), new.get(name, ())) for name in {**new, **old})
    return tuple(setting for setting in settings if setting.old != setting.new)

"""The difference between two schedules as lines for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

import click

from callrouter.cli.schedule.files import ScheduleFile
from callrouter.cli.schedule.words import counted, in_digits, in_moment, indented
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.schedule.preview.changed_hours import CLOSED, ChangedDays
from callrouter.schedule.preview.changed_spells import Spells
from callrouter.schedule.preview.day_words import in_day
from callrouter.schedule.preview.difference import ChangedPart, ChangedSetting, Difference, Presence
from callrouter.schedule.preview.said import Words

_COLOURS = {Presence.ADDED: "green", Presence.REMOVED: "red", Presence.CHANGED: "cyan"}
_LABELS = {
    ("unit", "name"): "its title",
    ("unit", "numbers"): "its numbers",
    ("unit", "open"): "when open, calls go to",
    ("unit", "closed"): "when closed, calls go to",
    ("unit", "message"): "message when closed",
    ("unit", "privacy"): "callers' numbers are kept",
    ("unit", "recordings"): "messages are kept for",
    ("destination", "together"): "phones ring",
    ("destination", "seconds"): "each rings for",
    ("destination", "accept"): "whoever answers must press 1",
    ("destination", "caller-id"): "the phone shows the number of",
    ("destination", "message"): "the caller hears",
    ("destination", "voicemail"): "the caller may leave a message",
    ("destination", "then"): "when nobody answers",
    ("message", "order"): "heard in the order",
    ("file", "unclaimed numbers"): "calls to numbers of no unit go to",
    ("file", "timezone"): "all times are those of",
}
_USUAL = ((), ("no",), ("1",), ("own",), ("full",))
"""What nobody needs to be told of a new part."""
_MOST_SPANS = 3
_LONG_TEXT = 40


@dataclass(frozen=True, slots=True)
class Compared:
    """Two schedules, the files they come from, and what is different."""

    old_file: ScheduleFile
    new_file: ScheduleFile
    old: Schedule
    new: Schedule
    difference: Difference


def told(compared: Compared, *, show_numbers: bool) -> Iterator[str]:
    """Yield what changes, part by part."""
    found = compared.difference
    days = counted((found.last - found.first).days + 1, "day")
    if not found.parts:
        same = compared.old.version == compared.new.version
        why = "the files are the same" if same else "the files differ, but say the same for these days"
        yield click.style(
            f"Nothing changes from {in_day(found.first)} to {in_day(found.last)} ({days}): {why}.", bold=True
        )
        return
    yield click.style(f"What changes from {in_day(found.first)} to {in_day(found.last)} ({days})", bold=True)
    yield f"  old  {compared.old.version[:8]}  {compared.old_file.name}"
    yield f"  new  {compared.new.version[:8]}  {compared.new_file.name}"
    for part in found.parts:
        yield ""
        yield from _part(part, compared, show_numbers=show_numbers)


def _part(part: ChangedPart, compared: Compared, *, show_numbers: bool) -> Iterator[str]:
    yield _title(part)
    show = show_numbers or part.kind == "unit"  # its own numbers are public
    if part.presence is Presence.REMOVED:
        gone = [setting for setting in part.settings if setting.name in ("numbers", "number")]
        yield from (f"  {_label(part, each)}: {_in_words(each.old, show=show)}" for each in gone)
        return
    for days in part.days:
        yield from (click.style(line, fg=_tendency(days)) for line in indented(_days(days), 2, 4))
    for setting in part.settings:
        yield from _setting(part, setting, show=show)
    for spells in part.spells:
        yield from indented(_spells(part, spells, compared, show=show), 2, 4)


def _title(part: ChangedPart) -> str:
    name = "Settings of the whole file" if part.kind == "file" else f"{part.kind.capitalize()} {part.name}"
    word = {Presence.ADDED: " is new", Presence.REMOVED: " is gone", Presence.CHANGED: ""}[part.presence]
    return click.style(name + word, fg=_COLOURS[part.presence], bold=True)


def _days(days: ChangedDays) -> str:
    """Write `Thursday 2026-12-24: open 10–13 → closed (julafton)`."""
    why = f"  ({days.why})" if days.why else ""
    opened, opens = (hours if hours == CLOSED else f"open {hours}" for hours in (days.old, days.new))
    if not days.old:
        return f"{days.run}: {opens}{why}"
    if CLOSED not in (days.old, days.new):
        opened, opens = days.old, days.new
    return f"{days.run}: {opened} → {opens}{why}"


def _tendency(days: ChangedDays) -> str | None:
    """Choose a colour: red where it closes, green where it opens."""
    return "red" if days.new == CLOSED else "green" if days.old == CLOSED else None


def _setting(part: ChangedPart, setting: ChangedSetting, *, show: bool) -> Iterator[str]:
    label = _label(part, setting)
    old, new = _in_words(setting.old, show=show), _in_words(setting.new, show=show)
    if part.presence is Presence.ADDED:
        if setting.new not in _USUAL and setting.name != "order":
            yield from indented(f"{label}: {new}", 2, 4)
    elif setting.old and setting.new and max(len(old), len(new)) > _LONG_TEXT:
        yield f"  {label}:"
        yield from indented(f"- {old}", 4, 2)
        yield from indented(f"+ {new}", 4, 2)
    else:
        yield from indented(f"{label}: {old} → {new}{_alike(old, new)}", 2, 4)


def _label(part: ChangedPart, setting: ChangedSetting) -> str:
    return _LABELS.get((part.kind, setting.name), setting.name)


def _spells(part: ChangedPart, spells: Spells, compared: Compared, *, show: bool) -> str:
    """Write who takes whose place, and when: of many spans the first two, and how many more."""
    spans = spells.spans if len(spells.spans) <= _MOST_SPANS else spells.spans[:2]
    when = [_in_span(span, compared.difference.span, compared.new.zone) for span in spans]
    if more := len(spells.spans) - len(spans):
        when.append(f"and {more} more times")
    return ": ".join(filter(None, (_change(part, spells, show=show), "; ".join(filter(None, when)))))


def _change(part: ChangedPart, spells: Spells, *, show: bool) -> str:
    nothing = "no company" if spells.what == "company" else "nobody"
    old = _in_words(spells.old, show=show, nothing=nothing)
    new = _in_words(spells.new, show=show, nothing=nothing)
    if part.presence is Presence.ADDED:
        return f"{spells.what} {new}"
    if spells.what == "on call":
        return f"{new} instead of {old}"
    return f"{spells.what} {old} → {new}{_alike(old, new)}"


def _in_span(span: Span, looked_at: Span, zone: tzinfo) -> str:
    """Write a span; an end that is only the end of what was looked at is left out."""
    start = in_moment(span.start, zone) if span.start > looked_at.start else ""
    end = in_moment(span.end, zone) if span.end and span.end != looked_at.end else ""
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"until {end}" if end else ""


def _in_words(words: Words, *, show: bool, nothing: str = "none") -> str:
    return ", ".join(in_digits(word, show=show) if isinstance(word, PhoneNumber) else word for word in words) or nothing


def _alike(old: str, new: str) -> str:
    return " (the hidden digits differ: --show-numbers)" if old == new else ""

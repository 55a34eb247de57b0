"""The difference between two schedules in words: a title for each part, and a line for each thing that changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.schedule.preview.changed_hours import CLOSED, ChangedDays
from callrouter.schedule.preview.changed_spells import Spells
from callrouter.schedule.preview.difference import ChangedPart, ChangedSetting, Difference, Presence
from callrouter.schedule.preview.said import Words
from callrouter.schedule.preview.wording import Wording

_USUAL = ((), ("no",), ("1",), ("own",), ("full",))
"""What nobody needs to be told of a new part."""
_MOST_SPANS = 3
_LONG_TEXT = 40


class Tendency(StrEnum):
    """Where days change: whether the unit opens or closes."""

    OPENS = "opens"
    CLOSES = "closes"


@dataclass(frozen=True, slots=True)
class Line:
    """Something that changes. *is_text*: the old (-) or the new (+) text of the line above."""

    text: str
    tendency: Tendency | None = None
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class PartInWords:
    """A part, such as `Unit centre is new`, and what changes in it."""

    title: str
    presence: Presence
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Teller:
    """How a difference is told: in which words, by the clocks of which *zone*, and when it was *looked_at*.

    *hint* follows where two masked numbers look the same.
    """

    words: Wording
    zone: tzinfo
    looked_at: Span
    show_numbers: bool = False
    hint: str = ""

    def part(self, part: ChangedPart) -> PartInWords:
        """One part."""
        return PartInWords(self._title(part), part.presence, tuple(self._lines(part)))

    def _title(self, part: ChangedPart) -> str:
        presence = {Presence.ADDED: self.words.new, Presence.REMOVED: self.words.gone, Presence.CHANGED: ""}
        return " ".join(filter(None, (self.words.kinds[part.kind], part.name, presence[part.presence])))

    def _lines(self, part: ChangedPart) -> Iterator[Line]:
        show = self.show_numbers or part.kind == "unit"  # its own numbers are public
        if part.presence is Presence.REMOVED:
            gone = [setting for setting in part.settings if setting.name in ("numbers", "number")]
            yield from (Line(f"{self._label(part, each)}: {self._said(each.old, show=show)}") for each in gone)
            return
        for days in part.days:
            yield Line(self._days(days), _tendency(days))
        for setting in part.settings:
            yield from self._setting(part, setting, show=show)
        for spells in part.spells:
            yield Line(self._spells(part, spells, show=show))

    def _days(self, days: ChangedDays) -> str:
        """Write `Thursday 2026-12-24: open 10–13 → closed  (julafton)`."""
        why = f"  ({self.words.rule(days.why)})" if days.why else ""
        run = days.run.in_words(self.words)
        if days.old and CLOSED not in (days.old, days.new):
            return f"{run}: {days.old} → {days.new}{why}"
        old, new = (self._hours(hours) for hours in (days.old, days.new))
        return f"{run}: {old} → {new}{why}" if days.old else f"{run}: {new}{why}"

    def _hours(self, hours: str) -> str:
        return self._word(CLOSED) if hours == CLOSED else self.words.open.format(hours=hours)

    def _setting(self, part: ChangedPart, setting: ChangedSetting, *, show: bool) -> Iterator[Line]:
        label = self._label(part, setting)
        old, new = self._said(setting.old, show=show), self._said(setting.new, show=show)
        if part.presence is Presence.ADDED:
            is_usual = setting.new in _USUAL or (setting.name, setting.new) == ("name", (part.name,))
            if not is_usual and setting.name != "order":
                yield Line(f"{label}: {new}")
        elif setting.old and setting.new and max(len(old), len(new)) > _LONG_TEXT:
            yield from (Line(f"{label}:"), Line(f"- {old}", is_text=True), Line(f"+ {new}", is_text=True))
        else:
            yield Line(f"{label}: {old} → {new}{self._alike(old, new)}")

    def _label(self, part: ChangedPart, setting: ChangedSetting) -> str:
        return self.words.labels.get((part.kind, setting.name), setting.name)

    def _spells(self, part: ChangedPart, spells: Spells, *, show: bool) -> str:
        """Write who takes whose place, and when: of many spans the first two, and how many more."""
        spans = spells.spans if len(spells.spans) <= _MOST_SPANS else spells.spans[:2]
        when = [self._span(span) for span in spans]
        if more := len(spells.spans) - len(spans):
            when.append(self.words.more_times.format(count=more))
        return ": ".join(filter(None, (self._change(part, spells, show=show), "; ".join(filter(None, when)))))

    def _change(self, part: ChangedPart, spells: Spells, *, show: bool) -> str:
        nothing = self.words.no_company if spells.what == "company" else self.words.nobody
        old = self._said(spells.old, show=show, nothing=nothing)
        new = self._said(spells.new, show=show, nothing=nothing)
        what = self._word(spells.what)
        if part.presence is Presence.ADDED:
            return f"{what} {new}"
        if spells.what == "on call":
            return self.words.instead.format(new=new, old=old)
        return f"{what} {old} → {new}{self._alike(old, new)}"

    def _span(self, span: Span) -> str:
        """Write a span; an end that is only the end of what was looked at is left out."""
        words = self.words
        start = words.in_moment(span.start, self.zone) if span.start > self.looked_at.start else ""
        end = words.in_moment(span.end, self.zone) if span.end and span.end != self.looked_at.end else ""
        if start and end:
            return f"{start} {words.to} {end}"
        return f"{words.since} {start}" if start else f"{words.until} {end}" if end else ""

    def _said(self, words: Words, *, show: bool, nothing: str | None = None) -> str:
        said = [self._number(word, show=show) if isinstance(word, PhoneNumber) else self._word(word) for word in words]
        return ", ".join(said) or nothing or self.words.nothing

    def _word(self, word: str) -> str:
        return self.words.words.get(word, word)

    @staticmethod
    def _number(number: PhoneNumber, *, show: bool) -> str:
        return number.e164 if show else number.masked

    def _alike(self, old: str, new: str) -> str:
        return f" ({self.words.alike}{self.hint})" if old == new else ""


def told(found: Difference, words: Wording, zone: tzinfo, *, show_numbers: bool, hint: str = "") -> list[PartInWords]:
    """All that changes, part by part. *hint* follows where two masked numbers look the same."""
    teller = Teller(words, zone, found.span, show_numbers, hint)
    return [teller.part(part) for part in found.parts]


def _tendency(days: ChangedDays) -> Tendency | None:
    return Tendency.CLOSES if days.new == CLOSED else Tendency.OPENS if days.old == CLOSED else None

"""The difference between two schedules as JSON for a machine."""

from datetime import tzinfo
from typing import Any

from callrouter.cli.schedule.changes import Compared
from callrouter.cli.schedule.words import in_digits
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.schedule.preview.changed_hours import ChangedDays
from callrouter.schedule.preview.changed_spells import Spells
from callrouter.schedule.preview.difference import ChangedPart
from callrouter.schedule.preview.said import Words

Json = dict[str, Any]


def as_json(compared: Compared, *, show_numbers: bool) -> Json:
    """Return what changes as one object; numbers are masked unless they are asked for."""
    found = compared.difference
    return {
        "old": {"file": compared.old_file.name, "version": compared.old.version},
        "new": {"file": compared.new_file.name, "version": compared.new.version},
        "first": str(found.first),
        "last": str(found.last),
        "changes": [_part(part, compared.new.zone, show=show_numbers) for part in found.parts],
    }


def _part(part: ChangedPart, zone: tzinfo, *, show: bool) -> Json:
    show = show or part.kind == "unit"  # its own numbers are public
    return {
        "kind": part.kind,
        "name": part.name,
        "presence": part.presence,
        "hours": [_days(days) for days in part.days],
        "settings": [
            {"name": each.name, "old": _words(each.old, show=show), "new": _words(each.new, show=show)}
            for each in part.settings
        ],
        "spells": [_spells(spells, zone, show=show) for spells in part.spells],
    }


def _days(days: ChangedDays) -> Json:
    dates = [str(day) for day in days.run.dates()]
    return {"days": str(days.run), "old": days.old or None, "new": days.new, "why": days.why or None, "dates": dates}


def _spells(spells: Spells, zone: tzinfo, *, show: bool) -> Json:
    return {
        "what": spells.what,
        "old": _words(spells.old, show=show),
        "new": _words(spells.new, show=show),
        "spans": [_span(span, zone) for span in spells.spans],
    }


def _span(span: Span, zone: tzinfo) -> Json:
    return {
        "start": span.start.astimezone(zone).isoformat(),
        "end": span.end.astimezone(zone).isoformat() if span.end else None,
    }


def _words(words: Words, *, show: bool) -> list[str]:
    return [in_digits(word, show=show) if isinstance(word, PhoneNumber) else word for word in words]

"""Messages that are kept for ever, of callers who must not be known."""

from callrouter.domain.schedule import Schedule, Unit
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.shape import InFile
from callrouter.schedule.format.unit_shape import InUnit


def look_at_recordings(file: Values, schedule: Schedule, found: Findings) -> None:
    """Warn where nobody has decided how long a message is kept, in a *schedule* without an error, made from *file*."""
    if any(rule.what == "recordings" for rule in schedule.retention):
        return
    for entry, values in file.entries(InFile.units):
        unit = schedule.units[entry.name]
        place = _where_messages_are_left(schedule, unit)
        if place and not unit.keeps_numbers and unit.recordings_kept is None:
            text = (
                "callers may leave a message at '{place}', and nobody has decided how long it is kept; "
                "expected 'recordings: 7 days', say, beside it"
            )
            found.warn(values.at(InUnit.privacy), text, place=place)


def _where_messages_are_left(schedule: Schedule, unit: Unit) -> str | None:
    """The first destination on the ways of *unit* where callers may leave a message, if any."""
    for start in (unit.open, unit.closed):
        name: str | None = start
        while name is not None:
            destination = schedule.destinations[name]
            if destination.voicemail:
                return name
            name = destination.then
    return None

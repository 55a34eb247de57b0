"""Many missed calls in one letter, where each would be too many: no number of a caller stands in it."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from callrouter.calllog.missed import message_seconds
from callrouter.calllog.projection import Key, near
from callrouter.calllog.tables import CallRow
from callrouter.domain.schedule import Schedule
from callrouter.notices.letter import Letter
from callrouter.notices.wording import how, language_of, moment

_LISTED = 200


def letter(connection: Connection, schedule: Schedule, keys: Sequence[Key], link: str | None) -> Letter | None:
    """A line for each of these calls that is still there; None: none is."""
    found = connection.execute(select(CallRow.__table__).where(near(CallRow, keys)).order_by(CallRow.received_at)).all()
    if not found:
        return None
    seconds, language = message_seconds(connection, keys), language_of(schedule)
    lines = []
    for call in found:
        unit = schedule.units.get(call.unit or "")
        title = unit.title if unit else call.unit or "–"
        ended = how(language, call.disposition, seconds.get(call.call_id))
        lines.append(f"{moment(language, call.received_at, schedule.zone)}  {title}: {ended}")
    if len(lines) > _LISTED:
        lines[_LISTED:] = ["…"]
    subject = f"{len(found)} {'missade samtal' if language == 'sv' else 'missed calls'}"
    return Letter(subject, (_sentence(language), "\n".join(lines)), subject, language, link)


def _sentence(language: str) -> str:
    if language == "sv":
        return "Många har ringt på kort tid och inte fått tala med någon. De här samtalen delar därför ett meddelande."
    return "Many have called in a short time and spoken with nobody. So these calls share one message."

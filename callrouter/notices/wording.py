"""The words of letters, in both languages."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from callrouter.domain.counted import counted
from callrouter.domain.ending import END_UNKNOWN
from callrouter.domain.message import Spoken
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import Disposition

LANGUAGES = ("sv", "en")

ENDED: Mapping[str, Mapping[str, str]] = {
    Disposition.ANSWERED: {"sv": "besvarat", "en": "answered"},
    Disposition.MESSAGE: {"sv": "meddelande lämnat", "en": "message left"},
    Disposition.ABANDONED: {"sv": "uppringaren lade på", "en": "the caller hung up"},
    Disposition.UNANSWERED: {"sv": "obesvarat", "en": "unanswered"},
    Disposition.BLOCKED: {"sv": "spärrat", "en": "blocked"},
    Disposition.IN_PROGRESS: {"sv": "pågår", "en": "in progress"},
    END_UNKNOWN: {"sv": "slutet okänt", "en": "end unknown"},
    Disposition.UNKNOWN: {"sv": "okänt", "en": "unknown"},
}

_DAYS = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def language_of(schedule: Schedule, unit: Unit | None = None) -> str:
    """The one that *unit* speaks first when it is closed, else that of the schedule; Swedish or English."""
    parts = unit.closed_message.parts if unit and unit.closed_message else ()
    spoken = next((part.language for part in parts if isinstance(part, Spoken)), schedule.language)
    return spoken if spoken in LANGUAGES else "en"


def day(language: str, on: date) -> str:
    """Write `måndag 2026-11-23`."""
    return f"{_DAYS[language][on.weekday()]} {on}"


def moment(language: str, at: datetime, zone: tzinfo) -> str:
    """Write `måndag 2026-11-23 18:30`, by the clocks of *zone*."""
    local = at.astimezone(zone)
    return f"{day(language, local.date())} {local:%H:%M}"


def calls(language: str, count: int) -> str:
    """Write `1 samtal`, `2 calls`."""
    return f"{count} samtal" if language == "sv" else counted(count, "call")


def how(language: str, ended: str, seconds: int | None) -> str:
    """Write how a call ended, with the length of its message."""
    told = ENDED[ended][language]
    return f"{told} ({seconds} s)" if seconds else told

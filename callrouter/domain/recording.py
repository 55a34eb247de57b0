"""The messages that a caller left: which recordings the provider holds of a call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callrouter.domain.call import CallEvent
from callrouter.domain.words import EventKind


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording in the provider's store: *sid* is its name there, *left_at* when it was first told of (UTC)."""

    sid: str
    seconds: int
    left_at: datetime


def recordings(events: Iterable[CallEvent]) -> tuple[Recording, ...]:
    """Each recording that the *events* of one call tell of, once; the longest length that was told counts."""
    kept: dict[str, Recording] = {}
    told = (e for e in events if e.kind in (EventKind.MESSAGE_LEFT, EventKind.RECORDED))
    for event in sorted(told, key=lambda e: (e.at, e.id)):
        sid, seconds = event.facts["sid"], event.facts["message_seconds"]
        known = kept.get(sid, Recording(sid, 0, event.at))
        kept[sid] = Recording(sid, max(known.seconds, seconds), known.left_at)
    return tuple(kept[sid] for sid in sorted(kept))

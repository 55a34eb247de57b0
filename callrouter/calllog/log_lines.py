"""An event as a line of the service's own log, where neither database nor spool took it; and such lines read back.

What it says is sealed, for numbers of the schedule are in it and many may read a log. Who called is not in it at all:
the provider's list knows (`callrouter reconcile`).
"""

import json
import re
from collections.abc import Iterable

from callrouter.calllog.spool_lines import as_list, event_of
from callrouter.domain.call import CallEvent
from callrouter.sealing import Sealer

NOT_RECORDED = "not recorded:"
"""How such a line begins."""

_SEALED = re.compile(rf"{NOT_RECORDED} .*? ([\w-]{{80,}}=*)")
"""In a line however it is wrapped: by our own formats, by a journal, by whoever gathers logs."""


def as_log_line(event: CallEvent, sealer: Sealer) -> str:
    """Of which call *event* is, what and when; the rest sealed. Never raises because of what stands in it."""
    sealed = sealer.seal(json.dumps(as_list(event), default=str))
    return f"{NOT_RECORDED} call={event.call_id} {event.kind} {event.at.isoformat()} {sealed}"


def events_in(lines: Iterable[str], sealer: Sealer) -> tuple[dict[str, CallEvent], int]:
    """The events of *lines* by their ids, and how many lines cannot be read. All other lines are passed over."""
    events: dict[str, CallEvent] = {}
    unreadable = 0
    for line in lines:
        if NOT_RECORDED not in line:
            continue
        try:
            event = _event(line, sealer)
            events[event.id] = event
        except (ValueError, LookupError, TypeError):
            unreadable += 1
    return events, unreadable


def _event(line: str, sealer: Sealer) -> CallEvent:
    found = _SEALED.search(line)
    if found is None:
        raise ValueError("the line was cut off")
    event = event_of(json.loads(sealer.open(found[1])))
    if event.at.tzinfo is None:
        raise ValueError(f"a naive time: {event.at.isoformat()}")
    return event

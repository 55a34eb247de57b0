"""An entry as a line of the spool: JSON behind a checksum. Numbers stand in it sealed."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from callrouter.calllog.entry import Entry
from callrouter.domain.call import CallEvent
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import EventKind
from callrouter.sealing import Sealer


def as_line(entry: Entry, sealer: Sealer) -> bytes:
    """*entry*, with nothing personal to be read in it."""
    content = {
        "number": _sealed(entry.number, sealer),
        "forwarded_from": _sealed(entry.forwarded_from, sealer),
        "key": entry.key,
        "events": [as_list(event) for event in entry.events],
    }
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def entries_in(lines: Iterable[bytes], sealer: Sealer) -> tuple[list[tuple[Entry, bytes]], list[bytes]]:
    """The entries of *lines*, each with its line, and the lines that are damaged.

    A seal that does not open costs only the number: then there is an entry, and its line is damaged.
    """
    entries: list[tuple[Entry, bytes]] = []
    damaged: list[bytes] = []
    for line in lines:
        try:
            content = _content(line)
            entries.append((Entry(tuple(map(event_of, content["events"])), key=content.get("key")), line))
            number, by = (_number(content.get(name), sealer) for name in ("number", "forwarded_from"))
            entries[-1] = replace(entries[-1][0], number=number, forwarded_from=by), line
        except (ValueError, LookupError, TypeError):
            damaged.append(line)
    return entries, damaged


def _content(line: bytes) -> dict[str, Any]:
    checksum, text = line.rstrip(b"\n").split(b" ", 1)
    if int(checksum, 16) != zlib.crc32(text):
        raise ValueError("the line is torn")
    content: dict[str, Any] = json.loads(text)
    return content


def as_list(event: CallEvent) -> list[Any]:
    """*event* as JSON values."""
    return [event.day.isoformat(), event.call_id, event.id, event.kind, event.at.isoformat(), dict(event.facts)]


def event_of(content: list[Any]) -> CallEvent:
    """The event that `as_list` made into *content*; raises ValueError or TypeError where it is none."""
    day, call_id, id_, kind, at, facts = content
    return CallEvent(date.fromisoformat(day), call_id, id_, EventKind(kind), datetime.fromisoformat(at), facts)


def _sealed(number: PhoneNumber | None, sealer: Sealer) -> str | None:
    return sealer.seal(number.e164) if number else None


def _number(sealed: str | None, sealer: Sealer) -> PhoneNumber | None:
    return PhoneNumber(sealer.open(sealed)) if sealed else None

"""How times, numbers and messages are written for a person, and lines that fit the terminal."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

import click

from callrouter.domain.counted import counted
from callrouter.domain.destination import Destination
from callrouter.domain.message import Audio, Message
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Unit
from callrouter.schedule.preview.day_words import in_day

WIDEST = 100


def say(lines: Iterable[str]) -> None:
    """Print *lines*, plain in a pipe."""
    is_terminal = sys.stdout.isatty()
    for line in lines:
        click.echo(line if is_terminal else click.unstyle(line).rstrip())


def width() -> int | None:
    """Return how many characters fit on a line; None in a pipe, where lines are as long as they are."""
    return min(WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


def indented(text: str, indent: int, hanging: int = 0) -> Iterator[str]:
    """Yield *text* behind *indent* blanks, wrapped where it does not fit, further lines *hanging* deeper."""
    room = width()
    if room is None:
        yield " " * indent + text
        return
    yield from textwrap.wrap(
        text,
        max(room, indent + hanging + 20),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_on_hyphens=False,
    )


def in_moment(at: datetime, zone: tzinfo, *, offset: bool = False) -> str:
    """Write `Thursday 2026-12-24 10:00`, with *offset* `… +01:00`."""
    local = at.astimezone(zone)
    clock = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    return f"{in_day(local.date())} {clock}" + f" {in_offset(local)}" * offset


def in_offset(local: datetime) -> str:
    """Write the offset of an aware time: `+01:00`."""
    return local.isoformat()[-6:]


def in_duration(span: timedelta) -> str:
    """Write `3 days 4 h`, `17 h 30 min`, `2 min 20 s`: two units at most."""
    seconds = int(span.total_seconds())
    counts = ((seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    parts = [counted(count, "day") if unit == "d" else f"{count} {unit}" for count, unit in counts if count]
    return " ".join(parts[:2]) or "0 s"


def in_hours(span: timedelta) -> str:
    """Write a long time in hours: `1243 h`, `1243 h 30 min`."""
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} h" + f" {minutes % 60} min" * bool(minutes % 60)


def in_digits(number: PhoneNumber, *, show: bool) -> str:
    """Write a number in full, or masked."""
    return number.e164 if show else number.masked


def titled(part: Unit | Destination) -> str:
    """Write what people call it and its name in the file, `Bevakningen (security)`; once where they are the same."""
    return part.title if part.title == part.name else f"{part.title} ({part.name})"


def spoken(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the parts of a message: the language, or `file`, and the text or the address."""
    for part in message.parts:
        yield ("file", part.url) if isinstance(part, Audio) else (part.language, part.text)

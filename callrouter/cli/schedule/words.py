"""How times, numbers and messages are written for a person, and lines that fit the terminal."""

import io
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo

import click

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Audio, Message

WIDEST = 100
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def say(lines: Iterable[str]) -> None:
    """Print *lines*; a terminal that lacks a character shows a question mark in its place."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    for line in lines:
        click.echo(line.rstrip())


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


def in_day(day: date) -> str:
    """Write `Thursday 2026-12-24`."""
    return f"{DAYS[day.weekday()]} {day}"


def in_moment(at: datetime, zone: tzinfo, *, offset: bool = False) -> str:
    """Write `Thursday 2026-12-24 10:00`, with *offset* `… +01:00`."""
    local = at.astimezone(zone)
    clock = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    shift = local.strftime("%z")
    return f"{in_day(local.date())} {clock}" + (f" {shift[:3]}:{shift[3:5]}" if offset else "")


def in_duration(span: timedelta) -> str:
    """Write `3 days 4 h`, `17 h 30 min`, `20 min`: two units at most."""
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} day{'s' if days > 1 else ''}" * bool(days), f"{hours} h" * bool(hours), f"{rest} min" * bool(rest)]
    return " ".join([part for part in parts if part][:2]) or "less than a minute"


def in_hours(span: timedelta) -> str:
    """Write a long time in hours: `1243 h`, `1243 h 30 min`."""
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def in_digits(number: PhoneNumber, *, show: bool) -> str:
    """Write a number in full, or masked."""
    return number.e164 if show else number.masked


def counted(count: int, one: str) -> str:
    """Write `1 error`, `2 errors`."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def spoken(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the parts of a message: the language, or `file`, and the text or the address."""
    for part in message.parts:
        yield ("file", part.url) if isinstance(part, Audio) else (part.language, part.text)

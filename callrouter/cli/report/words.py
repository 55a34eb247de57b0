"""How the figures of a report are written. A mark, `~`, stands before what so few calls say that it may be chance."""

import shutil
import sys
from collections.abc import Iterable, Sequence

import click

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.measures import FEW, Level, Share, Times

THIN = "~"
FOOTNOTE = f"{THIN} says little: of fewer than {FEW} calls, a p90 of fewer than 10, a p95 of fewer than 20."
NOTHING = "-"
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_GAP = "  "


def percent(share: Share, *, places: int = 0) -> str:
    """Write `83 %`, `~67 %`, or `-` of nothing."""
    if share.value is None:
        return NOTHING
    return f"{THIN * share.is_thin}{share.value * 100:.{places}f} %"


def seconds_at(times: Times, rank: int) -> str:
    """Write a percentile: `41 s`, `~41 s`, or `-`."""
    found = times.percentile(rank)
    return NOTHING if found is None else f"{THIN * times.is_thin(rank)}{found} s"


def mean_seconds(times: Times) -> str:
    """Write the mean: `17 s`."""
    return NOTHING if times.mean is None else f"{THIN * (times.n < FEW)}{times.mean:.0f} s"


def promised(target: ServiceTarget) -> str:
    """Write `80 % within 30 s`."""
    return f"{target.share * 100:g} % within {target.seconds} s"


def verdict(level: Level) -> str:
    """Write `met`, `missed`, or nothing where there was no call."""
    return {None: "", True: "met", False: "missed"}[level.is_met]


def talk(seconds: int) -> str:
    """Write hours, minutes and seconds: `3:05:09`."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def bar(part: int, whole: int, room: int) -> str:
    """Draw *part* of *whole* as a bar of at most *room* characters; whatever there is shows."""
    if not (part and whole):
        return ""
    eighths = max(1, round(part / whole * room * 8))
    full, rest = divmod(eighths, 8)
    return _EIGHTHS[8] * full + _EIGHTHS[rest] * bool(rest)


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    left: Iterable[int] = (0,),
    spare: Iterable[int] = (),
    room: int | None = None,
) -> list[str]:
    """Return the lines of a table: numbers to the right, the columns *left* to the left.

    Where they have no *room* (default: that of the terminal), the columns *spare* are left out, the first one first.
    """
    lines = [list(map(_bold, heads)), *rows]
    rooms = [max(_width(line[place]) for line in lines) for place in range(len(heads))]
    shown = list(range(len(heads)))
    for place in spare:
        if sum(rooms[each] + len(_GAP) for each in shown) - len(_GAP) > (room or _room()):
            shown.remove(place)
    names = set(left)
    return [_GAP.join(_filled(line[at], rooms[at], is_left=at in names) for at in shown) for line in lines]


def _filled(cell: str, room: int, *, is_left: bool) -> str:
    blank = " " * (room - _width(cell))
    return cell + blank if is_left else blank + cell


def _width(cell: str) -> int:
    from rich.cells import cell_len

    return cell_len(click.unstyle(cell))


def _bold(head: str) -> str:
    return click.style(head, bold=True)


def _room() -> int:
    """How many characters fit on a line; in a pipe as many as there are."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize


def footnote(lines: Iterable[str]) -> list[str]:
    """Say what the mark means, where one of *lines* bears it."""
    return [FOOTNOTE] if any(THIN in line for line in lines) else []

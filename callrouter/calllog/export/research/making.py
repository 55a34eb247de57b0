"""The research export: a folder with the calls, what their columns mean, what was left out, and their checksums."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from sqlalchemy import Connection, and_, select

from callrouter.calllog.conditions import is_wanted
from callrouter.calllog.database import Database
from callrouter.calllog.export.columns import of_calls, window_of
from callrouter.calllog.export.place import made_aside
from callrouter.calllog.export.research.coarse import QUASI, TOLD, quasi, told
from callrouter.calllog.export.research.codebook import HEADING, about, codebook
from callrouter.calllog.export.research.scratch import Scratch
from callrouter.calllog.spreadsheet import write_csv
from callrouter.calllog.tables import CallerRow, CallRow
from callrouter.calllog.windows import Bounds, Read, Tell, in_windows
from callrouter.domain.call_filter import EVERYTHING, CallFilter
from callrouter.domain.span import Span
from callrouter.domain.words import Disposition, Origin

CALLS, CODEBOOK, ABOUT, SUMS = "calls.csv", "codebook.csv", "about.md", "SHA256SUMS"
_KEY_BYTES = 32
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ResearchOrder:
    """The calls of *origin* that arrived in *period*, told by the clocks of *zone*."""

    period: Bounds
    folder: Path
    zone: tzinfo
    unit: str | None = None
    origin: Origin = Origin.REAL


@dataclass(frozen=True, slots=True)
class Made:
    """How many calls are in the export, and how many were rare and are not."""

    calls: int
    withheld: int


def export_research(database: Database, order: ResearchOrder, tell: Tell) -> Made:
    """Make the folder of *order*. The keys of the pseudonyms are drawn here and forgotten here.

    Raises:
        OSError: the folder is there already and not empty, or cannot be written.
        SQLAlchemyError: the log cannot be read.
    """
    if order.folder.exists() and any(order.folder.iterdir()):
        raise FileExistsError(f"{order.folder} is there already, and not empty")
    with made_aside(order.folder) as draft:
        scratch = Scratch(draft.parent / "scratch")
        in_windows(database, order.period, _reader(order, scratch), tell)
        *counts, withheld = scratch.climb()
        draft.mkdir()
        _write_csv(draft / CALLS, (*QUASI, *TOLD), scratch.rows())
        scratch.close()
        _write_csv(draft / CODEBOOK, HEADING, codebook())
        (draft / ABOUT).write_text(about(order.period, order.zone, counts, withheld), "utf-8")
        _write_sums(draft)
    return Made(sum(counts), withheld)


def _reader(order: ResearchOrder, scratch: Scratch) -> Read:
    """What reads finished calls into *scratch*: no number, only the keyed hash that tells callers apart."""
    key = secrets.token_bytes(_KEY_BYTES)
    wanted = is_wanted(CallFilter(unit=order.unit, origin=order.origin), EVERYTHING)
    is_over = CallRow.disposition != Disposition.IN_PROGRESS.value
    query = of_calls(select(CallRow.__table__, CallerRow.key), and_(wanted, is_over))

    def read(connection: Connection, window: Span) -> int:
        count = 0
        found = connection.execute(query, window_of(window), execution_options={"yield_per": _ROWS_AT_ONCE})
        for calls in found.partitions():
            scratch.add((*quasi(call, order.zone), *told(call, key)) for call in calls)
            count += len(calls)
        return count

    return read


def _write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        write_csv(file, heading, rows)


def _write_sums(folder: Path) -> None:
    """As `sha256sum` writes and checks them."""
    lines = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    (folder / SUMS).write_text("".join(lines), "utf-8")

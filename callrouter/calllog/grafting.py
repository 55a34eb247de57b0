"""Makes a damaged SQLite file readable that has lost the list of its tables: it is taken from a sound copy of the log.

A back-up is copied page by page, so a table begins on the same page in both. Without the list SQLite reads nothing,
however whole the tables are. The format: https://www.sqlite.org/fileformat.html
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from shutil import copyfile
from struct import pack_into, unpack_from
from typing import BinaryIO

from callrouter.calllog.backup import opened, remove

_HEADER = 100
"""How many bytes tell of the whole file; on its first page the tree of the list begins behind them."""

_LEADS_ON = 5
"""The first byte of a tree that has more pages than one."""


@contextmanager
def readable(damaged: Path, sound: Path) -> Iterator[Path]:
    """*damaged* or, where it does not tell any more which tables it has, a copy beside it that does, as *sound* does.

    The copy is gone at the end of the block. Where none can be made it is *damaged* all the same.
    """
    copied = damaged.with_name(f"{damaged.name}.grafted")
    try:
        yield damaged if _tells_its_tables(damaged) or not _graft(damaged, sound, copied) else copied
    finally:
        remove(copied)


def _tells_its_tables(file: Path) -> bool:
    try:
        with closing(opened(file)) as connection:
            connection.execute("SELECT name, rootpage, sql FROM sqlite_schema").fetchall()
    except sqlite3.DatabaseError:
        return False
    return True


def _graft(damaged: Path, sound: Path, copied: Path) -> bool:
    """Make *copied*; returns whether it tells its tables."""
    try:
        remove(copied)
        for ending in ("", "-wal"):
            with suppress(FileNotFoundError):
                copyfile(f"{damaged}{ending}", f"{copied}{ending}")
        _tells_its_tables(copied)  # whoever closes it as the last one brings what was written ahead into it
        with sound.open("rb") as source, copied.open("r+b") as target:
            _put_list(source, target)
    except OSError:
        return False
    return _tells_its_tables(copied)


def _put_list(source: BinaryIO, target: BinaryIO) -> None:
    """Put the pages of the list of *source* where they are in *target*, which keeps its length."""
    first = bytearray(source.read(_HEADER))
    (size,) = unpack_from(">H", first, 16)
    first += source.read(size - _HEADER)
    pages = -(-target.seek(0, 2) // size)
    leads_to = list(_children(first))
    for number in leads_to:
        source.seek((number - 1) * size)
        target.seek((number - 1) * size)
        target.write(source.read(size))
    pack_into(">III", first, 28, max(pages, *leads_to, 1), 0, 0)  # how long the file is; no page of it is free
    first[92:96] = first[24:28]  # it is as long as told if both agree
    target.seek(0)
    target.write(first)


def _children(page: bytearray) -> Iterator[int]:
    """The pages that the first one leads to. A list that is longer than they hold is not ours."""
    if page[_HEADER] == _LEADS_ON:
        cells, _, _, last = unpack_from(">HHBI", page, _HEADER + 3)
        for (place,) in (unpack_from(">H", page, _HEADER + 12 + 2 * cell) for cell in range(cells)):
            yield unpack_from(">I", page, place)[0]
        yield last

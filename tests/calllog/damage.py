"""A disk that loses pages, for tests: some of an SQLite file are overwritten while it is in use."""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from tests.service import until

FOLDED = ("call", "leg", "tally")


def lose_pages(file: Path, *tables: str, indexes: bool = True) -> None:
    """Overwrite the roots of *tables* and, of all indexes, theirs; whoever has the file open reads it anew."""
    with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
        until(lambda: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, "all is in the file")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        roots = connection.execute("SELECT type, name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall()
        lost = [page for type_, name, page in roots if name in tables or (indexes and type_ == "index")]
        with file.open("r+b") as disk:
            for page in lost:
                disk.seek((page - 1) * size)
                disk.write(b"\xa5" * size)
        connection.execute("PRAGMA user_version = 1")  # so that what others remember of the file is out of date


def lose_list_of_tables(file: Path, *, first_page: bool) -> None:
    """Overwrite the *first page* of a file that nobody has open, or else the last of those to which its list leads."""
    with file.open("r+b") as disk:
        size, kind, last = struct.unpack(">16xH82xB7xI", disk.read(112))
        assert kind == 5, "the list takes more than one page"
        disk.seek(0 if first_page else (last - 1) * size)
        disk.write(b"\xa5" * size)

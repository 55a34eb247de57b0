"""Back-ups of an SQLite database: a copy made while it is in use, checked before it has its name."""

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from callrouter.durability import sync

Progress = Callable[[int, int], None]
"""Told how much is done, of how much in all."""

_PAGES_AT_ONCE = 1000

_NOT_LOOKED_AT = (
    sqlite3.SQLITE_CANTOPEN,  # also where it has a journal, and nothing can be written beside it
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_FULL,
)
"""What keeps SQLite from a file that may be whole."""


class UnfitError(Exception):
    """A file is not fit to be a database of this program; the message says why."""


def named(database: Path, at: datetime) -> Path:
    """Where a back-up of *database* made at *at* goes, if nobody says otherwise: beside it."""
    return database.with_name(f"{database.stem}-{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.backup")


def back_ups(database: Path) -> list[Path]:
    """The back-ups beside *database*, the newest first."""
    known = re.compile(re.escape(database.stem) + r"-\d{4}-\d\d-\d\dT\d{6}Z\.backup")
    return sorted((path for path in database.parent.iterdir() if known.fullmatch(path.name)), reverse=True)


def back_up(database: Path, target: Path, tell: Progress) -> None:
    """Copy *database* to *target*, a new file, as it is at this instant; writers go on meanwhile.

    Raises:
        FileExistsError: *target* is there already.
        UnfitError: the copy is not whole, because the database is not. There is no *target* then.
        OSError, sqlite3.Error: the one cannot be read, or the other not be written.
    """
    if target.exists():
        raise FileExistsError(f"{target} is there already: a back-up never overwrites another")
    part = target.with_name(f"{target.name}.part")
    try:
        copy(database, part, tell)
        problems = problems_of(part)
        if problems:
            raise UnfitError("; ".join(problems))
        sync(part)
        os.link(part, target)  # unlike a rename, it never replaces what somebody else has put there meanwhile
    finally:
        remove(part)
    sync(target.parent)


def copy(database: Path, target: Path, tell: Progress) -> None:
    """Copy all of *database* to the file *target*, for its owner alone; what stood there is overwritten."""
    remove(target)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(opened(database)) as source, closing(sqlite3.connect(target)) as made:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master")  # from here on it sees one instant, whoever writes
        source.backup(made, pages=_PAGES_AT_ONCE, progress=lambda _, left, pages: tell(pages - left, pages))
        made.execute("PRAGMA journal_mode=DELETE")  # one file that can be read where nothing can be written


def remove(database: Path) -> None:
    """With its journals: a full disk or a kill leaves them, and SQLite would take them for those of the next file."""
    for ending in ("", "-journal", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def opened(database: Path) -> sqlite3.Connection:
    """A connection to a file that is there; SQLite would make one that is not."""
    connection = sqlite3.connect(f"file:{quote(os.fsencode(database))}?mode=rw", uri=True, isolation_level=None)
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def problems_of(database: Path, *, quick: bool = False) -> list[str]:
    """What SQLite finds wrong in the file; *quick* leaves out whether the indexes agree with their tables.

    Raises:
        sqlite3.Error: it cannot be looked at, as it stands: nothing is said of the file by that.
    """
    try:
        with closing(opened(database)) as connection:
            rows = connection.execute(f"PRAGMA {'quick_check' if quick else 'integrity_check'}(20)").fetchall()
            keys = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _NOT_LOOKED_AT:
            raise
        return [str(error)]
    return [text for (text,) in rows if text != "ok"] + [f"{table} refers to a row of {to}" for table, _, to, _ in keys]


def put_in_place(new: Path, database: Path, aside: Path) -> None:
    """Put the file *new* in the place of *database*, which stays as *aside*, with the journal that belongs to it.

    The place is never empty, lest somebody makes a new database there. Whoever has the old one open notices at the
    next transaction; all that they write until then goes to *aside*: have the turn to write, and nobody writes.
    """
    sync(new)
    if database.exists():
        owner = database.stat()
        os.chown(new, owner.st_uid, owner.st_gid)  # also where root restores what the service's user has to write
        os.link(database, aside)
    for ending in ("-wal", "-shm"):
        beside = database.with_name(database.name + ending)
        if beside.exists():  # also a journal whose database is gone: SQLite would take it for that of the new one
            beside.rename(aside.with_name(aside.name + ending))
    new.replace(database)
    sync(database.parent)

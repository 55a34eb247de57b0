"""Restores an SQLite database from a back-up while the service runs: nothing that can still be read is lost.

And nothing that was destroyed or erased since the back-up comes back with it, as far as can still be read of it.
"""

import sqlite3
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from callrouter import clock
from callrouter.calllog import json_values
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.backup import Progress, UnfitError, copy, opened, problems_of, put_in_place, remove
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.destroyed_again import Again, destroy_again
from callrouter.calllog.folder_lock import locked
from callrouter.calllog.grafting import readable
from callrouter.calllog.projection import project
from callrouter.calllog.revisions import known_revisions, newest_revision, revision_of
from callrouter.calllog.salvage import Salvaged, salvage, salvage_words
from callrouter.calllog.tables import (
    CallerRow,
    CallEventRow,
    CallRow,
    DestructionRow,
    HoldRow,
    OneTimeLinkRow,
    SessionRow,
)
from callrouter.calllog.turns import Turns
from callrouter.setting_values import sqlite_address

_TURN_SECONDS = 30.0

_TELL_OF_DESTROYED = DestructionRow, CallerRow, HoldRow
"""The protocol; the emptied rows of those who were erased; and what must not be."""

_ENDED_BY_REMOVAL = SessionRow, OneTimeLinkRow


@dataclass(frozen=True, slots=True)
class Content:
    """What a database holds."""

    calls: int
    events: int
    newest_event: datetime | None


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in the place now, what was added to the back-up, and where the file lies that stood there.

    *again*: what had been destroyed since the back-up, and is so again. Not *knows_destroyed*: more may have been.
    """

    content: Content
    salvaged: Salvaged
    aside: Path | None
    again: Again
    knows_destroyed: bool


def verify(backup: Path, beside: Path, tell: Progress) -> Content:
    """Whether *backup* could be restored in the place of *beside*: what it holds. Changes nothing.

    On a new machine, where that has no directory yet, it is tried in one that goes.

    Raises:
        UnfitError: it is not whole, or no database of this program.
    """
    with ExitStack() as stack:
        if not beside.parent.is_dir():
            beside = Path(stack.enter_context(TemporaryDirectory())) / beside.name
        return content_of(_prepared(backup, beside, stack, tell))


def restore(backup: Path, database: Path, tell: Progress) -> Restored:
    """Put *backup*, with all that can still be read of *database*, in its place; it is kept beside.

    The directory is made where there is none, for its owner alone.

    A service that runs keeps its events in the spool meanwhile, notices the new file, and replays them.

    Raises:
        UnfitError: *backup* is not whole, or no database of this program. Nothing has changed then.
        OSError: somebody has the turn to write and does not give it back, or a file cannot be written.
    """
    with ExitStack() as stack:
        _make(database.parent, stack)
        sound = _prepared(backup, database, stack, tell)
        turns = Turns(database, _TURN_SECONDS)
        stack.callback(turns.close)
        with turns.taken():
            aside = _aside(database)
            damaged = stack.enter_context(readable(database, sound)) if database.exists() else None
            is_later = damaged is not None and _is_later(damaged, sound)
            _sign_all_out(sound)
            salvaged = salvage(damaged, sound, tell, goes_on=is_later) if damaged else Salvaged()
            _append(sound, salvaged)
            _fold(sound, salvaged)
            if damaged:
                salvage_words(damaged, sound, salvaged)
            again = destroy_again(damaged, sound, clock.now()) if damaged and is_later else Again()
            content = content_of(sound)
            put_in_place(sound, database, aside)
        knows_destroyed = is_later and salvaged.has_all_of(*_TELL_OF_DESTROYED) and not again.unsure
        return Restored(content, salvaged, aside if aside.exists() else None, again, knows_destroyed)


def content_of(file: Path) -> Content:
    """What the database *file* holds."""
    database = Database(sqlite_address(file))
    try:
        with database.reading() as connection:
            calls = connection.execute(select(func.count()).select_from(CallRow)).scalar_one()
            events = connection.execute(select(func.count()).select_from(CallEventRow)).scalar_one()
            newest = connection.execute(select(func.max(CallEventRow.at))).scalar_one()
    finally:
        database.close()
    return Content(calls, events, newest)


def _make(folder: Path, stack: ExitStack) -> None:
    """Make *folder*, which a new machine lacks; it is gone when *stack* ends, unless something was put there."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stack.callback(_remove_empty, made)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # what stands in it stays
            folder.rmdir()


def _prepared(backup: Path, beside: Path, stack: ExitStack, tell: Progress) -> Path:
    """A copy of *backup* in the directory of *beside*, found whole and brought to this program's tables.

    It is gone when *stack* ends, unless it was put somewhere.
    """
    _require_alone(beside.parent, stack)
    sound = beside.with_name(f"{beside.name}.restoring")
    stack.callback(remove, sound)
    stack.callback(sound.with_name(f"{sound.name}-lock").unlink, missing_ok=True)
    if not backup.is_file():
        raise FileNotFoundError(f"there is no file {backup}")
    if problems := problems_of(backup):
        raise UnfitError("; ".join(problems))
    copy(backup, sound, tell)
    database = Database(sqlite_address(sound))
    try:
        _require_known(database)
        database.prepare()
    finally:
        database.close()
    return sound


def _require_alone(folder: Path, stack: ExitStack) -> None:
    """Two who restore or verify there at once would take each other's copy: the second is told so."""
    try:
        stack.enter_context(locked(folder))
    except BlockingIOError:
        raise OSError(f"somebody else restores or verifies a back-up in {folder} just now") from None


def _require_known(database: Database) -> None:
    """Only tables of this release, or of one before, can be brought up to date."""
    with database.reading() as connection:
        found = revision_of(connection)
    if found is None:
        raise UnfitError("there are no tables of callrouter in it")
    if found not in known_revisions():
        raise UnfitError(f"its tables are of another release (revision {found}); this one knows {newest_revision()}")


def _is_later(database: Path, sound: Path) -> bool:
    """Whether *database* has lived through what *sound* has: not a file begun anew, or another log."""
    last = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
    try:
        with closing(opened(sound)) as earlier, closing(opened(database)) as later:
            noted = earlier.execute(last).fetchone()
            found = later.execute("SELECT count(*) FROM audit WHERE (seq, hash) = (?, ?)", noted or (0, "")).fetchone()
    except sqlite3.DatabaseError:
        return False
    return noted is None or found == (1,)


def _sign_all_out(sound: Path) -> None:
    """What ended since the back-up stays ended: whoever is signed in still is so by the file that stands there."""
    with closing(opened(sound)) as connection:
        for table in _ENDED_BY_REMOVAL:
            connection.execute(f'DELETE FROM "{table.__tablename__}"')  # noqa: S608 - our own names


def _append(sound: Path, salvaged: Salvaged) -> None:
    """What was done by a log that had begun anew stands after what the back-up's has, bound to it; *entry*: its number.

    As it stood there it would break the chain.
    """
    if not salvaged.deeds:
        return
    database = Database(sqlite_address(sound))
    try:
        with database.writing() as connection:
            for seq, at, who, action, subject, facts, _ in salvaged.deeds:
                told = {**json_values.read(facts), "entry": seq}
                append(connection, Deed(who, action, subject, told, datetime.fromisoformat(f"{at}+00:00")))
    finally:
        database.close()


def _fold(sound: Path, salvaged: Salvaged) -> None:
    """The service that runs has caught up at its start, and does not look again."""
    database = Database(sqlite_address(sound))
    try:
        project(database, salvaged.calls)
        catch_up(database)
    finally:
        database.close()


def _aside(database: Path) -> Path:
    """A name that nothing has yet, nor a journal of it."""
    name = f"{database.name}.replaced-{clock.now():%Y%m%dT%H%M%SZ}"
    taken = {path.name for path in database.parent.glob(f"{name}*")}
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return database.with_name(next(each for each in names if taken.isdisjoint([each, f"{each}-wal", f"{each}-shm"])))

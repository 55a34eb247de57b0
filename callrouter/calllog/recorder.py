"""The recorder: an entry is safe before its answer goes out, within a deadline, whatever is broken.

Database within 1.0 s, else the spool within 0.5 s more, else one log line. Records are folded right after, off the
path.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.follower import Follower
from callrouter.calllog.lane import Lane
from callrouter.calllog.log_lines import as_log_line
from callrouter.calllog.queries import LoggedAttempt, logged_attempt
from callrouter.calllog.refusal import REFUSED, in_a_line, tell_refused
from callrouter.calllog.spool import Spool
from callrouter.calllog.writes import EntryRows, rows_of, write_rows
from callrouter.fibers import Flag
from callrouter.sealing import Pseudonymizer

__all__ = ["Entry", "Recorded", "Recorder"]

log = logging.getLogger(__name__)

DATABASE_SECONDS = 1.0
SPOOL_SECONDS = 0.5
READ_SECONDS = 0.5
LATE_SHARE = 1 / 3


def _tell_nobody(_entries: int) -> None: ...


class Recorder:
    """The log as one process writes it. Start it after the fork.

    *on_batch* hears how many entries were written at once.
    """

    def __init__(
        self,
        database: Database,
        spool: Spool,
        pseudonymizer: Pseudonymizer,
        retry_seconds: float = 1.0,
        on_batch: Callable[[int], None] = _tell_nobody,
    ) -> None:
        self._database = database
        self._spool = spool
        self._pseudonymizer = pseudonymizer
        self._to_database = Lane[EntryRows]("database", self._write, on_batch)
        self._to_spool = Lane[Entry]("spool", spool.append)
        self._follower = Follower(database, spool, self._write_entries, self._forgive, retry_seconds)
        self._reader = ThreadPoolExecutor(2, "recorder-reader")
        self._in_spool = {"spool_files": 0, "spool_entries": 0, "damaged_spool_files": 0}

    def start(self) -> None:
        """Begin to write, to fold, and to replay what a former process left in the spool."""
        for thread in (self._to_database, self._to_spool, self._follower):
            thread.start()

    def stop(self) -> None:
        """Write and fold what waits, then end."""
        for thread in (self._to_database, self._to_spool, self._follower):
            thread.stop()
        self._reader.shutdown(wait=False, cancel_futures=True)
        self._spool.close()
        self._database.close()

    def record(self, entry: Entry, *, is_late: bool = False) -> Recorded:
        """Make *entry* safe before the deadline. Never raises: a caller waits for the answer.

        *is_late*: the request has waited once already, so a third of the time must do.
        """
        share = LATE_SHARE if is_late else 1.0
        if self._reaches_database(entry, DATABASE_SECONDS * share):
            return Recorded.DATABASE
        if self._to_spool.submit(entry, SPOOL_SECONDS * share):
            return Recorded.SPOOL
        for event in entry.events:
            log.error("%s", as_log_line(event, self._spool.sealer))
        self._follower.save_later(entry)
        return Recorded.LOG_LINE

    def attempt(self, day: date, call_id: str, attempt: str) -> LoggedAttempt:
        """What the log has of *attempt*, if it can say so within 0.5 s."""
        asked = self._reader.submit(logged_attempt, self._database, day, call_id, attempt)
        told = Flag()
        asked.add_done_callback(lambda _: told.set())
        told.wait(READ_SECONDS)
        try:
            return asked.result(0)
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            asked.cancel()
            log.warning("call=%s the log could not be asked: %s", call_id, type(error).__name__)
            return LoggedAttempt()

    def remember_schedule(self, version: str, text: str, by: str) -> None:
        """Keep the text of a schedule that came into force, as soon as the database can."""
        self._follower.remember_schedule(version, text, by)

    def condition(self) -> dict[str, object]:
        """How it is doing, for /readyz: `ok` is whether everything goes to the database."""
        threads = {"recorder-follow-up": self._follower.is_alive} | {
            f"recorder-{lane.name}": lane.is_alive for lane in (self._to_database, self._to_spool)
        }
        unsaved, unseen = self._follower.unsaved, self._look_into_spool()
        error = self._to_database.last_error or self._follower.last_error or self._hanging() or unseen
        is_empty = self._in_spool["spool_files"] == unsaved == 0
        return {
            "ok": error is None and is_empty and all(threads.values()),
            "error": error,
            "waiting": self._to_database.depth,
            **self._in_spool,
            "in_log_lines_alone": unsaved,
            "unfolded_calls": self._follower.unfolded,
            "threads": threads,
        }

    def _look_into_spool(self) -> str | None:
        """Count what waits there; what keeps us from looking, while the last that was seen stays."""
        spool = self._spool
        try:
            counted = {"spool_files": spool.depth(), "spool_entries": spool.entries()}
            self._in_spool = counted | {"damaged_spool_files": spool.damaged()}
        except OSError as error:
            return in_a_line(error)
        return None

    def _hanging(self) -> str | None:
        return "the database does not answer" if self._to_database.is_stuck else None

    def _reaches_database(self, entry: Entry, seconds: float) -> bool:
        try:
            rows = rows_of(entry, self._pseudonymizer)
        except REFUSED as error:
            tell_refused(entry, error)
            return False
        return self._to_database.submit(rows, seconds)

    def _write_entries(self, entries: Sequence[Entry]) -> None:
        self._write([rows_of(entry, self._pseudonymizer) for entry in entries])

    def _write(self, entries: Sequence[EntryRows]) -> None:
        write_rows(self._database, entries)
        self._follower.fold({(day, entry.call_id) for entry in entries for day in entry.days})

    def _forgive(self) -> None:
        """Without it a night without calls would show for hours what is over, and the next caller pay for it."""
        for lane in (self._to_database, self._to_spool):
            lane.forgive()

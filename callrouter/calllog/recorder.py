"""The recorder: an entry is safe before its answer goes out, within a deadline, whatever is broken.

Database within 1.0 s, else the spool within 0.5 s more, else one log line. Records are folded right after, off the
path.
"""

import json
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event, Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.lane import Lane
from callrouter.calllog.projection import Key, project
from callrouter.calllog.queries import LoggedAttempt, logged_attempt
from callrouter.calllog.refusal import in_a_line, write_together
from callrouter.calllog.spool import Spool
from callrouter.calllog.writes import write_entries, write_schedule_version
from callrouter.sealing import Pseudonymizer

__all__ = ["Entry", "Recorded", "Recorder"]

log = logging.getLogger(__name__)

DATABASE_SECONDS = 1.0
SPOOL_SECONDS = 0.5
READ_SECONDS = 0.5
LATE_SHARE = 1 / 3
_STOP_SECONDS = 5.0
_MOST_UNSAVED = 10_000


class Recorder:
    """The log as one process writes it. Start it after the fork."""

    def __init__(
        self, database: Database, spool: Spool, pseudonymizer: Pseudonymizer, retry_seconds: float = 1.0
    ) -> None:
        self._database = database
        self._spool = spool
        self._pseudonymizer = pseudonymizer
        self._retry_seconds = retry_seconds
        self._to_database = Lane("database", self._write)
        self._to_spool = Lane("spool", spool.append)
        self._reader = ThreadPoolExecutor(2, "recorder-reader")
        self._lock = Lock()
        self._unfolded: set[Key] = set()
        self._folding: set[Key] = set()
        self._unsaved: deque[Entry] = deque()
        self._schedule_versions: dict[str, tuple[str, str]] = {}
        self._wake = Event()
        self._is_stopping = False
        self._is_caught_up = False
        self._follower = Thread(target=self._follow_up, name="recorder-follow-up", daemon=True)
        self.last_error: str | None = None

    def start(self) -> None:
        """Begin to write, to fold, and to replay what a former process left in the spool."""
        for lane in (self._to_database, self._to_spool):
            lane.start()
        self._follower.start()

    def stop(self) -> None:
        """Write and fold what waits, then end."""
        for lane in (self._to_database, self._to_spool):
            lane.stop()
        self._is_stopping = True
        self._wake.set()
        if self._follower.is_alive():
            self._follower.join(_STOP_SECONDS)
        self._reader.shutdown(wait=False, cancel_futures=True)
        self._spool.close()
        self._database.close()

    def record(self, entry: Entry, *, is_late: bool = False) -> Recorded:
        """Make *entry* safe before the deadline. Never raises: a caller waits for the answer.

        *is_late*: the request has waited once already, so a third of the time must do.
        """
        share = LATE_SHARE if is_late else 1.0
        if self._to_database.submit(entry, DATABASE_SECONDS * share):
            return Recorded.DATABASE
        if self._to_spool.submit(entry, SPOOL_SECONDS * share):
            return Recorded.SPOOL
        for told in entry.events:
            said = [told.call_id, told.id, told.kind, told.at.isoformat(), dict(told.facts)]
            log.error("not recorded: %s", json.dumps(said, default=str))
        if len(self._unsaved) < _MOST_UNSAVED:
            self._unsaved.append(entry)
        return Recorded.LOG_LINE

    def attempt(self, day: date, call_id: str, attempt: str) -> LoggedAttempt:
        """What the log has of *attempt*, if it can say so within 0.5 s."""
        asked = self._reader.submit(logged_attempt, self._database, day, call_id, attempt)
        try:
            return asked.result(READ_SECONDS)
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            asked.cancel()
            log.warning("call=%s the log could not be asked: %s", call_id, type(error).__name__)
            return LoggedAttempt()

    def remember_schedule(self, version: str, text: str, by: str) -> None:
        """Keep the text of a schedule that came into force, as soon as the database can."""
        with self._lock:
            self._schedule_versions[version] = (text, by)
        self._wake.set()

    def condition(self) -> dict[str, object]:
        """How it is doing, for /readyz: `ok` is whether everything goes to the database."""
        threads = {t.name: t.is_alive() for t in (self._follower,)} | {
            f"recorder-{lane.name}": lane.is_alive for lane in (self._to_database, self._to_spool)
        }
        spooled, unsaved = self._spool.depth(), len(self._unsaved)
        error = self._to_database.last_error or self.last_error
        with self._lock:
            unfolded = len(self._unfolded | self._folding)
        return {
            "ok": error is None and spooled == 0 and unsaved == 0 and all(threads.values()),
            "error": error,
            "waiting": self._to_database.depth,
            "spool_files": spooled,
            "damaged_spool_files": self._spool.damaged(),
            "in_log_lines_alone": unsaved,
            "unfolded_calls": unfolded,
            "threads": threads,
        }

    def _write(self, entries: Sequence[Entry]) -> None:
        write_entries(self._database, self._pseudonymizer, entries)
        with self._lock:
            self._unfolded.update((e.day, e.call_id) for entry in entries for e in entry.events)
        self._wake.set()

    def _follow_up(self) -> None:
        """Fold, replay and retry, for ever; what fails is tried again *retry_seconds* later."""
        while not self._is_stopping or self._unfolded:
            try:
                self._heal()
                self._tell(None)
            except Exception as error:  # noqa: BLE001 - the outer loop of a background thread: log, count, go on
                self._tell(in_a_line(error))
                if self._is_stopping:
                    return
            self._wake.wait(0 if self._is_stopping else self._retry_seconds)
            self._wake.clear()

    def _heal(self) -> None:
        """Bring the database up to date with all that is known; raises what keeps it from being so."""
        self._database.prepare()
        self._fold()
        self._remember_schedules()
        self._write_unsaved()
        self._replay()
        if not self._is_caught_up:
            catch_up(self._database)
            self._is_caught_up = True
        self._to_database.last_error = None
        self._spool.check()

    def _tell(self, error: str | None) -> None:
        """Log a change for the worse or the better, once."""
        if error != self.last_error:
            log.warning("recorder: %s", error or "the database takes everything again")
        self.last_error = error

    def _replay(self) -> None:
        if self._spool.depth() and (count := self._spool.replay(self._write)):
            log.info("spool: %d entries replayed", count)

    def _write_unsaved(self) -> None:
        """Write what has but a log line, as far as this process still knows it."""
        while self._unsaved:
            write_together(self._write, [self._unsaved[0]])
            self._unsaved.popleft()

    def _remember_schedules(self) -> None:
        with self._lock:
            versions = dict(self._schedule_versions)
        for version, (text, by) in versions.items():
            write_schedule_version(self._database, version, text, by)
            with self._lock:
                del self._schedule_versions[version]

    def _add_unfolded(self, keys: set[Key]) -> None:
        with self._lock:
            self._unfolded |= keys

    def _fold(self) -> None:
        """Fold what was told so far. What is told meanwhile is folded the next time, also of the same calls."""
        with self._lock:
            self._folding, self._unfolded = self._unfolded, set()
        try:
            project(self._database, self._folding)
        except Exception:
            self._add_unfolded(self._folding)
            raise
        finally:
            self._folding = set()

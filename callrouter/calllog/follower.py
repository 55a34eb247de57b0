"""The follower: brings the database up to date with all that is known, off the path of the calls.

It folds what was written, keeps schedule versions, writes what had but a log line, and replays the spool.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from threading import Event, Lock, Thread

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.disturbance import tell_of_spooled
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import Key, project
from callrouter.calllog.refusal import in_a_line, write_together
from callrouter.calllog.spool import Spool
from callrouter.calllog.writes import write_schedule_version
from callrouter.clock import monotonic

log = logging.getLogger(__name__)

PACE_SECONDS = 0.05
"""Between two folds while more is being written: requests come first, and a call is folded once for many events."""

_CALLS_AT_ONCE = 10
"""Calls a fold: for as long as it takes, requests wait for their turn to write."""

_MOST_UNSAVED = 10_000
MOST_UNFOLDED = 20_000
"""Calls that are remembered to be folded. Of more, the log itself tells, once half of these are done."""

_STOP_SECONDS = 5.0


class Follower:
    """One thread a process. *write* makes entries safe; *on_well* hears that the database takes everything."""

    def __init__(
        self,
        database: Database,
        spool: Spool,
        write: Callable[[Sequence[Entry]], None],
        on_well: Callable[[], None],
        retry_seconds: float,
    ) -> None:
        self._database = database
        self._spool = spool
        self._write = write
        self._on_well = on_well
        self._retry_seconds = retry_seconds
        self._lock = Lock()
        self._unfolded: set[Key] = set()
        self._folding: set[Key] = set()
        self._unsaved: deque[Entry] = deque()
        self._schedule_versions: dict[str, tuple[str, str]] = {}
        self._wake = Event()
        self._stopping = Event()
        self._heal_at = self._folded_at = 0.0
        self.is_caught_up = False
        """Whether it knows of all that is not folded."""
        self._thread = Thread(target=self._run, name="recorder-follow-up", daemon=True)
        self.last_error: str | None = None

    def start(self) -> None:
        """Begin, with what a former process left behind."""
        self._thread.start()

    def stop(self) -> None:
        """Fold what was written, then end."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def unsaved(self) -> int:
        """How many entries have but a log line."""
        return len(self._unsaved)

    @property
    def unfolded(self) -> int:
        """How many calls have events that their rows do not hold yet, as far as is remembered."""
        with self._lock:
            return len(self._unfolded | self._folding)

    def fold(self, keys: Iterable[Key]) -> None:
        """Fold these calls soon: something was written of them."""
        with self._lock:
            if len(self._unfolded) < MOST_UNFOLDED:
                self._unfolded.update(keys)
            else:
                self.is_caught_up = False
        self._wake.set()

    def save_later(self, entry: Entry) -> None:
        """Write *entry* when the database can, as long as this process lives."""
        if len(self._unsaved) < _MOST_UNSAVED:
            self._unsaved.append(entry)

    def remember_schedule(self, version: str, text: str, by: str) -> None:
        """Keep the text of a schedule that came into force, as soon as the database can."""
        with self._lock:
            self._schedule_versions.pop(version, None)  # what came into force last is noted last
            self._schedule_versions[version] = (text, by)
        self._wake.set()

    def _run(self) -> None:
        """Go on for ever; what fails is tried again *retry_seconds* later."""
        while not self._stopping.is_set() or self._unfolded:
            try:
                self._go_on()
                self._tell(None)
            except Exception as error:  # noqa: BLE001 - the outer loop of a background thread: log, count, go on
                self._tell(in_a_line(error))
                if self._stopping.is_set():
                    return
            self._rest()

    def _rest(self) -> None:
        """Wait until something was written, and let more gather; if calls are left and nobody writes, go on at once."""
        if self._unfolded and not self._wake.is_set() and self.last_error is None:
            return
        self._wake.wait(self._retry_seconds)
        self._stopping.wait(max(0.0, self._folded_at + PACE_SECONDS - monotonic()))
        self._wake.clear()

    def _go_on(self) -> None:
        if self.last_error is None and monotonic() < self._heal_at:
            self._fold_some()
            self._remember_schedules()
        else:
            self._heal()
            self._heal_at = monotonic() + self._retry_seconds

    def _heal(self) -> None:
        """Bring the database up to date with all that is known; raises what keeps it from being so."""
        self._database.prepare()
        self._fold_some()
        self._remember_schedules()
        self._write_unsaved()
        self._replay()
        if not self.is_caught_up and len(self._unfolded) < MOST_UNFOLDED // 2:
            self._catch_up()
        self._database.checkpoint()
        self._on_well()
        self._spool.check()

    def _catch_up(self) -> None:
        """Fold what nobody remembers; if that is more again meanwhile, it is for the next time."""
        self.is_caught_up = True
        try:
            catch_up(self._database)
        except Exception:
            self.is_caught_up = False
            raise

    def _tell(self, error: str | None) -> None:
        """Log a change for the worse or the better, once."""
        if error != self.last_error:
            log.warning("recorder: %s", error or "the database takes everything again")
        self.last_error = error

    def _replay(self) -> None:
        tell = partial(tell_of_spooled, self._database)
        if self._spool.depth() and (count := self._spool.replay(self._write, tell)):
            log.info("spool: %d entries replayed", count)

    def _write_unsaved(self) -> None:
        """Write what has but a log line, as far as this process still knows it."""
        while self._unsaved:
            write_together(self._write, [self._unsaved[0]])
            self._unsaved.popleft()

    def _remember_schedules(self) -> None:
        with self._lock:
            versions = dict(self._schedule_versions)
        for version, found in versions.items():
            write_schedule_version(self._database, version, *found)
            with self._lock:
                if self._schedule_versions[version] is found:  # else it came into force once more meanwhile
                    del self._schedule_versions[version]

    def _fold_some(self) -> None:
        """Fold some of what was told so far. What is told of them meanwhile is folded the next time."""
        with self._lock:
            self._folding = set(islice(self._unfolded, _CALLS_AT_ONCE))
            self._unfolded -= self._folding
        try:
            with self._database.unsynced():  # rows that a power cut takes are folded at the next start
                project(self._database, self._folding)
        except Exception:
            with self._lock:
                self._unfolded |= self._folding
            raise
        finally:
            self._folding = set()
            self._folded_at = monotonic()

"""The schedule in force: watched where it is kept, replaced as a whole when it changes, never lost when it breaks."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Event, Lock, Thread

from callrouter import clock
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.sentence import Sentence
from callrouter.schedule.format.problems import Problem
from callrouter.schedule.format.reading import read
from callrouter.schedule.watched import Contents, ScheduleSource, Signature, UnreadableError, contents, keep

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
STALE_AFTER_SECONDS = 15.0
"""A source that was not looked at for so long hangs: what holds may be old."""
COMPILE_EVERY = timedelta(days=1)
_STOP_SECONDS = 2.0

OnChange = Callable[[str, str, str], None]
"""Told of a new good version: its hash, its text, and where it came from."""


class Source(StrEnum):
    """Where the schedule in force came from."""

    FILE = "file"
    DATABASE = "database"
    LAST_GOOD = "last-good"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The schedule in force, since when, and what is wrong with its source as it is now.

    *schedule* is None as long as no good version has ever been seen.
    """

    schedule: Schedule | None = None
    source: Source = Source.NOWHERE
    loaded_at: datetime | None = None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def _tell_nobody(_version: str, _text: str, _origin: str) -> None: ...


def _count_nothing(_result: str) -> None: ...


class ScheduleStore:
    """Loads *source* at once, and again whenever it changes; keeps a copy of the last good version at *keep_at*.

    It never raises for what it finds there: a source that is broken, missing or unreadable changes nothing,
    and after a restart the copy takes its place.
    """

    def __init__(
        self,
        source: ScheduleSource,
        keep_at: Path,
        on_change: OnChange = _tell_nobody,
        now: Callable[[], datetime] = clock.now,
        on_load: Callable[[str], None] = _count_nothing,
    ) -> None:
        self.source = source
        self._keep_at = keep_at
        self._on_change = on_change
        self._on_load = on_load
        self._looked_at = clock.monotonic()
        self._now = now
        self._loaded = Loaded()
        self._seen: Signature | None = None
        self._last_look: Signature | None = None
        self._compiled_at: datetime | None = None
        self._to_keep: bytes | None = None
        self._not_kept: str | None = None
        self._lock = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._guarded(self.check)
        if self._loaded.schedule is None:
            self._guarded(self._fall_back)

    def current(self) -> Loaded:
        """Return the schedule in force and the state of its source: no waiting, no disk."""
        return self._loaded

    def check(self) -> None:
        """Look at the source now: load it if it has changed, and compile ahead if a day has passed."""
        with self._lock:
            found = self.source.signature()
            if found is None or found != self._seen:
                self._reload()
            self._compile_ahead()
            self._keep_copy()

    def start(self) -> None:
        """Watch the source from now on, in a thread."""
        self._stopping.clear()
        self._thread = Thread(target=self._watch, name="schedule", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread:
            self._thread.join(_STOP_SECONDS)  # a source that hangs must not keep the process from ending
            self._thread = None

    def condition(self) -> dict[str, object]:
        """Say how it is doing; `ok` is whether the source itself is in force, watched and kept."""
        loaded = self._loaded
        fresh = clock.monotonic() - self._looked_at < STALE_AFTER_SECONDS
        watched = bool(self._thread and self._thread.is_alive()) and fresh
        kept = self._not_kept is None
        age = self._now() - loaded.loaded_at if loaded.loaded_at else None
        return {
            "ok": loaded.source == self.source.kind and not loaded.errors and watched and kept,
            "source": loaded.source,
            "version": loaded.schedule.version if loaded.schedule else None,
            "loaded_at": loaded.loaded_at.isoformat() if loaded.loaded_at else None,
            "age_seconds": None if age is None else round(age.total_seconds()),
            "errors": [str(problem) for problem in loaded.errors],
            "warnings": [str(problem) for problem in loaded.warnings],
            "watched": watched,
            "kept": kept,
        }

    def _watch(self) -> None:
        self._last_look = self._seen
        self._looked_at = clock.monotonic()
        while not self._stopping.wait(POLL_SECONDS):
            self._guarded(self.poll)
            self._looked_at = clock.monotonic()

    def poll(self) -> None:
        """Check the source unless it is changing right now: it may be half a file, though a readable one."""
        found = self.source.signature()
        is_settled = found == self._last_look
        self._last_look = found
        if is_settled:
            self.check()

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # the outer loop of a background thread: log, and go on
            log.exception("schedule: could not be checked source=%s", self.source.place)

    def _reload(self) -> None:
        try:
            found = self.source.contents()
        except UnreadableError as error:
            self._seen = None
            where = {"kind": Sentence(self.source.kind), "place": self.source.place}
            text = Sentence.of("the {kind} {place} {why}", **where, why=error.sentence)
            self._refuse((Problem(1, (), text),))
            return
        self._seen = found.signature
        reading = read(found.content, self._now())
        if reading.schedule is None:
            self._refuse(reading.errors)
            return
        self._accept(reading.schedule, found, Source(self.source.kind), reading.warnings)

    def _refuse(self, errors: tuple[Problem, ...]) -> None:
        if errors != self._loaded.errors:
            self._loaded = replace(self._loaded, errors=errors)
            self._on_load("refused")
            log.error("schedule: refused source=%s errors=%d first=%s", self.source.place, len(errors), errors[0])

    def _accept(self, schedule: Schedule, found: Contents, source: Source, warnings: tuple[Problem, ...]) -> None:
        before = self._loaded
        is_new = before.schedule is None or before.schedule.version != schedule.version
        errors = before.errors if source is Source.LAST_GOOD else ()
        at = self._now() if is_new else before.loaded_at
        self._loaded = Loaded(self._compiled(schedule, before.schedule), source, at, errors, warnings)
        self._on_load("taken")
        log.info("schedule: loaded version=%s source=%s warnings=%d", schedule.version, source, len(warnings))
        if source is not Source.LAST_GOOD:
            self._to_keep = found.content
        if is_new:
            self._on_change(schedule.version, found.content.decode(), f"{source} {self.source.place}")

    def _fall_back(self) -> None:
        try:
            found = contents(self._keep_at)
        except UnreadableError as error:
            log.warning("schedule: no last good copy path=%s: it %s", self._keep_at, error)
            return
        reading = read(found.content, self._now())
        if reading.schedule is None:
            log.error("schedule: the last good copy is refused path=%s first=%s", self._keep_at, reading.errors[0])
            return
        self._accept(reading.schedule, found, Source.LAST_GOOD, reading.warnings)

    def _compiled(self, schedule: Schedule, before: Schedule | None = None) -> Schedule:
        """Compile the hours of all units but those that were the same *before*, on whichever lines they stood."""
        at, known = self._now(), before.units if before else {}
        if not known:
            self._compiled_at = at

        def compiled(unit: Unit) -> Unit:
            old = known.get(unit.name)
            if old and old.hours == unit.hours:
                return replace(unit, hours=replace(unit.hours, timeline=old.hours.timeline))
            return replace(unit, hours=unit.hours.compiled(at))

        return replace(schedule, units={name: compiled(unit) for name, unit in schedule.units.items()})

    def _compile_ahead(self) -> None:
        loaded, compiled_at = self._loaded, self._compiled_at
        if loaded.schedule and compiled_at and self._now() - compiled_at >= COMPILE_EVERY:
            self._loaded = replace(loaded, schedule=self._compiled(loaded.schedule))

    def _keep_copy(self) -> None:
        if self._to_keep is None:
            return
        try:
            keep(self._to_keep, self._keep_at)
        except OSError as error:
            if self._not_kept != str(error):  # once, not every second
                log.warning("schedule: no copy kept path=%s: %s", self._keep_at, error)
            self._not_kept = str(error)
        else:
            self._to_keep = self._not_kept = None

"""A trial: the service under a fault while people call it, held to its four promises."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from callrouter import clock
from callrouter.calllog.tables import CallEventRow
from callrouter.clock import monotonic
from callrouter.domain.failsafe import fail_safe
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import DecidedBy, EventKind
from callrouter.schedule import load
from callrouter.simulate import Performance, Scenes
from callrouter.simulate.agreement import disagreements
from callrouter.simulate.logbook import LoggedCall, logged_calls
from callrouter.simulate.promises import promises_of
from callrouter.simulate.scene import Scene
from callrouter.telephony.simulator import Faults
from callrouter.telephony.twilio.twiml import render_fallback
from tests.faults.callers import Callers
from tests.faults.figures import Figures
from tests.faults.provider import A_CALLER_WAITS, Provider, fell_back, was_heard_of, was_lost_in_part
from tests.faults.watched import TOLD_SECONDS, Watched
from tests.service import until

ANSWER_SECONDS = 3.0
HEALED_SECONDS = 60.0
CALLS = 8
"""Calls that are played before, during and after a fault, at least."""
LASTS_SECONDS = 3.0
"""A fault lasts at least for so long: as long as somebody may wait for an answer."""

NO_ANSWER = (11200, 11205)
"""The provider's errors for a request that was not answered, and for one that nobody took."""


@dataclass
class Trial(Watched):
    """One trial of a running service.

    *played_as*: how a scene that was drawn is played. By itself nothing goes wrong on the lines.

    *is_silent*: there is nobody to answer for a while, and the provider's own document must do. It does for callers
    alone: what only tells of a call is tried for longer.
    *lacks_callers*: the log cannot know who called. *may_fail_safe*: our own fail-safe may have to answer, as nothing
    else may make it; it too rings fixed numbers, asks for no key, and hears no more of the call.
    *off_by*: how far the service's clock is off during the fault.
    """

    figures: Figures = field(default_factory=Figures)
    played_as: Callable[[Scene], Scene] = lambda scene: replace(scene, faults=Faults())
    is_silent: bool = False
    lacks_callers: bool = False
    may_fail_safe: bool = False
    callers: int = 4
    off_by: timedelta = timedelta(0)

    def survives(
        self,
        fault: AbstractContextManager[object],
        shows: str | None = None,
        lasts: Callable[[Callers], None] = lambda _callers: None,
    ) -> Sequence[Performance]:
        """Let people call before, during and after *fault*; every promise is kept.

        *shows*: the part of /readyz that tells of it; None: nothing is degraded, and all stays well. The fault *lasts*
        some seconds, until a process has looked and seen it, so that the audit log tells of it afterwards, or longer.
        Returns what was played.
        """
        with self.outlives(shows) as callers:
            callers.play(CALLS)
            with fault, self.lasting():
                began = monotonic()
                callers.play(CALLS)
                callers.play_until(lambda: monotonic() - began >= LASTS_SECONDS)
                if shows:
                    self.tells(shows, began)
                    until(lambda: f'part_ok{{part="{shows}"}} 0.0' in self.page("/metrics"), "it is seen", TOLD_SECONDS)
                lasts(callers)
        self.figures.tried += 1
        return callers.played

    @contextmanager
    def lasting(self) -> Iterator[None]:
        """A fault lasts for the block."""
        began = monotonic()
        yield
        self.figures.lasted = max(self.figures.lasted, monotonic() - began)

    def tells(self, part: str, since: float) -> None:
        """Wait until all places tell that *part* is degraded; *since* (monotonic) it is."""
        self.wait_until_told(part)
        self.figures.told_after = max(self.figures.told_after or 0.0, monotonic() - since)

    def is_told_of(self, part: str, since: datetime, before: datetime | None = None) -> None:
        """Wait until the audit log tells that *part* was disturbed from an instant between those two, by its clock."""
        until(
            lambda: any(since <= told < (before or clock.now() + self.off_by) for told in self.told_from(part)),
            "the audit log tells of it",
            TOLD_SECONDS,
        )

    @contextmanager
    def calling(self) -> Iterator[Callers]:
        """People call for as long as the block lasts."""
        schedule = self.schedule
        first = next(iter(schedule.units.values()))
        scenes = Scenes(schedule, 2027, seed=8, last_resort=self.service.settings.last_resort)
        now = scenes.scene(1).at
        provider = self.provider(render_fallback(fail_safe(schedule, first.numbers[0], None, now)).encode())
        with Callers(self.service.settings, scenes, provider, self.played_as, at_once=self.callers) as callers:
            yield callers

    def provider(self, fallback: bytes) -> Provider:
        """What carries webhooks to the service, and keeps *fallback* for when it is gone."""
        return Provider(self.service.url, fallback)

    @contextmanager
    def outlives(self, shows: str | None = None) -> Iterator[Callers]:
        """People call, and things break in the block: then all is well again, and every promise is kept.

        *shows*: as `survives` has it. The block waits until all places have told of it, the audit log does afterwards.
        """
        since = clock.now() + self.off_by
        with self.calling() as callers:
            with nullcontext() if shows else self.stays_well():
                yield callers
            self.heals()
            callers.play(CALLS)
        self.judge(callers)
        if shows:
            self.is_told_of(shows, since)

    @property
    def schedule(self) -> Schedule:
        return load(self.service.schedule.read_bytes())

    @property
    def database_file(self) -> Path:
        """Where SQLite keeps the log."""
        return self.service.home / "var" / "callrouter.db"

    @property
    def spool(self) -> Path:
        """Where entries wait that the database did not take."""
        return self.service.home / "var" / "spool"

    def heals(self) -> None:
        """Wait until all is well again, without a hand."""
        began = monotonic()
        try:
            until(self.is_well, "/readyz is well again", HEALED_SECONDS)
        except AssertionError as error:
            error.add_note(f"{self.ready_or_none()}\n{self.service.log()[-2000:]}")
            raise
        self.figures.well_after = max(self.figures.well_after or 0.0, monotonic() - began)

    def judge(self, callers: Callers) -> None:
        """Hold all that was played against the promises, the log once it is at rest."""
        provider, figures = callers.provider, self.figures
        figures.calls += len(callers.played)
        figures.slowest = max(
            figures.slowest, provider.slowest(A_CALLER_WAITS) if self.is_silent else provider.slowest()
        )
        figures.retried += provider.retried
        figures.fell_back += provider.fell_back
        schedule = callers.scenes.schedule
        wrong: list[str] = []

        def agrees() -> bool:
            wrong[:] = self._differences(callers.played, schedule)
            return not wrong

        with suppress(AssertionError):
            until(agrees, "the log agrees with the network", HEALED_SECONDS)
        assert wrong == [], wrong[:10]
        failed_safe = self.failed_safe()
        broken = [each for played in callers.played for each in self._broken(played, schedule, failed_safe)]
        assert broken == [], broken[:10]
        assert figures.slowest <= ANSWER_SECONDS, f"an answer took {figures.slowest:.2f} s"

    def _broken(self, performance: Performance, schedule: Schedule, failed_safe: Collection[str]) -> Iterator[str]:
        """A document of fixed numbers, the provider's or ours, can keep but the first of the promises."""
        sid = performance.call.sid
        if sid in failed_safe and not self.may_fail_safe:
            yield f"{sid}: the fail-safe took over"
        last_resort = self.service.settings.last_resort
        if self.is_silent:
            errors = [error for error in performance.call.errors if error.code not in NO_ANSWER]
            performance = replace(performance, call=replace(performance.call, errors=tuple(errors)))
        for name, promise in promises_of(schedule, last_resort.e164 if last_resort else None).items():
            if name == "nobody is lost" or not (fell_back(performance) or sid in failed_safe):
                yield from (f"{sid}: {name}: {sentence}" for sentence in promise(performance))

    def _differences(self, played: Sequence[Performance], schedule: Schedule) -> list[str]:
        """In what the log and the network differ.

        A call of which nothing reached us is the provider's alone; of one that reached us in part, or that the
        fail-safe took over, of which nothing is told any more, the log cannot say more than that it has it, once.
        """
        logged, found = self.logged([each.call.sid for each in played]), []
        failed_safe = self.failed_safe()
        for each in (each for each in played if was_heard_of(each)):
            rows = logged.get(each.call.sid, ())
            if not was_lost_in_part(each) and each.call.sid not in failed_safe:
                told = disagreements(each, rows, schedule)
                found += [f"{each.call.sid}: {sentence}" for sentence in told if not self.is_expected(sentence)]
            elif len(rows) != 1:
                found.append(f"{each.call.sid}: the log has the call in {len(rows)} rows; 1 is expected")
        return found

    def logged(self, call_ids: Iterable[str]) -> Mapping[str, Sequence[LoggedCall]]:
        """What the log has of each call."""
        with self.reading() as connection:
            return logged_calls(connection, call_ids)

    def failed_safe(self) -> Collection[str]:
        """The calls that the fail-safe took over because something broke; not those of a number of nobody."""
        taken = select(CallEventRow.call_id).where(
            CallEventRow.kind == EventKind.ARRIVED,
            CallEventRow.facts["decided_by"].as_string() == DecidedBy.FAIL_SAFE,
            CallEventRow.facts["reason"].as_string().like("%Error in %"),
        )
        with self.reading() as connection:
            return set(connection.scalars(taken))

    def is_expected(self, sentence: str) -> bool:
        """Whether log and network may differ in that."""
        return self.lacks_callers and sentence.startswith("of the caller") and sentence.endswith("it has nothing")

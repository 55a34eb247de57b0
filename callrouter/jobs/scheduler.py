"""Runs the jobs at their times, inside the service or as a process of its own."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from callrouter import clock
from callrouter.calllog.job_runs import RunState, last_run
from callrouter.calllog.processes import own_name
from callrouter.calllog.refusal import in_a_line
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.jobs.overview import next_after, trigger
from callrouter.jobs.running import run_claimed

log = logging.getLogger(__name__)

_MISFIRE_SECONDS = 300
_UNTOLD = "what is due"


class JobScheduler:
    """APScheduler with our jobs. Start it after the fork.

    *zone* is asked again and again: the schedule, whose clocks it tells, may come after the start.
    """

    def __init__(self, tools: Tools, jobs: Iterable[Job], zone: Callable[[], tzinfo], who: str | None = None) -> None:
        self._tools = tools
        self._zone_now, self._zone = zone, zone()
        self._jobs = tuple(jobs)
        self._who = who or own_name()
        self._errors: dict[str, str] = {}
        self._failed_at: dict[str, datetime] = {}
        self._scheduler = BackgroundScheduler(timezone=self._zone)
        for job in self._jobs:
            self._scheduler.add_job(
                self.run_due,
                trigger(job, self._zone),
                args=[job],
                id=job.name,
                coalesce=True,
                misfire_grace_time=_MISFIRE_SECONDS,
            )

    def start(self) -> None:
        """Begin to run jobs when they are due."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let a running job finish, a long one at its next rest; start none."""
        self._tools.stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown()

    @property
    def errors(self) -> dict[str, str]:
        """What the last run of a job met, by its name."""
        return dict(self._errors)

    def condition(self) -> dict[str, object]:
        """How it is doing, for /readyz: `jobs` says when each is tried next, `errors` what the last run met."""
        errors = self.errors
        return {
            "ok": self._scheduler.running and not errors,
            "jobs": {job.id: str(getattr(job, "next_run_time", None)) for job in self._scheduler.get_jobs()},
            "errors": errors,
        }

    def run_due(self, job: Job) -> str | None:
        """Run what is due of *job* unless another process has; returns what it did, None if nothing."""
        self._follow_zone()
        self._follow_others()
        try:
            pieces = tuple(job.pieces(self._tools, self._tools.now(), self._zone))
        except Exception as error:  # the outer loop of a background thread: log, count, go on
            log.exception("job %s: what is due cannot be told", job.name)
            self._errors[job.name] = f"{_UNTOLD}: {in_a_line(error)}"
            self._failed_at.pop(job.name, None)
            return None
        if self._errors.get(job.name, "").startswith(_UNTOLD):
            del self._errors[job.name]
        results = [self._run(job, piece) for piece in pieces]
        return "; ".join(result for result in results if result) or None

    def _follow_others(self) -> None:
        """What failed here may have been done since by another process, or by hand."""
        failed = dict(self._failed_at)
        if not failed:
            return
        try:
            with self._tools.database.reading() as connection:
                last = {name: last_run(connection, name) for name in failed}
        except (SQLAlchemyError, OSError):
            return  # which whatever is due now meets, too
        for name, run in last.items():
            if run and run.began_at > failed[name] and run.state(self._tools.now()) is RunState.DONE:
                self._is_well(name)

    def _is_well(self, name: str) -> None:
        self._errors.pop(name, None)
        self._failed_at.pop(name, None)

    def _follow_zone(self) -> None:
        zone = self._zone_now()
        if zone != self._zone:
            self._zone = zone
            for job in self._jobs:
                self._scheduler.reschedule_job(job.name, trigger=trigger(job, zone))

    def _run(self, job: Job, piece: Piece) -> str | None:
        began = clock.monotonic()
        try:
            result = run_claimed(self._tools, job, piece, self._who)
        except Exception as error:  # as above: the other pieces are done all the same
            log.exception("job %s for %s failed", job.name, piece.slot, extra=self._told(job, piece, began, again=True))
            self._errors[job.name] = f"{piece.slot}: {in_a_line(error)}"
            self._failed_at[job.name] = self._tools.now()
            return None
        if result is not None:
            log.info("job %s for %s: %s", job.name, piece.slot, result, extra=self._told(job, piece, began))
        if result is not None or not self._errors.get(job.name, "").startswith(piece.slot):
            self._is_well(job.name)  # done, or another process has had a later slot
        return result

    def _told(self, job: Job, piece: Piece, began: float, *, again: bool = False) -> dict[str, object]:
        """What a line about a run says to machines: `next` is when the job is tried for another slot, or *again*."""
        took = round((clock.monotonic() - began) * 1000, 1)
        next_at = next_after(job, self._zone, self._tools.now(), None if again else piece.slot)
        return {"job": job.name, "slot": piece.slot, "ms": took, "next": next_at.isoformat()}

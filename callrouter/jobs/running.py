"""Runs a job: claimed, so that nobody else does, and its end told whatever comes of it."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy.exc import SQLAlchemyError

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.job_concerns import HOLDS, HOLDS_OF_ONE_RUN, note
from callrouter.calllog.job_runs import JobRun, RunState, failure, last_run
from callrouter.calllog.refusal import in_a_line
from callrouter.domain.sentence import Sentence
from callrouter.jobs.claim import Claim, claim, finish
from callrouter.jobs.job import Job, Piece, Tools

_PATIENCE_SECONDS, _AGAIN_SECONDS = 30.0, 1.0


class UnderWayError(RuntimeError):
    """Somebody runs the job right now."""

    def __init__(self, run: JobRun) -> None:
        super().__init__(f"{run.job} has been running since {run.began_at:%Y-%m-%d %H:%M:%S} UTC, by {run.by}")


def run_claimed(tools: Tools, job: Job, piece: Piece, by: str) -> str | None:
    """Run the *piece* of *job* unless somebody has; returns what it did, None if nothing.

    One that failed is run again, if it comes again at all: what was away at night may be back in ten minutes. Its lease
    begins now, however long the pieces before it took.

    Raises:
        Exception: whatever the job met; its run is told as failed.
    """
    mine = claim(tools.database, job.name, piece.slot, by, job.lease, tools.now(), again=piece.comes_again)
    if mine is None:
        return None
    try:
        result = piece.run(tools)
    except Exception as error:
        _finish(tools, mine, failure(in_a_line(error)))
        _note(
            tools,
            job,
            piece,
            (Sentence.of("The job '{job}' failed", job=Sentence(job.title or job.name)), Sentence(in_a_line(error))),
        )
        raise
    _finish(tools, mine, result)
    _note(tools, job, piece, ())
    return result


def _finish(tools: Tools, mine: Claim, result: str) -> None:
    """Tell of the end, as soon as the database takes it: untold, the run would seem to go on until its lease is out.

    What made it fail may be what keeps others from writing, such as a restore.
    """
    until = clock.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return finish(tools.database, mine, result, tools.now())
        except (SQLAlchemyError, OSError):
            if clock.monotonic() >= until or tools.stopping.wait(_AGAIN_SECONDS):
                raise


def _note(tools: Tools, job: Job, piece: Piece, wrong: Sequence[Sentence]) -> None:
    """Whether the work went wrong: what does not come again is a concern of its own, which no later run ends."""
    about, holds = ("run", HOLDS) if piece.comes_again else (f"run {piece.slot}", HOLDS_OF_ONE_RUN)
    note(tools.database, job.name, about, wrong, tools.now(), holds)


def run_by_hand(tools: Tools, job: Job, by: str, zone: tzinfo) -> str:
    """Run *job* now, whether its slot is had or not, in a slot of its own: the scheduled run comes all the same.

    Raises:
        UnderWayError: somebody runs it already.
        Exception: as `run_claimed`.
    """
    at = tools.now()
    _require_idle(tools.database, job, at)
    slot = f"{at.astimezone(zone).isoformat(timespec='milliseconds')} by hand"
    result = run_claimed(tools, job, Piece(slot, job.run), by)
    if result is None:  # another hand, in the same millisecond
        _require_idle(tools.database, job, at)
        return "nothing: it was run a moment ago"
    return result


def _require_idle(database: Database, job: Job, at: datetime) -> None:
    with database.reading() as connection:
        last = last_run(connection, job.name)
    if last and last.state(at) is RunState.RUNNING:
        raise UnderWayError(last)

"""Every night: what is older than decided goes."""

from collections import Counter
from datetime import timedelta

from callrouter.calllog.destruction import Protocol
from callrouter.calllog.job_runs import warning
from callrouter.calllog.retention import OnGone, Run, foresee
from callrouter.domain.counted import of_class
from callrouter.domain.retention import Due, due
from callrouter.domain.sentence import Sentence
from callrouter.jobs.job import Job, Tools
from callrouter.jobs.warning import Concern, result

_CONCERN = Concern("retention", Sentence("What should be deleted is still at the provider"))

LONGEST = timedelta(hours=2)
"""Then the next night goes on: by day the calls have the database for themselves."""


def run(tools: Tools) -> str:
    """Destroy what is due by the schedule in force; says how much of what."""
    schedule = tools.schedule()
    if schedule is None:
        return "no schedule, so no decision: nothing is deleted"
    at = tools.now()
    dues = due(schedule, at)
    nightly = Run(
        *(tools.database, tools.account(), "retention", at, tools.stopping, LONGEST.total_seconds()),
        on_gone=_counter(tools, dues),
    )
    protocol = nightly.destroy(dues)
    gone: Counter[str] = Counter()
    for (what, _unit), count in protocol.destroyed.items():
        gone[what] += count
    done = ", ".join(of_class(count, what) for what, count in gone.items() if count) or "nothing"
    left = f"; {protocol.outstanding} outstanding" if protocol.outstanding else ""
    return _warned(tools, protocol, f"{done} deleted{left}")


def _warned(tools: Tools, protocol: Protocol, said: str) -> str:
    """What the night did, and a warning where the provider keeps what was to go: no other page tells it."""
    is_kept = protocol.trouble is not None and protocol.outstanding > 0
    wrong = [Sentence.of("{n} left: the destruction protocol says why", n=protocol.outstanding)] if is_kept else []
    result(tools, _CONCERN, {"provider": wrong}, said)
    return warning(said) if is_kept else said


def _counter(tools: Tools, dues: tuple[Due, ...]) -> OnGone:
    """What tells an onlooker how far it is."""
    tell = tools.tell
    if tell is None:
        return lambda _count: None
    total, gone = sum(each.count for each in foresee(tools.database, dues)), 0

    def on_gone(count: int) -> None:
        nonlocal gone
        gone += count
        tell(gone, total)

    return on_gone


JOB = Job(
    "retention",
    hour=3,
    minute=30,
    lease=LONGEST + timedelta(minutes=30),
    run=run,
    title="deletion of what is older than decided",
)

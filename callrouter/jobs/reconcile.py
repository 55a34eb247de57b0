"""Every night: the provider's list of the last days and the log must agree, leg by leg."""

import logging
from datetime import UTC, timedelta

from callrouter.calls.reconciliation import Reconciled, Reconciliation
from callrouter.domain.counted import counted, plural
from callrouter.jobs.job import Job, Tools

log = logging.getLogger(__name__)

DAYS = 7
"""Each call is looked at in so many nights: what a week's outage kept out is still added."""

_NAMED = 20
"""So many differences a night are named in the service's own log; `callrouter reconcile` lists all."""


def run(tools: Tools) -> str:
    """Reconcile the last days; says what was added, and what differs all the same."""
    books, schedule, at = tools.books(), tools.schedule(), tools.now()
    if books is None:
        return "no account with the provider: nothing to reconcile with"
    if schedule is None:
        return "no schedule, so nobody knows whose numbers may be kept: nothing was reconciled"
    nightly = Reconciliation(tools.database, books.provider, schedule, books.callers, at, tools.stopping)
    today = at.astimezone(UTC).date()
    done = nightly.run(today - timedelta(days=DAYS), today, tools.tell or (lambda _done, _of: None))
    for each in done.left[:_NAMED]:
        log.warning(
            "reconcile: call=%s leg=%s %s there=%s here=%s", each.call_id, each.leg, each.what, each.there, each.here
        )
    return summary(done)


def summary(done: Reconciled) -> str:
    """What came of it, in a line."""
    added = f"{counted(len(done.mended), 'gap')} filled" if done.mended else "no gaps"
    differs = f"; {len(done.left)} {plural(len(done.left), 'differs', 'differ')}" if done.left else ""
    stopped = f"; stopped before {done.until}" if done.until else ""
    calls, legs, messages = counted(done.calls, "call"), counted(done.legs, "leg"), counted(done.messages, "message")
    return f"{calls}, {legs} and {messages} compared: {added}{differs}{stopped}"


JOB = Job(
    "reconcile", hour=4, minute=30, lease=timedelta(hours=2), run=run, title="the provider's list against the log"
)

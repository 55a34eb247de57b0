"""How a job says that somebody should look: in its result, which the Today page shows, and in the log."""

import logging
from collections.abc import Sequence

from callrouter.calllog.job_runs import warning

log = logging.getLogger(__name__)


def result(subject: str, found: Sequence[str], fine: str) -> str:
    """What a run says that *found* something to look at about *subject*; *fine* where it found nothing."""
    if not found:
        return fine
    log.warning("%s: %s", subject, "; ".join(found))
    return warning("; ".join(found))

"""How a job says that somebody should look: in its result, which the Today page shows, in the log, and by mail."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from callrouter.calllog.job_runs import warning
from callrouter.calllog.outbox import warn
from callrouter.jobs.job import Tools

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Concern:
    """What a job looks after; *sv* and *en* are the first line of the mail about it."""

    name: str
    sv: str
    en: str


def result(tools: Tools, concern: Concern, found: Sequence[str], fine: str) -> str:
    """What a run says that *found* something to look at; *fine* where it found nothing.

    Raises:
        SQLAlchemyError, OSError: nobody could be told, for the database cannot be written.
    """
    if not found:
        return fine
    log.warning("%s: %s", concern.name, "; ".join(found))
    lines = "\n\n" + "\n".join(found)
    warn(tools.database, tools.schedule(), concern.name, tools.now(), sv=concern.sv + lines, en=concern.en + lines)
    return warning("; ".join(found))

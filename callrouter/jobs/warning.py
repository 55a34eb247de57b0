"""How a job says that somebody should look: on the page of today, in its result and the log, and by mail."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callrouter.calllog.job_concerns import note
from callrouter.calllog.job_runs import warning
from callrouter.calllog.outbox import warn
from callrouter.domain.sentence import Sentence
from callrouter.jobs.job import Tools
from callrouter.swedish import said

log = logging.getLogger(__name__)

Found = Mapping[str, Sequence[Sentence]]
"""What was looked at, each with what is wrong with it; nothing where it is well."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What the job *name* looks after; *text* is what is said where something is wrong, and heads the mail about it."""

    name: str
    text: Sentence


def result(tools: Tools, concern: Concern, found: Found, fine: str) -> str:
    """What a run says that looked at all of *found*; *fine* where it is well.

    Raises:
        SQLAlchemyError, OSError: nobody could be told, for the database cannot be written.
    """
    for about, wrong in found.items():
        note(tools.database, concern.name, about, (concern.text, *wrong) if wrong else (), tools.now())
    told = [sentence for wrong in found.values() for sentence in wrong]
    if not told:
        return fine
    line = "; ".join(map(str, told))
    log.warning("%s: %s", concern.name, line)
    texts = {language: _mail(concern, told, language) for language in ("sv", "en")}
    warn(tools.database, tools.schedule(), concern.name, tools.now(), sv=texts["sv"], en=texts["en"])
    return warning(line)


def _mail(concern: Concern, told: Sequence[Sentence], language: str) -> str:
    return "\n".join((said(concern.text, language), "", *(said(sentence, language) for sentence in told)))

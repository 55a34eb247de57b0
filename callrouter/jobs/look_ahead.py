"""Every morning: what will go wrong if nobody acts: the certificate, and what the schedule leaves open."""

from datetime import timedelta
from urllib.parse import urlsplit

from callrouter.checks import outside
from callrouter.checks.finding import Level
from callrouter.domain.sentence import Sentence
from callrouter.jobs.job import Job, Tools
from callrouter.jobs.warning import Concern, result
from callrouter.settings import public_url

_CONCERN = Concern("look-ahead", Sentence("Something has to be done soon"))


def run(tools: Tools) -> str:
    """Look; says what it found."""
    return result(tools, _CONCERN, {"certificate": _certificate(), "schedule": _schedule(tools)}, "nothing to look at")


def _certificate() -> list[Sentence]:
    """That of the public URL. Without one, or on the phone network, there is none to look at."""
    if urlsplit(public_url() or "").scheme != "https":
        return []
    found = (each.said for each in outside.certificate() if each.level is not Level.OK)
    return [Sentence.of("certificate: {what}", what=what) for what in found]


def _schedule(tools: Tools) -> list[Sentence]:
    """Its errors and warnings as of today: days nobody has decided about, gaps of contracts and rotas."""
    reading = tools.reading()
    problems = (*reading.errors, *reading.warnings) if reading else ()
    return [Sentence.of("schedule: {problem}", problem=problem.sentence) for problem in problems]


JOB = Job("look-ahead", 40, timedelta(minutes=10), run, hour=7, title="what must be done soon")

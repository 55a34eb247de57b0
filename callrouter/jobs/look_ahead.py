"""Every morning: what will go wrong if nobody acts: the certificate, and what the schedule leaves open."""

from datetime import timedelta
from urllib.parse import urlsplit

from callrouter.checks import outside
from callrouter.checks.finding import Level
from callrouter.jobs.job import Job, Tools
from callrouter.jobs.warning import Concern, result
from callrouter.settings import public_url

_CONCERN = Concern("look-ahead", sv="Något behöver göras snart", en="Something has to be done soon")


def run(tools: Tools) -> str:
    """Look; says what it found."""
    return result(tools, _CONCERN, [*_certificate(), *_schedule(tools)], "nothing to look at")


def _certificate() -> list[str]:
    """That of the public URL. Without one, or on the phone network, there is none to look at."""
    if urlsplit(public_url() or "").scheme != "https":
        return []
    return [f"certificate: {each.found}" for each in outside.certificate() if each.level is not Level.OK]


def _schedule(tools: Tools) -> list[str]:
    """Its errors and warnings as of today: days nobody has decided about, gaps of contracts and rotas."""
    reading = tools.reading()
    return [f"schedule: {problem}" for problem in (*reading.errors, *reading.warnings)] if reading else []


JOB = Job("look-ahead", 40, timedelta(minutes=10), run, hour=7)

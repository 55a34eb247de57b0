"""Just after each opening and closing, all processes that answer must decide as the schedule says.

It is asked as anybody would ask it, and what it says is held against the schedule and the overrides as they stand
where they are kept, read anew. And the provider is asked whether our numbers lead here, and to which fallback.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import requests

from callrouter.checks.finding import Level
from callrouter.checks.provider import AtProvider
from callrouter.domain.control import Control
from callrouter.domain.schedule import Schedule
from callrouter.domain.sentence import Sentence
from callrouter.domain.witness import witness
from callrouter.jobs.job import Job, Piece, Tools, stamp
from callrouter.jobs.warning import Concern, result

REACHES_BACK = timedelta(minutes=15)
"""A boundary is looked at this long after it, where nobody could before."""

SETTLED_AFTER = timedelta(seconds=5)
"""The clocks of two machines may differ by so much."""

_ASKED, _ROUNDS, _AT_ONCE, _SECONDS = 16, 10, 4, 5.0
_PAUSE_SECONDS = 5.0
"""A process reads the schedule and what is decided by hand each second: what differs after this differs for good."""

_CONCERN = Concern("boundary-canary", Sentence("The service may not do what the schedule says"))


def due(tools: Tools, at: datetime) -> Iterator[Piece]:
    """A piece for each instant just passed at which a unit opens or closes."""
    schedule = tools.schedule()
    if schedule is None:
        return
    found: dict[datetime, list[str]] = {}
    for unit in schedule.units.values():
        boundary = unit.hours.next_change(at - REACHES_BACK)
        while boundary and boundary + SETTLED_AFTER <= at:
            found.setdefault(boundary, []).append(unit.name)
            boundary = unit.hours.next_change(boundary)
    for boundary, units in sorted(found.items()):
        yield Piece(f"{stamp(boundary, schedule.zone)} {' '.join(units)}", run)


def run(tools: Tools) -> str:
    """Ask, and ask again what does not fit: it may have changed between two questions."""
    found, processes = _asked(tools)
    if found and not tools.stopping.wait(_PAUSE_SECONDS):
        found, processes = _asked(tools)
    found += _at_provider(tools)
    who = "1 process answered, and decides" if processes == 1 else f"{processes} processes answered, and decide"
    return result(tools, _CONCERN, {"service": found}, f"{who} as the schedule says")


def _asked(tools: Tools) -> tuple[list[Sentence], int]:
    """What does not fit, and how many processes answered."""
    reading, control = tools.reading(), tools.control()
    if tools.service_url is None or reading is None:
        return [Sentence("the service was not asked: its address or its schedule is not known here")], 0
    if reading.schedule is None:
        text = "the schedule has errors, and its last good version is in force: {problem}"
        return [Sentence.of(text, problem=reading.errors[0].sentence)], 0
    try:
        answers = _answers(f"{tools.service_url}/witness")
        return compared(reading.schedule, control, answers), len({answer["process"] for answer in answers})
    except (requests.RequestException, ValueError, KeyError) as error:
        text = "the service does not answer as it should at {url}: {why}"
        return [Sentence.of(text, url=tools.service_url, why=type(error).__name__)], 0


def compared(schedule: Schedule, control: Control, answers: Sequence[dict[str, Any]]) -> list[Sentence]:
    """What *answers* say otherwise than *schedule* and *control*, each process once."""
    told: dict[Sentence, None] = {}
    for answer in answers:
        expected = witness(schedule, control, datetime.fromisoformat(answer["at"]))
        for what, right in expected.items():
            if answer[what] != right:
                said = {"process": answer["process"], "what": what, "found": str(answer[what]), "expected": str(right)}
                told[Sentence.of("{process}: {what}: {found}, expected {expected}", **said)] = None
    return list(told)


def _answers(url: str) -> list[dict[str, Any]]:
    """Several, at once and each over a connection of its own, and as many again while there are some not met before."""

    def ask(_number: int) -> dict[str, Any]:
        answer = requests.get(url, headers={"Connection": "close"}, timeout=_SECONDS)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    answers: list[dict[str, Any]] = []
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for _round in range(_ROUNDS):
            met = {answer["process"] for answer in answers}
            answers += threads.map(ask, range(_ASKED))
            if met >= {answer["process"] for answer in answers}:
                break
    return answers


def _at_provider(tools: Tools) -> list[Sentence]:
    """What is wrong with our numbers and their fallback documents; without an account nobody can be asked."""
    account = tools.provider()
    if account is None:
        return []
    findings = AtProvider(lambda: account, tools.schedule).numbers()
    wrong = (each for each in findings if each.level is not Level.OK)
    return [Sentence.of("{check}: {what}", check=Sentence(each.check), what=each.said) for each in wrong]


JOB = Job("boundary-canary", None, timedelta(minutes=5), run, due=due, title="whether all decide as the schedule says")

"""Test calls, on the schedule's timetable: somebody must pick up and press the key, or people are warned.

A first piece asks the provider to ring, and the service answers its callbacks as those of any call. A second one, some
minutes later, judges by the log: what it finds of a destination stands until it is called again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from callrouter.calllog.queries import one_call
from callrouter.domain.proving import id_of, instants, proving
from callrouter.domain.schedule import Schedule, title_of
from callrouter.domain.sentence import Sentence
from callrouter.domain.words import Disposition, Origin
from callrouter.jobs.job import Job, Piece, Tools, stamp
from callrouter.jobs.warning import Concern, result
from callrouter.telephony.provider import ProviderRefusedError, ProviderUnavailableError

REACHES_BACK = timedelta(minutes=5)
"""A test call is made this long after its time at most, and never again: the lease is longer."""

JUDGED_AFTER = timedelta(minutes=20)
"""After its time: the latest one has rung out by then, however long the destination rings."""

_JUDGED_WITHIN = timedelta(hours=1)

_CONCERN = Concern("test-calls", Sentence("A test call was not answered"))


def due(tools: Tools, at: datetime) -> Iterator[Piece]:
    """A piece for each time at which calls are to be made now, and one for each that can be judged by now."""
    schedule = tools.schedule()
    if schedule is None:
        return
    settled = at - JUDGED_AFTER
    for planned, names in _planned(schedule, at - REACHES_BACK, at) if tools.ring else ():
        called = partial(_call, _slots(planned, names, schedule))
        yield Piece(stamp(planned, schedule.zone), called, comes_again=False)
    for planned, names in _planned(schedule, settled - _JUDGED_WITHIN, settled):
        judged = partial(_judge, _slots(planned, names, schedule), planned)
        yield Piece(f"{stamp(planned, schedule.zone)} judged", judged, comes_again=False)


def _planned(schedule: Schedule, after: datetime, until: datetime) -> Iterable[tuple[datetime, list[str]]]:
    """The times of the timetable in between, each with its destinations: one run tells of all of them."""
    found: dict[datetime, list[str]] = {}
    for test in schedule.test_calls:
        for planned in instants(test, schedule.zone, after, until):
            found.setdefault(planned, []).append(test.destination)
    return sorted(found.items())


def _slots(planned: datetime, names: Iterable[str], schedule: Schedule) -> dict[str, str]:
    """What names each destination's test call."""
    return {name: f"{stamp(planned, schedule.zone)} {name}" for name in names}


def run(tools: Tools) -> str:
    """By hand: call each destination of the timetable now; who answers, the log tells."""
    schedule = tools.schedule()
    names = [test.destination for test in schedule.test_calls] if schedule else []
    return _call({name: f"{tools.now().isoformat()} {name}" for name in names}, tools)


def _call(slots: dict[str, str], tools: Tools) -> str:
    """Ring the destinations of *slots*; the slot names the call."""
    found = {name: [why] for name, slot in slots.items() if (why := _not_rung(tools, name, slot))}
    rung = ", ".join(title_of(tools.schedule(), name) for name in slots)
    return result(tools, _CONCERN, found, f"rang: {rung or 'nobody, for the schedule names none'}")


def _not_rung(tools: Tools, name: str, slot: str) -> Sentence | None:
    """Ring one; why it could not be rung."""
    schedule = tools.schedule()
    title = title_of(schedule, name)
    if tools.ring is None or schedule is None:
        text = "{name}: not rung: the provider's account or the service's settings are not known here"
        return Sentence.of(text, name=title)
    call = proving(schedule, name, id_of(slot), tools.now())
    if call is None:
        return Sentence.of("{name}: not rung: nobody is on duty there", name=title)
    try:
        tools.ring(call)
    except (ProviderRefusedError, ProviderUnavailableError) as error:
        return Sentence.of("{name}: not rung: {why}", name=title, why=error)
    return None


def _judge(slots: dict[str, str], planned: datetime, tools: Tools) -> str:
    """Whether a human took each of the calls that were *planned* for then."""
    found = {name: _not_taken(tools, name, slot, planned) for name, slot in slots.items()}
    return result(tools, _CONCERN, found, f"answered: {', '.join(title_of(tools.schedule(), name) for name in slots)}")


def _not_taken(tools: Tools, name: str, slot: str, planned: datetime) -> list[Sentence]:
    """Why the call of *slot* proves nothing; nothing where it does."""
    said = slot.removesuffix(name) + title_of(tools.schedule(), name)
    days = sorted({planned.date(), (planned + REACHES_BACK).date()})
    with tools.database.reading() as connection:
        known = [call for day in days if (call := one_call(connection, day, id_of(slot)))]
    if not known and tools.origin is Origin.PHONE_NETWORK:
        return []  # which is often off, and owes nobody a call
    if not known:
        return [Sentence.of("{call}: no such call is in the log", call=said)]
    how = known[-1].disposition
    if how == Disposition.ANSWERED:
        return []
    return [Sentence.of("{call}: nobody took it with the key: {how}", call=said, how=Sentence(how))]


JOB = Job("test-calls", None, timedelta(minutes=10), run, due=due, title="test calls")

"""The schedule breaks while calls come, and the last good version stays in force; or it changes, and all follow."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Row, select

from callrouter import clock
from callrouter.calllog.tables import CallRow
from callrouter.domain.decision import decide
from callrouter.domain.schedule import Schedule
from callrouter.schedule import load
from callrouter.simulate import Performance
from tests.faults import changes, deploying, ways
from tests.faults.callers import Callers
from tests.faults.trial import CALLS, Trial
from tests.schedule.files import EXAMPLE, changed, errors
from tests.schedule.mistakes_in_rules import OF_RULES
from tests.schedule.mistakes_in_words import OF_WORDS
from tests.service import RunningService, until

pytestmark = pytest.mark.alone

BROKEN = {
    "empty": b"",
    "half": b"version: 1\nunits:\n  cen",
    "other": b"units: [what\n",
    "latin-1": b"# \xe5\n",
    "senseless": b"version: 1\nunits:\n  centre:\n    hours:\n      - from: 2026-02-30\n        mon-fri: 25:00-26:00\n",
    "gone": None,
}
QUICK = ("half",)
SLIPS = OF_WORDS + OF_RULES


@pytest.mark.fault(
    "The schedule is broken", "empty, half-written, another text, not UTF-8, YAML that makes no sense, removed"
)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(content, id=name, marks=() if name in QUICK else pytest.mark.long)
        for name, content in BROKEN.items()
    ],
)
def test_the_schedule_is_broken(trial: Trial, content: bytes | None) -> None:
    trial.survives(ways.written_over(trial.service.schedule, content), shows="schedule")


@pytest.mark.long
@pytest.mark.fault(
    "The schedule makes no sense", "one slip after the other in another schedule, each of those that its own tests know"
)
def test_the_schedule_makes_no_sense(trial: Trial) -> None:
    """Each is refused with its line; calls go on by the last good version."""
    service = trial.service

    def one_after_the_other(_callers: Callers) -> None:
        for slip, _ in SLIPS:
            text = changed(EXAMPLE, slip)
            service.schedule.write_text(text, "utf-8")
            refused = errors(text, at=clock.now())
            until(lambda due=refused: service.ready()["schedule"]["errors"] == due, refused[0])

    trial.survives(ways.written_over(service.schedule, b""), shows="schedule", lasts=one_after_the_other)
    trial.figures.tried = len(SLIPS)


@pytest.mark.fault("The schedule cannot be read", "`strace`: `openat` of it fails with EACCES, also after it was saved")
def test_the_schedule_cannot_be_read(trial: Trial) -> None:
    trial.survives(unreadable(trial.service), shows="schedule")


@contextmanager
def unreadable(service: RunningService) -> Iterator[None]:
    with ways.system_calls(service, "openat:error=EACCES", only=[service.schedule]):
        service.schedule.touch()
        yield


@pytest.mark.fault(
    "Schedule, overrides and shift change in mid-call",
    "all calls are held back at their second request: another file, `callrouter override` sends units elsewhere, ends "
    "that, the first file; each caller calls just before a hand-off",
)
def test_it_changes_in_mid_call(rota_trial: Trial) -> None:
    """A call that has arrived keeps its decision; who rings next is as the schedule says then."""
    trial, service = rota_trial, rota_trial.service
    first = service.schedule.read_text("utf-8")
    trial.played_as = changes.before_a_hand_off
    with trial.outlives() as callers:
        callers.play(CALLS)
        under_way = {
            "another file": in_mid_call(callers, lambda: changes.replaced(service, changes.otherwise(first))),
            "sent elsewhere": in_mid_call(callers, lambda: changes.sent_elsewhere(service)),
            "left to the schedule": in_mid_call(callers, lambda: changes.left_to_the_schedule(service)),
            "the first file": in_mid_call(callers, lambda: changes.replaced(service, first)),
        }
    trial.figures.tried = len(under_way)
    decided = decided_by(trial, callers)
    assert decided(under_way["sent elsewhere"]).isdisjoint({"override"})
    assert decided(under_way["left to the schedule"]) <= {"override"}
    assert any({changes.ANNA, changes.BO} <= set(each.call.rung) for each in callers.played), "over a hand-off"


@pytest.mark.long
@pytest.mark.fault(
    "Two services answer by two schedules",
    "another service on the held socket and on the same database, by another file",
)
def test_two_versions_at_once(held_trial: Trial) -> None:
    """Whoever takes a call decides it by its own version, and the log says by which."""
    trial, service = held_trial, held_trial.service
    ours = trial.schedule
    text = changes.at_other_hours(service.schedule.read_text("utf-8"))
    played = trial.survives(deploying.another_schedule(service, text), shows="versions")
    other = load(text.encode())
    versions = {ours.version: ours, other.version: other}
    told = [decided(row, versions) for row in rows_of(trial, played)]
    assert {version for version, _ in told} == set(versions), "both have answered"
    assert any(otherwise for _, otherwise in told), "it matters who answers"


def rows_of(trial: Trial, played: Sequence[Performance]) -> Sequence[Row[Any]]:
    """What the log says was decided, of calls to our units."""
    calls = CallRow.call_id.in_([each.call.sid for each in played]), CallRow.unit.is_not(None)
    with trial.reading() as connection:
        return connection.execute(select(CallRow.__table__).where(*calls)).all()


def decided(row: Row[Any], versions: Mapping[str, Schedule]) -> tuple[str, bool]:
    """The version that the log names, which decides just so; and whether another one decides otherwise."""
    by = {
        version: (decision.state, decision.reason, decision.line)
        for version, schedule in versions.items()
        for decision in [decide(schedule, schedule.units[row.unit], row.received_at)]
    }
    assert by[row.schedule_version] == (row.state, row.reason, row.line)
    return row.schedule_version, len(set(by.values())) > 1


def in_mid_call(callers: Callers, change: Callable[[], None]) -> frozenset[str]:
    """Change something while all callers are in the midst of a call, and let them call on; these calls."""
    with callers.provider.standstill(callers.at_once) as under_way:
        change()
    callers.play(CALLS)
    return under_way


def decided_by(trial: Trial, callers: Callers) -> Callable[[Collection[str]], set[str | None]]:
    """What decided calls of these names, as far as they are to units that may be sent elsewhere."""
    of_unit = {each.call.sid for each in callers.played if each.scene.unit and each.scene.unit.name in changes.BY_HAND}
    return lambda names: {row.decided_by for rows in trial.logged(of_unit & set(names)).values() for row in rows}

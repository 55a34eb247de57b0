"""A small year against the whole service: every promise is kept, and everything that can go wrong has gone wrong."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from callrouter.calllog.log_lines import NOT_RECORDED
from callrouter.schedule import load
from callrouter.simulate import Judged, Scenes, Stage, Tally, Year, play, play_year
from callrouter.simulate.people import Manner, Owner
from callrouter.simulate.play import Judge
from callrouter.telephony.simulator import Reaction, Ring

SCHEDULE_TEXT = (Path(__file__).parents[2] / "config" / "schedule.yaml").read_bytes()
SCHEDULE = load(SCHEDULE_TEXT)
CALLS = 150


def scenes(stage: Stage) -> Scenes:
    return Scenes(SCHEDULE, 2027, seed=1, last_resort=stage.settings.last_resort)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(SCHEDULE_TEXT, tmp_path_factory.mktemp("year")) as stage:
        yield stage


@pytest.fixture(scope="module")
def year(stage: Stage) -> list[Judged]:
    return list(play(stage, scenes(stage), range(1, CALLS + 1)))


def test_nobody_is_lost_and_the_log_agrees(year: list[Judged]) -> None:
    tally = Tally()
    for judged in year:
        tally.add(judged)
    assert tally.violations == []
    assert [judged.performance.scene.number for judged in year] == list(range(1, CALLS + 1))
    assert (tally.calls, tally.disagreements, sum(tally.dispositions.values())) == (CALLS, 0, CALLS)


def test_much_went_wrong_on_the_way(year: list[Judged]) -> None:
    mishaps = {kind for judged in year for kind in judged.performance.mishaps}
    callbacks = {f"callback {what}" for what in ("lost", "doubled", "late", "overtaken")}
    assert mishaps == callbacks | {"request lost", "answer lost"}
    outcomes = {leg.outcome for judged in year for leg in judged.performance.call.legs}
    assert {"answered", "busy", "no-answer", "failed", "cancelled", "dropped"} <= outcomes
    assert {judged.performance.call.ended_by for judged in year} == {"caller", "service"}


def test_a_call_plays_the_same_again_alone(year: list[Judged], tmp_path: Path) -> None:
    before = max(year, key=lambda judged: len(judged.performance.call.timeline))
    with Stage(SCHEDULE_TEXT, tmp_path) as stage:
        numbers = scenes(stage).with_those_before(before.performance.scene.number)
        *_, again = play(stage, scenes(stage), numbers, at_once=1)
    assert again.performance.call.timeline == before.performance.call.timeline
    assert (again.performance.call.legs, again.rows) == (before.performance.call.legs, before.rows)
    assert again.performance.mishaps == before.performance.mishaps


def test_several_processes_play_the_same_calls(year: list[Judged], tmp_path: Path) -> None:
    tally = Tally()
    for some in play_year(Year(SCHEDULE_TEXT, 2027, seed=1), tmp_path, CALLS, processes=2):
        tally.include(some)
    assert replace(tally, log_lines=0) == replace(Tally.of(year), log_lines=0)


def test_a_process_that_ends_early_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="before all its calls were played"):
        list(play_year(Year(SCHEDULE_TEXT, 2027, 1, ("nobody",)), tmp_path, CALLS, processes=2))


def test_what_the_service_logs_as_an_error_is_told_of_the_call(stage: Stage) -> None:
    def complain(_ring: Ring) -> Reaction:
        logging.getLogger("callrouter.tests").error("call=%s broke", "CA1")
        return Reaction()

    grumbler = Owner((Manner("complains", complain),))
    scene = scenes(stage).scene(1)
    phones = dict.fromkeys(scene.phones, grumbler)
    performance = stage.perform(replace(scene, phones=phones, caller=replace(scene.caller, hangs_up_after=200)))
    assert set(performance.complaints) == {"call=CA1 broke"}


def test_an_event_that_waited_in_a_log_line_is_counted_and_the_log_must_have_it_in_the_end(stage: Stage) -> None:
    """A machine that stalls for a second is no mistake of the service."""

    def stall(_ring: Ring) -> Reaction:
        logging.getLogger("callrouter.tests").error("%s [1]", NOT_RECORDED)
        return Reaction()

    drawn = (scenes(stage).scene(number) for number in range(CALLS + 2, CALLS + 99))
    scene = next(scene for scene in drawn if scene.unit and scene.unit.is_alarm)
    phones = dict.fromkeys(scene.phones, Owner((Manner("stalls", stall),)))
    performance = stage.perform(replace(scene, phones=phones, caller=replace(scene.caller, hangs_up_after=200)))
    assert performance.complaints == []
    assert performance.log_lines == len(performance.call.legs) > 0
    (judged,) = Judge(stage, scenes(stage)).judged([performance])
    assert judged.violations == []
    assert Tally.of([judged]).as_json()["events_in_log_lines_at_first"] == performance.log_lines


def test_what_a_thread_of_the_service_logs_as_an_error_is_told_between_the_calls(stage: Stage) -> None:
    thread = Thread(target=logging.getLogger("callrouter.tests").error, args=("the disk is full",))
    thread.start()
    thread.join()
    scene = scenes(stage).scene(CALLS + 1)
    (judged,) = Judge(stage, scenes(stage)).judged([stage.perform(scene)])
    assert [(found.number, found.sentence) for found in judged.violations] == [(None, "the disk is full")]

"""Scenes are drawn from (seed, number) alone, and meet everything that a schedule can get wrong."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callrouter.schedule import load
from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.simulate import Scene, Scenes
from callrouter.simulate.people import CALLERS, VOICEMAIL
from callrouter.telephony.simulator import Ring
from callrouter.telephony.simulator.phones import Handset
from tests.schedules import STOCKHOLM

SCHEDULE = load((Path(__file__).parents[1] / "schedule" / "example.yaml").read_text(encoding="utf-8"))
YEAR = 2027
CLOCKS_CHANGE = (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC))
MANY = 3000


def scenes(seed: int = 1, *units: str) -> Scenes:
    return Scenes(SCHEDULE, YEAR, seed, units, PHONE_NETWORK_LAST_RESORT)


@pytest.fixture(scope="module")
def drawn() -> list[Scene]:
    year = scenes()
    return [year.scene(number) for number in range(1, MANY + 1)]


def told(scene: Scene) -> tuple[object, ...]:
    """What a scene comes to, without the functions in it."""
    names = {number: [manner.name for manner in owner.manners] for number, owner in scene.phones.items()}
    return scene.at, scene.to, scene.from_, scene.caller, scene.faults, scene.habits, scene.redial_of, names


def near(scene: Scene, instants: list[datetime] | tuple[datetime, ...], seconds: float) -> bool:
    return any(abs((scene.at - instant).total_seconds()) <= seconds for instant in instants)


def test_a_scene_depends_on_its_seed_and_number_alone(drawn: list[Scene]) -> None:
    for number in (1, 7, MANY):
        assert told(scenes().scene(number)) == told(drawn[number - 1])
    assert told(scenes(2).scene(7)) != told(drawn[6])


def test_all_calls_are_in_the_local_year(drawn: list[Scene]) -> None:
    assert {(scene.at + timedelta(seconds=-901)).astimezone(STOCKHOLM).year for scene in drawn} <= {YEAR, YEAR - 1}
    assert {scene.at.astimezone(STOCKHOLM).month for scene in drawn} == set(range(1, 13))


def test_people_call_by_day_more_than_by_night(drawn: list[Scene]) -> None:
    hours = Counter(scene.at.astimezone(STOCKHOLM).hour for scene in drawn)
    assert hours[11] > 2 * hours[4] > 0
    weekdays = Counter(scene.at.astimezone(STOCKHOLM).weekday() for scene in drawn)
    assert weekdays[0] > weekdays[6] > 0


def test_both_nights_when_the_clocks_change_have_calls(drawn: list[Scene]) -> None:
    for instant in CLOCKS_CHANGE:
        assert sum(near(scene, (instant,), 3 * 3600) for scene in drawn) > MANY / 100


def test_many_calls_come_when_their_unit_opens_or_closes(drawn: list[Scene]) -> None:
    start, end = datetime(YEAR, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)
    windows = list(SCHEDULE.unit("trygghetscenter").hours.open_windows(start, end))
    edges = [edge for window in windows for edge in (window.start, window.end) if edge]
    called = [scene for scene in drawn if scene.unit and scene.unit.name == "trygghetscenter"]
    assert sum(near(scene, edges, 90) for scene in called) > len(called) / 10
    assert any(scene.at in edges for scene in called)


def test_hand_offs_and_holidays_have_calls(drawn: list[Scene]) -> None:
    mondays = [scene.at.astimezone(STOCKHOLM) for scene in drawn if scene.at.astimezone(STOCKHOLM).weekday() == 0]
    assert sum(abs(at.hour * 60 + at.minute - 8 * 60) <= 2 for at in mondays) > MANY / 200
    midsummer = datetime(YEAR, 6, 25, tzinfo=STOCKHOLM).date()
    assert sum(scene.at.astimezone(STOCKHOLM).date() == midsummer for scene in drawn) > MANY / 365


def test_callers_are_odd_now_and_then_and_only_numbers_are_kept(drawn: list[Scene]) -> None:
    assert {"anonymous", "", "+266696687", "464"} <= {scene.from_ for scene in drawn}
    assert all(scene.kept_number in (None, scene.from_) for scene in drawn)
    kept = sum(scene.kept_number is not None for scene in drawn)
    assert MANY * 0.8 < kept < MANY


def test_every_unit_is_called_and_sometimes_a_number_that_no_unit_has(drawn: list[Scene]) -> None:
    assert {scene.unit.name if scene.unit else None for scene in drawn} == {None, *SCHEDULE.units}


def test_only_the_units_that_are_asked_for() -> None:
    year = scenes(1, "larm", "fältgruppen")
    units = {scene.unit.name if scene.unit else None for scene in map(year.scene, range(1, 300))}
    assert units == {"larm", "fältgruppen"}


def test_everybody_who_can_be_rung_has_a_phone_and_every_manner_is_met(drawn: list[Scene]) -> None:
    assert drawn[0].phones.keys() == {n.e164 for n in SCHEDULE.numbers} | {PHONE_NETWORK_LAST_RESORT.e164}
    met = {manner.name for scene in drawn for owner in scene.phones.values() for manner in owner.manners}
    assert len(met) == 10
    assert VOICEMAIL in met


def test_a_caller_calls_again_minutes_later_to_the_same_number(drawn: list[Scene]) -> None:
    again = [scene for scene in drawn if scene.redial_of]
    assert len(again) > MANY / 50
    for scene in again:
        before = drawn[scene.number - CALLERS - 1]
        assert (scene.from_, scene.to, scene.redial_of) == (before.from_, before.to, before.number)
        assert timedelta(seconds=10) <= scene.at - before.at <= timedelta(minutes=15)


def test_a_caller_makes_one_call_at_a_time(drawn: list[Scene]) -> None:
    """A batch holds no caller twice: what the service remembers of one does not depend on who is played first."""
    for start in range(0, MANY - CALLERS, CALLERS):
        kept = [scene.kept_number for scene in drawn[start : start + CALLERS] if scene.kept_number]
        assert len(set(kept)) == len(kept)


def test_a_call_is_replayed_with_those_that_it_redials(drawn: list[Scene]) -> None:
    again = next(scene for scene in drawn if scene.redial_of and scene.number > 2 * CALLERS)
    chain = scenes().with_those_before(again.number)
    assert chain[-2:] == [again.redial_of, again.number]
    assert scenes().with_those_before(7) == [7]


def test_a_talk_behind_a_whisper_is_clearly_long_or_clearly_dropped(drawn: list[Scene]) -> None:
    class NoHand:
        def answer(self) -> None: ...
        def decline(self) -> None: ...
        def hang_up(self) -> None: ...
        def press(self, keys: str) -> None: ...

    hand: Handset = NoHand()
    owners = [owner for scene in drawn[:200] for owner in scene.phones.values()]
    rings = [Ring("+46701740611", 1, drawn[0].at, screened, "", hand) for screened in (True, False)]
    screened, open_ = ({owner(ring).talks for owner in owners} for ring in rings)
    assert {talks for talks in screened if talks is not None and 0 < talks < 10} == set()
    assert {1, 2, 3} <= open_

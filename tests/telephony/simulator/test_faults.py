"""Callbacks that come late, twice, never, or in another order."""

import random
from collections.abc import Callable, Sequence

import pytest

from callrouter.telephony.simulator import AFTER_NEXT, INSTANT_FIELD, Faults, PlayedCall, answers
from tests.telephony.simulator.fake_service import ALL_EVENTS, FakeService, dial

DESK = "+46846500410"
Play = Callable[..., PlayedCall]


@pytest.fixture
def told(service: FakeService, play: Play) -> Callable[[Faults], list[str]]:
    """The leg callbacks as they arrive, by sequence number, and the dial's end among them."""

    def of(faults: Faults) -> list[str]:
        service.at("/voice", dial(DESK, number_options=ALL_EVENTS)).at("/next", "")
        play({DESK: answers(after=6, talks=60)}, faults=faults)
        wanted = [received for received in service.received if received.path in {"/leg", "/next"}]
        return [received.form.get("SequenceNumber", "next") for received in wanted]

    return of


def scripted(*deliveries: Sequence[float]) -> Faults:
    return Faults(callbacks=lambda kind, nth: deliveries[nth] if kind == "leg-status" else None)


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(), ["0", "1", "2", "3", "next"]),
        (scripted([0], [], [0], [0]), ["0", "2", "3", "next"]),
        (scripted([0, 0], [0], [0], [0]), ["0", "0", "1", "2", "3", "next"]),
        (scripted([AFTER_NEXT], [0], [0], [0]), ["1", "0", "2", "3", "next"]),
        (scripted([10], [0], [0], [0]), ["1", "2", "0", "3", "next"]),
        (scripted([0], [0], [0], [30]), ["0", "1", "2", "next", "3"]),
        (scripted([0], [0], [90], [0]), ["0", "1", "3", "next", "2"]),
        (Faults(drop=1), ["next"]),
        (Faults(duplicate=1), ["0", "0", "1", "1", "2", "2", "3", "3", "next"]),
    ],
)
def test_leg_callbacks(told: Callable[[Faults], list[str]], faults: Faults, expected: list[str]) -> None:
    assert told(faults) == expected


def test_the_last_one_held_still_arrives(told: Callable[[Faults], list[str]]) -> None:
    assert sorted(told(Faults(reorder=1))) == ["0", "1", "2", "3", "next"]


def test_a_late_callback_carries_the_time_it_speaks_of_and_the_one_it_comes_at(
    service: FakeService, play: Play
) -> None:
    service.at("/voice", dial(DESK, number_options=ALL_EVENTS)).at("/next", "")
    play({DESK: answers(after=6, talks=60)}, faults=scripted([40], [0], [0], [0]))
    late = next(form for form in service.forms("/leg") if form["SequenceNumber"] == "0")
    assert late["Timestamp"] == "Mon, 23 Nov 2026 15:30:00 +0000"
    assert late[INSTANT_FIELD] == "2026-11-23T15:30:40.000000+00:00"


def test_the_same_seed_has_the_same_faults(service: FakeService, play: Play) -> None:
    faults = Faults(drop=0.3, duplicate=0.3, delay=0.5, reorder=0.3, lose_answer=0.2)

    def run(seed: int) -> list[tuple[str, str]]:
        service.received.clear()
        service.at("/voice", dial(DESK, number_options=ALL_EVENTS)).at("/next", "")
        play({DESK: answers()}, faults=faults, seed=seed)
        return [(received.path, received.form.get("SequenceNumber", "")) for received in service.received]

    assert run(7) == run(7)
    assert len({tuple(run(seed)) for seed in range(5)}) > 1


@pytest.mark.parametrize(
    ("faults", "expected"),
    [(Faults(lose_request=1), "request"), (Faults(lose_answer=1), "answer"), (Faults(), None)],
)
def test_losses_by_chance(faults: Faults, expected: str | None) -> None:
    assert faults.loss("voice", 0, random.Random(1)) == expected

"""People at both ends: phones that are busy, dead, a machine's; a caller who goes at any moment."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from callrouter.simulate.people import Manner, Owner
from callrouter.simulate.scene import Scene
from callrouter.telephony.simulator import (
    Faults,
    answers,
    answers_and_drops,
    busy,
    declines,
    failed,
    silent,
    voicemail,
)
from tests.faults.trial import Trial

pytestmark = pytest.mark.alone

MANNERS = (
    Manner("busy", busy()),
    Manner("silent", silent()),
    Manner("failed", failed()),
    Manner("declines", declines()),
    Manner("voicemail", voicemail()),
    Manner("drops", answers_and_drops()),
    Manner("presses twice", answers(presses="11")),
    Manner("presses nothing", answers(presses="")),
)
LONGEST_CALL = 120
"""Seconds; by then most have been answered, or have left a message."""


def all_phones_are(scene: Scene, manner: Manner) -> Scene:
    return replace(scene, faults=Faults(), phones=dict.fromkeys(scene.phones, Owner((manner,))))


def who_goes_sooner_or_later(scene: Scene) -> Scene:
    """Call after call at another moment of it."""
    goes_after = scene.number * 7 % LONGEST_CALL + scene.number % 4 / 4
    return replace(scene, faults=Faults(), caller=replace(scene.caller, hangs_up_after=goes_after))


@pytest.mark.fault(
    "Phones of every kind",
    "in each call all phones are alike: busy, silent, dead, declined, a voicemail, dropped at once, a key pressed "
    "twice, none pressed",
)
def test_phones_of_every_kind(trial: Trial) -> None:
    trial.played_as = lambda scene: all_phones_are(scene, MANNERS[scene.number % len(MANNERS)])
    played = trial.survives(nullcontext())
    assert len({next(iter(each.scene.phones.values())).manner(1).name for each in played}) == len(MANNERS)


@pytest.mark.fault("The caller goes", "each hangs up at another moment of the first two minutes")
def test_callers_who_go(trial: Trial) -> None:
    trial.played_as = who_goes_sooner_or_later
    played = trial.survives(nullcontext())
    assert any(each.call.ended_by == "caller" for each in played)


@pytest.mark.fault("All lines fail", "the network reaches no phone at all")
def test_all_lines_fail(trial: Trial) -> None:
    trial.played_as = lambda scene: all_phones_are(scene, Manner("failed", failed()))
    assert not any(each.call.answered_by for each in trial.survives(nullcontext()))

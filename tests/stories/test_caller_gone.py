"""The caller goes, a moment after anything that can happen in a call: nobody is rung for nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import (
    Caller,
    Habits,
    Phone,
    PlayedCall,
    answers,
    answers_and_drops,
    busy,
    declines,
    in_turn,
    silent,
    voicemail,
)
from tests.schedules import CENTRE, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, GUARD_2
from tests.stories.conftest import CALLER, Phones, instant

SWITCHBOARD = PhoneNumber("+46846500462")
LISTENER = PhoneNumber("+46846500461")
ANNA = PhoneNumber("+46701740611")
BO = PhoneNumber("+46701740622")
MOMENT = 0.25
LAST_WORDS = ("Ingen kunde svara just nu.", "Lämna ett meddelande efter tonen.")


@dataclass(frozen=True)
class Story:
    """A call that the caller may leave at any moment."""

    to: PhoneNumber
    at: str
    phones: Mapping[PhoneNumber, Phone]
    caller: Mapping[str, Any] = field(default_factory=dict)


STORIES = {
    "open": Story(
        CENTRE, "2026-11-30 11:00", {DESK_1: silent(), DESK_2: silent(), GUARD_1: in_turn(busy(), answers())}
    ),
    "closed": Story(
        CENTRE,
        "2026-11-29 22:00",
        {GUARD_1: busy(), GUARD_2: in_turn(answers_and_drops(), silent()), DUTY_OFFICER: answers()},
    ),
    "screened, from a menu": Story(
        SWITCHBOARD,
        "2026-11-30 11:00",
        {ANNA: voicemail(), BO: declines(), DUTY_OFFICER: silent()},
        {"keys": ("", "2")},
    ),
    "taken with a key": Story(SWITCHBOARD, "2026-11-30 11:00", {ANNA: answers()}, {"keys": ("2",)}),
    "a message": Story(LISTENER, "2026-11-29 22:00", {}, {"message": 9, "ends_message": "#"}),
}


def play(phones: Phones, story: Story, habits: Habits, hangs_up_after: float | None) -> PlayedCall:
    network = phones.network(story.to.e164, habits=habits)
    caller = Caller(**story.caller, hangs_up_after=hangs_up_after)
    call = network.call(CALLER, story.to.e164, instant(story.at), caller)
    assert call.errors == ()
    return call


LATE, BRIDGED_UNSAID = Habits(late_action=3), Habits(tells_bridged=False)


@pytest.mark.parametrize(
    ("name", "habits"),
    [
        *((name, Habits()) for name in STORIES),
        ("closed", LATE),
        ("taken with a key", LATE),
        ("taken with a key", BRIDGED_UNSAID),
        ("screened, from a menu", BRIDGED_UNSAID),
    ],
)
def test_at_each_step(phones: Phones, name: str, habits: Habits) -> None:
    story = STORIES[name]
    for number, phone in story.phones.items():
        phones.on(number, does=phone)
    patient = play(phones, story, habits, None)
    moments = [(entry.at - patient.started_at).total_seconds() + MOMENT for entry in patient.timeline[:-1]]
    for call in [play(phones, story, habits, gone) for gone in dict.fromkeys(moments)]:
        row, step = phones.logged(call), f"after {[entry.kind for entry in call.timeline]}"
        assert row.disposition in _said(call), step
        assert sorted(leg["to"] for leg in row.legs) == sorted(call.rung), step
        phones.played.append(call)


def _said(call: PlayedCall) -> set[str]:
    """How the log may call it, by what the network saw; who goes during the last words was not answered either."""
    if call.answered_by:
        return {"answered"}
    if call.message:
        return {"message"}
    if any(entry.kind == "recording" for entry in call.timeline):
        return {"unanswered"}
    if any(said.text in LAST_WORDS for said in call.said):
        return {"abandoned", "unanswered"}
    return {"abandoned"}

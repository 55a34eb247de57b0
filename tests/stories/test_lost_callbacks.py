"""The network loses, repeats, delays and reorders what it tells; the log says the same of the call all the while."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import (
    AFTER_NEXT,
    Caller,
    Faults,
    Loss,
    Phone,
    PlayedCall,
    answers,
    silent,
    voicemail,
)
from tests.schedules import CENTRE, DESK_1, DESK_2
from tests.stories.conftest import CALLER, Phones, instant

SWITCHBOARD = PhoneNumber("+46846500462")
SCREENED = PhoneNumber("+46846500460")
LISTENER = PhoneNumber("+46846500461")
ANNA = PhoneNumber("+46701740611")
BO = PhoneNumber("+46701740622")
MONDAY_11 = "2026-11-30 11:00"


@dataclass(frozen=True)
class Story:
    """A call that ends in the same way whatever is lost of what is told of it."""

    to: PhoneNumber
    phones: Mapping[PhoneNumber, Phone]
    outcomes: Sequence[str]
    disposition: str
    requests: Sequence[str]
    callbacks: Sequence[str]
    caller: Mapping[str, Any] = field(default_factory=dict)


STORIES = {
    "screened": Story(
        SCREENED,
        {ANNA: voicemail(after=18), BO: answers()},
        ("screened-out", "answered"),
        "answered",
        ("voice", "dial-action", "whisper", "gather-action"),
        ("leg-status", "call-status"),
    ),
    "together": Story(
        CENTRE,
        {DESK_1: silent(), DESK_2: answers(after=5)},
        ("cancelled", "answered"),
        "answered",
        ("voice", "dial-action"),
        ("leg-status", "call-status"),
    ),
    "menu": Story(
        SWITCHBOARD,
        {ANNA: answers()},
        ("answered",),
        "answered",
        ("voice", "redirect", "gather-action", "dial-action", "whisper"),
        ("leg-status", "call-status"),
        {"keys": ("", "2")},
    ),
    "message": Story(
        LISTENER,
        {},
        (),
        "message",
        ("voice", "record-action"),
        ("call-status", "recording-status"),
        {"message": 9, "ends_message": "#"},
    ),
}
HOW: Mapping[str, Sequence[float]] = {
    "lost": [],
    "twice": [0, 0],
    "late": [90],
    "overtaken": [AFTER_NEXT],
    "twice, and much later": [0, 3600],
    "days late": [3 * 24 * 3600],
}
LOSSES: Sequence[Loss] = ("request", "answer")


def told(phones: Phones, story: Story, faults: Faults) -> PlayedCall:
    """Play *story* to an error-free end."""
    phones.on(*story.phones, does=silent())
    for number, phone in story.phones.items():
        phones.on(number, does=phone)
    call = phones.network(story.to.e164, faults).call(CALLER, story.to.e164, instant(MONDAY_11), Caller(**story.caller))
    assert call.errors == ()
    return call


@pytest.mark.parametrize(
    ("name", "kind", "how"),
    [(name, kind, how) for name, story in STORIES.items() for kind in story.callbacks for how in HOW],
)
def test_a_callback_of_each_kind(phones: Phones, name: str, kind: str, how: str) -> None:
    story = STORIES[name]
    call = told(phones, story, Faults(callbacks=lambda told_of, _nth: HOW[how] if told_of == kind else None))
    row = phones.logged(call)
    assert (row.disposition, len(phones.rows(call))) == (story.disposition, 1)
    outcomes = [leg["outcome"] for leg in row.legs]
    if (name, kind, how) == ("together", "leg-status", "lost"):
        assert outcomes == [None, None], "the end of the dial names one of them by an id that nothing else tells"
    else:
        assert outcomes == list(story.outcomes)
        phones.played.append(call)


@pytest.mark.parametrize("nth", range(6))
@pytest.mark.parametrize("how", HOW)
def test_one_single_callback_of_phones_that_ring_together(phones: Phones, nth: int, how: str) -> None:
    """Rings, picked up, done, of each phone: whichever goes astray, the end of the dial says who answered."""
    story = STORIES["together"]
    faults = Faults(callbacks=lambda kind, n: HOW[how] if (kind, n) == ("leg-status", nth) else None)
    row = phones.logged(told(phones, story, faults))
    assert row.disposition == "answered"
    assert row.talked_seconds == 60
    assert [leg["outcome"] for leg in row.legs] in (["cancelled", "answered"], [None, "answered"])


@pytest.mark.parametrize(
    ("name", "kind", "loss"),
    [(name, kind, loss) for name, story in STORIES.items() for kind in story.requests for loss in LOSSES],
)
def test_a_request_of_each_kind_comes_again(phones: Phones, name: str, kind: str, loss: Loss) -> None:
    """Its answer was lost, or it never came: the provider asks again, nobody rings twice, and the log has it once."""
    story = STORIES[name]
    call = told(phones, story, Faults(answers=lambda asked, _nth: loss if asked == kind else None))
    row = phones.logged(call)
    assert any(exchange.kind == kind and exchange.attempts == 2 for exchange in call.requests)
    assert (row.disposition, len(phones.rows(call))) == (story.disposition, 1)
    assert [leg["outcome"] for leg in row.legs] == list(story.outcomes)
    phones.played.append(call)


def storm(seed: str) -> Faults:
    """Each callback once or twice, late and out of order; each request lost, answered in vain, or neither."""
    chance = random.Random(seed)
    return Faults(
        callbacks=lambda _kind, _nth: [chance.choice((0, 5, 90, AFTER_NEXT)) for _ in range(chance.choice((1, 2)))],
        answers=lambda _kind, _nth: chance.choice((None, *LOSSES)),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", STORIES)
def test_all_of_it_at_once(phones: Phones, name: str, seed: int) -> None:
    """Every callback arrives in the end, however often and in whatever order: so nothing is unknown."""
    story = STORIES[name]
    call = told(phones, story, storm(f"{name} {seed}"))
    row = phones.logged(call)
    assert (row.disposition, len(phones.rows(call))) == (story.disposition, 1)
    assert [leg["outcome"] for leg in row.legs] == list(story.outcomes)
    phones.played.append(call)

"""What is decided by hand, as the use cases apply it: at arrival, after a menu, and with keyed hashes alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callrouter import calls
from callrouter.domain.call import Caller
from callrouter.domain.control import NO_CONTROL, Block, Control, Override
from callrouter.domain.destination import Destination
from callrouter.domain.oncall import Person
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import BLOCKED_CALLER
from callrouter.domain.routing import AskMenu, Goodbye, Ring
from callrouter.domain.schedule import Menu, Schedule
from callrouter.domain.span import Span
from callrouter.domain.words import EventKind, State
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.telephony.provider import Inbound
from callrouter.telephony.token import Token, seal
from tests.schedules import CENTRE, NO_ANSWER, OPEN_HOUR, schedule
from tests.web.stage import FakeLog

CITIZEN = PhoneNumber("+46701740650")
KEYS = Pseudonymizer("the secret of these tests, 32 characters or more")
SPAN = Span(OPEN_HOUR - timedelta(hours=1), OPEN_HOUR + timedelta(hours=1))


def with_menu(*, keeps_numbers: bool = True) -> Schedule:
    """The centre asks which unit is wanted: key 2 is another one."""
    usual = schedule()
    centre = replace(usual.unit("centre"), menu=Menu(NO_ANSWER, {"1": "centre", "2": "other"}))
    other = replace(usual.unit("centre"), name="other", numbers=(), keeps_numbers=keeps_numbers)
    return replace(usual, units={"centre": centre, "other": other})


def block(unit: str, keys: Pseudonymizer = KEYS) -> Block:
    return Block(3, unit, keys.key(CITIZEN.e164), keys.key_id, SPAN, "hot", "anna")


def service(control: Control, of: Schedule, log: FakeLog | None = None) -> calls.Service:
    return calls.Service(
        lambda: of, log or FakeLog(), None, control=lambda: control, caller_key=lambda number: KEYS.key(number.e164)
    )


def inbound(caller: Caller) -> Inbound:
    return Inbound("CA1", CENTRE.e164, caller)


def test_a_blocked_call_is_one_entry_that_begins_and_ends_it() -> None:
    log = FakeLog()
    reply = calls.answer(
        service(Control(blocks=(block("centre"),)), schedule(), log), inbound(Caller(CITIZEN)), OPEN_HOUR
    )
    assert reply.step == Goodbye((BLOCKED_CALLER,))
    assert log.kinds() == [EventKind.ARRIVED, EventKind.HUNG_UP]
    assert log.events[0].facts["reason"] == "block 3 until 2026-11-23 12:00 by anna"


@pytest.mark.parametrize(
    ("caller", "made"),
    [
        (Caller(PhoneNumber("+46701740651")), block("centre")),
        (Caller(is_withheld=True), block("centre")),
        (Caller(), block("centre")),
        (Caller(CITIZEN), block("centre", Pseudonymizer("another secret of 32 characters or more"))),
    ],
    ids=["another", "withheld", "odd", "hashed with another key"],
)
def test_whoever_is_not_meant_is_put_through(caller: Caller, made: Block) -> None:
    reply = calls.answer(service(Control(blocks=(made,)), schedule()), inbound(caller), OPEN_HOUR)
    assert isinstance(reply.step, Ring)


@pytest.mark.parametrize("keeps_numbers", [True, False])
def test_a_caller_is_blocked_at_the_unit_that_they_choose(keeps_numbers: bool) -> None:
    of = with_menu(keeps_numbers=keeps_numbers)
    desk = service(Control(blocks=(block("other"),)), of)
    asked = calls.answer(desk, inbound(Caller(CITIZEN)), OPEN_HOUR)
    assert isinstance(asked.step, AskMenu)
    assert calls.menu_answered(desk, asked.call, "2", OPEN_HOUR).step == Goodbye((BLOCKED_CALLER,))
    assert isinstance(calls.menu_answered(desk, asked.call, "1", OPEN_HOUR).step, Ring)


def test_an_override_holds_for_the_unit_that_is_chosen() -> None:
    sent = Override(14, "other", SPAN, None, "duty-officer", "flytt", "anna")
    desk = service(Control((sent,)), with_menu())
    asked = calls.answer(desk, inbound(Caller(CITIZEN)), OPEN_HOUR)
    reply = calls.menu_answered(desk, asked.call, "2", OPEN_HOUR)
    assert (reply.call.decision.unit, reply.call.decision.destination) == ("other", "duty-officer")


def test_a_blocked_caller_who_calls_again_at_once_is_blocked_again() -> None:
    desk = service(Control(blocks=(block("centre"),)), schedule())
    for minutes in range(3):
        reply = calls.answer(desk, inbound(Caller(CITIZEN)), OPEN_HOUR + timedelta(minutes=minutes))
        assert reply.step == Goodbye((BLOCKED_CALLER,))


def test_a_service_that_is_told_of_nothing_decides_by_the_schedule() -> None:
    bare = calls.Service(schedule, FakeLog(), None)
    assert bare.control() == NO_CONTROL
    assert isinstance(calls.answer(bare, inbound(Caller(CITIZEN)), OPEN_HOUR).step, Ring)


def test_the_longest_reason_leaves_room_in_the_callback_urls() -> None:
    """The provider takes 4000 characters: a reason that swells the token must not bring every call to the fail-safe."""
    ring = tuple(Person(f"Anna-Karin Lindström {n}", PhoneNumber(f"+4684650041{n}")) for n in range(10))
    of = schedule(Destination("security", ring=ring, together=True), version="a" * 64)
    long = Override(14, "centre", SPAN, State.CLOSED, None, "🙂" * 5000, "å" * 5000)
    reply = calls.answer(service(Control((long,)), of), inbound(Caller(CITIZEN)), OPEN_HOUR)
    assert isinstance(reply.step, Ring)
    assert len(seal(Sealer("a key for tests that is long enough"), Token(reply.call, phone=9))) < 3000

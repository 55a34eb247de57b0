"""Where a call goes: tables and stories of the pure rules."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callrouter.domain.destination import Contract, Destination
from callrouter.domain.message import Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import APOLOGY, LEAVE_A_MESSAGE, TRYING_NEXT
from callrouter.domain.routing import (
    BEFORE_ALL,
    HOP_CAP,
    Goodbye,
    Instruction,
    Position,
    Ring,
    TakeMessage,
    again,
    decide,
    decide_unclaimed,
    first_step,
    next_step,
    route,
)
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.words import DecidedBy, Outcome, State
from tests.schedules import (
    CLOSED_HOUR,
    CLOSED_MESSAGE,
    DESK_1,
    DESK_2,
    DUTY_OFFICER,
    GUARD_1,
    GUARD_2,
    NO_ANSWER,
    OPEN_HOUR,
    USUAL,
    schedule,
)

SCHEDULE = schedule()
CENTRE = SCHEDULE.unit("centre")


def rung(step: Instruction) -> list[str]:
    """The numbers that *step* rings."""
    assert isinstance(step, Ring)
    return [phone.number.e164 for phone in step.attempt.phones]


def whole_route(of: Schedule, at: datetime) -> list[list[str]]:
    return [rung(step) for step in route(of, of.unit("centre"), at) if isinstance(step, Ring)]


def test_open_rings_the_front_desk_at_once_without_a_word() -> None:
    decision = decide(SCHEDULE, CENTRE, OPEN_HOUR)
    assert (decision.state, decision.decided_by, decision.destination) == (State.OPEN, DecidedBy.HOURS, "reception")
    step = first_step(SCHEDULE, decision, OPEN_HOUR)
    assert rung(step) == [DESK_1.e164, DESK_2.e164]
    assert step.announce == ()


def test_closed_says_so_and_rings_the_first_guard() -> None:
    decision = decide(SCHEDULE, CENTRE, CLOSED_HOUR)
    assert (decision.state, decision.destination) == (State.CLOSED, "security")
    step = first_step(SCHEDULE, decision, CLOSED_HOUR)
    assert rung(step) == [GUARD_1.e164]
    assert step.announce == (CLOSED_MESSAGE,)


def test_a_decision_explains_itself() -> None:
    decision = decide(SCHEDULE, CENTRE, OPEN_HOUR)
    assert decision.reason == "mon-fri 10:00-15:00 (from 2005-06-01)"
    assert decision.line == 14
    assert decision.local_time == "2026-11-23T11:00:00+01:00"
    assert decision.schedule_version == "v1"


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-23T08:59:59.999999", State.CLOSED),
        ("2026-11-23T09:00:00", State.OPEN),  # 10:00 in Stockholm
        ("2026-11-23T13:59:59.999999", State.OPEN),
        ("2026-11-23T14:00:00", State.CLOSED),
        ("2026-11-22T10:00:00", State.CLOSED),  # a Sunday
        ("2026-07-01T08:00:00", State.OPEN),  # summer time: 10:00
        ("2026-07-01T13:00:00", State.CLOSED),
    ],
)
def test_the_start_is_open_and_the_end_is_closed(at: str, state: State) -> None:
    assert decide(SCHEDULE, CENTRE, datetime.fromisoformat(at).replace(tzinfo=UTC)).state is state


def test_a_number_nobody_claims_goes_to_the_first_units_closed_destination() -> None:
    decision = decide_unclaimed(SCHEDULE, OPEN_HOUR)
    assert (decision.unit, decision.decided_by, decision.destination) == (None, DecidedBy.FAIL_SAFE, "security")
    assert rung(first_step(SCHEDULE, decision, OPEN_HOUR)) == [GUARD_1.e164]


def test_the_whole_route_of_a_call_nobody_answers() -> None:
    steps = list(route(SCHEDULE, CENTRE, CLOSED_HOUR))
    guards = [[GUARD_1.e164], [GUARD_2.e164]]
    assert [rung(s) for s in steps if isinstance(s, Ring)] == [*guards, *guards, [DUTY_OFFICER.e164]]
    assert steps[-1] == Goodbye((NO_ANSWER,))


def test_an_open_call_overflows_to_security_without_the_closed_message() -> None:
    steps = list(route(SCHEDULE, CENTRE, OPEN_HOUR))
    assert [s.announce for s in steps[:-1]] == [(), (TRYING_NEXT,), (), (), (), (TRYING_NEXT,)]


@pytest.mark.parametrize(
    ("outcome", "goes_on"),
    [
        (Outcome.ANSWERED, False),
        (Outcome.CANCELLED, False),
        (Outcome.NO_ANSWER, True),
        (Outcome.BUSY, True),
        (Outcome.FAILED, True),
        (Outcome.DECLINED, True),
        (Outcome.SCREENED_OUT, True),
        (Outcome.DROPPED, True),
    ],
)
def test_every_outcome_either_ends_the_call_or_rings_the_next(outcome: Outcome, goes_on: bool) -> None:
    decision = decide(SCHEDULE, CENTRE, OPEN_HOUR)
    step = next_step(SCHEDULE, decision, Position("reception"), outcome, OPEN_HOUR)
    assert isinstance(step, Ring) is goes_on


def test_each_attempt_rings_as_long_as_its_destination_says() -> None:
    seconds = [s.attempt.seconds for s in route(SCHEDULE, CENTRE, OPEN_HOUR) if isinstance(s, Ring)]
    assert seconds == [20, 25, 25, 25, 25, 40]


def test_a_last_stop_without_a_message_still_says_something() -> None:
    of = schedule(Destination("security", ring=(GUARD_1,)), open_="security")
    assert list(route(of, of.unit("centre"), OPEN_HOUR))[-1] == Goodbye((APOLOGY,))


@pytest.mark.parametrize("ring", [(), (GUARD_1,)], ids=["nobody to ring", "somebody to ring first"])
def test_a_voicemail_is_a_last_stop(ring: tuple[PhoneNumber, ...]) -> None:
    of = schedule(Destination("security", ring=ring, voicemail=True), open_="security", message=None)
    assert list(route(of, of.unit("centre"), OPEN_HOUR))[-1] == TakeMessage((LEAVE_A_MESSAGE,))


def test_a_voicemail_has_its_own_words() -> None:
    of = schedule(Destination("security", message=NO_ANSWER, voicemail=True), message=None)
    (step,) = route(of, of.unit("centre"), CLOSED_HOUR)
    assert isinstance(step, TakeMessage)
    words, reopening = step.announce
    assert words == NO_ANSWER
    assert reopening.parts == (Spoken("sv", "Vi öppnar igen i morgon, tisdag, klockan tio."),)


def test_who_is_forwarded_is_not_told_when_we_open() -> None:
    assert first_step(SCHEDULE, decide(SCHEDULE, CENTRE, CLOSED_HOUR), CLOSED_HOUR).announce == (CLOSED_MESSAGE,)


def test_a_message_on_the_way_is_heard_before_the_next_phone_rings() -> None:
    of = schedule(
        Destination("security", message=NO_ANSWER, then="duty-officer"),
        Destination("duty-officer", ring=(DUTY_OFFICER,)),
    )
    step = next(iter(route(of, of.unit("centre"), CLOSED_HOUR)))
    assert step.announce == (CLOSED_MESSAGE, NO_ANSWER)
    assert rung(step) == [DUTY_OFFICER.e164]


def test_the_contract_in_force_says_who_rings_and_for_whom() -> None:
    hand_over = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    contracts = (Contract("Old", Span(OPEN_HOUR, hand_over), (GUARD_1,)), Contract("New", Span(hand_over), (GUARD_2,)))
    of = schedule(Destination("security", contracts=contracts))
    before, after = decide(of, of.unit("centre"), CLOSED_HOUR), hand_over
    first = first_step(of, before, CLOSED_HOUR)
    second = first_step(of, decide(of, of.unit("centre"), after), after)
    assert isinstance(first, Ring)
    assert isinstance(second, Ring)
    assert (rung(first), first.attempt.company) == ([GUARD_1.e164], "Old")
    assert (rung(second), second.attempt.company) == ([GUARD_2.e164], "New")


class TestReloadInMidCall:
    """A reload may take away what a call stands on; it never takes the caller away."""

    decision = decide(SCHEDULE, CENTRE, OPEN_HOUR)

    def after(self, new: Schedule, position: Position) -> Instruction:
        return next_step(new, self.decision, position, Outcome.NO_ANSWER, OPEN_HOUR)

    def test_the_destination_is_gone(self) -> None:
        step = self.after(schedule(*USUAL[1:], open_="security"), Position("reception", hop=2))
        assert rung(step) == [GUARD_1.e164]
        assert isinstance(step, Ring)
        assert (step.attempt.position, step.announce) == (Position("security", hop=3), (TRYING_NEXT,))

    def test_the_place_in_the_list_is_gone(self) -> None:
        shorter = schedule(*(replace(d, ring=(GUARD_2,)) if d.name == "security" else d for d in USUAL))
        step = self.after(shorter, Position("security", hop=1, slot=1))
        assert rung(step) == [GUARD_2.e164]
        assert isinstance(step, Ring)
        assert (step.attempt.position, step.announce) == (Position("security", hop=2), (TRYING_NEXT,))

    def test_the_unit_is_gone(self) -> None:
        other = replace(CENTRE, name="other", numbers=())
        new = replace(SCHEDULE, units={"other": other}, destinations={d.name: d for d in USUAL[1:]})
        assert rung(self.after(new, Position("reception"))) == [GUARD_1.e164]

    def test_a_call_that_is_moved_again_and_again_ends_with_words(self) -> None:
        step = self.after(schedule(*USUAL[1:], open_="security"), Position("reception", hop=HOP_CAP - 1))
        assert step == Goodbye((APOLOGY,))


def test_a_naive_time_is_refused_at_the_call_not_at_the_first_step() -> None:
    with pytest.raises(ValueError, match="time zone"):
        route(SCHEDULE, CENTRE, OPEN_HOUR.replace(tzinfo=None))


def test_a_unit_is_found_by_its_number_as_value_or_as_text() -> None:
    assert SCHEDULE.unit_by_number("+46846500400") is SCHEDULE.unit_by_number(CENTRE.numbers[0]) is CENTRE
    assert SCHEDULE.unit_by_number("112") is SCHEDULE.unit_by_number(None) is None


class TestACallerWhoCallsAgain:
    decision = decide(SCHEDULE, CENTRE, CLOSED_HOUR)

    def test_reaches_whoever_took_the_last_call_first_then_the_path_from_its_start(self) -> None:
        step = again(SCHEDULE, self.decision, GUARD_2, CLOSED_HOUR)
        assert rung(step) == [GUARD_2.e164]
        assert isinstance(step, Ring)
        assert step.announce == ()
        onward = next_step(SCHEDULE, self.decision, step.attempt.position, Outcome.NO_ANSWER, CLOSED_HOUR)
        assert rung(onward) == [GUARD_1.e164]
        assert isinstance(onward, Ring)
        assert (onward.attempt.position, onward.announce) == (Position("security"), (TRYING_NEXT,))

    def test_reaches_a_phone_further_down_the_path_as_what_it_is(self) -> None:
        """The log says at which destination they answered, and for which company."""
        step = again(SCHEDULE, self.decision, DUTY_OFFICER, CLOSED_HOUR)
        assert isinstance(step, Ring)
        assert (step.attempt.position, step.attempt.seconds) == (Position("duty-officer", hop=BEFORE_ALL), 40)
        onward = next_step(SCHEDULE, self.decision, step.attempt.position, Outcome.BUSY, CLOSED_HOUR)
        assert rung(onward) == [GUARD_1.e164]

    @pytest.mark.parametrize("taken_by", [None, DESK_1], ids=["nobody took it", "a phone that is not on this path"])
    def test_is_spared_the_message_and_goes_the_usual_way(self, taken_by: PhoneNumber | None) -> None:
        step = again(SCHEDULE, self.decision, taken_by, CLOSED_HOUR)
        assert (rung(step), step.announce) == ([GUARD_1.e164], ())

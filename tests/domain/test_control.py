"""What is decided by hand: which override holds, what it makes of a call, who is blocked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callrouter.domain.control import LONGEST_WHO, LONGEST_WHY, NO_CONTROL, Block, Control, Ending, Override
from callrouter.domain.decision import decide
from callrouter.domain.destination import Destination
from callrouter.domain.phrases import BLOCKED_CALLER
from callrouter.domain.routing import Goodbye, Ring, first_step
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.words import DecidedBy, State
from tests.schedules import CLOSED_HOUR, CLOSED_MESSAGE, GUARD_1, NO_ANSWER, OPEN_HOUR, STOCKHOLM, USUAL, schedule

SCHEDULE = schedule()
CENTRE = SCHEDULE.unit("centre")
ALARM = replace(CENTRE, name="larm", numbers=(), open="security", closed="security", is_alarm=True)
WITH_ALARM = replace(SCHEDULE, units={"centre": CENTRE, "larm": ALARM})
HOUR = timedelta(hours=1)
SPAN = Span(OPEN_HOUR - HOUR, OPEN_HOUR + HOUR)
KEY = "c0ffee"


def override(
    number: int = 14, *, state: State | None = State.CLOSED, destination: str | None = None, unit: str = "centre"
) -> Override:
    return Override(number, unit, SPAN, state, destination, "Personalmöte", "anna")


def block(number: int = 3, *, unit: str = "centre", span: Span = SPAN) -> Block:
    return Block(number, unit, KEY, "key-1", span, "hot mot personal", "anna")


CLOSE = override()
TO_OFFICER = override(15, state=None, destination="duty-officer")


@pytest.mark.parametrize(
    ("given", "at", "state", "destination"),
    [
        (CLOSE, OPEN_HOUR, State.CLOSED, "security"),
        (override(state=State.OPEN), CLOSED_HOUR, State.OPEN, "reception"),
        (TO_OFFICER, OPEN_HOUR, State.OPEN, "duty-officer"),
        (TO_OFFICER, CLOSED_HOUR, State.CLOSED, "duty-officer"),
    ],
    ids=["closed", "open", "sent while open", "sent while closed"],
)
def test_an_override_beats_the_hours(given: Override, at: datetime, state: State, destination: str) -> None:
    lasting = replace(given, span=Span(at - HOUR, at + HOUR))
    decision = decide(SCHEDULE, CENTRE, at, Control((lasting,)))
    assert (decision.state, decision.destination) == (state, destination)
    assert (decision.decided_by, decision.line) == (DecidedBy.OVERRIDE, None)
    assert (decision.at, decision.schedule_version) == (at, "v1")


def test_it_holds_from_its_start_until_just_before_its_end() -> None:
    tick = timedelta(microseconds=1)
    instants = (OPEN_HOUR - HOUR - tick, OPEN_HOUR - HOUR, OPEN_HOUR + HOUR - tick, OPEN_HOUR + HOUR)
    found = [Control((CLOSE,)).override("centre", at) for at in instants]
    assert found == [None, CLOSE, CLOSE, None]


def test_the_reason_says_what_until_when_by_whom_and_why() -> None:
    until_18 = replace(CLOSE, span=Span(OPEN_HOUR, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)))
    decision = decide(SCHEDULE, CENTRE, OPEN_HOUR, Control((until_18,)))
    assert decision.reason == "override 14: closed until 2026-11-23 18:00 by anna: Personalmöte"
    sent = replace(until_18, id=15, state=None, destination="security")
    assert sent.reason(STOCKHOLM) == "override 15: to security until 2026-11-23 18:00 by anna: Personalmöte"
    assert replace(sent, span=Span(OPEN_HOUR)).reason(STOCKHOLM) == "override 15: to security by anna: Personalmöte"


def test_a_reason_fits_the_callback_urls_whatever_the_database_holds() -> None:
    long = replace(CLOSE, why="å\n" * 5000, who="x" * 5000)
    assert len(long.reason(STOCKHOLM)) < LONGEST_WHY + LONGEST_WHO + 60
    assert "\n" not in long.reason(STOCKHOLM)
    assert long.reason(STOCKHOLM).endswith("å…")


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_overrides_the_one_made_last_decides_until_it_ends(order: int) -> None:
    earlier = replace(CLOSE, span=Span(OPEN_HOUR, OPEN_HOUR + 3 * HOUR))
    later = replace(TO_OFFICER, span=Span(OPEN_HOUR + HOUR, OPEN_HOUR + 2 * HOUR))
    control = Control((earlier, later)[::order])
    found = [control.override("centre", OPEN_HOUR + hours * HOUR) for hours in range(4)]
    assert found == [earlier, later, earlier, None]


def test_another_units_override_changes_nothing() -> None:
    control = Control((override(unit="larm"),))
    assert decide(WITH_ALARM, CENTRE, OPEN_HOUR, control) == decide(WITH_ALARM, CENTRE, OPEN_HOUR)


def test_one_that_was_ended_keeps_what_it_decided_before() -> None:
    ended = replace(CLOSE, span=Span(SPAN.start, OPEN_HOUR), ended=Ending("bo", "klart", OPEN_HOUR + HOUR))
    control = Control((ended,))
    before = decide(SCHEDULE, CENTRE, OPEN_HOUR - HOUR / 2, control)
    assert (before.state, before.decided_by) == (State.CLOSED, DecidedBy.OVERRIDE)
    assert decide(SCHEDULE, CENTRE, OPEN_HOUR, control).decided_by is DecidedBy.HOURS


@pytest.mark.parametrize(
    ("given", "unit"),
    [
        (override(state=None, destination="gone"), CENTRE),
        (override(state=None), CENTRE),
        (override(unit="larm"), ALARM),
        (override(state=None, destination="message-only", unit="larm"), ALARM),
    ],
    ids=["destination taken away", "word of a later release", "alarm unit closed", "alarm unit sent where none rings"],
)
def test_what_cannot_be_followed_leaves_the_ordinary_decision(given: Override, unit: Unit) -> None:
    assert given.leads_to(WITH_ALARM, unit) is None
    assert decide(WITH_ALARM, unit, OPEN_HOUR, Control((given,))) == decide(WITH_ALARM, unit, OPEN_HOUR)


@pytest.mark.parametrize(
    ("given", "destination"),
    [
        (override(state=State.OPEN, unit="larm"), "security"),
        (override(state=None, destination="duty-officer", unit="larm"), "duty-officer"),
        (override(state=None, destination="words", unit="larm"), "words"),
    ],
    ids=["open", "sent to a phone", "sent to words before a phone"],
)
def test_an_alarm_unit_may_be_sent_to_another_phone(given: Override, destination: str) -> None:
    words = Destination("words", message=NO_ANSWER, then="duty-officer")
    of = replace(WITH_ALARM, destinations={**WITH_ALARM.destinations, "words": words})
    assert decide(of, ALARM, OPEN_HOUR, Control((given,))).destination == destination


def test_a_circle_that_a_reload_made_does_not_keep_an_alarm_unit_looking() -> None:
    circle = {"security": USUAL[1], "a": Destination("a", then="b"), "b": Destination("b", then="a")}
    of = replace(WITH_ALARM, destinations=circle)
    assert override(state=None, destination="a", unit="larm").leads_to(of, ALARM) is None


def test_a_unit_closed_by_hand_says_its_closed_message_and_rings_security() -> None:
    step = first_step(SCHEDULE, decide(SCHEDULE, CENTRE, OPEN_HOUR, Control((CLOSE,))), OPEN_HOUR)
    assert isinstance(step, Ring)
    assert step.announce == (CLOSED_MESSAGE,)
    assert [phone.number for phone in step.attempt.phones] == [GUARD_1]


class TestBlock:
    control = Control(blocks=(block(),))

    def test_the_caller_hears_a_sentence_with_the_way_to_help_and_nobody_is_rung(self) -> None:
        decision = decide(SCHEDULE, CENTRE, OPEN_HOUR, self.control, KEY)
        assert (decision.decided_by, decision.state) == (DecidedBy.BLOCK, State.OPEN)
        assert (decision.destination, decision.line) == ("", None)
        assert first_step(SCHEDULE, decision, OPEN_HOUR) == Goodbye((BLOCKED_CALLER,))

    def test_the_reason_names_the_block_and_not_what_it_tells_of_a_person(self) -> None:
        decision = decide(SCHEDULE, CENTRE, OPEN_HOUR, self.control, KEY)
        assert decision.reason == "block 3 until 2026-11-23 12:00 by anna"

    def test_it_beats_an_override_whose_state_stays(self) -> None:
        control = replace(self.control, overrides=(CLOSE,))
        decision = decide(SCHEDULE, CENTRE, OPEN_HOUR, control, KEY)
        assert (decision.decided_by, decision.state) == (DecidedBy.BLOCK, State.CLOSED)

    @pytest.mark.parametrize(
        ("unit", "caller_key", "at"),
        [
            (CENTRE, "another", OPEN_HOUR),
            (CENTRE, None, OPEN_HOUR),
            (CENTRE, KEY, OPEN_HOUR + HOUR),
            (replace(CENTRE, name="other"), KEY, OPEN_HOUR),
        ],
        ids=["another caller", "withheld", "over", "another unit"],
    )
    def test_nobody_else_is_meant(self, unit: Unit, caller_key: str | None, at: datetime) -> None:
        assert decide(SCHEDULE, unit, at, self.control, caller_key) == decide(SCHEDULE, unit, at)

    def test_nobody_is_blocked_at_an_alarm_unit(self) -> None:
        control = Control(blocks=(block(unit="larm"),))
        assert decide(WITH_ALARM, ALARM, OPEN_HOUR, control, KEY) == decide(WITH_ALARM, ALARM, OPEN_HOUR)

    def test_of_two_blocks_the_one_made_last_is_named(self) -> None:
        control = Control(blocks=(block(5), block(4)))
        assert control.block("centre", KEY, OPEN_HOUR) == block(5)


def test_without_control_nothing_is_decided_by_hand() -> None:
    def decided(of: Schedule, at: datetime) -> DecidedBy:
        return decide(of, of.unit("centre"), at, NO_CONTROL, KEY).decided_by

    assert [decided(SCHEDULE, at) for at in (OPEN_HOUR, CLOSED_HOUR)] == [DecidedBy.HOURS] * 2

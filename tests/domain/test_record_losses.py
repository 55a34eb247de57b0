"""fold() when callbacks were lost: what can be known is said, what cannot is left open, and nothing is guessed."""

from datetime import timedelta

import pytest

from callrouter.domain.call import (
    CONFIRMATION_SECONDS,
    Caller,
    CallEvent,
    DialEnded,
    LegUpdate,
    RunningCall,
    message_left,
)
from callrouter.domain.destination import Destination
from callrouter.domain.record import fold
from callrouter.domain.routing import Ring, decide, first_step
from callrouter.domain.words import Disposition, EventKind, LegStatus, Outcome
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, DESK_2, GUARD_1, OPEN_HOUR, schedule

SCREENING = schedule(
    Destination("reception", ring=(DESK_1, DESK_2), together=True), Destination("security", (GUARD_1,), accept_key=True)
)
ID = "CA0123456789abcdef0123456789abcdef"


def ringing(at=OPEN_HOUR) -> RunningCall:  # type: ignore[no-untyped-def] # noqa: ANN001
    """A call that rings both desks at once, or, when it is closed, a guard who must press a key."""
    decision = decide(SCREENING, SCREENING.unit("centre"), at)
    step = first_step(SCREENING, decision, at)
    assert isinstance(step, Ring)
    return RunningCall(ID, CENTRE.e164, Caller(), decision).ringing(step)


DESKS, GUARD = ringing(), ringing(CLOSED_HOUR)
OVER = OPEN_HOUR + timedelta(seconds=45)
TALKED_40 = DialEnded(Outcome.ANSWERED, bridged=True, seconds=40, caller_gone=False, leg_sid="CA2")
NOBODY = DialEnded(Outcome.NO_ANSWER, bridged=False, seconds=None, caller_gone=False, leg_sid="CA2")


def story(dial: DialEnded, *heard: CallEvent) -> list[CallEvent]:
    """Both desks ring, *heard* arrives of them, the dial ends."""
    return [*DESKS.told(), *heard, DESKS.dial_ended(dial, dial.judged(screened=False), OVER), DESKS.hung_up(OVER)]


RINGS_1 = DESKS.leg(DESK_1.e164, LegUpdate(LegStatus.RINGING, "CA1"), OPEN_HOUR)
CANCELLED_1 = DESKS.leg(DESK_1.e164, LegUpdate(LegStatus.ENDED, "CA1", Outcome.CANCELLED), OPEN_HOUR)
BUSY_1 = DESKS.leg(DESK_1.e164, LegUpdate(LegStatus.ENDED, "CA1", Outcome.BUSY), OPEN_HOUR)
RINGS_2 = DESKS.leg(DESK_2.e164, LegUpdate(LegStatus.RINGING, "CA2"), OPEN_HOUR)


@pytest.mark.parametrize(
    ("dial", "heard", "outcomes"),
    [
        (TALKED_40, (CANCELLED_1,), [Outcome.CANCELLED, Outcome.ANSWERED]),
        (TALKED_40, (RINGS_1,), [None, Outcome.ANSWERED]),
        (TALKED_40, (RINGS_2,), [None, Outcome.ANSWERED]),
        (TALKED_40, (), [None, None]),
        (NOBODY, (BUSY_1,), [Outcome.BUSY, Outcome.NO_ANSWER]),
        (NOBODY, (RINGS_2,), [None, Outcome.NO_ANSWER]),
        (NOBODY, (), [None, None]),
    ],
    ids=["named by elimination", "the other's end lost", "the other lost", "all lost", "busy", "maybe busy", "no word"],
)
def test_of_phones_that_ring_together_each_has_the_outcome_that_was_told_of_it(
    dial: DialEnded, heard: tuple[CallEvent, ...], outcomes: list[Outcome | None]
) -> None:
    record = fold(story(dial, *heard))
    assert [leg.outcome for leg in record.legs] == outcomes
    assert record.disposition is (Disposition.ANSWERED if dial is TALKED_40 else Disposition.UNANSWERED)


def test_who_answered_is_known_by_the_place_where_the_phone_is_not() -> None:
    record = fold(story(TALKED_40))
    assert record.answered_by
    assert (record.answered_by.destination, record.answered_by.person) == ("reception", None)
    assert (record.seconds_to_answer, record.talked_seconds) == (5, 40)


def test_a_dial_that_names_nobody_is_not_taken_for_the_silent_one() -> None:
    nameless = DialEnded(Outcome.BUSY, bridged=None, seconds=None, caller_gone=False, leg_sid=None)
    assert [leg.outcome for leg in fold(story(nameless, RINGS_1)).legs] == [None, None]


@pytest.mark.parametrize("kind", [EventKind.MESSAGE_LEFT, EventKind.RECORDED])
def test_a_message_ends_the_call_whatever_else_was_lost(kind: EventKind) -> None:
    record = fold([*DESKS.told(), message_left(ID, "RE1", 8, OVER, kind=kind)])
    assert (record.disposition, record.ended_at) == (Disposition.MESSAGE, OVER)


def test_the_key_shows_who_talked_where_the_provider_does_not_say_and_the_log_could_not_be_asked() -> None:
    ended = DialEnded(Outcome.ANSWERED, bridged=None, seconds=25, caller_gone=True, leg_sid="CA1")
    at = CLOSED_HOUR + timedelta(seconds=20)
    judged = ended.judged(screened=True)
    assert judged is Outcome.CANCELLED
    heard = [*GUARD.told(), GUARD.dial_ended(ended, judged, at)]
    assert fold(heard).disposition is Disposition.ABANDONED
    key = GUARD.key_pressed(GUARD_1.e164, CLOSED_HOUR + timedelta(seconds=10), accepts=True)
    record = fold([*heard, key])
    assert ([leg.outcome for leg in record.legs], record.talked_seconds) == ([Outcome.ANSWERED], 10)


@pytest.mark.parametrize(
    ("talked", "bridged", "judged", "outcome"),
    [
        (1, None, Outcome.SCREENED_OUT, Outcome.DROPPED),
        (1, True, Outcome.DROPPED, Outcome.DROPPED),
        (9, None, Outcome.SCREENED_OUT, Outcome.ANSWERED),
        (9, True, Outcome.DROPPED, Outcome.ANSWERED),
    ],
)
def test_the_key_shows_whether_they_talked_also_where_whoever_rang_on_did_not_know_of_it(
    talked: int, bridged: bool | None, judged: Outcome, outcome: Outcome
) -> None:
    """The database was away, and the key was told to another process than the end."""
    key_at = CLOSED_HOUR + timedelta(seconds=12)
    over = key_at + timedelta(seconds=CONFIRMATION_SECONDS + talked)
    dial = DialEnded(Outcome.ANSWERED, bridged=bridged, seconds=9 + talked, caller_gone=False, leg_sid="CA1")
    key = GUARD.key_pressed(GUARD_1.e164, key_at, accepts=True)
    (leg,) = fold([*GUARD.told(), key, GUARD.dial_ended(dial, judged, over)]).legs
    assert leg.outcome is outcome


@pytest.mark.parametrize(("seconds", "outcome"), [(0.9, Outcome.CANCELLED), (1, Outcome.ANSWERED)])
def test_a_caller_who_goes_while_the_key_is_confirmed_was_not_helped(seconds: float, outcome: Outcome) -> None:
    ended = DialEnded(Outcome.ANSWERED, bridged=None, seconds=25, caller_gone=True, leg_sid="CA1")
    pressed = CLOSED_HOUR + timedelta(seconds=10)
    key = GUARD.key_pressed(GUARD_1.e164, pressed, accepts=True)
    end = GUARD.dial_ended(ended, ended.judged(screened=True), pressed + timedelta(seconds=seconds))
    assert [leg.outcome for leg in fold([*GUARD.told(), key, end]).legs] == [outcome]


@pytest.mark.parametrize(
    ("bridged", "since_key", "gone", "judged"),
    [
        (True, 1, False, Outcome.DROPPED),
        (True, 4, False, Outcome.DROPPED),
        (True, 5, False, Outcome.ANSWERED),
        (True, 1, True, Outcome.ANSWERED),
        (True, None, False, Outcome.ANSWERED),
        (None, 1, False, Outcome.DROPPED),
        (None, 9, False, Outcome.ANSWERED),
        (None, 0.9, True, Outcome.CANCELLED),  # gone while the key was being confirmed
        (None, 1, True, Outcome.ANSWERED),
        (None, None, False, Outcome.SCREENED_OUT),
        (False, None, False, Outcome.SCREENED_OUT),
    ],
)
def test_a_screened_talk_is_measured_from_the_key_for_the_provider_counts_the_whisper_too(
    bridged: bool | None, since_key: float | None, gone: bool, judged: Outcome
) -> None:
    ended = DialEnded(Outcome.ANSWERED, bridged, seconds=12, caller_gone=gone, leg_sid="CA1")
    talked = None if since_key is None else timedelta(seconds=since_key)
    assert ended.judged(screened=True, since_key=talked) is judged
    assert ended.is_unsure(screened=True) is (bridged is not False)

"""What every caller is owed, judged by what the network saw alone."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from callrouter.domain.schedule import Schedule
from callrouter.simulate.people import VOICEMAIL
from callrouter.simulate.stage import Performance
from callrouter.telephony.simulator import PlayedCall, PlayedLeg

REST_SECONDS = 10
"""A line that was busy is busy still."""

_WORDS = frozenset({"said", "played"})


def nobody_is_lost(performance: Performance) -> Iterator[str]:
    """A caller who stays talks with somebody, or leaves a message, or hears words at the end: never silence."""
    call = performance.call
    if call.ended_by == "caller" or call.answered_by or call.message is not None:
        return
    if call.ended_by != "service":
        yield f"the caller was lost: the call was ended by {call.ended_by or 'nobody'}"
    elif not words_at_the_end(call):
        yield "the call ended in silence: nobody answered, no message was taken, and nothing was said at the end"


def words_at_the_end(call: PlayedCall) -> bool:
    """Whether the caller heard anything after the last phone had stopped ringing."""
    kinds = [entry.kind for entry in call.timeline]
    since = max((place for place, kind in enumerate(kinds) if kind == "leg-ended"), default=-1)
    return not _WORDS.isdisjoint(kinds[since + 1 :])


def only_known_numbers_ring(performance: Performance, known: AbstractSet[str]) -> Iterator[str]:
    """No number is rung but those of the schedule and the last resort."""
    for number in sorted(set(performance.call.rung) - known):
        yield f"{number} was rung, which stands nowhere in the schedule"


def no_voicemail_takes_a_call(performance: Performance, screened: AbstractSet[str]) -> Iterator[str]:
    """Where a key is asked for, a machine that picks up is never put through to the caller."""
    for leg, manner in performance.met:
        if manner == VOICEMAIL and leg.bridged_at and leg.number in screened:
            yield f"the voicemail of {leg.number} was put through to the caller, though a key is asked for"


def every_number_rests(performance: Performance, repeated: AbstractSet[str]) -> Iterator[str]:
    """No number begins to ring again within REST_SECONDS.

    But for those where the caller's number is shown: refused by a carrier, they are tried once more with our own.
    """
    rang: dict[str, PlayedLeg] = {}
    for leg in performance.call.legs:
        before = rang.get(leg.number)
        rang[leg.number] = leg
        if before is None or (before.outcome == "failed" and leg.number in repeated):
            continue
        seconds = (leg.started_at - before.started_at).total_seconds()
        if seconds < REST_SECONDS:
            yield f"{leg.number} began to ring again after {seconds:.1f} s; at least {REST_SECONDS} s are expected"


def the_service_makes_no_mistake(performance: Performance) -> Iterator[str]:
    """The network minds nothing in its answers, and the service itself logs no error."""
    for error in performance.call.errors:
        yield f"the network minds (error {error.code}): {error.sentence}"
    for sentence in performance.complaints:
        yield f"the service logged an error: {sentence}"


Promise = Callable[[Performance], Iterator[str]]


def promises_of(schedule: Schedule, last_resort: str | None) -> dict[str, Promise]:
    """Every promise under *schedule*, by its name."""
    known = {number.e164 for number in schedule.numbers} | ({last_resort} if last_resort else set())
    screened = _always_screened(schedule)
    repeated = {n.e164 for place in schedule.destinations.values() if place.show_caller for n in place.numbers}
    return {
        "nobody is lost": nobody_is_lost,
        "only known numbers ring": lambda performance: only_known_numbers_ring(performance, known),
        "no voicemail takes a call": lambda performance: no_voicemail_takes_a_call(performance, screened),
        "every number rests": lambda performance: every_number_rests(performance, repeated),
        "no mistake": the_service_makes_no_mistake,
    }


def _always_screened(schedule: Schedule) -> set[str]:
    """Numbers that stand only in destinations which ask for a key."""
    places = schedule.destinations.values()
    asked = {number.e164 for place in places if place.accept_key for number in place.numbers}
    return asked - {number.e164 for place in places if not place.accept_key for number in place.numbers}

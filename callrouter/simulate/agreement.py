"""Whether the log and the network agree on a call.

The network knows all; the log knows what it was told, and callbacks get lost. So they agree when

1. the log has the call in exactly one row, with its number, unit and arrival, and its caller where that may be kept;
2. whatever the log states is what the network saw: every outcome, how the call ended, who answered, and the seconds
   until then and of the talk, give or take TOLERANCE_SECONDS;
3. the log is silent only about what nobody could tell it:
   - a phone has no outcome only if its last callback did not arrive, and the end of its Dial either did not name it, or
     named it in vain: of phones that ring together a Dial names one by an identifier, and no callback that would have
     said whose that is arrived;
   - a phone is missing only if no callback about it arrived and no end of a Dial named it;
   - the call is `in-progress` only if no request arrived that said it is over, and the caller went, or said nothing
     after the tone (an empty recording is not told). Then the log may also have phones that were about to ring when
     the caller went, without an outcome.

A caller who hangs up during the last words counts as `abandoned` or `unanswered`: both are true. One who goes within
TOLERANCE_SECONDS of the key that takes the call counts as put through or not, where the provider does not say which.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from callrouter.domain.schedule import Schedule
from callrouter.domain.whisper import ACCEPT_KEY
from callrouter.simulate.logbook import LoggedCall, LoggedLeg
from callrouter.simulate.promises import words_at_the_end
from callrouter.simulate.stage import Performance
from callrouter.simulate.told import Told
from callrouter.telephony.simulator import PlayedCall, PlayedLeg

TOLERANCE_SECONDS = 4
"""The provider counts whole seconds, and tells of a caller's hang-up a little late."""


def disagreements(performance: Performance, rows: Sequence[LoggedCall], schedule: Schedule) -> Iterator[str]:
    """In what the log differs from the network, a sentence each."""
    if len(rows) != 1:
        yield f"the log has the call in {len(rows)} rows; 1 is expected"
        return
    row, call = rows[0], performance.call
    told = Told.by(call)
    yield from _arrival(performance, row, schedule)
    yield from _phones(call, row, told)
    expected = _dispositions(call, told)
    if row.disposition not in expected:
        yield f"the network saw the call {' or '.join(sorted(expected))}, the log says {row.disposition}"
    yield from _answer(call, row, schedule)


def _arrival(performance: Performance, row: LoggedCall, schedule: Schedule) -> Iterator[str]:
    scene, call = performance.scene, performance.call
    menu = scene.unit.menu if scene.unit else None
    units = [scene.unit.name if scene.unit else None, *(menu.keys.values() if menu else ())]
    unit = schedule.units.get(row.unit or "")
    numbers = {scene.kept_number if unit is None or unit.keeps_numbers else None} | ({None} if menu else set())
    if row.called != call.to:
        yield f"{call.to} was called, the log says {row.called}"
    if row.received_at != call.started_at:
        yield f"the call came at {call.started_at}, the log says {row.received_at}"
    if row.unit not in units:
        yield f"the called number is that of {units[0]}, the log says {row.unit}"
    if row.number not in numbers:
        yield f"of the caller the log may keep {scene.kept_number or 'nothing'}, it has {row.number or 'nothing'}"


def _phones(call: PlayedCall, row: LoggedCall, told: Told) -> Iterator[str]:
    """The rings of each number, in order."""
    went = _went_at_the_key(call, told)
    for number in sorted({leg.number for leg in call.legs} | {leg.to for leg in row.legs}):
        seen = [leg for leg in call.legs if leg.number == number]
        kept = deque(leg for leg in row.legs if leg.to == number)
        yield from (f"{number} {sentence}" for sentence in _rings(seen, kept, told, went))
        yield from (f"{number} {sentence}" for sentence in _extra(kept, is_over=row.disposition != "in-progress"))


def _rings(seen: Sequence[PlayedLeg], kept: deque[LoggedLeg], told: Told, went: PlayedLeg | None) -> Iterator[str]:
    """Take each ring that the network saw from those that the log *kept*."""
    for place, leg in enumerate(seen):
        may_be_missing = told.nothing_of(leg) and len(kept) < len(seen) - place
        outcomes = ("answered", "cancelled", None) if leg is went else _outcomes(leg, told)
        if kept and kept[0].outcome in outcomes:
            kept.popleft()
        elif not may_be_missing:
            found = kept.popleft().outcome if kept else "does not have that"
            yield f"rang: {leg.outcome}, the log says {found or 'nothing'}"


def _outcomes(leg: PlayedLeg, told: Told) -> tuple[str | None, ...]:
    return (leg.outcome,) if told.end_of(leg) else (leg.outcome, None)


def _went_at_the_key(call: PlayedCall, told: Told) -> PlayedLeg | None:
    """The phone whose key the caller went at, if nobody says whether they were put through."""
    leg = call.legs[-1] if call.legs and not told.is_bridged_said else None
    if leg is None or leg.ended_by != "caller":
        return None
    key = ("pressed", leg.number, ACCEPT_KEY)
    pressed = (entry.at for entry in call.timeline if (entry.kind, entry.who, entry.detail) == key)
    return leg if any((leg.ended_at - at).total_seconds() <= TOLERANCE_SECONDS for at in pressed) else None


def _extra(kept: Iterable[LoggedLeg], *, is_over: bool) -> Iterator[str]:
    for leg in kept:
        if is_over or leg.outcome is not None:
            yield f"did not ring, the log says: {leg.outcome or 'it did, and nothing more'}"


def _dispositions(call: PlayedCall, told: Told) -> set[str]:
    """The words that say how the call ended."""
    if _went_at_the_key(call, told):
        return {"answered", "abandoned"}
    if call.answered_by:
        return {"answered"}
    if call.message is not None:
        return {"message"}
    words = {"unanswered"}
    if call.ended_by == "caller":
        words = {"abandoned", "unanswered"} if words_at_the_end(call) else {"abandoned"}
    said_nothing = any(entry.kind == "recording" for entry in call.timeline)
    may_be_unknown = not told.is_over and (call.ended_by == "caller" or said_nothing)
    return words | {"in-progress"} if may_be_unknown else words


def _answer(call: PlayedCall, row: LoggedCall, schedule: Schedule) -> Iterator[str]:
    """Who answered, after how long, for how long."""
    leg = next((leg for leg in call.legs if leg.number == call.answered_by and leg.outcome == "answered"), None)
    if leg is None or leg.bridged_at is None or row.disposition != "answered":  # which _dispositions has judged
        return
    destination = schedule.destinations.get(row.answered_destination or "")
    if destination is None or leg.number not in {number.e164 for number in destination.numbers}:
        yield f"{leg.number} answered, the log says it was at {row.answered_destination or 'no destination'}"
    waited = (leg.bridged_at - call.started_at).total_seconds()
    for what, seen, kept in (
        ("waited", waited, row.seconds_to_answer),
        ("talked", leg.talked_seconds, row.talked_seconds),
    ):
        if kept is not None and abs(seen - kept) > TOLERANCE_SECONDS:
            yield f"the caller {what} {seen:.0f} s, the log says {kept} s"

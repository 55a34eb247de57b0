"""Whether the log and the network agree on a call.

The network knows all; the log knows what it was told, and callbacks get lost. So they agree when

1. the log has the call in exactly one row, with its number, its unit, its arrival and (where it may be kept) its caller;
2. whatever the log states is what the network saw: every outcome, how the call ended, who answered, and the seconds of
   it, give or take TOLERANCE_SECONDS;
3. the log is silent only about what nobody could tell it:
   - a phone has no outcome only if its last callback did not arrive, and the end of its Dial either did not name it or
     could not be understood: of several phones that ring together the Dial names one by an identifier, and every
     callback that would have said whose it is was lost;
   - a phone is missing only if no callback about it arrived and no end of a Dial named it;
   - the call is `in-progress` only if no request arrived that said it is over. Then the log may also have the phones
     that were to ring when the caller went, without an outcome.

A caller who hangs up during the last words counts as `abandoned` or `unanswered`: both are true.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from callrouter.domain.schedule import Schedule
from callrouter.simulate.logbook import LoggedCall, LoggedLeg
from callrouter.simulate.promises import words_at_the_end
from callrouter.simulate.stage import Performance
from callrouter.simulate.told import Told
from callrouter.telephony.simulator import PlayedCall, PlayedLeg

TOLERANCE_SECONDS = 3
"""The provider counts whole seconds, and tells of some things a little late."""


def disagreements(performance: Performance, rows: Sequence[LoggedCall], schedule: Schedule) -> Iterator[str]:
    """In what the log differs from the network, a sentence each."""
    if len(rows) != 1:
        yield f"the log has the call in {len(rows)} rows; 1 is expected"
        return
    row, call = rows[0], performance.call
    told = Told.by(call)
    yield from _arrival(performance, row, schedule)
    yield from _legs(call, row, told)
    yield from _end(call, row, told)
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
        yield f"the number called is that of {units[0]}, the log says {row.unit}"
    if row.number not in numbers:
        yield f"of the caller the log may keep {scene.kept_number or 'nothing'}, it has {row.number or 'nothing'}"


def _legs(call: PlayedCall, row: LoggedCall, told: Told) -> Iterator[str]:
    seen, kept = _by_number(call.legs), _by_number(row.legs)
    for number in sorted(seen.keys() | kept.keys()):
        yield from _compared(number, seen[number], kept[number], told, is_over=row.disposition != "in-progress")


def _by_number(legs: Sequence[PlayedLeg] | Sequence[LoggedLeg]) -> defaultdict[str, list]:
    return defaultdict(list)


def _compared(
    number: str, seen: list[PlayedLeg], kept: list[LoggedLeg], told: Told, *, is_over: bool
) -> Iterator[str]:
    """The rings of one number, in order; what the network saw and the log does not have must be what nobody told."""
    waiting = list(kept)
    for leg in seen:
        if waiting and _agrees(leg, waiting[0], told):
            waiting.pop(0)
        elif not told.nothing_of(leg):
            found = (waiting.pop(0).outcome or "no outcome") if waiting else "no such ring"
            yield f"{number} rang: {leg.outcome}, the log has {found}"
    for extra in waiting:
        if is_over or extra.outcome is not None:
            yield f"{number} did not ring, the log has it: {extra.outcome or 'no outcome'}"

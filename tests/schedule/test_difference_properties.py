"""Laws of the difference between two schedules: what differs is told, and what is told differs."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from callrouter.domain.destination import Target
from callrouter.domain.hours import OpeningHours
from callrouter.domain.oncall import Person
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring, decide_unclaimed, route
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.schedule import load
from callrouter.schedule.preview.changed_hours import changed_days
from callrouter.schedule.preview.changed_spells import Spells, changed_duty, changed_lineup
from callrouter.schedule.preview.difference import difference
from tests.schedule.edits import EDITS, SAME
from tests.schedule.files import EXAMPLE, NOW
from tests.schedule.made import NIGHT, NIGHTS, schedule_texts

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
FIRST, LAST = NIGHT - 7 * DAY, NIGHT + 7 * DAY
START = instant_of(midnight(FIRST), STOCKHOLM)
DAYS = (LAST - FIRST).days + 1


@settings(max_examples=25)
@given(schedule_texts())
def test_a_schedule_does_not_differ_from_itself(text: str) -> None:
    assert difference(load(text, at=NOW), load(text + "\n# more", at=NOW), START, DAYS).parts == ()


@settings(max_examples=60)
@given(schedule_texts(past_midnight=False), schedule_texts(past_midnight=False))
def test_a_day_is_said_if_and_only_if_its_open_windows_differ(old: str, new: str) -> None:
    was, now = (load(text, at=NOW).unit("centre").hours for text in (old, new))
    differing = [day for day in all_days() if windows(was, day) != windows(now, day)]
    assert said_days(was, now) == differing


@settings(max_examples=40)
@given(st.sampled_from(sorted(NIGHTS)), st.data())
def test_with_hours_past_midnight_a_difference_is_said_of_its_day_or_the_day_before(
    zone: str, data: st.DataObject
) -> None:
    was, now = (load(data.draw(schedule_texts(zone)), at=NOW).unit("centre").hours for _ in range(2))
    first, last = NIGHTS[zone][1] - 7 * DAY, NIGHTS[zone][1] + 7 * DAY
    days = said_days(was, now, first, last)
    touched = [wall_time(piece, now.zone).date() for piece in differing_pieces(was, now, first, last)]
    assert all({day, day - DAY} & set(days) for day in touched if first < day <= last)
    assert all({day, day + DAY} & set(touched) for day in days)


def all_days() -> list[date]:
    return [FIRST + step * DAY for step in range(DAYS)]


def windows(hours: OpeningHours, day: date) -> list[object]:
    return list(hours.open_windows(*(instant_of(midnight(one), hours.zone) for one in (day, day + DAY))))


def said_days(was: OpeningHours, now: OpeningHours, first: date = FIRST, last: date = LAST) -> list[date]:
    days = [day for change in changed_days(was, now, first, last) for day in change.run.dates()]
    assert len(days) == len(set(days))
    return sorted(days)


def differing_pieces(was: OpeningHours, now: OpeningHours, first: date, last: date) -> Iterator[datetime]:
    """The starts of the pieces of time, none longer than a day, in which one is open and the other is not."""
    start, end = (instant_of(midnight(day), now.zone) for day in (first, last + 2 * DAY))
    edges = {start, end} | {
        instant_of(midnight(first + step * DAY), now.zone) for step in range((last - first).days + 2)
    }
    for hours in (was, now):
        edges |= {edge for window in hours.open_windows(start, end) for edge in (window.start, window.end) if edge}
    for piece, _ in pairwise(sorted(edges)):
        if was.is_open(piece) != now.is_open(piece):
            yield piece


@settings(max_examples=60)
@given(st.sets(st.sampled_from([edit for edit, _ in EDITS] + list(SAME)), max_size=3), st.integers(0, 399 * 24 * 4))
def test_where_nothing_is_told_the_same_phones_ring(edits: set[tuple[str, str]], quarters: int) -> None:
    """Also for what is only written differently: the answer to each call is the same."""
    new = EXAMPLE
    for before, after in sorted(edits):
        assume(before in new)  # not two edits of the same line
        new = new.replace(before, after, 1)
    at = NOW + quarters * timedelta(minutes=15)
    was, now = load(EXAMPLE, at=NOW), load(new, at=NOW)
    parts = difference(was, now, NOW, 400).parts
    if not parts:
        assert [answer(was, unit, at) for unit in was.units] == [answer(now, unit, at) for unit in now.units]
        assert decide_unclaimed(was, at).destination == decide_unclaimed(now, at).destination
    assert bool(parts) is bool(edits - set(SAME))


def answer(of: Schedule, unit: str, at: datetime) -> list[object]:
    steps = route(of, of.unit(unit), at)
    return [
        (step.announce, [(p.number.e164, p.person) for p in step.attempt.phones], step.attempt.seconds)
        if isinstance(step, Ring)
        else step.announce
        for step in steps
    ]


@settings(max_examples=60)
@given(schedule_texts(), schedule_texts(), st.integers(0, DAYS * 24 * 4 - 1))
def test_others_are_on_call_or_in_line_if_and_only_if_it_is_told(old: str, new: str, quarters: int) -> None:
    at = START + quarters * timedelta(minutes=15)
    was, now = (load(text, at=NOW) for text in (old, new))
    span = Span(START, START + timedelta(days=DAYS, hours=1))
    duty = changed_duty(was.rotas["rota"], now.rotas["rota"], span)
    before, after = (names(of.rotas["rota"].on_call(at)) for of in (was, now))
    assert said_at(duty, "on call", at) == ([] if before == after else [(before, after)])
    lineup = changed_lineup(was.destinations["desk"], now.destinations["desk"], span)
    line_before, line_after = (labels(of.destinations["desk"].lineup(at).ring) for of in (was, now))
    wanted = [] if line_before == line_after else [(line_before, line_after)]
    assert said_at(lineup, "rings", at) == wanted


def said_at(spells: Iterable[Spells], what: str, at: datetime) -> list[tuple[object, object]]:
    """What is told of an instant."""
    return [
        (each.old, each.new) for each in spells if each.what == what and any(span.covers(at) for span in each.spans)
    ]


def names(person: Person | None) -> tuple[str, ...]:
    return (person.name,) if person else ()


def labels(ring: Iterable[Target]) -> tuple[object, ...]:
    return tuple(target if isinstance(target, PhoneNumber) else LABELS.get(target.name, target.name) for target in ring)


LABELS = {"rota": "rota (rota)"}

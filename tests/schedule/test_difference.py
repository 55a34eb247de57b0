"""What another schedule changes: every day and every phone that differs is told, and nothing else."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from callrouter.domain.hours import OpeningHours
from callrouter.domain.oncall import Person
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring, decide_unclaimed, route
from callrouter.domain.schedule import Schedule, Target
from callrouter.domain.span import Span
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.schedule import load
from callrouter.schedule.changed_hours import changed_days
from callrouter.schedule.changed_spells import Spells, changed_duty, changed_lineup
from callrouter.schedule.date_runs import runs
from callrouter.schedule.difference import ChangedPart, difference
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed
from tests.schedule.made import NIGHT, NIGHTS, schedule_texts

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
FIRST, LAST = NIGHT - 7 * DAY, NIGHT + 7 * DAY
START = instant_of(midnight(FIRST), STOCKHOLM)
DAYS = (LAST - FIRST).days + 1

SAME = (
    ("fri: 08:00-16:00", "fre: 8-16"),
    ("# Opening hours and who answers.", "# Öppettider.\n\n#"),
    ("mon-thu: 08:00-12:00, 13:00-17:00", "mån-tor: 13.00-17.00, 08.00-12.00"),
    ("from: 2005-06-01\n        mon-fri: 10:00-15:00", "from: 2005-06-01\n        mon: 10:00-15:00"),  # long ago
    ("+46 70 174 06 11", "+46 (0)70-174 06 11"),
    ("seconds: 20                     # per attempt, default 25", "seconds: 20"),
)
"""Edits of the example that change nothing in the coming days."""

EDITS = (
    (("name: Trygghetscenter", "name: Trygg i stan"), "unit trygghetscenter name"),
    (("numbers: [+46 8 465 004 00]", "numbers: [+46 8 465 004 01]"), "unit trygghetscenter numbers"),
    (("fri: 08:00-16:00", "fri: 08:00-15:00"), "unit trygghetscenter hours"),
    (("period: 06-15..08-15", "period: 06-15..08-16"), "unit trygghetscenter hours"),
    (("    holidays: ignore                # open on red days too\n", ""), "unit fältgruppen hours"),
    (("open: reception", "open: victim-support"), "unit trygghetscenter open"),
    (("closed: message-only", "closed: security"), "unit brottsofferstöd closed"),
    (("    message: closed                 # played", "    # played"), "unit trygghetscenter message"),
    (("keys: {1: trygghetscenter, 2:", "keys: {4: trygghetscenter, 2:"), "unit trygghetscenter menu"),
    (("privacy: hash", "privacy: full"), "unit brottsofferstöd privacy"),
    (("together: yes", "together: no"), "destination reception together"),
    (("seconds: 20", "seconds: 21"), "destination reception seconds"),
    (("rounds: 2", "rounds: 3"), "destination security rounds"),
    (("caller-id: own", "caller-id: caller"), "destination security caller-id"),
    (("seconds: 40, accept: key", "seconds: 40"), "destination duty-officer accept"),
    (("voicemail: yes", "voicemail: no"), "destination message-only voicemail"),
    (("then: duty-officer", "then: message-only"), "destination security then"),
    (("ring: [+46 8 465 004 10,", "ring: [+46 8 465 004 12,"), "destination reception rings"),
    (("ring: [nordvakt, +46 31 390 06 20]", "ring: [+46 31 390 06 20, nordvakt]"), "destination security rings"),
    (("company: Nordbevakning AB", "company: Ny Vakt AB"), "destination security company"),
    (("answer-within: 80% 30s", "answer-within: 90% 30s"), "destination security company"),
    (("people: [anna, bo, cilla]", "people: [bo, anna, cilla]"), "rota nordvakt on call"),
    (("person: cilla             # takes", "person: anna              # takes"), "rota nordvakt on call"),
    (("bo: +46 70 174 06 22", "bo: +46 70 174 06 23"), "person bo number"),
    (("sv: Du har kommit till", "sv: Hej, du har kommit till"), "message closed sv"),
    (("    en: Nobody could answer right now.", "    de: Nobody could answer right now."), "message no-answer order"),
    (("missed-call: [trygghetscenter@example.se,", "missed-call: [annan@example.se,"), "file notify > missed-call"),
    (("keep: 6 months", "keep: 3 months"), "file retention"),
    (("at: mon 09:30", "at: tue 09:30"), "file test-calls"),
    (("targets: [80% 30s,", "targets: [81% 30s,"), "file review > targets"),
    (("categories: [störning,", "categories: [oväsen,"), "file review > categories"),
)
"""Edits of the example, with what must be told of each."""


def told(part: ChangedPart) -> Iterator[str]:
    names = [setting.name for setting in part.settings] + [spells.what for spells in part.spells]
    for name in dict.fromkeys([*(["hours"] * bool(part.days)), *names]):
        yield " ".join(filter(None, (part.kind, part.name, name)))


def changes(old: str, new: str, days: int = 400) -> list[str]:
    parts = difference(load(old, at=NOW), load(new, at=NOW), NOW, days).parts
    return [line for part in parts for line in told(part)]


def said(old: str, new: str, unit: str = "centre") -> list[str]:
    """The days that change for a unit, in words."""
    parts = difference(load(old, at=NOW), load(new, at=NOW), NOW, 400).parts
    days = next((part.days for part in parts if (part.kind, part.name) == ("unit", unit)), ())
    return [f"{each.run}: {each.old} -> {each.new}" + (f" ({each.why})" if each.why else "") for each in days]


@pytest.mark.parametrize(("edit", "wanted"), EDITS)
def test_every_kind_of_change_is_told_and_nothing_beside(edit: tuple[str, str], wanted: str) -> None:
    found = changes(EXAMPLE, changed(EXAMPLE, edit))
    assert wanted in found
    beside = {"message no-answer en", "message no-answer de"} if "no-answer" in wanted else set()
    assert set(found) <= {wanted} | beside


@pytest.mark.parametrize("edit", SAME)
def test_what_is_only_written_differently_is_no_change(edit: tuple[str, str]) -> None:
    assert changes(EXAMPLE, changed(EXAMPLE, edit)) == []


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (
            ("    open:", "    exceptions:\n      - {period: 2026-12-24, hours: closed, why: Jul}\n    open:"),
            ["Thursday 2026-12-24: 10–15 -> closed (Jul)"],
        ),
        (
            ("    open: desk", "      - from: 2027-02-01\n        mon-fri: 08:00-16:00\n    open: desk"),
            ["every weekday from 2027-02-01: 10–15 -> 08–16"],
        ),
        (
            ("mon-fri: 10:00-15:00", "mon-fri: 10:00-15:00\n        sat: 20:00-03:00"),
            ["every Saturday from 2026-11-28: closed -> 20–03"],
        ),
        (
            ("mon-fri: 10:00-15:00", "mon, wed, fri: 10:00-15:00"),
            ["every Tuesday and Thursday from 2026-11-24: 10–15 -> closed"],
        ),
        (
            ("mon-fri: 10:00-15:00", "mon-fri: 10:00-15:00\n    seasons:\n      - period: 06-15..06-17"),
            ["Tuesday 2027-06-15 to Thursday 2027-06-17: 10–15 -> closed (season 06-15..06-17)"],
        ),
        (
            ("    hours:\n      - from: 2020-01-01\n        mon-fri: 10:00-15:00", "    hours: always"),
            [
                "every weekday from 2026-11-23: 10–15 -> 00–24",
                "every Saturday and Sunday from 2026-11-28: closed -> 00–24",
            ],
        ),
    ],
)  # fmt: skip
def test_days_are_told_in_words_and_hours(edit: tuple[str, str], wanted: list[str]) -> None:
    assert said(SHORT, changed(SHORT, edit)) == wanted


def test_a_day_that_is_freed_says_of_what() -> None:
    freed = changed(EXAMPLE, ("period: 2026-12-28..2026-12-30", "period: 2026-12-28..2026-12-29"))
    assert said(EXAMPLE, freed, "trygghetscenter") == ["Wednesday 2026-12-30: closed -> 10–13 (day before nyårsafton)"]
    freed = changed(EXAMPLE, ("period: 2026-12-28..2026-12-30", "period: 2026-12-29..2026-12-30"))
    assert said(EXAMPLE, freed, "trygghetscenter") == [
        "Monday 2026-12-28: closed -> 08–12, 13–17 (no longer Julstängt)"
    ]


def test_another_zone_is_told_in_the_clocks_of_the_new_one() -> None:
    moved = changed(SHORT, ("Europe/Stockholm", "Europe/Helsinki"))
    assert "file timezone" in changes(SHORT, moved)
    assert said(SHORT, moved) == ["every weekday from 2026-11-23: 11–16 -> 10–15"]


def test_units_and_the_rest_come_and_go() -> None:
    added = changed(SHORT, ("destinations:", NEW_UNIT))
    parts = difference(load(SHORT, at=NOW), load(added, at=NOW), NOW, 400).parts
    assert [(part.kind, part.name, part.presence) for part in parts] == [("unit", "night", "added")]
    assert [str(days.run) for days in parts[0].days] == ["every Friday from 2026-11-27"]
    parts = difference(load(added, at=NOW), load(SHORT, at=NOW), NOW, 400).parts
    assert [(part.kind, part.name, part.presence) for part in parts] == [("unit", "night", "removed")]


NEW_UNIT = """\
  night:
    numbers: [+46 8 465 004 01]
    hours: [{from: 2020-01-01, fri: '20:00-03:00'}]
    open: desk
    closed: guard
destinations:"""


def test_who_is_on_call_is_told_by_the_spans_that_differ() -> None:
    swapped = changed(EXAMPLE, ("2026-12-24 08:00..2026-12-25 08:00", "2026-12-24 08:00..2026-12-26 08:00"))
    (part,) = difference(load(EXAMPLE, at=NOW), load(swapped, at=NOW), NOW, 400).parts
    (spells,) = part.spells
    assert (spells.old, spells.new) == (("bo",), ("cilla",))
    assert [(wall(span.start), wall(span.end)) for span in spells.spans] == [("2026-12-25 08:00", "2026-12-26 08:00")]


def test_a_contract_that_ends_is_told_from_its_day() -> None:
    ended = changed(EXAMPLE, ("period: 2008-06-01..", "period: 2008-06-01..2027-03-31"))
    (part,) = difference(load(EXAMPLE, at=NOW), load(ended, at=NOW), NOW, 400).parts
    assert [(each.what, each.new) for each in part.spells] == [("company", ()), ("rings", ())]
    assert {wall(span.start) for each in part.spells for span in each.spans} == {"2027-04-01 00:00"}


def wall(at: datetime | None) -> str:
    return f"{wall_time(at, STOCKHOLM):%Y-%m-%d %H:%M}" if at else "-"


def test_what_lies_behind_or_far_ahead_is_no_change() -> None:
    later = changed(EXAMPLE, ("period: 2026-12-28..2026-12-30", "period: 2028-12-28..2028-12-29"))
    gone = changed(EXAMPLE, ("period: 2026-12-28..2026-12-30", "period: 2026-11-22"))
    assert changes(later, gone, days=365) == []
    assert changes(later, gone, days=800) == ["unit trygghetscenter hours"]


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
    before, after = (labels(of.destinations["desk"].lineup(at).ring) for of in (was, now))
    assert said_at(lineup, "rings", at) == ([] if before == after else [(before, after)])


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


@given(st.sets(st.integers(0, 120), max_size=80), st.integers(0, 60))
def test_runs_stand_for_exactly_the_days_they_were_made_of(steps: set[int], further: int) -> None:
    days = [FIRST + step * DAY for step in sorted(steps)]
    last = (days[-1] if days else FIRST) + further * DAY
    found = [day for run in runs(days, last) for day in run.dates()]
    assert sorted(found) == days


def weekdays(first: str, last: str, *without: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + step * DAY for step in range((end - start).days + 1))
    return [day for day in days if day.weekday() < 5 and str(day) not in without]


FAR = date(2028, 1, 1)


@pytest.mark.parametrize(
    ("days", "last", "wanted"),
    [
        ([date(2026, 12, 24)], FAR, ["Thursday 2026-12-24"]),
        ([date(2026, 12, 24), date(2026, 12, 31)], FAR, ["Thursday 2026-12-24", "Thursday 2026-12-31"]),
        (weekdays("2026-12-28", "2026-12-30"), FAR, ["Monday 2026-12-28 to Wednesday 2026-12-30"]),
        (weekdays("2027-01-04", "2027-01-29"), FAR, ["every weekday from 2027-01-04 to 2027-01-29"]),
        (weekdays("2027-01-04", "2027-01-29"), date(2027, 1, 31), ["every weekday from 2027-01-04"]),
        (
            weekdays("2027-01-04", "2027-01-29", "2027-01-06"),
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-29, except 2027-01-06"],
        ),
        (
            weekdays("2027-01-04", "2027-01-29", "2027-01-06", "2027-01-14", "2027-01-15"),
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-29, except 2027-01-06 and 2027-01-14 to 2027-01-15"],
        ),
        (
            [*weekdays("2027-01-04", "2027-01-29"), date(2027, 1, 30)],
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-29", "Saturday 2027-01-30"],
        ),
        (
            [*weekdays("2027-01-04", "2027-01-22"), *weekdays("2027-06-01", "2027-06-02")],
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-22", "Tuesday 2027-06-01 to Wednesday 2027-06-02"],
        ),
        ([FAR + step * DAY for step in range(-20, 1)], FAR, ["every day from 2027-12-12"]),
    ],
)  # fmt: skip
def test_runs_in_words(days: list[date], last: date, wanted: list[str]) -> None:
    assert list(map(str, runs(days, last))) == wanted

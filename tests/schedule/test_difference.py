"""What another schedule changes: every kind of change is told, in words and hours, and nothing beside."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callrouter.domain.destination import Contract, Destination
from callrouter.domain.schedule import Notify, Review, Schedule, Unit
from callrouter.domain.wallclock import wall_time
from callrouter.schedule import load
from callrouter.schedule.preview.difference import ChangedPart, difference
from tests.schedule.edits import EDITS, SAME
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed

STOCKHOLM = ZoneInfo("Europe/Stockholm")


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


def test_a_rule_is_the_same_on_whichever_line_it_stands() -> None:
    shifted = f"# a comment\n{EXAMPLE}"
    before, after = load(EXAMPLE, at=NOW), load(shifted, at=NOW)
    for name, unit in before.units.items():
        assert after.units[name].hours == unit.hours
    assert before.first_unit.hours.ruling(NOW) != after.first_unit.hours.ruling(NOW)  # which tells its line
    assert changes(EXAMPLE, shifted) == []


@pytest.mark.parametrize(("edit", "wanted"), EDITS)
def test_every_kind_of_change_is_told_and_nothing_beside(edit: tuple[str, str], wanted: str) -> None:
    found = changes(EXAMPLE, changed(EXAMPLE, edit))
    assert wanted in found
    beside = {"message no-answer en", "message no-answer de"} if "no-answer" in wanted else set()
    assert set(found) <= {wanted} | beside


@pytest.mark.parametrize(
    ("part", "compared"),
    [
        (
            Unit,
            (
                "name title numbers hours open closed is_alarm closed_message menu keeps_numbers recordings_kept "
                "missed_call"
            ),
        ),
        (
            Destination,
            "name title ring contracts together seconds rounds accept_key show_caller message voicemail then",
        ),
        (Contract, "company span ring answer_within"),
        (Schedule, "zone units destinations messages rotas people notify review test_calls retention countries"),
        (Notify, "missed_call hand_over reports warnings"),
        (Review, "targets categories"),
    ],
)
def test_no_setting_is_forgotten(part: type[Any], compared: str) -> None:
    """A new one wants its place in callrouter/schedule/preview/said.py, and an edit of its own in edits.py."""
    assert {field.name for field in fields(part) if field.init} - {"line", "version"} == set(compared.split())


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


def test_spans_that_meet_are_one() -> None:
    alone, other = (changed(EXAMPLE, ("people: [anna, bo, cilla]", f"people: [{name}]")) for name in ("anna", "bo"))
    (part,) = difference(load(alone, at=NOW), load(other, at=NOW), NOW, 20).parts
    (spells,) = part.spells
    assert [(wall(span.start), wall(span.end)) for span in spells.spans] == [("2026-11-23 12:00", "2026-12-13 00:00")]


def test_a_rota_that_ends_is_told_from_its_end() -> None:
    end = "\n    - start: 2026-12-01 08:00\n      shift: 1 week\n      people: []\n\npeople:"
    (part,) = difference(load(EXAMPLE, at=NOW), load(changed(EXAMPLE, ("\n\npeople:", end)), at=NOW), NOW, 20).parts
    bo, cilla = part.spells
    assert (bo.old, bo.new, cilla.old, cilla.new) == (("bo",), (), ("cilla",), ())
    assert (wall(bo.spans[0].start), wall(bo.spans[0].end)) == ("2026-12-01 08:00", "2026-12-07 08:00")


def test_who_gets_the_calls_to_numbers_of_no_unit_is_told() -> None:
    night_first = changed(
        SHORT, ("units:", "units:\n" + NEW_UNIT.replace("destinations:", "").replace("guard", "desk"))
    )
    assert "file unclaimed numbers" in changes(SHORT, night_first)


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

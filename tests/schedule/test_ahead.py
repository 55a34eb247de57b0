"""Warnings of what lies ahead, seen from a day in November 2026."""

from datetime import datetime

import pytest

from tests.schedule.files import EXAMPLE, NOW, SHORT, changed, warnings

RED = ("units:", "holidays: {country: SE}\nunits:")
EXCEPTIONS = "    exceptions: [{period: 2027-05-07, hours: closed}]\n    open: desk"
GUARDS = "+46 31 390 06 10"


def test_a_bridge_day_without_a_decision() -> None:
    assert warnings(changed(SHORT, RED)) == [
        "line 5: units > centre: no exception decides about the bridge day 2027-05-07 (fri)"
    ]
    assert warnings(changed(SHORT, RED, ("    open: desk", EXCEPTIONS))) == []
    assert warnings(changed(SHORT, RED, ("{country: SE}", "{country: SE, days: {klämdag: closed}}"))) == []
    assert warnings(changed(SHORT, RED, ("    open:", "    holidays: ignore\n    open:"))) == []


def test_a_file_that_is_read_again_later_is_looked_at_from_then() -> None:
    text, later = changed(SHORT, RED), datetime.fromisoformat("2027-06-01T12:00+02:00")
    now = warnings(text)
    assert warnings(text, at=later) != now
    assert warnings(text) == now


def test_bridge_days_before_and_after_a_red_day() -> None:
    told = warnings(changed(SHORT, RED), at=datetime.fromisoformat("2025-12-01T12:00+01:00"))
    assert told == [
        (
            "line 5: units > centre: no exception decides about the bridge days 2026-01-02 (fri), 2026-01-05 (mon), "
            "2026-05-15 (fri)"
        )
    ]


@pytest.mark.parametrize(
    ("contracts", "ring", "expected"),
    [
        ("2020-01-01..2027-03-31", "", "no contract covers 2027-04-01: nobody is rung from then"),
        ("2020-01-01..2027-03-31 2027-05-01..", "", "no contract covers 2027-04-01: nobody is rung from then"),
        ("2020-01-01..2027-03-31 2027-04-01..", "", None),
        ("2027-04-01.. 2020-01-01..2027-03-31", "", None),
        ("2027-01-01..", "", "no contract covers 2026-11-23: nobody is rung from then"),
        ("2020-01-01..2027-03-31", f"ring: [{GUARDS}], ", None),
        ("2020-01-01..2020-12-31 2022-01-01..", "", None),  # long ago
        ("2020-01-01..2031-03-31", "", None),  # far ahead
    ],
)
def test_a_gap_between_contracts(contracts: str, ring: str, expected: str | None) -> None:
    each = ", ".join(f"{{period: {period}, company: X, ring: [{GUARDS}]}}" for period in contracts.split())
    text = changed(SHORT, (f"{{ring: [{GUARDS}]}}", f"{{{ring}contracts: [{each}]}}"))
    assert warnings(text) == ([f"line 13: destinations > guard > contracts: {expected}"] if expected else [])


ROTAS = """\
people: {{anna: +46 31 390 06 31}}
rotas:
  watch:
    - {{start: {first} 08:00, shift: 1 week, people: [anna]}}
    - {{start: {second} 08:00, shift: 1 week, people: [{people}]}}
"""


@pytest.mark.parametrize(
    ("first", "second", "people", "expected"),
    [
        ("2020-01-06", "2021-01-04", "anna", None),
        (
            "2026-12-07",
            "2027-01-04",
            "anna",
            "line 17: rotas > watch > item 1 > start: nobody is on call until 2026-12-07 08:00: this rota is skipped",
        ),
        (
            "2020-01-06",
            "2027-01-04",
            "",
            "line 18: rotas > watch > item 2 > people: nobody is on call from 2027-01-04 08:00: this rota is skipped",
        ),
        (
            "2020-01-06",
            "2021-01-04",
            "",
            "line 18: rotas > watch > item 2 > people: nobody is on call from 2021-01-04 08:00: this rota is skipped",
        ),
        ("2020-01-06", "2039-01-03", "", None),
    ],
)
def test_a_gap_in_a_rota(first: str, second: str, people: str, expected: str | None) -> None:
    text = SHORT + ROTAS.format(first=first, second=second, people=people)
    assert warnings(text) == ([expected] if expected else [])


def test_a_block_without_people_that_is_over_is_no_gap() -> None:
    rotas = ROTAS.replace("people: [anna]}}", "people: []}}")
    assert warnings(SHORT + rotas.format(first="2020-01-06", second="2021-01-04", people="anna")) == []


def test_the_horizon() -> None:
    assert warnings(SHORT) == []
    near = changed(SHORT, ("    open: desk", EXCEPTIONS.replace("2027-05-07", "2027-01-21")))
    assert warnings(near) == [
        (
            "line 9: units > centre > exceptions > item 1 > period: the last date that anybody has decided about is "
            "2027-01-21, nearer than 60 days; look through the year ahead"
        )
    ]
    assert warnings(near.replace("2027-01-21", "2027-01-22")) == []
    assert warnings(near.replace("2027-01-21", "2026-01-01..")) == []
    season = changed(SHORT, ("    open: desk", "    seasons: [{period: 2026-06-01..2026-08-01}]\n    open: desk"))
    assert len(warnings(season)) == 1


def test_always_but_not_on_red_days() -> None:
    always = changed(EXAMPLE, ("    hours: always                   # 24/7\n    holidays: ignore", "    hours: always"))
    assert [line for line in warnings(always) if "larm" in line] == [
        (
            "line 63: units > larm > hours: 'always', but red days close it; "
            "write 'holidays: ignore' if it is open on them too"
        )
    ]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            ("10:00-15:00", "10:00-23:59"),
            (
                "line 8: units > centre > hours > item 1 > mon-fri: an end at 23:59 leaves the last minute of "
                "the day closed; write 24:00"
            ),
        ),
        (
            ("centre:\n", "centre:\n    name: Unit #1\n"),
            (
                "line 5: units > centre > name: the text ends at 'Unit', for ' #' begins a comment; use quotes "
                "if it goes on"
            ),
        ),
    ],
)
def test_what_is_hardly_meant(edit: tuple[str, str], expected: str) -> None:
    assert warnings(changed(SHORT, edit)) == [expected]


@pytest.mark.parametrize(
    "edit",
    [
        ("centre:\n", "centre:\n    name: 'Unit #1' # the first\n"),
        ("centre:\n", "centre:\n    name: Unit#1\n"),
        ("open: desk", "open: desk # who answers"),
        ("centre:\n", "centre:\n    name: |\n      Unit #1\n"),
    ],
)
def test_a_comment_that_cuts_no_text(edit: tuple[str, str]) -> None:
    assert warnings(changed(SHORT, edit)) == []


def test_the_past_is_nobodys_business() -> None:
    assert NOW.year == 2026
    late = datetime.fromisoformat("2027-05-08T12:00+02:00")
    assert not [line for line in warnings(changed(SHORT, RED), at=late) if "2027" in line]

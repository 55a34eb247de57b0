"""Bytes that are no schedule: refused with a line and a sentence, never with a traceback."""

import pytest

from callrouter.schedule.format.source import LARGEST
from tests.schedule.files import EXAMPLE, SHORT, changed, errors, schedule

INDENTED = "this line is not indented like the settings around it (what it belongs to begins on line 1)"
COLON = (
    "a colon that YAML does not understand here; put a text that contains ': ' in quotes, "
    "and check how far this line and the one above are indented"
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "line 1: expected settings such as 'version: 1', one a line"),
        ("# nothing\n", "line 1: expected settings such as 'version: 1', one a line"),
        ("just words\n", "line 1: expected settings such as 'version: 1', one a line"),
        ("- a\n- b\n", "line 1: expected settings such as 'version: 1', one a line"),
        ("version: 1\n\ttimezone: x\n", "line 2: a tab; use spaces"),
        ("version: 1\x00\n", "line 1: an invisible character (U+0000); delete it"),
        ("version: 1\n\u2028", "line 2: an invisible character (U+2028); delete it"),
        (b"version: 1\nwhy: \xe5ngstr\xf6m\n", "line 2: not UTF-8; save the file with the encoding UTF-8"),
        ("version: 1\nwhy: \ud800\n", "line 2: not UTF-8; save the file with the encoding UTF-8"),
        ("version: 1\r\nwhy: a: b\r\n", f"line 2: this is not YAML: {COLON}"),
        ("version:\n  a: 1\n b: 2\n", f"line 3: this is not YAML: {INDENTED}"),
        (
            "version: 'a\nb: c\n",
            "line 2: this is not YAML: a quotation mark is not closed (what it belongs to begins on line 1)",
        ),
        (
            "version: [a, b\nc: d\n",
            "line 2: this is not YAML: a bracket is not closed (what it belongs to begins on line 1)",
        ),
        ("version: @1\n", "line 1: this is not YAML: a text that begins with this character needs quotes"),
        ("[" * 500, "line 1: brackets or blocks within each other, deeper than any setting"),
        ("? " * 500, "line 1: brackets or blocks within each other, deeper than any setting"),
        ("- " * 500, "line 1: brackets or blocks within each other, deeper than any setting"),
        ("a" * (LARGEST + 1), "line 1: the file has 1048577 bytes; expected at most 1048576 (1 MiB)"),
    ],
)
def test_no_schedule_at_all(content: str | bytes, expected: str) -> None:
    assert errors(content) == [expected]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            ("open: desk", "open: &d desk"),
            "line 9: units > centre > open: an anchor, &d; leave it out (or put the text in quotes)",
        ),
        (
            ("open: desk", "open: *d"),
            "line 9: units > centre > open: an alias, *d; write the value out (or put it in quotes)",
        ),
        (
            ("open: desk", "open: !!str desk"),
            "line 9: units > centre > open: a tag, an exclamation mark with a word; leave it out (or use quotes)",
        ),
        (
            ("version: 1", "version: 1\n[a]: b"),
            "line 2: a list or a block stands where the name of a setting is expected",
        ),
        (
            ("{ring: [+46 31 390 06 10]}\n", "{ring: [+46 31 390 06 10]}\n---\nversion: 1\n"),
            "line 14: a second document begins; expected one",
        ),
    ],
)
def test_what_yaml_can_and_a_schedule_must_not(edit: tuple[str, str], expected: str) -> None:
    assert errors(changed(SHORT, edit)) == [expected]


def test_every_tab_is_told() -> None:
    assert errors("a:\tb\nc: d\ne:\tf\n") == ["line 1: a tab; use spaces", "line 3: a tab; use spaces"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_editors_of_all_systems(newline: str, mark: str) -> None:
    assert errors((mark + EXAMPLE.replace("\n", newline)).encode()) == []
    broken = changed(SHORT, ("open: desk", "open: dsk")).replace("\n", newline)
    assert errors((mark + broken).encode()) == [
        "line 9: units > centre > open: no destination called 'dsk'; did you mean 'desk'?"
    ]


def test_composed_and_decomposed_letters_are_the_same_name() -> None:
    edits = (("open: desk", "open: va\u030axel"), ("  desk:", "  v\u00e5xel:"))
    assert schedule(SHORT, *edits).unit("centre").open == "v\u00e5xel"


def test_nothing_is_taken_for_a_number_or_a_truth() -> None:
    loaded = schedule(
        SHORT,
        ("centre:", "no:"),  # False in YAML
        ("+46 8 465 004 00", "+46846500400"),  # an integer
        ("10:00-15:00", "10:00-15:00\n        sat: 1:30-2:10"),  # sexagesimal
        ("desk: {", "desk: {seconds: 010, "),  # octal
    )
    unit = loaded.unit("no")
    assert unit.numbers[0].e164 == "+46846500400"
    assert [str(wall) for wall in unit.hours.rules.versions[0].entries[1].ranges] == ["01:30-02:10"]
    assert loaded.destinations["desk"].seconds == 10

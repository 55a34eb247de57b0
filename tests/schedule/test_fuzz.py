"""No bytes and no tree make the reader fail: there is a schedule, or there are errors with lines."""

from datetime import timedelta

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callrouter.schedule.format.reading import Reading, read
from callrouter.swedish import said
from tests.schedule.files import EXAMPLE, NOW, SHORT

LINES = EXAMPLE.splitlines(keepends=True)
PIECES = st.sampled_from(
    [
        "\t",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "#",
        "'",
        '"',
        "|",
        ">",
        "&a ",
        "*a",
        "!x ",
        "? ",
        "---\n",
        "\n",
        " ",
        "..",
        "\x00",
        "-",
        ",",
        "+46 8 465 004 01",
        "0",
        "24:00",
        "2026-02-30",
        "mon",
        "closed",
        "é",
        "\u2028",
        "�",
        "🏝",
        "%",
    ]
)
WORDS = st.sampled_from(
    [
        *("version", "timezone", "units", "destinations", "rotas", "people", "messages", "hours", "from", "period"),
        *("ring", "then", "open", "closed", "always", "10:00-15:00", "2026-11-06", "2026-11-06..", "06-15..08-15"),
        *("mon-fri", "SE", "sv", "1", "reception", "desk", "+46846500410", "yes", "key"),
    ]
)
TREES = st.recursive(
    WORDS | st.text(max_size=8) | st.integers() | st.none() | st.booleans() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=5),
    max_leaves=25,
)


def sound(reading: Reading, lines: int) -> None:
    """What holds whatever was read."""
    assert (reading.schedule is None) is bool(reading.errors)
    for problem in reading.errors + reading.warnings:
        assert 1 <= problem.line <= lines
        assert str(problem.text)
        assert str(problem).startswith(f"line {problem.line}: ")
        assert said(problem.sentence, "sv").startswith(f"rad {problem.line}: ")
    if reading.schedule:
        for unit in reading.schedule.units.values():
            unit.hours.compiled(NOW)
            unit.hours.ruling(NOW + timedelta(days=5000))


def count_lines(content: str) -> int:
    return content.count("\n") + content.count("\r") + 1


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
def test_any_bytes(content: bytes) -> None:
    sound(read(content, NOW), content.count(b"\n") + content.count(b"\r") + 1)


@given(st.text(max_size=300))
def test_any_text(content: str) -> None:
    sound(read(content, NOW), count_lines(content))


@given(TREES)
def test_any_tree(tree: object) -> None:
    content = yaml.safe_dump(tree, allow_unicode=True)
    sound(read(content, NOW), count_lines(content))


@given(st.data())
@settings(max_examples=150)
def test_a_schedule_with_a_setting_replaced_by_anything(data: st.DataObject) -> None:
    tree = yaml.load(data.draw(st.sampled_from([EXAMPLE, SHORT])), Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and dicts alone
    here = tree
    while True:
        key = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else range(len(here))))
        if not here[key] or isinstance(here[key], str) or data.draw(st.integers(0, 2)) == 0:
            break
        here = here[key]
    here[key] = data.draw(TREES)
    content = yaml.safe_dump(tree, allow_unicode=True)
    sound(read(content, NOW), count_lines(content))


@given(st.lists(st.tuples(st.integers(0, len(EXAMPLE)), PIECES | st.just("")), min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_schedule_with_slips_of_the_finger(slips: list[tuple[int, str]]) -> None:
    content = EXAMPLE
    for place, piece in slips:
        content = content[:place] + piece + content[place + (not piece) :]
    sound(read(content, NOW), count_lines(content))


@given(st.lists(st.integers(0, len(LINES) - 1), max_size=3), st.integers(0, len(LINES)))
@settings(max_examples=100)
def test_a_schedule_without_some_lines_or_cut_short(missing: list[int], end: int) -> None:
    content = "".join(line for number, line in enumerate(LINES[:end]) if number not in missing)
    sound(read(content, NOW), count_lines(content))

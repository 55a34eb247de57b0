"""The page on security speaks of every requirement of OWASP ASVS 5.0.0, levels 1 and 2, once, and names its tests."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHOLE = (ROOT / "docs" / "security.md").read_text("utf-8")
PAGE = WHOLE.partition("## OWASP ASVS 5, level 2")[2]
LAST = """
1.1 2, 1.2 9, 1.3 11, 1.4 3, 1.5 2, 2.1 3, 2.2 3, 2.3 4, 2.4 1, 3.2 2, 3.3 4, 3.4 6, 3.5 5, 3.7 2, 4.1 3, 4.2 1, 4.3 2,
4.4 4, 5.1 1, 5.2 3, 5.3 2, 5.4 3, 6.1 3, 6.2 12, 6.3 4, 6.4 4, 6.5 5, 6.6 3, 6.8 4, 7.1 3, 7.2 4, 7.3 2, 7.4 5, 7.5 2,
7.6 2, 8.1 2, 8.2 3, 8.3 1, 8.4 1, 9.1 3, 9.2 4, 10.1 2, 10.2 2, 10.3 4, 10.4 11, 10.5 5, 10.6 2, 10.7 3, 11.1 2,
11.2 3, 11.3 3, 11.4 4, 11.5 1, 11.6 1, 12.1 3, 12.2 2, 12.3 4, 13.1 1, 13.2 5, 13.3 2, 13.4 5, 14.1 2, 14.2 4, 14.3 3,
15.1 3, 15.2 3, 15.3 7, 16.1 1, 16.2 5, 16.3 4, 16.4 3, 16.5 3, 17.1 1, 17.2 4, 17.3 2
"""
"""Of each section the number of its last requirement of level 1 or 2: those of level 3 alone come after it."""

VERDICTS = {"met", "part", "not met", "you", "–"}
ROWS = [
    [cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\| [0-9].*\|$", PAGE, re.MULTILINE)
]


def required() -> Iterator[str]:
    for each in LAST.split(","):
        section, last = each.split()
        yield from (f"{section}.{number}" for number in range(1, int(last) + 1))


def test_every_requirement_is_spoken_of_once() -> None:
    known = list(required())
    told = [number for row in ROWS for number in row[0].split(", ")]
    assert len(known) == 253
    assert sorted(told) == sorted(known)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_has_a_verdict_and_what_is_not_met_a_reason(row: list[str]) -> None:
    _, what, verdict, how = row
    assert what
    assert verdict in VERDICTS
    assert how or verdict in ("–", "you")


def test_every_test_that_is_named_is_there() -> None:
    """The tests of the pages, of the API and of all else: a renamed one would leave a promise that nobody holds."""
    code = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for text in code for name in re.findall(r"def (test_\w+)", text)}
    there |= {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert {name for name in re.findall(r"`(test_\w+)`", WHOLE) if name not in there} == set()


def test_no_row_of_the_first_table_stands_twice() -> None:
    heads = re.findall(r"^\| ([A-Z][^|]*) \|", WHOLE.partition("## For whoever runs it")[0], re.MULTILINE)
    assert len(heads) == len(set(heads))


def test_the_page_says_what_is_not_met() -> None:
    assert [row[0] for row in ROWS if row[2] == "not met"], "nobody would believe it"

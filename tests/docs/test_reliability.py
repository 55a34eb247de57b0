"""The page on reliability: every fault has its row, and what is said to hold it is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
FAULTS = 36
ROWS = re.findall(r"^\| (\d+) \| ([^|]+) \| (.+) \|$", PAGE, re.MULTILINE)


def test_every_fault_has_its_row() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, FAULTS + 1))


@pytest.mark.parametrize(("number", "fault", "held"), ROWS, ids=[row[0] for row in ROWS])
def test_what_holds_it_is_in_the_file_that_is_named(number: str, fault: str, held: str) -> None:
    named = re.findall(r"`(\S+): (test_\w+)`", held)
    assert len(named) == held.count("`") / 2 > 0, (number, fault)
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / f"{file}.py").read_text("utf-8"), (file, test)


def test_every_trial_stands_among_them() -> None:
    trials = re.findall(
        r"def (test_\w+)\(", "".join(path.read_text("utf-8") for path in ROOT.glob("tests/faults/test_*.py"))
    )
    assert [trial for trial in trials if f"{trial}`" not in PAGE] == []

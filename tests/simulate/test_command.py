"""`callrouter simulate` as it is run, and what it says of a year that went wrong."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from callrouter.cli import main
from callrouter.cli.simulated import progress, replayed, summary
from callrouter.simulate import Judged, Scenes, Tally, Violation
from tests.schedule.files import SHORT, changed
from tests.simulate.made import LOGGED, NOT_ANSWERED, SCHEDULE, UNANSWERED, performance

DISAGREEMENT = Violation(7, "the log agrees", "+46846500410 rang: busy, the log says answered")
SILENCE = Violation(7, "nobody is lost", "the call ended in silence")
BETWEEN = Violation(None, "no mistake", "the disk is full")
COMMAND = "callrouter simulate --year 2027 --seed 1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "schedule.yaml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, ["simulate", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def tally(*violations: Violation) -> Tally:
    counted = Tally()
    counted.add(Judged(performance(UNANSWERED), [NOT_ANSWERED], violations))
    return counted


def said(counted: Tally, *, show_numbers: bool = False) -> str:
    lines = summary(counted, Scenes(SCHEDULE, 2027, 1), COMMAND, 2.0, show_numbers=show_numbers)
    return click.unstyle("\n".join(lines))


def test_a_year_in_numbers(file: Path) -> None:
    result = run("--year", "2027", "--calls", "20", "--seed", "1", "--schedule", file)
    assert result.exit_code == 0, result.output
    assert "Year 2027, seed 1, schedule " in result.stdout
    assert "Disagreements of log and network: none. Every promise was kept." in result.stdout
    assert result.stderr == "20 of 20 calls played\n"


def test_the_same_for_machines(file: Path) -> None:
    result = run("--year", "2027", "--calls", "20", "--seed", "1", "--schedule", file, "--json")
    year = json.loads(result.stdout)
    assert (year["year"], year["seed"], year["calls"], year["violations"]) == (2027, 1, 20, [])
    assert sum(year["dispositions"].values()) == sum(year["units"].values()) == 20
    assert {"answered_by", "faults", "outcomes", "disagreements", "schedule_version", "seconds"} <= year.keys()


def test_without_a_seed_there_is_a_new_one_and_it_is_told(file: Path) -> None:
    years = [json.loads(run("--calls", "1", "--schedule", file, "--json").stdout) for _ in range(2)]
    assert years[0]["seed"] != years[1]["seed"]


def test_one_call_is_told(file: Path) -> None:
    result = run("--year", "2027", "--seed", "1", "--schedule", file, "--units", "centre", "--only", "3")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Call 3. Faults: ")
    assert "the call is over" in result.stdout
    assert "Every promise was kept, and the log agrees." in result.stdout


def test_numbers_are_masked_unless_asked_for(file: Path) -> None:
    alone = ("--year", "2027", "--seed", "1", "--schedule", file, "--only", "3")
    assert "+46846500400" not in run(*alone).stdout
    assert "+46846500400" in run(*alone, "--show-numbers").stdout


def test_a_schedule_with_errors_is_told_with_its_lines(file: Path) -> None:
    file.write_text(changed(SHORT, ("closed: guard", "closed: gard")), encoding="utf-8")
    result = run("--schedule", file)
    assert result.exit_code == 1
    assert "schedule.yaml:10:" in result.stderr
    assert "did you mean 'guard'?" in result.stderr


def test_an_unknown_unit_is_told(file: Path) -> None:
    result = run("--schedule", file, "--units", "centre,cetnre")
    assert result.exit_code == 1
    assert "No unit is called 'cetnre'; did you mean 'centre'?" in result.stderr


def test_what_went_wrong_is_told_with_the_command_that_plays_it_again() -> None:
    text = said(tally(DISAGREEMENT, SILENCE, BETWEEN))
    assert "Disagreements of log and network: 1. Promises broken in 2 calls; the first:" in text
    assert "Call 7, the log agrees: +468******10 rang: busy, the log says answered" in text
    assert f"    {COMMAND} --only 7" in text
    assert "Between the calls, no mistake: the disk is full" in text
    assert "+46846500410 rang" in said(tally(DISAGREEMENT), show_numbers=True)


def test_only_the_first_ones_are_told() -> None:
    many = [Violation(number, "nobody is lost", "the call ended in silence") for number in range(1, 30)]
    assert said(tally(*many)).count("ended in silence") == 10


def test_one_call_that_went_wrong_says_how() -> None:
    judged = Judged(performance(UNANSWERED), [LOGGED], [SILENCE])
    text = "\n".join(replayed(judged, None, SCHEDULE, show_numbers=False))
    assert "Call 7, nobody is lost: the call ended in silence" in text
    assert "Every promise was kept" not in text


def test_the_progress_tells_of_broken_promises(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(1) as on_call:
        on_call(tally(SILENCE))
    assert capsys.readouterr().err == "1 of 1 call played, broken promises: 1\n"

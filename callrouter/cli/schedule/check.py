"""`callrouter schedule check`: all that is wrong with a schedule file, or may be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from callrouter import clock
from callrouter.cli.problems import Problem
from callrouter.cli.schedule.files import ScheduleFile, opened
from callrouter.cli.schedule.words import say
from callrouter.domain.counted import counted
from callrouter.schedule import Problem as InSchedule
from callrouter.schedule import Reading, read, version_of
from callrouter.swedish import said

ERRORS, WARNINGS = 1, 3
_WARNING = {"en": "warning: ", "sv": "varning: "}


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file."""

    file: ScheduleFile
    reading: Reading
    language: str

    def exit_code(self, *, strict: bool) -> int:
        if self.reading.errors:
            return ERRORS
        return WARNINGS if strict and self.reading.warnings else 0


@click.command("check")
@click.argument("file", required=False)
@click.option("--strict", is_flag=True, help="Exit with 3 if there are warnings.")
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", help="In which errors are told.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
def command(*, file: str | None, strict: bool, language: str, is_json: bool) -> None:
    """Tell all errors and warnings of FILE, each with its line.

    FILE is `-` for standard input; without it, the schedule of CALLROUTER_SCHEDULE is checked.

    Exits with 0 if the file can be used, with 1 if it has errors, with 3 under --strict if it has warnings.
    """
    try:
        checked = _check(opened(file), language)
    except Problem as problem:
        if not is_json:
            raise
        say([json.dumps(_unreadable(file, problem.message), ensure_ascii=False)])
        raise SystemExit(ERRORS) from problem
    say([json.dumps(_as_json(checked), ensure_ascii=False)] if is_json else _told(checked))
    raise SystemExit(checked.exit_code(strict=strict))


def _check(file: ScheduleFile, language: str) -> Checked:
    return Checked(file, read(file.content, clock.now()), language)


def _told(checked: Checked) -> Iterator[str]:
    reading, told = checked.reading, checked.file.told
    for problem in reading.errors:
        yield click.style(told(problem, language=checked.language), fg="red")
    for problem in reading.warnings:
        yield click.style(told(problem, _WARNING[checked.language], checked.language), fg="yellow")
    yield _summary(checked)


def _summary(checked: Checked) -> str:
    """Say in a line what this means for the running service."""
    schedule = checked.reading.schedule
    if schedule is None:
        return click.style(f"{_counts(checked)}. A running service keeps the last good version.", fg="red", bold=True)
    size = f"{counted(len(schedule.units), 'unit')}, {counted(len(schedule.destinations), 'destination')}"
    size += f", version {schedule.version[:8]}"
    if not _counts(checked):
        return click.style(f"The schedule is fine: {size}", fg="green", bold=True)
    return click.style(f"{_counts(checked)}; the schedule can be used: {size}", fg="yellow", bold=True)


def _counts(checked: Checked) -> str:
    counts = [
        counted(len(checked.reading.errors), "error") * bool(checked.reading.errors),
        counted(len(checked.reading.warnings), "warning") * bool(checked.reading.warnings),
    ]
    return ", ".join(filter(None, counts))


def _as_json(checked: Checked) -> dict[str, Any]:
    return {
        "file": checked.file.name,
        "version": version_of(checked.file.content),
        "ok": checked.reading.schedule is not None,
        "errors": [_entry(problem, checked.language) for problem in checked.reading.errors],
        "warnings": [_entry(problem, checked.language) for problem in checked.reading.warnings],
    }


def _unreadable(file: str | None, sentence: str) -> dict[str, Any]:
    error: dict[str, Any] = {"line": None, "path": [], "text": sentence}
    return {"file": file, "version": None, "ok": False, "errors": [error], "warnings": []}


def _entry(problem: InSchedule, language: str) -> dict[str, Any]:
    return {"line": problem.line, "path": list(problem.path), "text": said(problem.text, language)}

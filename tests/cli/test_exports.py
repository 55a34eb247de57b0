"""`callrouter log export`, `research export` and `schedule backtest`, as they are typed."""

import json
import os  # a file that is none
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from callrouter.calllog.audit import entries, verify
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Order, Protocol
from callrouter.cli import main
from callrouter.settings import os_user
from tests.calllog.engines import sqlite_url
from tests.calllog.export.files import csv_cells
from tests.calllog.export.rows import LEG, OURS, START, keep, made
from tests.cli.by_hand import SCHEDULE

__all__ = ["sqlite_url"]

Run = Callable[..., Result]
AT_DESK = {"legs": [dict(LEG, destination="desk", company=None)], "local_time": None}


@pytest.fixture
def log(sqlite_url: str) -> Database:
    """A call of each of ten days, at half past eight, each of another caller."""
    database = Database(sqlite_url)
    calls = [made(f"CA{n}", START + timedelta(days=n), key=f"{n:064}", state="open", **AT_DESK) for n in range(10)]
    keep(database, calls)
    return database


@pytest.fixture
def schedule(tmp_path: Path) -> Path:
    file = tmp_path / "schedule.yaml"
    file.write_text(SCHEDULE, "utf-8")
    return file


@pytest.fixture
def run(log: Database, sqlite_url: str, schedule: Path) -> Run:
    environ = {"CALLROUTER_DATABASE_URL": sqlite_url, "CALLROUTER_SCHEDULE": str(schedule)}
    return lambda *typed: CliRunner().invoke(main, [str(word) for word in typed], env=environ)


def deeds(log: Database) -> list[dict[str, Any]]:
    with log.reading() as connection:
        assert verify(connection).broken_at is None
        return [{"who": e.deed.who, "action": e.deed.action, **e.deed.facts} for e in entries(connection)]


class TestExport:
    def test_a_period_of_local_dates_both_included(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "calls.csv"
        said = run("log", "export", "--from", "2026-11-24", "--to", "2026-11-26", "--unit", "centre", "--out", file)
        assert (said.exit_code, said.output) == (0, f"3 calls written to {file}.\n")
        assert [row["call_id"] for row in csv_cells(file)] == ["CA1", "CA2", "CA3"]

    def test_all_there_is(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "all.txt"
        said = run("log", "export", "--legs", "--format", "jsonl", "--out", file)
        assert said.output == f"10 legs written to {file}.\n"

    def test_a_file_that_is_there_is_written_over_only_where_that_is_said(
        self, run: Run, log: Database, tmp_path: Path
    ) -> None:
        file = tmp_path / "calls.csv"
        file.write_text("the accounts of last year", "utf-8")
        said = run("log", "export", "--show-numbers", "--out", file)
        assert (said.exit_code, said.stdout) == (1, "")
        assert said.stderr == f"Nothing was exported: {file} is there already. Give another name, or say --overwrite.\n"
        assert file.read_text("utf-8") == "the accounts of last year"
        assert deeds(log) == []
        assert run("log", "export", "--overwrite", "--out", file).exit_code == 0
        assert len(csv_cells(file)) == 10

    def test_what_is_no_file_is_never_replaced(self, run: Run, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        said = run("log", "export", "--overwrite", "--format", "csv", "--out", pipe)
        assert "is there already, and is no file" in said.stderr
        assert pipe.is_fifo()

    def test_numbers_are_masked_and_nothing_is_audited(self, run: Run, log: Database, tmp_path: Path) -> None:
        run("log", "export", "--out", tmp_path / "calls.csv")
        assert csv_cells(tmp_path / "calls.csv")[0]["to"] == "'+468******00"
        assert deeds(log) == []

    def test_who_takes_numbers_away_is_audited(self, run: Run, log: Database, tmp_path: Path) -> None:
        run("log", "export", "--to", "2026-11-23", "--out", tmp_path / "calls.csv", "--show-numbers")
        assert csv_cells(tmp_path / "calls.csv")[0]["to"] == f"'{OURS}"
        assert deeds(log) == [
            {
                "who": os_user(),
                "action": "export-numbers",
                "from": START.isoformat(),
                "to": "2026-11-23T23:00:00+00:00",
                "format": "csv",
                "legs": False,
                "numbers": True,
            }
        ]

    def test_with_all_that_was_asked(self, run: Run, log: Database, tmp_path: Path) -> None:
        run("log", "export", "--unit", "centre", "--state", "open", "--out", tmp_path / "calls.csv", "--show-numbers")
        (deed,) = deeds(log)
        assert (deed["unit"], deed["state"]) == ("centre", "open")

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            (["--out", "calls.ods"], "The name calls.ods does not tell the format: say --format, one of csv, xlsx, "),
            (
                ["--from", "yesterday", "--out", "x.csv"],
                '--from: expected a local time such as "2026-11-23 16:30", or a',
            ),
            (["--to", "0999-12-31", "--out", "x.csv"], "--to: expected a year from 1970 to 2199, got '0999-12-31'."),
            (
                ["--from", "2026-12-01", "--to", "2026-11-01", "--out", "x.csv"],
                "--to: '2026-11-01' is before '2026-12-01'.",
            ),
            (["--out", "/nowhere/x.csv"], "Nothing was exported: /nowhere: No such file or directory"),
        ],
    )
    def test_what_cannot_be_done_is_told(self, run: Run, typed: list[str], told: str) -> None:
        said = run("log", "export", *typed)
        assert said.exit_code == 1
        assert said.output.startswith(told)


def test_research(run: Run, log: Database, tmp_path: Path) -> None:
    folder = tmp_path / "research"
    said = run("research", "export", "--out", folder)
    assert said.output == f"10 calls written to {folder}; {folder}/about.md says what was left out.\n"
    assert {row["hour"] for row in csv_cells(folder / "calls.csv")} == {"8"}
    (deed,) = deeds(log)
    assert (deed["who"], deed["action"], deed["origin"]) == (os_user(), "export-research", "real")
    again = run("research", "export", "--out", folder)
    assert (again.exit_code, "not empty" in again.output) == (1, True)


class TestBacktest:
    def test_in_words(self, run: Run, schedule: Path) -> None:
        said = run("schedule", "backtest", schedule, "--from", "2026-11-23", "--to", "2026-11-27").output.splitlines()
        assert said[0].startswith(f"5 calls from 2026-11-23 to 2026-11-27, by {schedule} (")
        assert said[1:] == [
            "        5  elsewhere",
            "",
            "Whose phone rings first",
            "  the desk → the desk: 5 calls, 5 answered, 5 min of talk",
            "",
            "By unit",
            "  centre  5 calls, 5 answered, 5 min of talk  (n = 5)",
            "",
            "By weekday",
            *(f"  {day:<9}  1 call, 1 answered, 1 min of talk  (n = 1)" for day in WEEKDAYS),
            "",
            "By hour",
            "  08–09  5 calls, 5 answered, 5 min of talk  (n = 5)",
            "",
            "Why",
            "  centre: desk → guard, 5 calls, 5 answered, 5 min of talk",
            "      open by hours: mon-fri 10:00-15:00 → closed by hours: mon-fri 10:00-15:00 (from 2020-01-01)",
        ]

    def test_nothing_would_be_otherwise(self, run: Run, tmp_path: Path) -> None:
        new = tmp_path / "new.yaml"
        new.write_text(SCHEDULE.replace("mon-fri: 10:00-15:00", "mon-sun: 08:00-15:00"), "utf-8")
        assert run("schedule", "backtest", new).output.splitlines()[1:] == ["       10  as they went"]

    def test_a_period_of_which_calls_were_destroyed_says_so(self, run: Run, log: Database, schedule: Path) -> None:
        order = Order("calls", datetime(2026, 11, 23, 23, tzinfo=UTC), "KS 1", date(2026, 3, 1))
        with log.writing() as connection:
            Protocol("retention", order.before).add(connection, order, Counter({"centre": 1}))
        command = ("schedule", "backtest", schedule, "--from")
        note = "not whole: calls from before 2026-11-24 were destroyed: callrouter retention protocol"
        assert run(*command, "2026-11-23").output.splitlines()[1] == note
        assert json.loads(run(*command, "2026-11-23", "--json").stdout)["calls_destroyed_before"] == "2026-11-24"
        assert note not in run(*command, "2026-11-24").output

    def test_of_another_origin(self, run: Run, schedule: Path) -> None:
        said = run("schedule", "backtest", schedule, "--origin", "phone-network").output
        assert said.startswith("0 calls from 2026-11-23 to 2026-12-02, by ")

    def test_for_a_machine(self, run: Run, schedule: Path) -> None:
        told = json.loads(run("schedule", "backtest", schedule, "--json", "--to", "2026-11-23").stdout)
        assert (told["from"], told["to"], told["calls"], told["unclaimed"]) == ("2026-11-23", "2026-11-23", 1, 0)
        assert told["fates"]["elsewhere"] == 1
        hour = {"unit": "centre", "weekday": 1, "hour": 8}
        move = {"was": "desk", "becomes": "desk", "calls": 1, "answered": 1, "talked_seconds": 60}
        assert (told["offered"], told["moved"], told["moved_by_hour"]) == ([hour | {"calls": 1}], [move], [hour | move])
        assert told["changes"][0]["becomes"] == "guard"


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

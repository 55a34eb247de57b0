"""`callrouter jobs` and `callrouter clock`: the real program, its output, its exit codes, and real signals."""

import json
import os  # the program is given the environment of this process, and a few settings
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallEventRow
from callrouter.jobs.claim import claim
from callrouter.jobs.registry import JOBS
from tests.cli.by_hand import Desk
from tests.service import until

NAMES = [job.name for job in JOBS]


class TestList:
    def test_it_tells_when_each_is_due_and_what_its_last_run_did(self, desk: Desk) -> None:
        desk.does("jobs", "run", "fold-calls")
        lines = [line.split("\t") for line in desk.does("jobs", "list").splitlines()]
        assert [line[0] for line in lines] == NAMES
        folded = dict(zip(NAMES, lines, strict=True))["fold-calls"]
        assert (folded[1], folded[5], folded[6]) == ("hourly at :07", "done", "0 of 0 calls folded")
        assert folded[2].endswith(" by hand")
        assert folded[4].endswith(" s")
        began = {line[0]: line[3] for line in lines if line[0] != "fold-calls"}
        looking = {name for name, said in began.items() if said == "nothing to do yet"}
        assert looking == {"boundary-canary", "test-calls", "hand-over", "report", "outbox"}
        assert {said for name, said in began.items() if name not in looking} == {"never"}

    def test_a_machine_gets_an_object_a_job(self, desk: Desk) -> None:
        desk.does("jobs", "run", "fold-calls")
        told = {line["job"]: line for line in map(json.loads, desk.does("jobs", "list", "--json").splitlines())}
        assert list(told) == NAMES
        last = told["fold-calls"].pop("last")
        assert (last["state"], last["result"], last["seconds"] >= 0) == ("done", "0 of 0 calls folded", True)
        assert told["retention"]["last"] is None
        assert (told["retention"]["hour"], told["retention"]["minute"]) == (3, 30)

    def test_without_a_database_it_says_what_to_do(self, tmp_path: Path) -> None:
        result = Desk(tmp_path).run("jobs", "list")
        assert result.exit_code == 1
        assert "callrouter db upgrade" in result.stderr


class TestRun:
    def test_it_says_what_was_done(self, desk: Desk) -> None:
        assert desk.does("jobs", "run", "fold-calls").startswith("fold-calls: 0 of 0 calls folded (")
        said = json.loads(desk.does("jobs", "run", "fold-calls", "--json"))
        assert (said["job"], said["result"]) == ("fold-calls", "0 of 0 calls folded")

    def test_what_somebody_runs_already_is_left_to_them(self, desk: Desk, database: Database) -> None:
        claim(database, "fold-calls", "s", "host:1", timedelta(minutes=10), clock.now())
        result = desk.run("jobs", "run", "fold-calls")
        assert (result.exit_code, result.stdout) == (3, "")
        assert "by host:1" in result.stderr

    def test_what_fails_says_why_and_is_kept(self, desk: Desk, database: Database) -> None:
        with database.writing() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {CallEventRow.__tablename__} RENAME TO away")
            connection.exec_driver_sql(f"CREATE TABLE {CallEventRow.__tablename__} (odd INTEGER)")
        result = desk.run("jobs", "run", "fold-calls")
        assert result.exit_code == 1
        assert "The job fold-calls failed: " in result.stderr
        (told,) = [line for line in map(json.loads, desk.does("jobs", "list", "--json").splitlines()) if line["last"]]
        assert told["last"]["state"] == "failed"

    def test_a_job_that_is_not_there(self, desk: Desk) -> None:
        result = desk.run("jobs", "run", "fold")
        assert result.exit_code == 2
        assert "fold-calls" in result.stderr


@contextmanager
def clock_at(desk: Desk, log: Path) -> Iterator["subprocess.Popen[str]"]:
    """`callrouter clock` beside *desk*, once it says that it runs."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("CALLROUTER_", "TWILIO_", "DATABASE_"))}  # noqa: TID251
    command = [sys.executable, "-m", "callrouter", "clock"]
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, env=environ | desk.environ, stdout=file, stderr=file, text=True)
    try:
        until(lambda: "runs the jobs" in log.read_text("utf-8") or process.poll() is not None, "the clock runs")
        assert process.poll() is None, log.read_text("utf-8")
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


class TestClock:
    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
    def test_it_says_what_it_runs_and_ends_well(self, desk: Desk, tmp_path: Path, how: signal.Signals) -> None:
        log = tmp_path / "clock.log"
        with clock_at(desk, log) as process:
            process.send_signal(how)
            assert process.wait(20) == 0
        said = log.read_text("utf-8")
        assert f"callrouter clock runs the jobs: {', '.join(NAMES)}." in said
        assert "Traceback" not in said

    def test_it_makes_the_database_that_it_needs(self, tmp_path: Path) -> None:
        desk = Desk(tmp_path)
        with clock_at(desk, tmp_path / "clock.log"):
            assert desk.does("jobs", "list").count("\n") == len(NAMES)

    def test_it_starts_without_a_database_and_says_so(self, tmp_path: Path) -> None:
        desk = Desk(tmp_path)
        desk.database.mkdir(parents=True)
        with clock_at(desk, tmp_path / "clock.log") as process:
            said = tmp_path / "clock.log"
            until(lambda: "the database is not usable yet" in said.read_text("utf-8"), "it says so")
            process.terminate()
            assert process.wait(20) == 0

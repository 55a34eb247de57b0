"""`callrouter log recover`: what it says, what it leaves out, and the exit codes that a script can use."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from callrouter.calllog.database import Database
from callrouter.calllog.log_lines import as_log_line
from callrouter.calllog.writes import write_entries
from callrouter.cli import main
from tests.calllog.told import PSEUDONYMIZER, SEALER, SECRET, arrival, event_count, whole_story
from tests.cli.by_hand import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """One that has the service's secret key."""
    desk.secret_key = SECRET
    return desk


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of a service whose process died: of one call the rest, of the other one all."""
    lines = [as_log_line(event, SEALER) for call in ("CA1", "CA2") for event in whole_story(call)]
    log = tmp_path / "service.log"
    log.write_text("\n".join(["INFO something else", *lines, ""]), encoding="utf-8")
    return log


def test_what_the_log_lacks_of_its_calls_is_added_once(desk: Desk, database: Database, log: Path) -> None:
    write_entries(database, PSEUDONYMIZER, [arrival()])
    first = desk.run("log", "recover", str(log))
    assert (first.exit_code, first.stderr) == (3, "")
    assert "Lines of 12 events were found. Missing, and added: 4, of 1 call." in first.stdout
    assert "1 call not in the call log at all: left out. `callrouter reconcile` adds them" in first.stdout
    assert event_count(database) == 6
    assert "Missing, and added: 6, of 1 call." in desk.does("log", "recover", "--new-calls", str(log))
    again = desk.does("log", "recover", str(log))
    assert again == "Lines of 12 events were found. Missing, and added: 0, of 0 calls.\n"
    told = [json.loads(line) for line in desk.does("audit", "list", "--json").splitlines()]
    assert sorted(each["facts"]["added"] for each in told if each["action"] == "recover") == [4, 6]


def test_a_log_comes_from_a_pipe_too_and_a_machine_reads_what_became_of_it(desk: Desk, log: Path) -> None:
    command = ["log", "recover", "--json", "-"]
    result = CliRunner().invoke(main, command, input=log.read_bytes(), env=desk.environ)
    counts = {"events": 12, "added": 0, "calls": 0, "unknown": 2, "destroyed": 0, "unreadable": 0}
    assert (result.exit_code, json.loads(result.stdout)) == (3, counts)


def test_without_the_key_it_says_which(desk: Desk, log: Path) -> None:
    result = Desk(desk.folder).run("log", "recover", str(log))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "CALLROUTER_SECRET_KEY" in result.stderr


def test_with_another_key_nothing_is_added_and_it_says_so(desk: Desk, log: Path) -> None:
    log.write_text(log.read_text("utf-8").replace("gAAAA", "gAAAB"), encoding="utf-8")
    result = desk.run("log", "recover", "--new-calls", str(log))
    assert result.exit_code == 3
    assert "12 lines cannot be read: cut off, of another release, or of another key." in result.stdout

"""What a terminal, a pipe and a full disk get: colours, none, an end without a traceback."""

import os  # pipes and terminals to look at
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from callrouter.cli.lazy import LazyGroup
from tests.cli.running import on_terminal, written
from tests.schedule.files import SHORT

ESCAPE = "\x1b["


@pytest.fixture
def schedule(tmp_path: Path) -> Path:
    return written(tmp_path / "schedule.yaml", SHORT)


def run(schedule: Path, *arguments: str, stdout: int = subprocess.PIPE) -> "subprocess.CompletedProcess[str]":
    """The real program, whose standard output is *stdout*."""
    environ = os.environ | {"CALLROUTER_SCHEDULE": str(schedule), "CALLROUTER_DATA_DIR": str(schedule.parent)}  # noqa: TID251
    command = [sys.executable, "-m", "callrouter", *arguments]
    return subprocess.run(
        command, env=environ, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )


YEAR = ("schedule", "year", "2027", "--unit", "centre")


class TestColours:
    def test_on_a_terminal(self, schedule: Path) -> None:
        assert ESCAPE in on_terminal(*YEAR, environ={"CALLROUTER_SCHEDULE": str(schedule)})

    @pytest.mark.parametrize("said", ["1", "no"])
    def test_none_where_somebody_wants_none(self, schedule: Path, said: str) -> None:
        """Whatever is said in NO_COLOR: https://no-color.org."""
        environ = {"CALLROUTER_SCHEDULE": str(schedule), "NO_COLOR": said}
        assert ESCAPE not in on_terminal(*YEAR, environ=environ)

    def test_none_in_a_pipe(self, schedule: Path) -> None:
        assert ESCAPE not in run(schedule, *YEAR).stdout


@pytest.mark.parametrize("command", [YEAR, ("--help",), ("log",), ("report",), ("db", "upgrade")], ids=" ".join)
def test_whoever_has_read_enough_hears_no_more(schedule: Path, command: tuple[str, ...]) -> None:
    """As `| head -1` does; some commands read the database meanwhile, whose errors are told."""
    assert run(schedule, "db", "upgrade").returncode == 0
    theirs, ours = os.pipe()
    os.close(theirs)
    try:
        told = run(schedule, *command, stdout=ours)
    finally:
        os.close(ours)
    assert "pipe" not in told.stderr.lower()
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", [YEAR, ("--help",), ("schedule", "schema")], ids=" ".join)
def test_a_full_disk_is_a_sentence(schedule: Path, command: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        told = run(schedule, *command, stdout=full)
    finally:
        os.close(full)
    assert (told.returncode, told.stderr) == (1, "There is no room left for what is to be said.\n")


def test_ctrl_c_waits_until_a_command_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a module would look like a broken program."""
    package = tmp_path / "commands_of_this_test"
    package.mkdir()
    written(package / "__init__.py", "")
    written(
        package / "slow.py",
        "from signal import SIGINT, pthread_kill\nfrom threading import get_ident\n"
        "pthread_kill(get_ident(), SIGINT)\nis_whole = True\ncommand = None\n",
    )
    monkeypatch.syspath_prepend(tmp_path)
    group = LazyGroup("group", package=package.name, table={"slow": ""}, help_="")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what it runs beside it ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            group.get_command(click.Context(group), "slow")
    finally:
        signal.signal(signal.SIGINT, before)
    assert sys.modules.pop(f"{package.name}.slow").is_whole

"""Schedule commands as they are run: in this process, or as the real program on a terminal."""

import os  # a terminal to look at
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callrouter.cli import main
from tests.schedule.files import EXAMPLE, SHORT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A short schedule, fine at any time."""
    return written(tmp_path / "schedule.yaml", SHORT)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return written(tmp_path / "example.yaml", EXAMPLE)


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def run(*arguments: str | Path, stdin: str | bytes | None = None, schedule: Path | None = None) -> Result:
    environ = {"CALLROUTER_SCHEDULE": str(schedule)} if schedule else {}
    result = CliRunner().invoke(main, ["schedule", *map(str, arguments)], input=stdin, env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def in_a_pipe(*arguments: str | Path, encoding: str) -> str:
    """What the real program prints in a pipe of that encoding."""
    command = [sys.executable, "-m", "callrouter", "schedule", *map(str, arguments)]
    environ = os.environ | {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}  # noqa: TID251
    return subprocess.run(command, env=environ, capture_output=True, check=True, timeout=60).stdout.decode(encoding)


def on_terminal(*arguments: str | Path, columns: int = 100, environ: Mapping[str, str] | None = None) -> str:
    """What the real program prints on a terminal of so many *columns*."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "callrouter", *map(str, arguments)]
    around = os.environ | {"COLUMNS": str(columns), "PYTHONUTF8": "1"} | dict(environ or {})  # noqa: TID251
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=around)
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65536):
            said += piece
    except OSError:  # its end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(60) == 0, said
    return said.decode().replace("\r\n", "\n")

"""What `deploy/` holds is tried as far as a machine without systemd, a container engine and a platform goes."""

import json
import os  # a platform gives its processes an environment
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.calllog.postgres import needed_server
from tests.service import PATIENCE_SECONDS, free_port, until
from tests.stories.machines import SCHEDULE, environment

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("callrouter*.*"))
PROCESSES = dict(re.findall(r"^(\w+): (.+)$", (DEPLOY / "Procfile").read_text("utf-8"), re.MULTILINE))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8").rpartition("\nFROM ")[2]
HEALTH = re.compile(r"127\.0\.0\.1:8000")


def given(**more: str) -> dict[str, str]:
    """An environment with this program in its PATH, as an image or a platform has it."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # noqa: TID251
    return environment(PATH=path, CALLROUTER_SCHEDULE=str(SCHEDULE), **more)


@contextmanager
def running(command: str, home: Path, environ: dict[str, str], says: str) -> Iterator["subprocess.Popen[str]"]:
    """A shell runs *command* until it *says* that it is up; at the end it is told to stop, and ends well."""
    log = home / "log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"], cwd=home, env=environ, stdout=file, stderr=file, text=True
        )
    try:
        until(lambda: says in log.read_text("utf-8") or process.poll() is not None, "it is up")
        assert process.poll() is None, log.read_text("utf-8")
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)


def healthy(port: int) -> bool:
    """What the Containerfile asks to know whether the container is well."""
    (command,) = re.findall(r"HEALTHCHECK .*?CMD (\[.*?\])$", CONTAINERFILE, re.MULTILINE | re.DOTALL)
    _python, *asked = [HEALTH.sub(f"127.0.0.1:{port}", each) for each in json.loads(command)]
    return subprocess.run([sys.executable, *asked], check=False, capture_output=True, timeout=10).returncode == 0


def test_systemd_finds_nothing_in_the_units(tmp_path: Path) -> None:
    """It wants the programs to be there, and looks for those of an instance by its name."""
    program = shutil.which("systemd-analyze") or pytest.skip("systemd-analyze is not installed")
    there = tmp_path / "callrouter"
    there.symlink_to("/bin/true")
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8")
        text = re.sub(r"/opt/callrouter/(\.venv/bin/callrouter|deploy/backup)", str(there), text)
        (tmp_path / name).write_text(text, "utf-8")
    names = [name.replace("@", "@1") for name in UNITS]
    for name in ("callrouter@1.service",):
        (tmp_path / name).symlink_to(tmp_path / "callrouter@.service")
    done = subprocess.run(
        [program, "verify", "--man=no", *names], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    about_ours = [line for line in done.stderr.splitlines() if "callrouter" in line]
    assert about_ours == []


def test_each_process_of_the_procfile_runs_with_what_a_platform_sets(tmp_path: Path) -> None:
    port = free_port()
    url = needed_server().empty_database().replace("postgresql+psycopg://", "postgres://")
    environ = given(PORT=str(port), DATABASE_URL=url)
    assert set(PROCESSES) == {"release", "web", "clock"}
    released = subprocess.run(["/bin/sh", "-c", PROCESSES["release"]], cwd=tmp_path, env=environ, check=False)
    assert released.returncode == 0
    with running(PROCESSES["web"], tmp_path, environ, "callrouter answers calls"):
        until(lambda: healthy(port), "it answers on PORT")
    with running(PROCESSES["clock"], tmp_path, environ, "runs the jobs"):
        assert not healthy(port)


def test_the_command_of_the_container_answers_its_health_check(tmp_path: Path) -> None:
    (command,) = re.findall(r"^CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    port = free_port()
    words = ["--no-jobs" if word == "8000" else word for word in json.loads(command)]
    line = shlex.join(words).replace("--port --no-jobs", f"--port {port} --no-jobs")
    environ = given(CALLROUTER_DATA_DIR=str(tmp_path / "data"))
    assert not healthy(port)
    with running(line, tmp_path, environ, "callrouter answers calls"):
        until(lambda: healthy(port), "the health check succeeds")
    assert not healthy(port)


def test_what_the_container_is_told_is_a_setting() -> None:
    told = re.findall(r"\b(CALLROUTER_\w+)=", CONTAINERFILE)
    assert told
    assert [name for name in told if f"`{name}`" not in (ROOT / "README.md").read_text("utf-8")] == []

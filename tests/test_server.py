"""What a worker needs is there before the fork: one that takes the place of a dead one begins at once."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

SCHEDULE = Path(__file__).parents[1] / "config" / "schedule.yaml"
BEGINNING = """
import json, sys
from callrouter.app import create_app
from callrouter.server import rehearse
from callrouter.settings import phone_network_settings

settings = phone_network_settings("http://127.0.0.1:1", json.loads(sys.argv[1]))
if sys.argv[2] == "rehearsed":
    rehearse(settings)
there = set(sys.modules)
create_app(settings)
print(json.dumps(sorted(set(sys.modules) - there)))
"""


def imported_by_a_worker(home: Path, how: str) -> list[str]:
    shutil.copy(SCHEDULE, home / "schedule.yaml")
    given = {"CALLROUTER_DATA_DIR": str(home / "var"), "CALLROUTER_SCHEDULE": str(home / "schedule.yaml")}
    command = [sys.executable, "-c", BEGINNING, json.dumps(given), how]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    found: list[str] = json.loads(told)
    return found


def test_a_worker_imports_nothing_when_it_begins(tmp_path: Path) -> None:
    assert imported_by_a_worker(tmp_path, "rehearsed") == []


def test_without_the_rehearsal_it_would(tmp_path: Path) -> None:
    assert "holidays" in imported_by_a_worker(tmp_path, "unprepared")

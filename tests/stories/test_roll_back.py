"""An upgrade, and back again, with the former program from the history: calls are answered and logged on both sides."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.revisions import known_revisions, newest_revision, revision_of
from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers
from tests.docs.told import ROOT
from tests.stories.machines import Machine, Switchboard, environment, machine, switchboard
from tests.stories.typist import told

SCREENED = PhoneNumber("+46846500460")
ANNA = PhoneNumber("+46701740611")
MIGRATIONS = "callrouter/calllog/migrations/versions"
OF_THE_MACHINE = (
    "systemctl start callrouter-backup",
    "git ",
    "make ",
    "cp deploy/",
    "systemctl daemon-reload",
    "systemctl restart callrouter@2",
    "systemctl restart callrouter-clock",
)
"""What is not there, or would do the same once more."""


def history(*asked: str) -> str:
    """What git says of this checkout; without a history the test is left out."""
    git = shutil.which("git") or pytest.skip("needs git")
    done = subprocess.run([git, *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(
            f"needs the history of the checkout (no copy without .git, no shallow clone): {done.stderr.strip()}"
        )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of an environment with the program as it was before its newest migration, and today's libraries."""
    newest = max((ROOT / MIGRATIONS).glob("[0-9]*.py"))
    added = history("log", "--format=%H", "--follow", "--diff-filter=A", "--", str(newest)).split("\n")[-1]
    commit = history("rev-parse", "--verify", f"{added}^")
    home = tmp_path_factory.mktemp("former")
    history("archive", f"--output={home / 'former.zip'}", commit)
    shutil.unpack_archive(home / "former.zip", home / "source")
    return installed(home)


def installed(home: Path) -> str:
    """Install `source` into an environment of its own."""
    venv.create(home / "venv", symlinks=True)
    (place,) = (home / "venv" / "lib").glob("python*/site-packages")
    (place / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    python = str(home / "venv" / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--quiet", f"--python={python}", "install"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, str(home / "source")], check=True, timeout=200)
    return python


@dataclass
class Upgraded:
    """A machine, its phones, and which program it has."""

    here: Machine
    phones: Switchboard

    def goes_to(self, python: str) -> None:
        """Type what the page says, where NEW-RELEASE is the program of that Python; a call is on the line meanwhile."""
        live = self.phones.on_the_line(SCREENED, seconds=3)
        for command in told("Upgrading, and going back", "SQLite"):
            if command.startswith("git checkout"):
                self.here.python = python
            elif command.startswith("callrouter "):
                done = self.here.run(*command.split()[1:])
                assert done.returncode == 0, done.stderr
            elif command == "systemctl restart callrouter@1":
                self.here.restart()
            else:
                assert command.startswith(OF_THE_MACHINE), command
        self.phones.ends(live)

    def revision(self) -> str | None:
        """Whose tables are there."""
        database = Database(self.here.settings.storage.database_url)
        with database.reading() as connection:
            return revision_of(connection)


@pytest.fixture
def upgraded(tmp_path: Path, former: str) -> Iterator[Upgraded]:
    here = machine(tmp_path / "machine", environment())
    here.python = former
    here.start()
    phones = switchboard(here)
    phones.on(ANNA, does=answers(after=6, talks=60))
    yield Upgraded(here, phones)
    here.stop()


def test_an_upgrade_and_the_way_back_cost_no_call(upgraded: Upgraded, former: str) -> None:
    here, phones = upgraded.here, upgraded.phones
    phones.rings(SCREENED)
    assert upgraded.revision() == known_revisions()[1], "the former program has the tables before the newest"
    upgraded.goes_to(sys.executable)
    assert upgraded.revision() == newest_revision()
    phones.rings(SCREENED)
    upgraded.goes_to(former)
    assert upgraded.revision() == newest_revision(), "it leaves them as they are"
    phones.rings(SCREENED)
    phones.are_all_logged()
    assert here.ready()["recorder"]["ok"]
    assert len(here.run("log", "--json").stdout.splitlines()) == len(phones.played) == 5
    assert here.run("db", "upgrade").returncode == 0
    assert "is newer than this program's" in here.run("doctor").stdout

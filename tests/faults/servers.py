"""The servers that the service is tried on."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.service import RunningService

GUNICORN, GRANIAN = "gunicorn", "granian"
ON_ANY_SERVER = {"on_sqlite", "rota_trial"}
"""What gives the service on the server that is asked for."""

_ROOT = Path(__file__).parents[2]


class OnGranian(RunningService):
    """The same service on the other server."""

    sends = "writev"

    @property
    def command(self) -> list[str]:
        where = ["--host=127.0.0.1", f"--port={self.port}", "--workers=2"]
        how = ["--interface=asgi", "--respawn-failed-workers", "--no-access-log", "--log-level=warning"]
        granian = [sys.executable, "-m", "bench.webhooks.contestants.granian_here"]
        return [*granian, *how, *where, "tests.faults.on_granian:app"]

    def start(self) -> None:
        """Make its tables, as no command does here before it answers, and start it."""
        upgrade = self.run("db", "upgrade")
        assert upgrade.returncode == 0, upgrade.stderr
        super().start()

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"URL": self.url, "PYTHONPATH": str(_ROOT)}


def kind(request: pytest.FixtureRequest) -> type[RunningService]:
    """The service on the server that is asked for."""
    if request.config.getoption("--server", default=GUNICORN) == GUNICORN:
        return RunningService
    if not (find_spec("granian") or list((_ROOT / ".bench" / "venv").glob("lib/*/site-packages/granian"))):
        pytest.skip("needs granian: `make bench` installs it in .bench")
    return OnGranian

"""The voice handlers know no web framework: a thin WSGI entry could serve them, and none can break under them."""

import subprocess
import sys

import pytest

FRAMEWORKS = "{'flask', 'werkzeug', 'jinja2', 'gunicorn'}"


def frameworks_after(imports: str) -> str:
    """What a fresh interpreter has loaded of a web framework after *imports*."""
    script = f"import sys\nimport {imports}\nprint(*sorted(FRAMEWORKS & set(sys.modules)))".replace(
        "FRAMEWORKS", FRAMEWORKS
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["callrouter.web.webhooks", "callrouter.calls", "callrouter.telephony.twilio"])
def test_loads_no_framework(module: str) -> None:
    assert frameworks_after(module) == ""


def test_a_framework_would_be_seen() -> None:
    assert "flask" in frameworks_after("callrouter.web.health")

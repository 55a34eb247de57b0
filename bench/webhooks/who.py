"""Who is measured by bench.webhooks, and how each is started."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.webhooks.asked import ACCOUNT_SID, PUBLIC_URL

ROOT = Path(__file__).resolve().parents[2]
CODE = Path(__file__).parent / "contestants"
PYTHON = ROOT / ".bench" / "venv" / "bin" / "python"
EXPRESS = ROOT / ".bench" / "express"

OURS, OURS_GRANIAN = "callrouter", "callrouter on granian"
BARE, BARE_GTHREAD = "bare Flask route", "bare Flask route on gthread"
BARE_GRANIAN = "bare Flask route on granian"
SAMPLE, SAMPLE_WAL, FASTAPI = "sample", "sample with WAL", "sample on FastAPI"
NODE, STARLETTE = "sample on Node", "Starlette, group commit"

LOGGED = ("var/callrouter.db", "SELECT count(DISTINCT call_id) FROM call_event WHERE kind = 'arrived'")
ROWS = ("calls.db", "SELECT count(*) FROM call")
TABLE = "CREATE TABLE call (id INTEGER PRIMARY KEY, sid TEXT UNIQUE, caller TEXT, at TEXT, sent_to TEXT)"
ORM = "ORM"
_SETTINGS = {
    "CALLROUTER_DATA_DIR": "var",
    "CALLROUTER_PUBLIC_URL": PUBLIC_URL,
    "CALLROUTER_SECRET_KEY": "a secret for a measurement, longer than 32",
    "CALLROUTER_PRIVACY_KEY": "another one for a measurement, as long",
    "CALLROUTER_LAST_RESORT": "+46846500499",
    "CALLROUTER_SCHEDULE": str(CODE.parent / "schedule.yaml"),
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "PYTHONPATH": str(ROOT),
}
_BARE_HERE = "{ours} -m bench.webhooks.contestants.bare_here {port} {workers}"
_GUNICORN = (
    "{python} -m gunicorn --worker-class=gthread --threads=8 --workers={workers} --bind=127.0.0.1:{port}"
    " --keep-alive=20 --no-control-socket --chdir={code} "
)
_GRANIAN = (
    "--host=127.0.0.1 --port={port} --workers={workers} --respawn-failed-workers --no-access-log --log-level=warning "
)
_UVICORN = (
    "{python} -m uvicorn --host=127.0.0.1 --port={port} --workers={workers} --no-access-log --log-level=warning"
    " --app-dir={code} "
)


@dataclass(frozen=True)
class Contestant:
    """*command* starts it: words, in which servers.py fills in what stands in braces.

    *kept*: a database in its home, and the query that counts the calls there that are safe.
    *prepare*: the table that is made there beforehand, or ORM: the sample makes its own.
    """

    name: str
    command: str
    environ: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, str] | None = ROWS
    prepare: str | None = None


CONTESTANTS = (
    Contestant(OURS, "{ours} -m callrouter serve --port={port} --workers={workers} --no-jobs", _SETTINGS, LOGGED),
    Contestant(BARE, _BARE_HERE, _SETTINGS, kept=None),
    Contestant(BARE_GTHREAD, _GUNICORN + "bare:app", kept=None),
    Contestant(
        OURS_GRANIAN,
        "{ours} -m bench.webhooks.contestants.granian_here --interface=asgi "
        + _GRANIAN
        + "bench.webhooks.contestants.callrouter:app",
        _SETTINGS,
        LOGGED,
    ),
    Contestant(
        BARE_GRANIAN,
        "{python} -m granian --interface=wsgi --blocking-threads=8 " + _GRANIAN + "--working-dir={code} bare:app",
        kept=None,
    ),
    Contestant(SAMPLE, _GUNICORN + "sample:app", prepare=ORM),
    Contestant(SAMPLE_WAL, _GUNICORN + "sample:app", {"JOURNAL": "WAL"}, prepare=ORM),
    Contestant(FASTAPI, _UVICORN + "sample_fastapi:app", prepare=ORM),
    Contestant(NODE, "node {express}/server.js", prepare=TABLE),
    Contestant(STARLETTE, _UVICORN + "starlette_groups:app", prepare=TABLE),
)


def missing(contestant: Contestant) -> str | None:
    """Why it cannot take part here; None: it can."""
    if contestant.name == NODE:
        if shutil.which("node") is None:
            return "Node is not installed"
        return None if (EXPRESS / "node_modules").exists() else "npm has installed nothing in .bench/express"
    if contestant.name in (OURS, BARE) or PYTHON.exists():
        return None
    return "it is not installed in .bench: run `make bench`"

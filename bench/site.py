"""The pages over a filled log, and somebody who looks at them."""

from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from bench import town
from bench.addresses import Looking
from bench.furnishing import TOKEN, session_of
from bench.generated_calls import PSEUDONYMIZER
from callrouter.calllog.database import Database
from callrouter.calls.schedule_places import FilePlace
from callrouter.domain.control import Control
from callrouter.schedule.store import ScheduleStore
from callrouter.schedule.watched import FileSource
from callrouter.settings import service_settings
from callrouter.tasks.runner import Runner
from callrouter.web.site import Site

PUBLIC_URL = "https://calls.example.se"
_SECRET = "the secret of these measurements, longer than 32"  # noqa: S105 - made up
COOKIE = "__Host-callrouter-session"


def site_of(url: str, database: Database, folder: Path, at: datetime) -> Site:
    """The pages' service at *at*, with the schedule of the town that the calls were generated for."""
    file = folder / "schedule.yaml"
    file.write_text(town.text(), encoding="utf-8")
    schedule = ScheduleStore(FileSource(file), folder / "last-good.yaml", now=lambda: at)
    settings = service_settings(
        {
            "CALLROUTER_SECRET_KEY": _SECRET,
            "CALLROUTER_PRIVACY_KEY": _SECRET,
            "CALLROUTER_PUBLIC_URL": PUBLIC_URL,
            "CALLROUTER_DATABASE_URL": url,
            "CALLROUTER_DATA_DIR": str(folder),
            "TWILIO_ACCOUNT_SID": f"AC{'5' * 32}",
            "TWILIO_AUTH_TOKEN": "6" * 32,
            "CALLROUTER_LAST_RESORT": "+46406280499",
        }
    )
    return Site(
        database=database,
        loaded=schedule.current,
        control=Control,
        control_changed=lambda: None,
        schedule_place=FilePlace(FileSource(file)),
        schedule_changed=lambda: None,
        conditions={},
        public_url=PUBLIC_URL,
        secret_key=_SECRET,
        callers=PSEUDONYMIZER,
        settings=settings,
        tasks=Runner(database, settings.storage.task_dir, lambda: at),
        account=lambda: None,
        jobs=tuple,
        now=lambda: at,
    )


def looking(app: Flask, site: Site, who: Looking) -> FlaskClient:
    """The browser of a user who is signed in; or of whoever is not, but shows a token."""
    client = app.test_client()
    if who is None:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    else:
        client.set_cookie(COOKIE, session_of(site, who), domain=PUBLIC_URL.partition("://")[2])
    return client

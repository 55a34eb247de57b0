"""The pages over a filled log, and somebody who is signed in to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import delete, insert

from bench import town
from bench.generated_calls import PSEUDONYMIZER
from callrouter.calllog.database import Database
from callrouter.calllog.tables import SessionRow, UserRow
from callrouter.calls.schedule_places import FilePlace
from callrouter.domain.control import Control
from callrouter.domain.words import Role
from callrouter.people import sessions
from callrouter.schedule.store import Loaded, Source
from callrouter.schedule.watched import FileSource
from callrouter.sealing import Sealer
from callrouter.settings import service_settings
from callrouter.tasks.runner import Runner
from callrouter.web.pages import create_pages
from callrouter.web.site import Site

PUBLIC_URL = "https://calls.example.se"
_SECRET = "the secret of these measurements, longer than 32"  # noqa: S105 - made up
COOKIE = "__Host-callrouter-session"
_COMPANY = "Bolag 4 AB"


def site_of(url: str, database: Database, folder: Path, at: datetime) -> Site:
    """The pages' service at *at*, with the schedule of the town that the calls were generated for."""
    file = folder / "schedule.yaml"
    file.write_text(town.text(), encoding="utf-8")
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
        loaded=lambda: Loaded(town.schedule(), Source.FILE, at),
        control=Control,
        control_changed=lambda: None,
        schedule_place=FilePlace(FileSource(file)),
        schedule_changed=lambda: None,
        conditions={},
        public_url=PUBLIC_URL,
        secret_key=_SECRET,
        sealer=Sealer(_SECRET),
        callers=PSEUDONYMIZER,
        settings=settings,
        tasks=Runner(database, settings.storage.task_dir, lambda: at),
        account=lambda: None,
        now=lambda: at,
    )


@contextmanager
def signed_in(site: Site, role: Role) -> Iterator[FlaskClient]:
    """The browser of a user with that *role*, who is there as long as it is."""
    with session(site.database, role, site.now()) as secret:
        client = create_pages(site).test_client()
        client.set_cookie(COOKIE, secret, domain=PUBLIC_URL.partition("://")[2])
        yield client


@contextmanager
def session(database: Database, role: Role, at: datetime) -> Iterator[str]:
    """What COOKIE says of a user with that *role*, who is there as long as the session is."""
    name = f"bench-{role.value}"
    company = _COMPANY if role is Role.CONTRACTOR else None
    row = {"name": name, "role": role.value, "company": company, "password": None, "subject": None}
    _put_away(database, name)
    with database.writing() as connection:
        connection.execute(insert(UserRow), [row | {"made_at": at, "made_by": "bench", "disabled_at": None}])
        secret = sessions.begin(connection, name, at)
    try:
        yield secret
    finally:
        _put_away(database, name)


def _put_away(database: Database, name: str) -> None:
    """Also what a run left that was killed."""
    with database.writing() as connection:
        connection.execute(delete(SessionRow).where(SessionRow.user == name))
        connection.execute(delete(UserRow).where(UserRow.name == name))

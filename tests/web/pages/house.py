"""The pages put together by hand, over a clock, a schedule and a control that a test sets; and the browsers in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callrouter.calllog.control import load_control
from callrouter.calllog.database import Database
from callrouter.calls.schedule_places import FilePlace, SchedulePlace
from callrouter.domain.control import Control
from callrouter.domain.words import Role
from callrouter.jobs.overview import overview
from callrouter.jobs.registry import JOBS
from callrouter.people import sessions
from callrouter.schedule import load
from callrouter.schedule.store import Loaded, Source
from callrouter.schedule.watched import FileSource
from callrouter.settings import Settings, service_settings
from callrouter.tasks.runner import Runner
from callrouter.web.health import Condition
from callrouter.web.pages import FAMILIES, Family, create_pages
from callrouter.web.phone_room import Network
from callrouter.web.site import Site
from callrouter.web_settings import IdentityProvider
from tests.calllog.told import PSEUDONYMIZER
from tests.people.somebody import NOON, added
from tests.schedules import STOCKHOLM

EXAMPLE = Path(__file__).parents[3] / "config" / "schedule.yaml"
SECRET = "a key for tests that is long enough"
SECRETS = {
    "CALLROUTER_SECRET_KEY": SECRET,
    "CALLROUTER_PRIVACY_KEY": "another key for tests, long enough too",
    "TWILIO_ACCOUNT_SID": f"AC{'5' * 32}",
    "TWILIO_AUTH_TOKEN": "6" * 32,
}
NAMES = {Role.ADMINISTRATOR: "anna", Role.REVIEWER: "bertil", Role.CONTRACTOR: "cecilia"}
LOADED = Loaded(load(EXAMPLE.read_bytes(), at=NOON), Source.FILE, datetime(2026, 11, 1, tzinfo=UTC))
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass
class House:
    """The pages, and what stands behind them."""

    url: str
    public_url: str = "https://calls.example.se"
    loaded: Loaded = LOADED
    now: datetime = NOON
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    identity_provider: IdentityProvider | None = None
    proxies: int = 0
    network: Network | None = None
    message: Callable[[str], bytes] | None = None
    control: Control = field(default_factory=Control)
    place: SchedulePlace = field(default_factory=lambda: FilePlace(FileSource(EXAMPLE)))
    environ: Mapping[str, str] = field(default_factory=dict)
    database: Database = field(init=False)
    tasks: Runner = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.url)
        self.tasks = Runner(self.database, self.settings.storage.task_dir, lambda: self.now)
        self.rebuild()

    def rebuild(self, families: Sequence[Family] = FAMILIES) -> None:
        """Put the pages together anew, after something was set."""
        self.site = Site(
            database=self.database,
            loaded=lambda: self.loaded,
            control=lambda: self.control,
            control_changed=self.read_control,
            schedule_place=self.place,
            schedule_changed=self.read_schedule,
            conditions=self.conditions,
            public_url=self.public_url,
            secret_key=SECRET,
            callers=PSEUDONYMIZER,
            message=self.message,
            settings=self.settings,
            tasks=self.tasks,
            account=lambda: None,
            jobs=lambda: overview(self.database, JOBS, STOCKHOLM, self.now),
            identity_provider=self.identity_provider,
            proxies=self.proxies,
            network=self.network,
            now=lambda: self.now,
        )
        self.app = create_pages(self.site, families)

    @property
    def settings(self) -> Settings:
        """Those of a real service, with its data in the folder of the database."""
        home = self.url.removeprefix("sqlite:///").rpartition("/")[0]
        where = {"CALLROUTER_DATA_DIR": home, "CALLROUTER_DATABASE_URL": self.url}
        where |= {"CALLROUTER_PUBLIC_URL": self.public_url, "CALLROUTER_LAST_RESORT": "+46406280499"}
        return service_settings({**SECRETS, **where, **self.environ})

    def close(self) -> None:
        self.tasks.stop()
        self.database.close()

    def read_control(self) -> None:
        self.control = load_control(self.database, self.now)

    def read_schedule(self) -> None:
        self.loaded = replace(self.loaded, schedule=load(self.place.content(), at=self.now))

    def use_text(self, text: str) -> None:
        """A schedule in force, and the file that it was read from."""
        path = Path(str(self.database.path)).with_name("schedule.yaml")
        path.write_text(text, encoding="utf-8")
        self.place = FilePlace(FileSource(path))
        self.rebuild()
        self.read_schedule()

    def use_schedule(self, text: str) -> None:
        self.loaded = replace(self.loaded, schedule=load(text, at=self.now))

    def browser(self) -> "Browser":
        """Somebody who is not signed in."""
        return Browser(self.app.test_client(), self.public_url)

    def signed_in(self, role: Role = Role.ADMINISTRATOR) -> "Browser":
        """Somebody who is, with a session that was begun without a password: hashes take time."""
        name = NAMES[role]
        with self.database.reading() as connection:
            known = connection.exec_driver_sql("SELECT count(*) FROM user WHERE name = ?", (name,)).scalar_one()
        if not known:
            added(self.database, name, role)
        with self.database.writing() as connection:
            secret = sessions.begin(connection, name, self.now)
        browser = self.browser()
        browser.client.set_cookie(self.session_cookie, secret, domain=self.public_url.partition("://")[2])
        return browser

    @property
    def session_cookie(self) -> str:
        return "__Host-callrouter-session" if self.public_url.startswith("https:") else "callrouter-session"


@dataclass
class Browser:
    """A browser: it keeps cookies, says whence it comes, and fills in the hidden fields of the form it stands at."""

    client: FlaskClient
    public_url: str

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers, base_url=self.public_url, buffered=True)

    def speaks(self, language: str) -> "Browser":
        scheme, _, host = self.public_url.partition("://")
        name = "__Host-callrouter-language" if scheme == "https" else "callrouter-language"
        self.client.set_cookie(name, language, domain=host, secure=scheme == "https")
        return self

    def post(self, path: str, at: str | None = None, site: str = "same-origin", **form: Any) -> TestResponse:
        """Send the form that stands on the page *at* (default: *path*)."""
        page = self.get(path if at is None else at)
        found = _CSRF.search(page.text)
        token = {"csrf": found[1]} if found else {}
        whence = {"Sec-Fetch-Site": site}
        return self.client.post(path, data=token | form, headers=whence, base_url=self.public_url, buffered=True)

"""A real browser, an installed Chromium driven by Playwright, and the real service beside it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from tests.calllog.records import keep
from tests.people.somebody import added
from tests.schedules import STOCKHOLM
from tests.service import RunningService
from tests.web.browser.lately import LATELY
from tests.web.browser.machine import MISSING, OPTIONS, found_browser
from tests.web.pages.house import NAMES

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium as the machine has it, with a new, empty profile."""
    found = found_browser()
    if found is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()


def yesterday() -> date:
    return clock.now().astimezone(STOCKHOLM).date() - timedelta(days=1)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The service on the phone network, with a user of each role, and somebody who holds a unit closed."""
    running = RunningService(tmp_path_factory.mktemp("browser"), ROOT / "config" / "schedule.yaml")
    running.start()
    database = Database(running.settings.storage.database_url)
    for role in Role:
        added(database, NAMES[role], role)
    keep(database, LATELY)
    database.close()
    running.run("override", "close", "--unit", "brottsofferstöd", "--until", "2099-01-01", "--why", "Personalmöte")
    # Somebody whom nobody answered waits to be called back, and is handed over: by night, at a unit that was closed.
    running.run(
        "call", "+46846500400", "--at", f"{yesterday():%Y-%m-%d} 23:30", "--hang-up-after", "25", "--url", running.url
    )
    yield running
    running.stop()

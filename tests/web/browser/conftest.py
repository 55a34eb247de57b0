"""A real browser, an installed Chromium driven by Playwright, and the real service beside it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from callrouter import clock
from callrouter.calllog.calling_back import take
from callrouter.calllog.database import Database
from callrouter.calllog.disputes import dispute
from callrouter.calllog.holds import hold
from callrouter.calllog.review import add_follow_up, add_note
from callrouter.domain.ledger import Dispute
from callrouter.domain.review import Act, Task
from callrouter.domain.words import Role
from callrouter.people import links, users
from callrouter.people.users import By
from tests.calllog.records import keep
from tests.people.somebody import added
from tests.schedules import STOCKHOLM
from tests.service import RunningService, until
from tests.web.browser.lately import BUSY_NIGHT, COMPANY, LATELY, OFFERED, OFFERED_BEFORE
from tests.web.browser.machine import MISSING, OPTIONS, found_browser
from tests.web.pages.house import EXAMPLE, NAMES

AWAY = {
    "CALLROUTER_OIDC_ISSUER": "https://127.0.0.1:9",
    "CALLROUTER_OIDC_CLIENT_ID": "callrouter",
    "CALLROUTER_OIDC_CLIENT_SECRET": "a secret",
}
"""An identity provider that does not answer."""
LONG_WORD = 12 * "Donaudampfschiff" + "fahrtens"
"""As long as a reason may be, and no place in it to break a line: nobody is kept from typing one."""

MISSED = {"23:30": "+46701740671", "23:40": "+46701740672"}
"""By night, at a unit that was closed."""


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
    running = RunningService(tmp_path_factory.mktemp("browser"), EXAMPLE, given=AWAY)
    running.start()
    database = Database(running.settings.storage.database_url)
    for role in Role:
        added(database, NAMES[role], role)
    keep(database, [*BUSY_NIGHT, *LATELY])
    with database.writing() as connection:
        users.add(connection, LONG_WORD[:60], Role.CONTRACTOR, LONG_WORD, By(LONG_WORD[:60], clock.now()))
        hold(connection, OFFERED.day, OFFERED.call_id, LONG_WORD[:60], LONG_WORD, clock.now())
    database.close()
    held = running.run("override", "close", "--unit", "brottsofferstöd", "--until", "2099-01-01", "--why", LONG_WORD)
    assert held.returncode == 0, held.stderr
    yield running
    running.stop()


@pytest.fixture(scope="session")
def filled(service: RunningService) -> Mapping[str, str]:
    """What stands in the addresses of some pages: somebody who waits, a call-back, a dispute, somebody's first link."""
    waits, taken = (missed(service, caller, "--at", f"{yesterday()} {when}") for when, caller in MISSED.items())
    now, bertil = clock.now(), NAMES[Role.REVIEWER]
    database = Database(service.settings.storage.database_url)
    with database.writing() as connection:
        held = take(connection, (date.fromisoformat(taken["received_at"][:10]), taken["call_id"]), Act(bertil, now))
        for missed_call in (waits, taken):
            key, act = (date.fromisoformat(missed_call["received_at"][:10]), missed_call["call_id"]), Act(bertil, now)
            add_note(connection, key, act, LONG_WORD)
            add_follow_up(connection, key, act, Task(LONG_WORD, LONG_WORD[:60], now))
        said = Dispute(0, COMPANY, LONG_WORD, NAMES[Role.CONTRACTOR], now)
        disputed = dispute(connection, (OFFERED_BEFORE.day, OFFERED_BEFORE.call_id), said)
        users.add(connection, "gunnar", Role.REVIEWER, None, By("root", now))
        secret = links.made(connection, "gunnar", By("root", now))
    database.close()
    assert held
    return {
        "waits": f"/calls/{waits['received_at'][:10]}/{waits['call_id']}",
        "yesterday": f"{yesterday()}",
        "call_back": f"{held.id}",
        "dispute": f"{disputed}",
        "secret": secret,
    }


def missed(service: RunningService, caller: str, *options: str) -> dict[str, Any]:
    """Somebody calls the centre by night, or the alarm unit, and hangs up while a guard's phone rings."""
    to, seconds = ("+46846500400", "25") if "--at" in options else ("+46846500499", "9")
    played = ("--from", caller, "--guard", "silent", "--hang-up-after", seconds, "--url", service.url)
    told = service.run("call", to, *played, *options)
    assert told.returncode == 0, told.stderr
    log = ("log", "--caller", caller, "--limit", "1", "--json")
    until(lambda: service.run(*log).stdout, "the call is in the log", seconds=0.2)  # ten times
    call: dict[str, Any] = json.loads(service.run(*log).stdout)
    return call


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningService]:
    """A service over a schedule of its own, which may be changed."""
    schedule = tmp_path / "schedule.yaml"
    schedule.write_bytes(EXAMPLE.read_bytes())
    running = RunningService(tmp_path, schedule)
    running.start()
    database = Database(running.settings.storage.database_url)
    added(database, NAMES[Role.ADMINISTRATOR], Role.ADMINISTRATOR)
    database.close()
    yield running
    running.stop()

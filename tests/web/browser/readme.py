"""The pictures of the README: taken at half past one on a Thursday, whatever the clock of this machine says.

    make screenshots ARGS=--readme

Most units are open then, and two are called: one rings, the other is answered. Needs a C compiler, for the clock of the
service.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import func, select

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallRow, LegRow
from callrouter.domain.words import Disposition, Role
from tests.faults.clock_ways import set_clock, settable_clock
from tests.schedules import STOCKHOLM
from tests.service import RunningService
from tests.web.browser.conftest import AWAY
from tests.web.browser.looking import Look, looking
from tests.web.browser.machine import OPTIONS, found_browser
from tests.web.browser.screenshots import ROOT, SCHEDULE, begun, played, under_way

FOLDER = ROOT / "docs" / "pictures"
_THURSDAY = 3
_LEGS = 3


def main() -> None:
    """Take them, in place of those that are there."""
    if not shutil.which("cc"):
        raise SystemExit("needs a C compiler (Debian: apt install gcc)")
    at = a_thursday()
    with TemporaryDirectory(prefix="callrouter-") as folder, sync_playwright() as playwright:
        home = Path(folder)
        played(home, at)
        service = begun(home, SCHEDULE, AWAY | settable_clock(home))
        browser = playwright.chromium.launch(executable_path=found_browser(), args=OPTIONS)
        try:
            set_clock(service, at)
            under_way(service, at)
            with looking(browser, service.url) as look:
                look.sign_in(Role.ADMINISTRATOR)
                take(look, a_call(service))
        finally:
            browser.close()
            service.stop()
    click.echo(f"3 pictures: {FOLDER}")


def take(look: Look, call: str) -> None:
    """Each of the three, that of today while two calls go on."""
    for name, path in (("reports", "/reports"), ("call", call)):
        look.at(path).screenshot(path=FOLDER / f"{name}.png")
    somebody_rings(look.at("/phone-network"), "Larm")
    look.page.get_by_role("button", name="Svara").first.click()
    look.page.get_by_role("button", name="Tryck 1").first.click()
    somebody_rings(look.at("/phone-network"), "Trygghetscenter")
    expect(look.at("/today").locator("#calls li")).to_have_count(2)
    look.page.screenshot(path=FOLDER / "today.png")


def a_thursday() -> datetime:
    """The latest one, half past one: most units are open."""
    now = clock.now().astimezone(STOCKHOLM)
    days = timedelta(days=(now.weekday() - _THURSDAY) % 7 or 7)
    return (now - days).replace(hour=13, minute=30, second=0, microsecond=0)


def a_call(service: RunningService) -> str:
    """The address of the newest that several phones were rung for, and one answered."""
    answered = CallRow.disposition == Disposition.ANSWERED
    legs = select(LegRow.day, LegRow.call_id).group_by(LegRow.day, LegRow.call_id).having(func.count() >= _LEGS)
    wanted = select(CallRow.day, CallRow.call_id).where(answered).order_by(CallRow.received_at.desc())
    database = Database(service.settings.storage.database_url)
    with database.reading() as connection:
        several = {tuple(row) for row in connection.execute(legs)}
        day, call_id = next(row for row in connection.execute(wanted) if tuple(row) in several)
    database.close()
    return f"/calls/{day}/{call_id}"


def somebody_rings(page: Page, unit: str) -> None:
    """On the built-in phone network."""
    page.get_by_label("Enhet").select_option(label=unit)
    page.get_by_role("button", name="Ring", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Samtal till {unit}")


if __name__ == "__main__":
    main()

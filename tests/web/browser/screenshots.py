"""Pictures of every page that each role can reach, for people to look at: wide and narrow, light and dark, Swedish and
English, and as printed.

    make screenshots

Some weeks of calls are played into a log of its own; then a browser goes from each address of the role matrix along the
links, and takes each endpoint once, and what a button leads to. `readme.py` takes those that the README shows.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urldefrag, urlsplit

import click
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from callrouter import clock
from callrouter.calllog.calling_back import take
from callrouter.calllog.database import Database
from callrouter.calllog.disputes import dispute
from callrouter.calllog.missed import waiting
from callrouter.calllog.tables import LegRow
from callrouter.domain.ledger import Dispute
from callrouter.domain.review import Act
from callrouter.domain.words import Origin, Outcome, Role
from callrouter.people import links as one_time
from callrouter.people import users
from callrouter.people.users import By
from callrouter.simulate import Scenes, Stage, Year, play
from callrouter.web.access import ACCESS, POLLED, Audience
from callrouter.web.sign import sign
from callrouter.web.texts import Language
from tests.people.somebody import COMPANIES, added
from tests.service import RunningService, until
from tests.web.browser.conftest import AWAY
from tests.web.browser.looking import LIGHTS, WIDTHS, Look, looking
from tests.web.browser.machine import MISSING, OPTIONS, found_browser
from tests.web.browser.places import WAYS
from tests.web.pages.house import NAMES, House
from tests.web.pages.test_access import MATRIX

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "screenshots"
SCHEDULE = ROOT / "config" / "schedule.yaml"
PAPER = 718
"""The width of an A4 sheet between its margins, in pixels of CSS."""

RARE = (
    (None, "/nothing", "rare-not_found-public"),
    (None, "/welcome/over", "rare-link_over-public"),
    (None, "/sign-in/provider", "rare-provider_away-public"),
    (Role.REVIEWER, "/administration", "rare-not_yours-reviewer"),
    (Role.REVIEWER, "/reports?from=never", "rare-not_understood-reviewer"),
    *(
        (Role.REVIEWER, f"/{path}", f"rare-{path}-reviewer")
        for path in ("today", "calls", "call-backs", "hand-over", "reports")
    ),
    (Role.CONTRACTOR, "/company", "rare-company-contractor"),
    (Role.CONTRACTOR, "/company/statement", "rare-statement-contractor"),
)
"""Of a service that nobody has called yet."""

IS_MEASURED = """() => {
    const root = document.querySelector('.code').shadowRoot
    const numbers = [...root.querySelectorAll('.cm-lineNumbers .cm-gutterElement')].filter(each => each.offsetHeight)
    const lines = [...root.querySelectorAll('.cm-line')]
    return Math.abs(numbers[9].getBoundingClientRect().top - lines[9].getBoundingClientRect().top) < 2
}"""
"""Whether the number of a line stands beside it."""
CALLS_A_YEAR, SEED = 4_000, 7
PLAYED = timedelta(weeks=6)


@dataclass
class Found:
    """The address of each endpoint, by role: the first one that a page of ours leads to, else that of the matrix."""

    adapter: MapAdapter
    addresses: dict[tuple[Role | None, str], str] = field(default_factory=dict)

    def explore(self, role: Role | None, page: Page, url: str) -> None:
        """Follow every link that leads to an endpoint not seen yet."""
        ahead = [path for admitted, paths in MATRIX if role in admitted for path in paths.values() if " " not in path]
        ahead.sort(key=lambda path: path.endswith("/x") or "/x/" in path)
        while ahead:
            path = ahead.pop(0)
            endpoint = self.endpoint_of(path)
            if endpoint is None or {(role, endpoint), (None, endpoint)} & self.addresses.keys():
                continue
            answer = page.request.get(url + path)  # a browser would save a file instead of showing it
            shown = answer.url.removeprefix(url)
            if (
                answer.ok
                and "text/html" in answer.headers.get("content-type", "")
                and self.endpoint_of(shown) == endpoint
            ):
                self.addresses[role, endpoint] = path
                page.goto(url + path)
                ahead = [*links(page, url), *ahead]

    def opened(self, role: Role | None, look: Look, language: Language) -> Iterator[str]:
        """Open each in turn, and what a button of it leads to; yields a name for what is shown."""
        mine = {endpoint: path for (whose, endpoint), path in self.addresses.items() if whose is role}
        for endpoint, path in mine.items():
            look.at(f"{urlsplit(path).path}?lang={language}" if ACCESS[endpoint] is Audience.EVERYBODY else path)
            yield endpoint
        for number, way in enumerate(WAYS):
            if way.role is role:
                way.go(look, {"waits": mine["calls.call"]})
                yield f"{way.endpoint}_{number}"

    def endpoint_of(self, path: str) -> str | None:
        """The endpoint that shows a page of its own at *path*, if any does."""
        try:
            endpoint, _ = self.adapter.match(urlsplit(path).path, method="GET")
        except HTTPException:
            return None
        return None if endpoint in POLLED or endpoint.startswith(("api.", "static", "provider.")) else str(endpoint)


def links(page: Page, url: str) -> Iterator[str]:
    """Where the links of *page* lead within this site; what would be saved as a file is no page."""
    for link in page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)"):
        if link.startswith(url):
            yield urldefrag(link).url.removeprefix(url)


def played(home: Path, until: datetime) -> None:
    """Play the calls of the weeks before into the log under *home*."""
    since, text = until - PLAYED, SCHEDULE.read_bytes()
    with Stage(text, home) as stage:
        for year in sorted({since.year, until.year}):
            scenes: Scenes = Year(text, year, SEED + year).scenes()
            lately = [n for n in range(1, CALLS_A_YEAR + 1) if since < scenes.scene(n).at < until]
            for number, _ in enumerate(play(stage, scenes, lately), start=1):
                told(number, len(lately))


def told(number: int, last: int) -> None:
    """How far it is: over and over in one line of a terminal, elsewhere a line every hundred calls."""
    is_over, said = number == last, f"playing calls: {number} of {last}"
    if sys.stdout.isatty():
        click.echo(f"\r{said}", nl=is_over)
    elif is_over or number % 100 == 0:
        click.echo(said)


def begun(home: Path, schedule: Path, given: Mapping[str, str] = AWAY) -> RunningService:
    """A service with a user of each role."""
    service = RunningService(home, schedule, given=given)
    service.start()
    database = Database(service.settings.storage.database_url)
    for role in Role:
        added(database, NAMES[role], role)
    database.close()
    return service


def under_way(service: RunningService, now: datetime) -> str:
    """Somebody calls back, a company disputes a call, and a new user has a link: returns its address.

    The addresses of the first two are those of the role matrix, for they are the first of their kind.
    """
    database = Database(service.settings.storage.database_url)
    company = (LegRow.company == COMPANIES[Role.CONTRACTOR], LegRow.outcome == Outcome.ANSWERED.value)
    offered = select(LegRow.day, LegRow.call_id).where(*company).order_by(LegRow.received_at.desc()).limit(1)
    with database.writing() as connection:
        missed = waiting(connection, Origin.PHONE_NETWORK, now).open[0].call
        take(connection, (missed.day, missed.call_id), Act(NAMES[Role.REVIEWER], now))
        day, call_id = connection.execute(offered).one()
        said = Dispute(0, COMPANIES[Role.CONTRACTOR], "Telefonen ringde aldrig", NAMES[Role.CONTRACTOR], now)
        dispute(connection, (day, call_id), said)
        users.add(connection, "gunnar", Role.REVIEWER, None, By("root", now))
        secret = one_time.made(connection, "gunnar", By("root", now))
    database.close()
    return f"/welcome/{secret}"


def taken(browser: Browser, service: RunningService, folder: Path) -> list[str]:
    """Take the pictures; returns their names in order."""
    found = Found(House(service.settings.storage.database_url).app.url_map.bind(""))
    found.addresses[None, "welcome.form"] = under_way(service, clock.now())
    names: list[str] = []
    for role, language in product((None, *Role), Language):
        with looking(browser, service.url) as look:
            if role:
                look.sign_in(role)
            found.explore(role, look.page, service.url)
            look.speaks(language)
            for called in found.opened(role, look, language):
                names += pictures(look.page, folder, f"{called}-{role or 'public'}", language)
            look.wrong.clear()
    return sorted(names)


def rare(browser: Browser, folder: Path) -> list[str]:
    """What is seldom seen: pages before the first call, somebody turned away, a schedule to look over, no database."""
    names: list[str] = []
    with TemporaryDirectory(prefix="callrouter-") as home:
        schedule = Path(home) / "schedule.yaml"
        schedule.write_bytes(
            SCHEDULE.read_bytes().replace(b"period: 2008-06-01..", b"period: 2008-06-01..2027-01-10", 1)
        )
        service = begun(Path(home), schedule)
        try:
            for language in Language:
                with looking(browser, service.url) as look:
                    for role, path, name in RARE:
                        look.page.goto("about:blank")  # what the page before asks for would bring another cookie
                        look.page.context.clear_cookies()
                        if role:
                            look.sign_in(role)
                        look.speaks(language)
                        look.at(path)
                        names += pictures(look.page, folder, name, language)
                    look.wrong.clear()
            schedule.write_text("units: {")
            until(lambda: not service.ready()["schedule"]["ok"], "the error is seen")
            names += without_database(browser, folder, service)
        finally:
            service.stop()
    return names


def without_database(browser: Browser, folder: Path, service: RunningService) -> Iterator[str]:
    """A schedule with errors, and then no database either."""
    with looking(browser, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        look.at("/today")
        yield from pictures(look.page, folder, "rare-errors-administrator", Language.SWEDISH)
        for file in (service.home / "var").glob("callrouter.db*"):
            file.write_bytes(b"not a database" * 4096)
        look.at("/today")
        yield from pictures(look.page, folder, "rare-no_database-public", Language.SWEDISH)
        look.page.set_content(sign(503).decode().replace('href="/', f'href="{service.url}/'))
        yield from pictures(look.page, folder, "rare-too_busy-public", Language.SWEDISH)
        look.wrong.clear()


def pictures(page: Page, folder: Path, name: str, language: Language) -> Iterator[str]:
    """The page in every width and light, and in Swedish on paper; yields the names."""
    for width, (light, _) in product(WIDTHS, LIGHTS):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=light, media="screen")
        yield pictured(page, folder, f"{name}-{width}-{light}-{language}")
    if language is Language.SWEDISH:
        page.set_viewport_size({"width": PAPER, "height": 900})
        page.emulate_media(color_scheme="light", media="print")
        yield pictured(page, folder, f"{name}-paper-light-{language}")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def pictured(page: Page, folder: Path, name: str) -> str:
    editor = page.locator(".code")
    if editor.is_visible():  # one that nobody has scrolled to has not measured its lines
        editor.scroll_into_view_if_needed()
        page.wait_for_function(IS_MEASURED)
        page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    return name


def index(names: list[str]) -> str:
    """A page with all pictures, those of an endpoint and role side by side."""
    rows: dict[str, list[str]] = {}
    for name in names:
        rows.setdefault(name.rsplit("-", 3)[0], []).append(name)
    shown = "".join(
        f"<h2>{escape(row)}</h2><p>"
        + "".join(f'<a href="{name}.png"><img loading="lazy" src="{name}.png" alt="{name}"></a>' for name in of_row)
        for row, of_row in rows.items()
    )
    style = "img{height:40vh;border:1px solid;margin:.25rem;vertical-align:top}body{font-family:sans-serif}"
    return f'<!doctype html><meta charset="utf-8"><title>callrouter</title><style>{style}</style>{shown}'


def main() -> None:
    if found_browser() is None:
        raise SystemExit(MISSING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with TemporaryDirectory(prefix="callrouter-") as home, sync_playwright() as playwright:
        played(Path(home), clock.now())
        service = begun(Path(home), SCHEDULE)
        browser = playwright.chromium.launch(executable_path=found_browser(), args=OPTIONS)
        try:
            names = sorted([*taken(browser, service, FOLDER), *rare(browser, FOLDER)])
        finally:
            browser.close()
            service.stop()
    (FOLDER / "index.html").write_text(index(names), encoding="utf-8")
    click.echo(f"{len(names)} pictures: {FOLDER / 'index.html'}")


if __name__ == "__main__":
    main()

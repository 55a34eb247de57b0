"""Pictures of every page that each role can reach, wide and narrow, light and dark, for people to look at.

    make screenshots

A year of calls is played into a log of its own; then a browser goes from each address of the role matrix along the
links, and takes each endpoint once. `--readme` takes those that the README shows instead.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urldefrag, urlsplit

import click
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from callrouter.simulate import Scenes, Stage, Year, play
from callrouter.web.access import POLLED
from tests.people.somebody import added
from tests.service import RunningService
from tests.web.browser.looking import Light, looking
from tests.web.browser.machine import MISSING, OPTIONS, found_browser
from tests.web.pages.house import NAMES, House
from tests.web.pages.test_access import MATRIX

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "screenshots"
SCHEDULE = ROOT / "config" / "schedule.yaml"
LOOKS: list[tuple[int, Light]] = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
README = {"today": "today.page", "call": "calls.call", "reports": "reports.page"}
"""The pictures of docs/pictures, and the endpoint that each one shows."""

CALLS, SEED = 400, 7


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
            if endpoint is None or (role, endpoint) in self.addresses:
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


def played(home: Path) -> None:
    """Play the calls of this year until now into the log under *home*."""
    year = Year(SCHEDULE.read_bytes(), clock.now().year, SEED)
    scenes: Scenes = year.scenes()
    past = [number for number in range(1, CALLS + 1) if scenes.scene(number).at < clock.now()]
    with Stage(year.schedule_text, home) as stage:
        for number, _ in enumerate(play(stage, scenes, past), start=1):
            click.echo(f"\rplaying calls: {number} of {len(past)}", nl=False)
    click.echo()


def taken(browser: Browser, service: RunningService, folder: Path, wanted: dict[str, str] | None) -> list[str]:
    """Take the pictures; returns their names in order."""
    found = Found(House(service.settings.storage.database_url).app.url_map.bind(""))
    names = []
    for role in (None, *Role):
        with looking(browser, service.url) as look:
            if role:
                look.sign_in(role)
            found.explore(role, look.page, service.url)
            look.wrong.clear()
    for (width, light), role in product(LOOKS[:1] if wanted else LOOKS, (None, *Role)):
        mine = {endpoint: path for (whose, endpoint), path in found.addresses.items() if whose is role}
        with looking(browser, service.url, width=width, light=light) as look:
            if role:
                look.sign_in(role)
            for endpoint, path in mine.items():
                name = f"{endpoint}-{role or 'public'}-{width}-{light}" if wanted is None else wanted.get(endpoint, "")
                if name and name not in names:
                    look.at(path).screenshot(path=folder / f"{name}.png", full_page=wanted is None)
                    names.append(name)
    return sorted(names)


def index(names: list[str]) -> str:
    """A page with all pictures, those of an endpoint and role side by side."""
    rows: dict[str, list[str]] = {}
    for name in names:
        rows.setdefault(name.rsplit("-", 2)[0], []).append(name)
    shown = "".join(
        f"<h2>{escape(row)}</h2><p>"
        + "".join(f'<a href="{name}.png"><img loading="lazy" src="{name}.png" alt="{name}"></a>' for name in of_row)
        for row, of_row in rows.items()
    )
    style = "img{height:40vh;border:1px solid;margin:.25rem;vertical-align:top}body{font-family:sans-serif}"
    return f'<!doctype html><meta charset="utf-8"><title>callrouter</title><style>{style}</style>{shown}'


def main() -> None:
    wanted = {endpoint: name for name, endpoint in README.items()} if "--readme" in sys.argv else None
    folder = ROOT / "docs" / "pictures" if wanted else FOLDER
    if found_browser() is None:
        raise SystemExit(MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with TemporaryDirectory(prefix="callrouter-") as home, sync_playwright() as playwright:
        played(Path(home))
        service = RunningService(Path(home), SCHEDULE)
        database = Database(service.settings.storage.database_url)
        for role in Role:
            added(database, NAMES[role], role)
        database.close()
        service.start()
        browser = playwright.chromium.launch(executable_path=found_browser(), args=OPTIONS)
        try:
            names = taken(browser, service, folder, wanted)
        finally:
            browser.close()
            service.stop()
    if wanted is None:
        (folder / "index.html").write_text(index(names), encoding="utf-8")
    click.echo(f"{len(names)} pictures: {folder / ('' if wanted else 'index.html')}")


if __name__ == "__main__":
    main()

"""Looking at pages in a browser: signed in, in a language and a light, at a width; and what must never be seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from callrouter.domain.words import Role
from tests.people.somebody import PASSWORD
from tests.web.pages.house import NAMES

Light = Literal["light", "dark"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass
class Look:
    """A page of the browser, and what was wrong with it so far."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)

    def at(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, role: Role) -> None:
        self.at("/sign-in")
        self.page.get_by_label("Användarnamn").fill(NAMES[role])
        self.page.get_by_label("Lösenord").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def inaccessible(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA on the page as it stands."""
        found = Axe().run(self.page, options={"runOnly": WCAG}).response["violations"]
        return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]]

    def too_wide(self, *paths: str) -> dict[str, int]:
        """Which of the pages are wider than the window, and by how many pixels."""
        over = "document.documentElement.scrollWidth - window.innerWidth"
        found = {path: int(self.at(path).evaluate(over)) for path in paths}
        return {path: pixels for path, pixels in found.items() if pixels > 0}


@contextmanager
def looking(
    browser: Browser, url: str, *, width: int = 1280, light: Light = "light", scripts: bool = True
) -> Iterator[Look]:
    """A new window with an empty profile. Console errors and requests to other hosts are wrong."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=light, java_script_enabled=scripts
    )
    look = Look(context.new_page(), url)
    look.page.on("console", lambda told: look.wrong.append(told.text) if told.type == "error" else None)
    look.page.on("pageerror", lambda error: look.wrong.append(str(error)))
    look.page.on("request", lambda asked: None if asked.url.startswith(url) else look.wrong.append(asked.url))
    try:
        yield look
    finally:
        context.close()
    assert look.wrong == []

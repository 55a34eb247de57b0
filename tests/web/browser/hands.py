"""Somebody who has a keyboard and no mouse: from what has the focus to what is wanted, by the Tab key alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page

from callrouter.domain.words import Role
from tests.people.somebody import PASSWORD
from tests.web.browser.looking import Look, looking
from tests.web.pages.house import NAMES

_MOST_TABS = 400


@dataclass(frozen=True, slots=True)
class Hands:
    """On the keyboard. Nothing is clicked, focused or filled in by anything else."""

    look: Look

    @property
    def page(self) -> Page:
        return self.look.page

    def sign_in(self, role: Role) -> None:
        """The page has the focus where one begins to type, as soon as it is drawn."""
        self.look.at("/sign-in")
        self.page.locator("input[name=name]:focus").wait_for()
        self.page.keyboard.type(NAMES[role])
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def reach(self, wanted: Locator) -> None:
        """Press Tab until *wanted* has the focus."""
        wanted.wait_for()
        for _ in range(_MOST_TABS):
            if wanted.evaluate("each => each.getRootNode().activeElement === each"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {wanted}")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        """Go there, and press it."""
        self.reach(wanted)
        self.page.keyboard.press(key)

    def follow(self, name: str) -> None:
        """A link."""
        self.press(self.page.get_by_role("link", name=name).first)

    def push(self, name: str) -> None:
        """A button."""
        self.press(self.page.get_by_role("button", name=name).first)

    def choose(self, name: str) -> None:
        """One of several: Tab leads to that which is chosen, the arrows on from there."""
        wanted = self.page.get_by_role("radio", name=name)
        group = wanted.evaluate("each => each.name")
        chosen = self.page.locator(f"input[name={group}]:checked")
        self.reach(chosen if chosen.count() else self.page.locator(f"input[name={group}]").first)
        for _ in range(self.page.locator(f"input[name={group}]").count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        if not wanted.is_checked():
            self.page.keyboard.press("Space")

    def write(self, label: str, text: str) -> None:
        """Into a field: what stood there goes."""
        self.reach(self.page.get_by_label(label).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def pick(self, label: str, beginning: str) -> None:
        """What begins so, from a list."""
        self.reach(self.page.get_by_role("combobox", name=label).first)
        self.page.keyboard.type(beginning)

    def unfold(self, summary: str) -> None:
        """What is folded away."""
        self.press(self.page.locator("summary", has_text=summary).first)

    def turn(self, link: Locator) -> None:
        """A page on: and be there."""
        address = link.get_attribute("href") or ""
        self.press(link)
        self.page.wait_for_url(lambda url: url.endswith(address))


@contextmanager
def at_keyboard(browser: Browser, url: str, role: Role) -> Iterator[Hands]:
    """Somebody in that *role*, signed in."""
    with looking(browser, url) as look:
        hands = Hands(look)
        hands.sign_in(role)
        yield hands

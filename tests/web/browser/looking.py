"""Looking at pages in a browser: signed in, in every language, light and width; and what must never be seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Request, expect
from playwright.sync_api import TimeoutError as TookTooLongError

from callrouter.domain.words import Role
from callrouter.web.texts import Language
from tests.people.somebody import PASSWORD
from tests.web.pages.house import NAMES

Light = Literal["light", "dark"]
WIDTHS = (1280, 390)
PATIENCE = 30_000
"""Milliseconds: what comes about at once on a quiet machine may take a while on a loaded one."""

expect.set_options(timeout=PATIENCE)
NARROWEST = 320
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules of WCAG that the light can change; all others see the same in the dark."""

SMALL_TARGETS = """[...document.querySelectorAll('.code')]
    .flatMap(host => [...(host.shadowRoot?.querySelectorAll('button, input') ?? [])])
    .map(each => [each.name, each.getBoundingClientRect()]).filter(([, box]) => box.height < 24 || box.width < 24)
    .map(([name, box]) => `small target: ${name} ${box.width} x ${box.height}`)"""
"""In the editor, by WCAG 2.5.8; those of the pages axe-core judges."""

RUN_OUT = """[...document.querySelectorAll('.sheet, .unit, .calls, .card, .tiles > div')]
    .filter(card => card.scrollWidth > card.clientWidth + 1).map(card => card.innerText.slice(0, 60))"""

TORN = """() => {
    const whole = /\\d{4}-\\d\\d-\\d\\d|\\+\\d[\\d* ]{7,}\\d|\\d\\s%|≤\\s\\d+\\ss/g
    const found = [], range = document.createRange()
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
        const text = texts.currentNode
        if (!text.parentElement.checkVisibility() || text.parentElement.closest('select, textarea')) continue
        for (const each of text.data.matchAll(whole)) {
            range.setStart(text, each.index)
            range.setEnd(text, each.index + each[0].length)
            if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1)
                found.push(`${each[0]} of "${text.data.trim().slice(0, 60)}"`)
        }
    }
    return found
}"""
"""Dates, telephone numbers, shares and limits that begin on one line and end on the next."""

NAMELESS = """[...document.querySelectorAll('[hx-get]')]
    .flatMap(part => [...part.querySelectorAll('details, summary, a[href], button, input, [tabindex]')])
    .filter(each => !each.id && each.type !== 'hidden').map(each => each.outerHTML.slice(0, 80))"""
"""In parts that ask for themselves again: what has the focus, or is unfolded, is found in the new one by its id."""

FAINT_FIELDS = """() => {
    const rgba = colour => [...colour.match(/[\\d.]+/g).map(Number), 1].slice(0, 4)
    const light = colour => rgba(colour).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0.05)
    const contrast = (one, other) => Math.max(light(one) / light(other), light(other) / light(one))
    const ground = element => {
        const colour = getComputedStyle(element).backgroundColor
        const around = element.parentElement ?? element.getRootNode().host
        return rgba(colour)[3] === 1 || !around ? colour : ground(around)
    }
    const fields = 'input:not([type=hidden], [type=submit]), select, textarea'
    const roots = [document, ...[...document.querySelectorAll('.code')].flatMap(host => host.shadowRoot ?? [])]
    return roots.flatMap(root => [...root.querySelectorAll(fields)])
        .filter(field => field.checkVisibility() && !field.disabled)
        .map(field => {
            const edge = getComputedStyle(field).borderTopColor
            const beside = field.checked ? [ground(field.parentElement)] : [ground(field.parentElement), ground(field)]
            return [field.name || field.type, Math.min(...beside.map(colour => contrast(edge, colour)))]
        })
        .filter(([, least]) => least < 3).map(([name, least]) => `${name} ${least.toFixed(2)}`)
}"""
"""Fields whose edge does not stand out 3:1 from what is beside it: WCAG 1.4.11, which axe-core does not judge."""

LIGHTS: tuple[tuple[Light, dict[str, Any]], ...] = (("light", WCAG), ("dark", COLOURS))


def _signs_in(asked: Request) -> bool:
    return asked.method == "POST" and urlsplit(asked.url).path == "/sign-in"


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
        try:
            with self.page.expect_response(lambda answer: _signs_in(answer.request)) as answered:
                self._send_by_enter()
        except TookTooLongError as error:
            raise AssertionError(f"{NAMES[role]} has no answer at {self.page.url}") from error
        if answered.value.status != HTTPStatus.SEE_OTHER:
            answered.value.finished()
            self.page.wait_for_load_state()
            raise AssertionError(f"{NAMES[role]} is not let in: {answered.value.status}; {self._says()}")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def _send_by_enter(self) -> None:
        try:
            with self.page.expect_request(_signs_in):
                self.page.get_by_label("Lösenord").press("Enter")
        except TookTooLongError as error:
            raise AssertionError(f"Enter sent nothing; {self._says()}") from error

    def _says(self) -> str:
        """What the page is, and says: for whoever is told that it is not the one that was expected."""
        return f"{self.page.url} says: {' '.join(self.page.inner_text('body').split())}"

    def speaks(self, language: Language) -> None:
        self.page.context.add_cookies([{"name": "callrouter-language", "value": language, "url": self.url}])

    def inaccessible(self, rules: dict[str, Any] = WCAG) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA on the page as it stands."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("rules => axe.run(rules).then(found => found.violations)", rules)
        return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]]

    def wrong_in_any_look(self) -> list[str]:
        """The same in every width and light, all details open; and by how much it is wider than a small telephone."""
        self.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            found += [f"{width}: {each}" for each in self.badly_set()]
            for light, rules in LIGHTS:
                self.page.emulate_media(color_scheme=light)
                found += [f"{width} {light}: {each}" for each in self.inaccessible(rules)]
                found += [f"{width}: {each}" for each in self.page.evaluate(SMALL_TARGETS)]
                found += [f"{width} {light}: faint field: {each}" for each in self.page.evaluate(FAINT_FIELDS)]
        self.page.set_viewport_size({"width": NARROWEST, "height": 900})
        found += [f"{NARROWEST}: {each}" for each in self.badly_set()]
        over = self.over()
        return [*found, f"{over} px wider than {NARROWEST}"] if over > 0 else found

    def badly_set(self) -> list[str]:
        """Cards whose words run out of them, what a line's end tears in two, and what a live part would lose."""
        found = [f"runs out of its card: {each}" for each in self.page.evaluate(RUN_OUT)]
        found += [f"torn in two: {each}" for each in self.page.evaluate(TORN)]
        return found + [f"has no id: {each}" for each in self.page.evaluate(NAMELESS)]

    def forgive(self, *statuses: int) -> None:
        """Answers with these were asked for: the console tells of them as errors."""
        self.wrong = [each for each in self.wrong if not any(f"status of {status}" in each for status in statuses)]

    def over(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@contextmanager
def looking(
    browser: Browser, url: str, *, width: int = 1280, light: Light = "light", scripts: bool = True
) -> Iterator[Look]:
    """A new window with an empty profile. Console errors and requests to other hosts are wrong.

    Nothing moves in it: a colour on its way from light to dark is neither.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=light,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(2 * PATIENCE)
    look = Look(context.new_page(), url)
    look.page.on("console", lambda told: look.wrong.append(told.text) if told.type == "error" else None)
    look.page.on("pageerror", lambda error: look.wrong.append(str(error)))
    look.page.on("request", lambda asked: None if asked.url.startswith(url) else look.wrong.append(asked.url))
    try:
        yield look
    finally:
        context.close()
    assert look.wrong == [], look.wrong

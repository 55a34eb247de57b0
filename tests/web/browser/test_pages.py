"""What lives on the pages, and what they are without it: live parts, the menu, the demo; without scripts."""

import pytest
from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.hands import at_keyboard
from tests.web.browser.looking import looking


def test_without_scripts_everything_but_the_live_parts_works(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url, scripts=False) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/today")
        expect(page.get_by_role("link", name="Uppdatera")).to_be_visible()
        page.get_by_role("article", name="larm").get_by_role("link", name="Skicka till").click()
        page.get_by_role("radio", name="Skicka samtalen").check()
        page.get_by_role("combobox", name="Svarsställe").select_option("duty-officer")
        page.get_by_label("Till när?").fill("2099-01-01T00:00")
        page.get_by_label("Varför?").fill("Nytt nummer")
        page.get_by_role("button", name="Gör så").click()
        expect(page.get_by_role("article", name="larm")).to_contain_text("Jouransvarig")
        page.get_by_role("button", name="Avsluta nu larm").click()
        page.get_by_role("button", name="Logga ut").click()
        expect(page.get_by_role("heading", name="Logga in")).to_be_visible()


def test_a_call_comes_and_goes_on_a_page_that_stands_open(chromium: Browser, service: RunningService) -> None:
    """Nobody touches the page: it asks for its live parts itself, and shows who called last."""
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/today")
        expect(page.get_by_text("Inget än").first).to_be_visible()
        assert service.run("call", "+46846500499", "--url", service.url).returncode == 0
        expect(page.get_by_text("larm, besvarat (anna)")).to_be_visible()


def test_who_reads_on_is_not_thrown_back_when_the_page_renews_itself(
    chromium: Browser, service: RunningService
) -> None:
    """By keyboard: what is unfolded stays so, and what has the focus keeps it, while somebody calls."""
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        page, units = hands.page, hands.page.locator("#units")
        hands.unfold("Om ingen svarar")
        version = str(units.get_attribute("hx-get"))
        assert service.run("call", "+46846500499", "--url", service.url).returncode == 0
        expect(units).not_to_have_attribute("hx-get", version)
        expect(page.locator("#way-1")).to_have_attribute("open", "")
        expect(page.locator("#way-1 summary")).to_be_focused()


UNSEEN = """() => {
    const focused = document.activeElement, shown = getComputedStyle(focused)
    const is_seen = focused === document.body || shown.outlineStyle !== 'none' || shown.boxShadow !== 'none'
    return is_seen ? '' : focused.outerHTML.slice(0, 80)
}"""


@pytest.mark.parametrize(
    "path", ["/today", "/calls", "/schedule", "/reports", "/units/larm/by-hand", "/administration/audit"]
)
def test_what_has_the_focus_shows_it(chromium: Browser, service: RunningService, path: str) -> None:
    """Where a browser has several places to go to in one field, as in a date, at each of them."""
    with at_keyboard(chromium, service.url, Role.ADMINISTRATOR) as hands:
        page, unseen = hands.look.at(path), set[str]()
        for _ in range(60):
            page.keyboard.press("Tab")
            unseen.add(page.evaluate(UNSEEN))
        assert unseen == {""}


def test_the_menu_opens_on_a_telephone(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url, width=390) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/account")
        expect(page.get_by_role("link", name="I dag")).to_be_hidden()
        page.get_by_role("button", name="Meny").press("Enter")
        page.get_by_role("link", name="I dag").click()
        expect(page.get_by_role("heading", name="I dag", level=1)).to_be_visible()


def test_the_demo_a_guard_takes_a_call(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/phone-network")
        page.get_by_label("Enhet").select_option("larm")
        page.get_by_role("button", name="Ring").click()
        page.get_by_role("button", name="Svara").first.click()
        page.get_by_role("button", name="Tryck 1").first.click()
        expect(page.get_by_text("talar med den som ringer")).to_be_visible()
        assert look.inaccessible() == []
        # The caller ends it: a guard who hangs up within two seconds has dropped the call, and the next phone rings.
        page.get_by_role("listitem").filter(has_text="Den som ringer").get_by_role("button", name="Lägg på").click()
        expect(page.get_by_text("Samtalet är slut").first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "part", "is_whole"),
    [
        ("/schedule", ".shifts .number", "each => each.getBoundingClientRect().height < 30"),
        ("/administration/health", "#jobs ~ .scroll", "each => each.scrollWidth <= each.clientWidth"),
        ("/opening-hours?lang=en", ".unit .scroll", "each => each.scrollWidth <= each.clientWidth"),
    ],
)
def test_on_a_telephone_no_number_is_broken_and_no_table_cut_off(
    chromium: Browser, service: RunningService, path: str, part: str, is_whole: str
) -> None:
    with looking(chromium, service.url, width=390) as look:
        look.sign_in(Role.ADMINISTRATOR)
        look.at(path)
        parts = look.page.locator(part)
        assert parts.count() > 0
        assert all(parts.nth(n).evaluate(is_whole) for n in range(parts.count()))

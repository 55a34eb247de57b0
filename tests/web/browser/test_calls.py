"""Calls in a browser: found, read and reviewed by keyboard alone; accessible, and never too wide."""

import json

import pytest
from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService, until
from tests.web.browser.looking import Light, looking
from tests.web.browser.test_pages import LOOKS


@pytest.fixture(scope="module")
def path(service: RunningService) -> str:
    """The page of a call that nobody answered, and whose caller left a message."""
    nobody = ("--front-desk", "silent", "--guard", "silent", "--message", "9", "--url", service.url)
    told = service.run("call", "+46846500499", *nobody)
    assert told.returncode == 0, told.stderr
    log = ("log", "--disposition", "message", "--limit", "1", "--json")
    until(lambda: service.run(*log).stdout, "the call is in the log", seconds=0.2)  # ten times
    call = json.loads(service.run(*log).stdout)
    return f"/calls/{call['received_at'][:10]}/{call['call_id']}"


@pytest.mark.parametrize(("width", "light", "language"), LOOKS)
def test_a_call_is_accessible(
    chromium: Browser, service: RunningService, path: str, width: int, light: Light, language: str
) -> None:
    with looking(chromium, service.url, width=width, light=light) as look:
        for role in (Role.REVIEWER, Role.CONTRACTOR):
            look.page.context.clear_cookies()
            look.sign_in(role)
            if language == "en":
                look.page.get_by_role("button", name="English").click()
            for address in ("/calls", path):
                look.at(address).evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert (address, look.inaccessible()) == (address, [])


def test_nothing_is_wider_than_a_small_telephone(chromium: Browser, service: RunningService, path: str) -> None:
    with looking(chromium, service.url, width=320) as look:
        look.sign_in(Role.REVIEWER)
        assert look.too_wide("/calls", "/calls?unit=larm&person=anna", path) == {}


def test_a_call_is_found_and_reviewed_by_keyboard_alone(chromium: Browser, service: RunningService, path: str) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/calls")
        page.get_by_role("link", name="Meddelanden").press("Enter")
        page.wait_for_url("**/calls?disposition=message")
        page.get_by_role("link", name="Samtalet").first.press("Enter")
        page.wait_for_url(f"**{path}?disposition=message")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Samtal till larm")
        page.get_by_label("Ny anteckning").focus()
        page.keyboard.type("Ville veta när någon kommer.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Anteckningen är sparad.")
        page.get_by_label("Kategori").select_option("oro")
        page.get_by_role("button", name="Markera som granskat").press("Enter")
        expect(page.get_by_text("Granskat av bertil")).to_be_visible()
        page.get_by_role("link", name="Alla samtal i listan").press("Enter")
        expect(page.get_by_role("row").filter(has_text="larm").first).to_contain_text("oro")


def test_a_number_is_sought_and_shown_without_scripts(chromium: Browser, service: RunningService, path: str) -> None:
    with looking(chromium, service.url, scripts=False) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/calls")
        page.locator("#one-number summary").click()
        page.locator("#number").fill("070-174 06 50")
        page.locator("#number").press("Enter")
        page.wait_for_url("**/calls?caller=*")
        expect(page.get_by_text("Bara samtal från +467******50.")).to_be_visible()
        look.at(path).get_by_role("button", name="Visa numret").click()
        expect(page.get_by_text("+46701740650")).to_be_visible()
        assert "740650" not in page.url

"""What a security contractor is there for, from signing in to done, by keyboard alone."""

from collections.abc import Mapping

from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.hands import at_keyboard


def test_its_own_call_is_found_called_back_and_noted(
    chromium: Browser, service: RunningService, filled: Mapping[str, str]
) -> None:
    """The latest calls stand on its home page; the number is shown to who asks for it."""
    with at_keyboard(chromium, service.url, Role.CONTRACTOR) as hands:
        page = hands.page
        expect(page.get_by_role("heading", name="Senaste samtalen")).to_be_visible()
        hands.follow("Till alla samtal")
        hands.press(page.locator(f'a[href="{filled["waits"]}"]'))
        expect(page.get_by_text("+467******71").first).to_be_visible()
        hands.push("Visa numret")
        expect(page.get_by_role("link", name="Ring upp")).to_have_attribute("href", "tel:+46701740671")
        hands.write("Utfall", "Ringde tillbaka, allt lugnt")
        hands.push("Spara anteckning")
        expect(page.get_by_role("status")).to_have_text("Klart. Anteckningen är sparad.")
        expect(page.get_by_text("Ringde tillbaka, allt lugnt")).to_be_visible()

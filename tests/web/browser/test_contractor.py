"""What a security contractor is there for, from signing in to done, by keyboard alone."""

import csv
import re
from collections.abc import Mapping

from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.hands import Hands, at_keyboard


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


def test_a_call_of_the_month_is_disputed_and_that_withdrawn(
    chromium: Browser, service: RunningService, filled: Mapping[str, str]
) -> None:
    """From its home page to the statement, to the month that has calls, and to what stands in its file."""
    assert filled
    with at_keyboard(chromium, service.url, Role.CONTRACTOR) as hands:
        look, page = hands.look, hands.page
        hands.follow("Till redovisningen")
        expect(page.get_by_role("heading", level=1)).to_have_text("Avtalsredovisning")
        while not page.get_by_role("link", name="Bestrid").count():
            hands.turn(page.locator("a[rel=prev]"))
        call = str(page.get_by_role("link", name="Bestrid").first.inner_text()).split()[-1]
        hands.follow(f"Bestrid {call}")
        hands.write("Varför ska samtalet inte räknas så?", "Det ringde hos någon annan")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Samtalet är märkt som bestritt.")
        row = page.locator(f"#call-{call}")
        expect(row).to_contain_text("Bestritt: Det ringde hos någon annan")
        assert look.wrong_in_any_look() == []
        page.set_viewport_size({"width": 1280, "height": 900})
        assert ["Det ringde hos någon annan" in line for line in as_file(hands) if call in line] == [True]
        hands.push(f"Återta {call}")
        page.wait_for_url("**done=dispute-withdrawn*")
        expect(row.get_by_role("link", name=f"Bestrid {call}")).to_be_visible()
        expect(row).to_contain_text("Återtaget: Det ringde hos någon annan")


def as_file(hands: Hands) -> list[list[str]]:
    """The rows of the statement's CSV, fetched from its page."""
    with hands.page.expect_download() as download:
        hands.press(hands.page.get_by_role("link", name="CSV"))
    assert re.fullmatch(r"callrouter-statement-\d{4}-\d\d\.csv", download.value.suggested_filename)
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))

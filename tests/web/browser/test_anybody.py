"""What visitors who sign in nowhere come for, and what everybody does who signs in; by keyboard alone."""

import pytest
from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.people.somebody import PASSWORD
from tests.service import RunningService
from tests.web.browser.hands import Hands, at_keyboard
from tests.web.browser.looking import looking


def test_a_visitor_reads_when_somebody_answers(chromium: Browser, service: RunningService) -> None:
    """In their own language, with the days that differ; and what is kept of whoever calls."""
    with looking(chromium, service.url) as look:
        hands, page = Hands(look), look.page
        look.at("/opening-hours")
        hands.follow("English")
        expect(page.get_by_role("heading", level=1)).to_have_text("When we answer")
        unit = page.get_by_role("article", name="Trygghetscenter")
        expect(unit.get_by_role("link", name="+46 8 465 004 00")).to_have_attribute("href", "tel:+46846500400")
        hands.unfold("Days with other hours")
        expect(unit.get_by_role("listitem").first).to_be_visible()
        with page.expect_download() as calendar:
            hands.follow("your calendar")
        assert calendar.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")
        hands.follow("Data protection")
        expect(page.get_by_role("heading", level=1)).to_have_text("How we handle personal data")
        hands.follow("Accessibility")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Accessibility statement")


@pytest.mark.parametrize("role", Role)
def test_everybody_comes_in_goes_past_the_head_and_leaves(
    chromium: Browser, service: RunningService, role: Role
) -> None:
    with at_keyboard(chromium, service.url, role) as hands:
        look, page = hands.look, hands.page
        hands.follow("Till innehållet")
        expect(page.locator("main")).to_be_focused()
        look.at("/account")
        hands.push("English")
        expect(page.get_by_role("heading", level=1)).to_have_text("My account")
        hands.write("Present password", PASSWORD)
        hands.write("New password", PASSWORD)
        hands.write("The same once more", PASSWORD)
        hands.push("Change password")
        expect(page.get_by_role("status")).to_have_text("The password is changed.")
        hands.push("Svenska")
        hands.push("Logga ut")
        expect(page.get_by_role("heading", name="Logga in")).to_be_visible()


def test_whoever_mistypes_is_told_and_goes_on(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        page = look.at("/sign-in")
        page.keyboard.type("anna")
        page.keyboard.press("Tab")
        page.keyboard.type("not the password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        assert look.wrong_in_any_look() == []
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("I dag")
        look.forgive(401, 403, 422)


def test_a_form_that_is_sent_after_the_session_shows_what_was_written(
    chromium: Browser, service: RunningService
) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/units/larm/by-hand?what=send")
        page.get_by_label("Varför?").fill("Nytt nummer")
        page.get_by_label("Till när?").fill("2099-01-01T00:00")
        page.get_by_role("combobox", name="Svarsställe").select_option("duty-officer")
        page.context.clear_cookies()
        page.get_by_role("button", name="Gör så").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Din inloggning är slut")
        expect(page.get_by_label("Det här skrev du.")).to_have_value("Nytt nummer")
        assert look.wrong_in_any_look() == []
        page.get_by_role("link", name="Logga in").click()
        expect(page.get_by_label("Lösenord")).to_be_visible()
        look.forgive(401)

"""The editor of the schedule in a browser: under our own policy, and without scripts."""

import pytest
from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from callrouter.web.texts import Language
from tests.service import RunningService
from tests.web.browser.looking import Look, looking
from tests.web.browser.places import typed_at_the_end_of_line

SAYS = """panel => [...panel.querySelectorAll('*')]
    .map(each => `${each.getAttribute('aria-label')} ${each.textContent}`).join()"""
MON_THU = "mon-thu: 08:00-12:00, 13:00-17:00"


def test_a_mistake_is_marked_at_its_line_while_it_is_typed(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        typed_at_the_end_of_line(page, 23, "00", "99")
        expect(page.locator("#judged")).to_have_text("Fel: 1.")
        expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
        assert look.inaccessible() == []
        page.get_by_role("link", name="rad 23").press("Enter")
        expect(page.get_by_role("textbox", name="Texten")).to_be_focused()
        typed_at_the_end_of_line(page, 23, "99", "00")
        expect(page.locator("#judged")).to_contain_text("Fel: 0.")


def test_a_mended_mistake_is_no_longer_said_to_be_in_the_way(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        typed_at_the_end_of_line(page, 23, "00", "99")
        page.get_by_role("button", name="Granska ändringen").click()
        refused = page.get_by_text("Ett schema med fel kan inte sparas.")
        expect(refused).to_be_visible()
        typed_at_the_end_of_line(page, 23, "99", "30")
        expect(refused).to_be_hidden()
        look.forgive(422)


def test_the_text_is_copied_with_what_was_typed(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        typed_at_the_end_of_line(page, 23, "00", "30")
        page.get_by_role("button", name="Kopiera texten").press("Enter")
        expect(page.get_by_role("button", name="Kopierad")).to_be_focused()
        assert page.evaluate("navigator.clipboard.readText()") == service.schedule.read_text("utf-8").replace(
            MON_THU, MON_THU[:-2] + "30"
        )


@pytest.mark.parametrize(("language", "find"), [(Language.SWEDISH, "Sök"), (Language.ENGLISH, "Find")])
def test_one_finds_and_replaces_in_ones_own_language(
    chromium: Browser, service: RunningService, language: Language, find: str
) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        look.speaks(language)
        page = look.at("/schedule/edit")
        page.locator(".cm-content").focus()
        page.keyboard.press("Control+f")
        expect(page.get_by_role("textbox", name=find, exact=True)).to_be_focused()
        said = page.locator(".cm-search").evaluate(SAYS)
        assert ("Find" in said, "replace all" in said, "by word" in said) == (language is Language.ENGLISH,) * 3
        assert look.wrong_in_any_look() == []
        page.keyboard.press("Escape")
        page.keyboard.press("Control+Alt+g")
        expect(page.locator(".cm-dialog input")).to_be_focused()
        assert look.wrong_in_any_look() == []


def test_all_is_typed_over_without_a_word_from_the_browser(chromium: Browser, service: RunningService) -> None:
    """It would keep the colour of what stood there in a style, which our policy refuses; `look` hears of that."""
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        content = page.locator(".cm-content")
        content.focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("version: 1")
        expect(content).to_have_text("version: 1")
        expect(page.locator("#judged")).to_contain_text("Fel: ")
        page.keyboard.press("Control+z")
        expect(content).to_contain_text("Opening hours")


def test_when_the_session_ends_the_text_stays_and_one_signs_in_beside_it(
    chromium: Browser, service: RunningService
) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        expect(page.locator("#judged")).to_contain_text("Fel: 0.")
        page.context.clear_cookies()
        typed_at_the_end_of_line(page, 23, "00", "99")
        expect(page.get_by_role("alert")).to_contain_text("inte längre inloggad som administratör: texten bedöms inte")
        expect(page.locator("#judged, #found li")).to_be_hidden()
        assert look.inaccessible() == []
        page.get_by_role("button", name="Granska ändringen").click()
        expect(page.get_by_text("13:00-17:99")).to_be_visible()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Logga in i en ny flik").click()
        Look(opened.value, service.url).sign_in(Role.ADMINISTRATOR)
        page.bring_to_front()
        page.get_by_role("button", name="Granska ändringen").click()
        expect(page.get_by_text("Ett schema med fel kan inte sparas.")).to_be_visible()
        assert "13:00-17:99" in page.locator("textarea[data-editor]").input_value()
        look.forgive(401, 403, 422)


def test_when_the_service_does_not_answer_nothing_is_sent(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        page.route("**/schedule/edit/problems", lambda asked: asked.fulfill(status=503))
        typed_at_the_end_of_line(page, 23, "00", "99")
        expect(page.get_by_role("alert")).to_contain_text("Tjänsten svarar inte")
        # once it is answered: what is typed before that is judged in its place, and sent
        with page.expect_response("**/schedule/edit/problems"):
            page.get_by_role("button", name="Granska ändringen").click()
        page.unroute("**/schedule/edit/problems")
        typed_at_the_end_of_line(page, 23, "9", "8")
        expect(page.locator("#judged")).to_contain_text("Fel: 1.")
        expect(page.get_by_role("alert")).to_be_hidden()
        look.forgive(503)


def test_without_scripts_the_plain_field_does_it(chromium: Browser, desk: RunningService) -> None:
    before = desk.schedule.read_text("utf-8")
    with looking(chromium, desk.url, scripts=False) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        text = page.get_by_role("textbox", name="Texten")
        text.fill(before.replace(MON_THU, MON_THU[:-2] + "99"))
        page.get_by_role("button", name="Granska ändringen").click()
        page.get_by_role("link", name="rad 23").click()
        expect(page.locator("#line-23")).to_contain_text("13:00-17:99")
        text.fill(before.replace(MON_THU, MON_THU[:-2] + "30"))
        page.get_by_role("button", name="Granska ändringen").click()
        page.get_by_label("Varför?").fill("Längre eftermiddagar")
        page.get_by_role("button", name="Spara schemat").click()
        expect(page.get_by_role("status")).to_have_text("Klart. Schemat är sparat och gäller.")
        look.wrong = [each for each in look.wrong if "422" not in each]  # told at some time after the answer
    assert desk.schedule.read_text("utf-8") == before.replace(MON_THU, MON_THU[:-2] + "30")


def test_switching_the_language_of_a_review_keeps_what_was_typed_since(
    chromium: Browser, service: RunningService
) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        typed_at_the_end_of_line(page, 23, "00", "30")
        page.get_by_role("button", name="Granska ändringen").click()
        page.get_by_label("Varför?").fill("Längre eftermiddagar")
        typed_at_the_end_of_line(page, 23, "30", "45")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_label("Why?")).to_have_value("Längre eftermiddagar")
        expect(page.get_by_role("heading", name="What changes in the coming 400 days")).to_be_visible()
        expect(page.get_by_text("13–17:45").first).to_be_visible()
        assert look.inaccessible() == []

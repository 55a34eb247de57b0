"""The editor of the schedule in a browser: under our own policy, and without scripts."""

from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.looking import looking
from tests.web.browser.places import typed_at_the_end_of_line

MON_THU = "mon-thu: 08:00-12:00, 13:00-17:00"


def test_a_mistake_is_marked_at_its_line_while_it_is_typed(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        typed_at_the_end_of_line(page, 23, "00", "99")
        expect(page.locator("#judged")).to_contain_text("Fel: 1.")
        expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
        assert look.inaccessible() == []
        page.get_by_role("link", name="rad 23").press("Enter")
        expect(page.get_by_role("textbox", name="Texten")).to_be_focused()
        typed_at_the_end_of_line(page, 23, "99", "00")
        expect(page.locator("#judged")).to_contain_text("Fel: 0.")


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

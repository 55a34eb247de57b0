"""What an administrator is there for, from signing in to done, by keyboard alone."""

import re

from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from callrouter.schedule import version_of
from tests.people.somebody import PASSWORD
from tests.service import RunningService
from tests.web.browser.hands import at_keyboard
from tests.web.browser.places import typed_at_the_end_of_line

MON_THU = "mon-thu: 08:00-12:00, 13:00-17:00"


def test_a_unit_is_closed_and_left_to_its_hours_again(chromium: Browser, service: RunningService) -> None:
    with at_keyboard(chromium, service.url, Role.ADMINISTRATOR) as hands:
        page = hands.page
        hands.press(page.get_by_role("link", name=re.compile("(Stäng|Öppna) nu Trygghetscenter")))
        expect(page.get_by_role("heading", level=1)).to_have_text("Styr Trygghetscenter för hand")
        hands.choose("Stängt: samtalen går till Bevakningen")
        hands.write("Varför?", "Brandövning")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Styrningen gäller nu.")
        unit = page.get_by_role("article", name="Trygghetscenter")
        expect(unit).to_contain_text(re.compile("Styrd för hand till .* av anna: Brandövning"))
        hands.push("Avsluta nu Trygghetscenter")
        page.wait_for_url("**/today?done=override-ended*")
        expect(unit).not_to_contain_text("Styrd för hand")


def test_calls_are_sent_elsewhere(chromium: Browser, service: RunningService) -> None:
    with at_keyboard(chromium, service.url, Role.ADMINISTRATOR) as hands:
        page = hands.page
        hands.follow("Skicka till … larm")
        hands.choose("Skicka samtalen till ett annat svarsställe")
        hands.pick("Svarsställe", "Jouransvarig")
        hands.reach(page.get_by_label("Till när?"))
        page.keyboard.type("12312098")
        page.keyboard.press("Tab")
        page.keyboard.type("0800AM")
        hands.write("Varför?", "Nytt nummer")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article", name="larm")).to_contain_text("Jouransvarig")
        hands.push("Avsluta nu larm")
        page.wait_for_url("**/today?done=override-ended*")


def test_the_schedule_is_changed_and_rolled_back(chromium: Browser, desk: RunningService) -> None:
    """Written, judged against the year ahead and the calls that were, saved with a reason; then its history."""
    before = desk.schedule.read_text("utf-8")
    with at_keyboard(chromium, desk.url, Role.ADMINISTRATOR) as hands:
        page = hands.page
        hands.follow("Schema")
        hands.follow("Redigera")
        hands.reach(page.get_by_role("textbox", name="Texten"))
        typed_at_the_end_of_line(page, 23, "00", "30")
        hands.push("Granska ändringen")
        expect(page.get_by_text("08–12, 13–17 → 08–12, 13–17:30").first).to_be_visible()
        expect(page.get_by_role("heading", name="Så hade de senaste 90 dagarnas samtal gått")).to_be_visible()
        hands.write("Varför?", "Längre eftermiddagar")
        page.keyboard.press("Enter")
        page.wait_for_url("**/schedule?done=schedule-saved")
        assert desk.schedule.read_text("utf-8") == before.replace(MON_THU, MON_THU[:-2] + "30")
        hands.follow("Historik")
        expect(page.get_by_text("anna: Längre eftermiddagar")).to_be_visible()
        hands.follow(f"Version {version_of(before)[:8]}")
        hands.follow("Gå tillbaka till den här")
        hands.push("Granska ändringen")
        hands.push("Spara schemat")
        page.wait_for_url("**/schedule?done=schedule-saved")
    assert desk.schedule.read_text("utf-8") == before


def test_past_the_head_is_past_the_menu_of_the_administration_too(chromium: Browser, service: RunningService) -> None:
    with at_keyboard(chromium, service.url, Role.ADMINISTRATOR) as hands:
        page = hands.look.at("/administration/sessions")
        hands.follow("Till innehållet")
        page.keyboard.press("Tab")
        expect(page.locator("main :focus")).to_be_visible()
        expect(page.locator("nav :focus")).to_have_count(0)


def test_somebody_is_added_and_comes_in(chromium: Browser, service: RunningService) -> None:
    """The administrator's part, and then that of the new user, who has nothing but the link."""
    with at_keyboard(chromium, service.url, Role.ADMINISTRATOR) as hands:
        look, page = hands.look, hands.page
        hands.follow("Administration")
        hands.follow("Användare")
        hands.write("Namn", "gunnel")
        hands.choose("Bevakningsföretag")
        hands.pick("Företag", "Nord")
        hands.push("Lägg till")
        expect(page.get_by_label("Engångslänk")).to_be_focused()
        link = page.get_by_label("Engångslänk").input_value()
        hands.push("Logga ut")
        page.wait_for_url("**/sign-in")
        look.at(link.removeprefix(service.url))
        hands.write("Nytt lösenord", PASSWORD)
        hands.write("Samma en gång till", PASSWORD)
        hands.push("Spara lösenordet")
        hands.write("Användarnamn", "gunnel")
        hands.write("Lösenord", PASSWORD)
        hands.push("Logga in")
        expect(page.get_by_role("heading", name="Nordbevakning AB")).to_be_visible()


def test_what_is_overdue_is_counted_deleted_and_stands_in_the_protocol(chromium: Browser, desk: RunningService) -> None:
    """Messages are kept for thirty days: one of last year is not kept any more."""
    old = ("call", "+46846500499", "--at", "2025-03-05 12:00", "--front-desk", "silent", "--guard", "silent")
    assert desk.run(*old, "--message", "9", "--url", desk.url).returncode == 0
    with at_keyboard(chromium, desk.url, Role.ADMINISTRATOR) as hands:
        look, page = hands.look, hands.page
        hands.follow("Administration")
        hands.follow("Gallring")
        hands.push("Räkna nu")
        counted = page.get_by_role("region", name="Vad en gallring skulle ta bort")
        expect(counted).to_contain_text("nummer")
        assert look.wrong_in_any_look() == []
        hands.press(page.get_by_role("checkbox", name="Jag vet vad som gallras"), "Space")
        hands.push("Gallra nu")
        expect(page.get_by_text("poster gallrade").first).to_be_visible()
        hands.follow("Gallringsprotokollet")
        expect(page.get_by_role("row").filter(has_text="anna").first).to_contain_text("KS-2026-0508")
        assert look.wrong_in_any_look() == []


def test_calls_are_taken_out_as_a_file(chromium: Browser, service: RunningService) -> None:
    """The bar comes and goes by itself, and comes back with a reload."""
    with at_keyboard(chromium, service.url, Role.ADMINISTRATOR) as hands:
        look, page = hands.look, hands.page
        hands.follow("Samtal")
        hands.follow("Besvarade")
        hands.follow("Ta ut hela listan som en fil")
        hands.choose("CSV")
        hands.push("Gör uttaget")
        expect(page.get_by_text("Uttag av samtal").first).to_be_visible()
        page.reload()
        expect(page.get_by_text("Klart.").first).to_be_visible()
        assert look.wrong_in_any_look() == []
        with page.expect_download() as download:
            hands.push("Hämta")
        assert download.value.suggested_filename.endswith(".csv")
        told = download.value.path().read_text("utf-8").splitlines()
        assert "call_id" in told[0]
        assert all("answered" in line for line in told[1:])

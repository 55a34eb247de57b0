"""The pages as a browser shows them: accessible in every light, width and language, and usable by keyboard alone."""

import re

import pytest
from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.lately import LATELY, MONTH, OFFERED
from tests.web.browser.looking import Light, looking

FORM = "/units/trygghetscenter/by-hand?what=close"
STATEMENT = f"/reports/contract/Nordbevakning%20AB/{MONTH}"
OWN_STATEMENT = f"/company/statement/{MONTH}"
REPORT = f"/reports?from={LATELY[0].day}&to={LATELY[-1].day}"
DISPUTE = f"/company/calls/{OFFERED.call_id}/dispute"
ADMINISTRATION = (
    *("/administration", "/administration/users", "/administration/users/bertil", "/administration/sessions"),
    *("/administration/audit", "/administration/retention", "/administration/retention/protocol"),
    *("/administration/holds", "/administration/back-ups", "/administration/settings", "/administration/health"),
)
STATEMENTS = ("/opening-hours", "/data-protection", "/accessibility")
PAGES = {
    Role.ADMINISTRATOR: (
        *("/today", "/calls?unit=larm&person=anna", FORM, "/account", "/phone-network", "/nothing"),
        *(REPORT, "/reports?period=this-year", "/reports/callers", STATEMENT),
        *("/schedule?at=2026-10-25T02:30", "/schedule/edit", "/schedule/history"),
        *(*ADMINISTRATION, "/exports"),
    ),
    Role.REVIEWER: ("/call-backs", "/hand-over"),
    Role.CONTRACTOR: ("/company", "/calls", OWN_STATEMENT, DISPUTE),
}
LOOKS: list[tuple[int, Light, str]] = [
    (1280, "light", "sv"),
    (1280, "dark", "en"),
    (390, "dark", "sv"),
    (390, "light", "en"),
]


@pytest.mark.parametrize(("width", "light", "language"), LOOKS)
def test_every_page_is_accessible(
    chromium: Browser, service: RunningService, width: int, light: Light, language: str
) -> None:
    """WCAG 2.2 AA, by axe-core; what it cannot judge is for people. All details are opened first."""
    found = {}
    with looking(chromium, service.url, width=width, light=light) as look:
        for path in ("/sign-in", *(f"{path}?lang={language}" for path in STATEMENTS)):
            look.at(path).evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            found[path] = look.inaccessible()
        for role, paths in PAGES.items():
            look.page.context.clear_cookies()
            look.sign_in(role)
            if language == "en":
                look.page.get_by_role("button", name="English").click()
            for path in paths:
                look.at(path).evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                found[path] = look.inaccessible()
        look.wrong = [each for each in look.wrong if "404" not in each]  # /nothing is not there, and should not be
    assert {path: violations for path, violations in found.items() if violations} == {}


def test_a_page_that_is_not_accessible_is_seen(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.at("/sign-in").evaluate(
            "document.querySelectorAll('label').forEach(each => each.replaceWith(...each.children))"
        )
        assert [each for each in look.inaccessible() if each.startswith("label:")] != []


def test_nothing_is_wider_than_a_small_telephone(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url, width=320) as look:
        wide = look.too_wide("/sign-in", *STATEMENTS)
        look.sign_in(Role.ADMINISTRATOR)
        wide |= look.too_wide("/today", FORM, "/account", "/call-backs", "/hand-over", "/exports", *ADMINISTRATION)
        wide |= look.too_wide("/schedule", "/schedule/edit", "/schedule/history")
        wide |= look.too_wide(REPORT, "/reports/callers", STATEMENT)
        look.page.context.clear_cookies()
        look.sign_in(Role.CONTRACTOR)
        wide |= look.too_wide("/company", OWN_STATEMENT, DISPUTE)
    assert wide == {}


def test_a_unit_is_closed_by_keyboard_alone(chromium: Browser, service: RunningService) -> None:
    """From the sign-in page to done, without a mouse: what has the focus is asked for by its name."""
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at(FORM)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("radio", name="Stängt: samtalen går till security")).to_be_focused()
        page.get_by_label("Till när?").focus()
        page.get_by_label("Till när?").fill("2099-01-01T00:00")
        page.keyboard.press("Tab")
        page.get_by_label("Varför?").focus()
        page.keyboard.type("Brandövning")
        page.keyboard.press("Enter")
        page.wait_for_url("**/today?done=override-made*")
        expect(page.get_by_role("status")).to_have_text("Klart. Styrningen gäller nu.")
        expect(page.get_by_role("article", name="Trygghetscenter")).to_contain_text(
            "Styrd för hand av anna: Brandövning"
        )
        page.get_by_role("button", name="Avsluta nu Trygghetscenter").press("Enter")
        page.wait_for_url("**/today?done=override-ended*")
        expect(page.get_by_role("article", name="Trygghetscenter")).not_to_contain_text("Styrd för hand")


def test_a_call_is_disputed_and_settled_by_keyboard_alone(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.CONTRACTOR)
        page = look.at(OWN_STATEMENT)
        page.get_by_role("link", name=f"Bestrid {OFFERED.call_id}", exact=True).press("Enter")
        page.get_by_label("Varför ska samtalet inte räknas så?").focus()
        page.keyboard.type("Telefonen ringde aldrig")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Samtalet är märkt som bestritt.")
        page.get_by_role("button", name="Logga ut").press("Enter")
        look.sign_in(Role.REVIEWER)
        page = look.at(STATEMENT)
        page.get_by_role("link", name=f"Avgör {OFFERED.call_id}", exact=True).press("Enter")
        assert look.inaccessible() == []
        page.get_by_label("Vad kom ni överens om?").focus()
        page.keyboard.type("Räknas inte")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Bestridandet är avgjort.")
        expect(page.get_by_text("Telefonen ringde aldrig → Räknas inte")).to_be_visible()


def test_a_period_is_chosen_and_the_callers_are_counted(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/reports")
        page.get_by_label("Från").fill("2026-01-01")
        page.get_by_label("Till och med").fill("2027-12-31")
        page.get_by_role("combobox", name="Enhet").select_option("larm")
        page.get_by_role("button", name="Visa").press("Enter")
        page.wait_for_url("**/reports?from=2026-01-01&to=2027-12-31&unit=larm")
        expect(page.get_by_role("heading", level=1)).to_have_text("Rapporter")
        page.get_by_role("link", name="Räkna uppringarna").press("Enter")
        expect(page.get_by_text("Kända uppringare")).to_be_visible()
        page.get_by_role("link", name="Tillbaka till rapporten").press("Enter")
        page.wait_for_url("**/reports?from=2026-01-01&to=2027-12-31&unit=larm")


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
        expect(page.get_by_role("article", name="larm")).to_contain_text("duty-officer")
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
        expect(page.get_by_text("larm, besvarat (anna)")).to_be_visible(timeout=30_000)


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
        page.get_by_role("button", name="Svara").first.click(timeout=30_000)
        page.get_by_role("button", name="Tryck 1").first.click()
        expect(page.get_by_text("talar med den som ringer")).to_be_visible(timeout=30_000)
        assert look.inaccessible() == []
        # The caller ends it: a guard who hangs up within two seconds has dropped the call, and the next phone rings.
        page.get_by_role("listitem").filter(has_text="Den som ringer").get_by_role("button", name="Lägg på").click()
        expect(page.get_by_text("Samtalet är slut").first).to_be_visible(timeout=30_000)


def test_an_export_by_keyboard_alone_from_the_form_to_the_file(chromium: Browser, service: RunningService) -> None:
    """The bar comes and goes by itself, and comes back with a reload."""
    assert service.run("call", "+46846500499", "--url", service.url).returncode == 0
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/exports")
        page.get_by_role("radio", name="CSV").press("Space")
        page.get_by_role("button", name="Gör uttaget").press("Enter")
        expect(page.get_by_text("Uttag av samtal").first).to_be_visible()
        page.reload()
        expect(page.get_by_text("Klart.").first).to_be_visible(timeout=30_000)
        assert look.inaccessible() == []
        with page.expect_download() as download:
            page.get_by_role("button", name="Hämta").press("Enter")
        assert download.value.suggested_filename.endswith(".csv")
        assert "call_id" in download.value.path().read_text("utf-8")


def test_a_user_is_added_by_keyboard_alone(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/administration/users")
        page.get_by_label("Namn").focus()
        page.keyboard.type("gunnel")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Engångslänk")).to_have_value(re.compile(r"/welcome/"))
        assert look.inaccessible() == []

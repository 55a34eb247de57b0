"""The desk by keyboard alone: calling back, and ticking off what happened while it was closed."""

from playwright.sync_api import Browser, Page, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.looking import looking


def missed(service: RunningService, caller: str) -> None:
    """Somebody hangs up while a guard's phone rings."""
    options = ("--from", caller, "--guard", "silent", "--hang-up-after", "9", "--url", service.url)
    assert service.run("call", "+46846500499", *options).returncode == 0


def focused(page: Page, name: str) -> None:
    """Press Tab until it has the focus: whoever has no mouse gets there."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent || ''").startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name!r}")


def test_a_caller_is_called_back_by_keyboard_alone(chromium: Browser, service: RunningService) -> None:
    missed(service, "+46701740661")
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/call-backs?unit=larm")
        expect(page.get_by_text("+467******61")).to_be_visible()
        focused(page, "Ring upp larm")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="+46 70 174 06 61")).to_be_visible()
        assert look.inaccessible() == []
        assert look.too_wide(page.url.removeprefix(service.url)) == {}
        page.get_by_role("radio", name="Fick tag i personen").focus()
        page.keyboard.press("Space")
        page.get_by_label("Anteckning").focus()
        page.keyboard.type("Allt var lugnt")
        focused(page, "Klart")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Tack!")
        expect(page.get_by_text("+467******61")).to_have_count(0)


def test_an_open_list_tells_when_a_colleague_takes_one(chromium: Browser, service: RunningService) -> None:
    missed(service, "+46701740662")
    with looking(chromium, service.url) as mine, looking(chromium, service.url, scripts=False) as theirs:
        mine.sign_in(Role.REVIEWER)
        page = mine.at("/call-backs?unit=larm")
        theirs.sign_in(Role.ADMINISTRATOR)
        row = "+467******62"
        other = theirs.at("/call-backs?unit=larm")
        other.get_by_role("row").filter(has_text=row).get_by_role("button", name="Ring upp").click()
        expect(page.get_by_role("row").filter(has_text=row)).to_contain_text("anna ringer upp", timeout=20_000)
        other.get_by_role("button", name="Lämna den till någon annan").click()
        expect(page.get_by_role("row").filter(has_text=row).get_by_role("button")).to_be_visible(timeout=20_000)


def test_the_night_is_ticked_off_by_keyboard_alone(chromium: Browser, service: RunningService) -> None:
    """At any hour of this day: the call of yesterday evening is found at the opening that followed it, or now."""
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/hand-over?unit=trygghetscenter")
        while not page.get_by_role("checkbox").count():
            page.get_by_role("link", name="Den före").press("Enter")
            page.wait_for_load_state()
        box = page.get_by_role("checkbox").first
        box.focus()
        page.keyboard.press("Space")
        expect(box).to_be_checked()
        focused(page, "Bocka av markerade")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Avbockat.")
        expect(page.get_by_role("row").filter(has_text="bertil")).to_be_visible()
        assert look.inaccessible() == []


def test_on_paper_stand_the_calls_and_who_printed_them(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/hand-over")
        expect(page.get_by_text("Utskriven av bertil")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.get_by_text("Utskriven av bertil")).to_be_visible()
        for hidden in (page.get_by_role("button", name="Visa"), page.get_by_role("navigation")):
            expect(hidden).to_be_hidden()

"""What a reviewer is there for, from signing in to done, by keyboard alone."""

from collections.abc import Mapping

from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.conftest import missed
from tests.web.browser.hands import Hands, at_keyboard
from tests.web.browser.looking import looking
from tests.web.browser.places import CALL


def test_a_call_is_found_noted_and_reviewed(chromium: Browser, service: RunningService) -> None:
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        look, page = hands.look, hands.page
        hands.follow("Samtal")
        hands.unfold("Fler villkor")
        hands.pick("Företag", "Nord")
        hands.press(page.locator("#more").get_by_role("button", name="Visa"))
        page.wait_for_url("**company=Nordbevakning+AB*")
        hands.press(page.locator(f'a[href^="{CALL}"]'))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Samtal till")
        hands.write("Ny anteckning", "Ville veta när någon kommer.")
        hands.push("Spara anteckning")
        expect(page.get_by_role("status")).to_have_text("Klart. Anteckningen är sparad.")
        hands.pick("Kategori", "oro")
        hands.push("Markera som granskat")
        expect(page.get_by_text("Granskat av bertil")).to_be_visible()
        assert look.wrong_in_any_look() == []
        hands.follow("Alla samtal i listan")
        expect(page.get_by_role("row").filter(has=page.locator(f'a[href^="{CALL}"]'))).to_contain_text("oro")


def test_a_guard_takes_a_call_of_the_demo_and_no_key_is_far_away(chromium: Browser, service: RunningService) -> None:
    """A phone rings for seconds: each press leads back to the phones, not to the head of the page."""
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        page = hands.page
        hands.follow("Telefonnätet")
        hands.pick("Enhet", "Larm")
        hands.push("Ring")
        for button in ("Svara", "Tryck 1"):
            page.get_by_role("button", name=button).first.wait_for()
            with page.expect_response("**/now?*"):  # the page has grown under the hands
                pass
            page.keyboard.press("Tab")
            expect(page.get_by_role("button", name=button).first).to_be_focused()
            page.keyboard.press("Enter")
        expect(page.get_by_text("talar med den som ringer")).to_be_visible()
        caller = page.get_by_role("listitem").filter(has_text="Den som ringer")
        hands.press(caller.get_by_role("button", name="Lägg på"))
        expect(page.get_by_text("Samtalet är slut").first).to_be_visible()


def to_follow_up(hands: Hands) -> int:
    """How many calls the page of today counts."""
    hands.follow("I dag")
    return int(hands.page.locator("#to-follow-up strong").first.inner_text())


def test_what_is_to_be_done_is_written_down_seen_and_done(
    chromium: Browser, service: RunningService, filled: Mapping[str, str]
) -> None:
    """Today's page counts it, and leads to it, until it is done."""
    assert filled  # others wait too
    told = missed(service, "+46701740663")
    call = f"/calls/{told['received_at'][:10]}/{told['call_id']}"
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        page = hands.page
        before = to_follow_up(hands)
        hands.follow("Samtal")
        hands.press(page.locator(f'a[href="{call}"]'))
        hands.unfold("Ny uppföljning")
        hands.write("Vad ska göras?", "Ring och berätta")
        hands.reach(page.get_by_label("Senast"))
        page.keyboard.type("12312098")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Uppföljningen är sparad.")
        assert to_follow_up(hands) == before + 1
        hands.press(page.locator("#to-follow-up"))
        hands.press(page.locator(f'a[href^="{call}"]'))
        hands.write("Resultat av: Ring och berätta", "Är gjort")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Klart: Är gjort (bertil")).to_be_visible()
        assert to_follow_up(hands) == before


def test_a_number_is_sought_and_shown(chromium: Browser, service: RunningService, filled: Mapping[str, str]) -> None:
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        page = hands.page
        hands.follow("Samtal")
        hands.unfold("Samtal från ett visst nummer")
        hands.reach(page.get_by_role("textbox", name="Nummer"))
        page.keyboard.type("070-174 06 71")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Bara samtal från +467******71.")).to_be_visible()
        hands.press(page.locator(f'a[href^="{filled["waits"]}"]'))
        hands.push("Visa numret")
        expect(page.get_by_text("+46 70 174 06 71")).to_be_visible()
        assert "740671" not in page.url


def test_a_caller_is_called_back(chromium: Browser, service: RunningService) -> None:
    """While one of two does it, the other sees who; and whoever has done it says how it went."""
    missed(service, "+46701740661")
    with looking(chromium, service.url) as look, looking(chromium, service.url) as theirs:
        hands, page = Hands(look), look.page
        hands.sign_in(Role.REVIEWER)
        hands.follow("Ring upp")
        hands.pick("Enhet", "larm")
        hands.push("Visa")
        row = page.get_by_role("row").filter(has_text="+467******61")
        hands.press(row.get_by_role("button", name="Ring upp larm"))
        expect(page.get_by_role("link", name="+46 70 174 06 61")).to_be_visible()
        assert look.wrong_in_any_look() == []
        theirs.sign_in(Role.ADMINISTRATOR)
        same = theirs.at("/call-backs?unit=larm").get_by_role("row").filter(has_text="+467******61")
        expect(same).to_contain_text("bertil ringer upp")
        expect(same.get_by_role("button")).to_have_count(0)
        hands.choose("Fick tag i personen")
        hands.write("Anteckning", "Allt var lugnt")
        hands.push("Klart")
        expect(page.get_by_role("status")).to_have_text("Klart. Tack!")
        expect(page.get_by_text("+467******61")).to_have_count(0)


def test_the_night_is_ticked_off(chromium: Browser, service: RunningService, filled: Mapping[str, str]) -> None:
    """At any hour of this day: the call of yesterday evening is found at the opening that followed it, or now."""
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        look, page = hands.look, hands.page
        hands.follow("Överlämning")
        hands.pick("Enhet", "Trygg")
        hands.push("Visa")
        page.wait_for_url("**unit=trygghetscenter*")
        while not page.locator(f'a[href="{filled["waits"]}"]').count():
            hands.turn(page.get_by_role("link", name="Föregående"))
        box = page.get_by_role("checkbox").first
        hands.press(box, "Space")
        expect(box).to_be_checked()
        hands.push("Bocka av markerade")
        expect(page.get_by_role("status")).to_have_text("Avbockat.")
        expect(page.get_by_role("row").filter(has_text="bertil")).to_be_visible()
        assert look.wrong_in_any_look() == []


def test_a_report_is_read_down_to_a_companys_month(chromium: Browser, service: RunningService) -> None:
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        page = hands.page
        hands.follow("Rapporter")
        hands.reach(page.get_by_label("Från"))
        page.keyboard.type("01012026")
        hands.reach(page.get_by_label("Till och med"))
        page.keyboard.type("12312027")
        hands.pick("Enhet", "larm")
        hands.push("Visa")
        page.wait_for_url("**/reports?from=2026-01-01&to=2027-12-31&unit=larm")
        hands.follow("Räkna uppringarna")
        expect(page.get_by_text("Kända uppringare")).to_be_visible()
        hands.follow("Tillbaka till rapporten")
        hands.unfold("Som tabell")
        hands.follow("Nordbevakning AB")
        expect(page.get_by_role("heading", level=1)).to_have_text("Avtalsredovisning")


def disputed(hands: Hands) -> tuple[str, str]:
    """The company disputes the first call that it can; returns that call and its day."""
    page = hands.page
    hands.follow("Till redovisningen")
    while not page.get_by_role("link", name="Bestrid").count():
        hands.turn(page.locator("a[rel=prev]"))
    call = page.get_by_role("link", name="Bestrid").first.inner_text().split()[-1]
    day = page.locator(f"#call-{call} .when").inner_text()[:10]
    hands.follow(f"Bestrid {call}")
    hands.write("Varför ska samtalet inte räknas så?", "Telefonen ringde aldrig")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Klart. Samtalet är märkt som bestritt.")
    return call, day


def test_a_disputed_call_is_found_and_settled(chromium: Browser, service: RunningService) -> None:
    with at_keyboard(chromium, service.url, Role.CONTRACTOR) as hands:
        call, day = disputed(hands)
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        look, page = hands.look, hands.page
        hands.follow("Rapporter")
        for field in ("Från", "Till och med"):
            hands.reach(page.get_by_label(field))
            page.keyboard.type(day[5:].replace("-", "") + day[:4])
        hands.push("Visa")
        hands.follow("Nordbevakning AB")
        hands.pick("Visa", "Best")
        hands.push("Visa")
        hands.press(page.get_by_role("link", name=f"Avgör {call}", exact=True))
        page.wait_for_url("**/reports/disputes/*")
        assert look.wrong_in_any_look() == []
        hands.write("Vad kom ni överens om?", "Räknas inte")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Klart. Bestridandet är avgjort.")
        expect(page.locator(f"#call-{call}")).to_contain_text("Telefonen ringde aldrig → Räknas inte")


def test_a_unit_is_rung_and_a_guard_takes_the_call(chromium: Browser, service: RunningService) -> None:
    with at_keyboard(chromium, service.url, Role.REVIEWER) as hands:
        look, page = hands.look, hands.page
        hands.follow("Telefonnätet")
        hands.pick("Enhet", "larm")
        hands.push("Ring")
        hands.push("Svara")
        hands.push("Tryck 1")
        expect(page.get_by_text("talar med den som ringer")).to_be_visible()
        assert look.inaccessible() == []
        caller = page.get_by_role("listitem").filter(has_text="Den som ringer")
        hands.press(caller.get_by_role("button", name="Lägg på"))
        expect(page.get_by_text("Samtalet är slut").first).to_be_visible()

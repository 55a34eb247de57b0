"""The call-back list: who waits, who calls them right now, and what came of it."""

import re
from datetime import timedelta

import pytest

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.missed import waiting
from callrouter.calllog.review import notes
from callrouter.calllog.writes import write_entries
from callrouter.domain.call_back import HELD_FOR
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import Origin, Role
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, missed, whole_story
from tests.people.somebody import deeds
from tests.schedules import CLOSED_HOUR
from tests.web.pages.house import House
from tests.web.pages.test_safety import MARKUP

DAY = CLOSED_HOUR.date()
OTHER = PhoneNumber("+46701740660")
TAKE = f"/call-backs/{DAY}/CA1/take"
SETTLE = f"/call-backs/{DAY}/CA1/settle"
MINUTE = timedelta(minutes=1)


def keep(house: House, *told: Entry) -> None:
    write_entries(house.database, PSEUDONYMIZER, list(told))
    catch_up(house.database)


@pytest.fixture
def desk(house: House) -> House:
    """Two have called, and nobody answered."""
    keep(house, missed("CA1"), missed("CA2", CLOSED_HOUR + MINUTE, OTHER))
    house.now = CLOSED_HOUR + timedelta(hours=2)
    return house


def shown(house: House, path: str = "/call-backs", role: Role = Role.REVIEWER, language: str = "sv") -> str:
    return " ".join(house.signed_in(role).speaks(language).get(path).text.split())


def taken(house: House, role: Role = Role.REVIEWER) -> str:
    """Take the first call; where that leads."""
    answer = house.signed_in(role).post(TAKE, at="/call-backs")
    assert answer.status_code == 303
    return answer.headers["Location"]


def done(house: House, **form: str) -> tuple[int, str]:
    """Take the first call, and say how it went."""
    at = taken(house)
    answer = house.signed_in(Role.REVIEWER).post(f"{at}/done", at=at, **form)
    return answer.status_code, answer.headers.get("Location", "") or " ".join(answer.text.split())


def waits(house: House) -> list[str]:
    with house.database.reading() as connection:
        return [each.call.call_id for each in waiting(connection, Origin.REAL, house.now).callers]


def test_a_number_of_no_country_can_be_called_back_too(house: House) -> None:
    """Callers' numbers are what somebody claims: not all of them are of a country that there is."""
    keep(house, missed("CA1", CLOSED_HOUR, PhoneNumber("+99955501234")))
    house.now = CLOSED_HOUR + timedelta(hours=2)
    assert "+99955501234" in shown(house, taken(house))


class TestTheList:
    def test_who_waits_when_they_called_and_how_they_are_masked(self, desk: House) -> None:
        page = shown(desk)
        assert "Att ringa upp: 2" in page
        assert "Lade på efter 12 s" in page
        assert "+467******50" in page
        assert "+46701740650" not in page
        assert page.index("i dag 16:31") < page.index("i dag 16:30")
        page = shown(desk, "/call-backs?order=oldest")
        assert page.index("i dag 16:30") < page.index("i dag 16:31")
        assert "To call back: 2" in shown(desk, language="en")

    def test_of_one_unit(self, desk: House) -> None:
        assert "Ingen väntar på att bli uppringd" in shown(desk, "/call-backs?unit=larm")
        assert 'value="larm" selected' in shown(desk, "/call-backs?unit=larm")

    def test_of_a_unit_that_there_is_not_nothing_is_said(self, desk: House) -> None:
        browser = desk.signed_in(Role.REVIEWER)
        assert [browser.get(f"/call-backs{part}?unit=zzz").status_code for part in ("", "/list")] == [404, 404]

    def test_nobody(self, house: House) -> None:
        page = shown(house)
        assert "Ingen väntar på att bli uppringd" in page
        assert "<table" not in page

    def test_a_number_that_is_not_kept(self, house: House) -> None:
        """Of a unit with `privacy: hash`; one that was withheld is another matter."""
        house.use_schedule(
            "version: 1\ntimezone: Europe/Stockholm\nunits:\n"
            "  centre: {numbers: [+46 8 465 004 00], hours: always, privacy: hash, open: x}\n"
            "destinations: {x: {ring: [+46 8 465 004 10]}}\n"
        )
        keep(house, missed("CA1", number=None, key=PSEUDONYMIZER.key(OTHER.e164)))
        assert "numret sparas inte" in shown(house)
        assert "Numret sparas inte." in shown(house, taken(house))

    def test_a_withheld_number(self, house: House) -> None:
        keep(house, missed("CA1", number=None))
        page = shown(house)
        assert "skyddat eller gallrat nummer" in page
        assert 'id="settle-CA1"' in page
        assert "Numret är skyddat eller gallrat." in shown(house, taken(house))

    def test_what_cannot_be_dialled_is_handled(self, house: House) -> None:
        keep(house, missed("CA1", number=None))
        form = shown(house, taken(house)).partition("<main")[2]
        assert "<h1>Ta hand om</h1>" in form
        assert "så länge tar ingen annan den" in form
        for words in ("Ring upp", "Fel nummer", "Inget svar", "ringer ingen annan", "om ingen svarade"):
            assert words not in form
        assert done(house, result="wrong-number")[0] == 422
        assert "bertil tar hand om det" in shown(house, role=Role.ADMINISTRATOR)

    def test_who_called_again_and_was_answered(self, desk: House) -> None:
        keep(desk, Entry(tuple(whole_story("CA3", CLOSED_HOUR + 30 * MINUTE)), CITIZEN))
        page = shown(desk)
        assert "Att ringa upp: 1" in page
        assert "Troligen klara: 1" in page
        assert "Fick svar i dag 17:00" in page
        answer = desk.signed_in(Role.REVIEWER).post(SETTLE, at="/call-backs")
        assert answer.headers["Location"] == "/call-backs?done=call-back-settled"
        assert "Troligen klara" not in shown(desk)

    def test_it_leads_to_the_page_of_each_call(self, desk: House) -> None:
        assert f'href="/calls/{DAY}/CA1"' in shown(desk)


class TestTaking:
    def test_the_number_is_shown_to_whoever_takes_it_and_to_nobody_else(self, desk: House) -> None:
        at = taken(desk)
        page = shown(desk, at)
        assert 'href="tel:+46701740650">+46 70 174 06 50</a>' in page
        assert "Du har den till 18:45; så länge ringer ingen annan. <small>Att du har sett numret" in page
        assert deeds(desk.database)[-2:] == [
            ("bertil", "call-back", "call CA1"),
            ("bertil", "show-numbers", "call CA1"),
        ]
        answer = desk.signed_in(Role.ADMINISTRATOR).get(at)
        assert answer.headers["Location"] == "/call-backs?done=call-back-not-yours"
        assert "Den är en kollegas, inte din." in shown(desk, answer.headers["Location"])

    def test_nothing_personal_is_in_its_address(self, desk: House) -> None:
        assert re.fullmatch(r"/call-backs/\d+", taken(desk))

    def test_an_open_list_tells_that_a_colleague_has_it(self, desk: House) -> None:
        browser = desk.signed_in(Role.ADMINISTRATOR)
        again = browser.get("/call-backs").text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
        assert browser.get(again).status_code == 204
        taken(desk)
        part = browser.get(again)
        assert part.status_code == 200
        assert "bertil ringer upp" in part.text
        assert "sedan 18:30, senast till 18:45" in part.text
        assert "Fortsätt" in shown(desk)

    def test_who_comes_second_is_told_who_has_it(self, desk: House) -> None:
        browser = desk.signed_in(Role.ADMINISTRATOR)
        browser.get("/call-backs")
        taken(desk)
        for path in (TAKE, SETTLE):
            answer = browser.post(path, at="/call-backs")
            assert (answer.status_code, "bertil ringer redan upp, sedan 18:30." in answer.text) == (409, True)
        assert waits(desk) == ["CA2", "CA1"]

    def test_it_ends_by_itself(self, desk: House) -> None:
        at = taken(desk)
        desk.now += HELD_FOR
        assert "bertil ringer upp" not in shown(desk)
        page = shown(desk, at)
        assert "Tiden gick ut 18:45" in page
        assert "tel:" not in page
        assert taken(desk, Role.ADMINISTRATOR) != at
        assert desk.signed_in(Role.REVIEWER).get(at).headers["Location"] == "/call-backs?done=call-back-over"

    def test_let_go(self, desk: House) -> None:
        at = taken(desk)
        answer = desk.signed_in(Role.REVIEWER).post(f"{at}/let-go", at=at)
        assert answer.headers["Location"] == "/call-backs?done=call-back-let-go"
        assert "ligger kvar i listan" in shown(desk, answer.headers["Location"])
        assert waits(desk) == ["CA2", "CA1"]

    def test_what_is_done_or_no_call_at_all(self, desk: House) -> None:
        browser = desk.signed_in(Role.REVIEWER)
        for path in (f"/call-backs/{DAY}/CA9/take", f"/call-backs/{DAY}/CA9/settle"):
            assert browser.post(path, at="/call-backs").headers["Location"] == "/call-backs?done=call-back-over"
        assert browser.post("/call-backs/today/CA1/take", at="/call-backs").status_code == 404
        assert browser.get("/call-backs/999999999999999999999").status_code == 404
        assert browser.get("/call-backs/9").status_code == 404

    def test_the_list_that_was_chosen_stays_chosen(self, desk: House) -> None:
        browser = desk.signed_in(Role.REVIEWER)
        at = browser.post(f"{TAKE}?order=oldest", at="/call-backs").headers["Location"]
        assert at.endswith("?order=oldest")
        path, _, chosen = at.partition("?")
        answer = browser.post(f"{path}/done?{chosen}", at=at, result="reached")
        assert answer.headers["Location"] == "/call-backs?done=call-back-done&order=oldest"


class TestDone:
    def test_reached_with_a_note_beside_the_call(self, desk: House) -> None:
        assert done(desk, result="reached", note=" Mannen \n var lugn ") == (303, "/call-backs?done=call-back-done")
        assert waits(desk) == ["CA2"]
        with desk.database.reading() as connection:
            (note,) = notes(connection, (DAY, "CA1"))
        assert (note.written.who, note.text) == ("bertil", "Mannen var lugn")
        assert [deed[1] for deed in deeds(desk.database)[-2:]] == ["call-back-done", "note"]

    def test_no_answer_to_be_tried_again(self, desk: House) -> None:
        done(desk, result="no-answer", again="2026-11-24T09:00")
        page = shown(desk)
        assert "Att ringa upp: 1" in page
        assert "Försök igen senare: 1" in page
        assert "bertil ringde upp i dag 18:30: inget svar" in page
        assert "Försök igen i morgon 09:00" in page
        desk.now += timedelta(days=1)
        assert "Att ringa upp: 2" in shown(desk)
        assert "bertil ringde upp: inget svar" in shown(desk, taken(desk))

    @pytest.mark.parametrize("result", ["wrong-number", "settled"])
    def test_other_ends(self, desk: House, result: str) -> None:
        done(desk, result=result, again="2026-11-24T09:00")
        assert waits(desk) == ["CA2"]

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({}, "Välj hur det gick"),
            ({"result": "x"}, "Välj hur det gick"),
            ({"result": "no-answer", "again": "i morgon"}, "Ange en tid"),
            ({"result": "no-answer", "again": "2026-11-23T18:30"}, "har redan varit"),
            ({"result": "reached", "note": "x" * 2001}, "högst 2 000 tecken"),
            ({"result": "reached", "note": "x" * 10_000}, "högst 2 000 tecken"),
            ({"result": "reached", "note": "Ring 070-174 06 50"}, "Skriv inte numret"),
        ],
    )
    def test_what_cannot_be_kept_is_said_and_stays_typed(self, desk: House, form: dict[str, str], said: str) -> None:
        status, page = done(desk, **form)
        assert (status, said in page) == (422, True)
        assert waits(desk) == ["CA2", "CA1"]
        if note := form.get("note"):
            assert note in page

    def test_nor_is_the_number_of_a_call_that_keeps_none(self, house: House) -> None:
        """It was heard in the talk; it is never stored, so not in a note either."""
        keep(house, missed("CA1", number=None, key=PSEUDONYMIZER.key(OTHER.e164)))
        digits = OTHER.e164.removeprefix("+46")
        status, page = done(house, result="reached", note=f"Hon har 0{digits[:2]}-{digits[2:]}")
        assert (status, "Skriv inte numret" in page) == (422, True)
        assert done(house, result="reached", note="Hänvisad till 08-465 004 00")[0] == 303

    def test_no_browser_cuts_a_note(self, desk: House) -> None:
        """It would do so without a word: what is too long is refused, and stays."""
        (note,) = re.findall("<textarea[^>]*>", shown(desk, taken(desk)))
        assert "maxlength" not in note

    def test_markup_and_what_no_page_shows(self, desk: House) -> None:
        assert done(desk, result="no-answer", note=f"{MARKUP}\0\x1b[31m")[0] == 303
        page = shown(desk, taken(desk))
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "\x1b" not in page
        status, page = done(desk, result=MARKUP, again=MARKUP, note=MARKUP)
        assert (status, "<script>alert" in page, "&lt;script&gt;" in page) == (422, False, True)


def test_today_tells_how_many_wait(desk: House) -> None:
    assert "<strong>2</strong> att ringa upp" in shown(desk, "/today")
    done(desk, result="reached")
    assert "<strong>1</strong> att ringa upp" in shown(desk, "/today/desk")
    desk.now += timedelta(days=30)
    assert "Ingen att ringa upp" in shown(desk, "/today")

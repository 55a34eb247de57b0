"""The page of one call: what happened and why, who sees how much of it, and what people do there."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import insert, update

from callrouter.calllog.tables import CallEventRow, CallRow, LegRow, NoteRow, RecordingRow
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import EventKind, Role
from callrouter.people.users import By, add
from callrouter.telephony.provider import ProviderUnavailableError, RecordingGoneError
from callrouter.web.unbroken import unbroken
from tests.calllog.told import CITIZEN
from tests.people.somebody import NOON, deeds
from tests.web.pages.calls_there import EVENING, MESSAGE, MIDDAY, PAGE, keep, leave_message
from tests.web.pages.house import House
from tests.web.pages.test_safety import MARKUP

SWITCHBOARD = PhoneNumber("+46846500410")
SOUND = b"ID3 a message"


def shown(house: House, path: str = PAGE, role: Role = Role.REVIEWER, language: str = "sv") -> str:
    """The words of a page, blanks made one."""
    return " ".join(house.signed_in(role).speaks(language).get(path).text.split())


@pytest.fixture
def night(house: House) -> House:
    """The evening's call, answered by anna of Nordbevakning AB."""
    house.now = EVENING + timedelta(hours=2)
    keep(house, forwarded_from=SWITCHBOARD)
    return house


class TestWhatHappened:
    def test_who_answered_when_and_why_it_went_there(self, night: House) -> None:
        page = shown(night)
        assert "Besvarat" in page
        assert "anna, Nordbevakning AB, Bevakningen" in page
        assert "27 s" in page
        assert "Det var stängt enligt veckans öppettider." in page
        assert re.search(r"<code>mån-tors 08:00-12:00.*</code> ?<small class=\"version\">rad 23 i schema", page)
        assert "It was closed by the hours of the week." in shown(night, language="en")

    def test_the_course_is_drawn_to_scale_and_told_in_words(self, night: House) -> None:
        page = shown(night)
        lanes = re.findall(r'role="img" aria-label="([^"]+)"', page)
        caller = ("hör besked 18:30:00–18:30:10, 10 s", "väntar 18:30:10–18:30:27, 17 s")
        guard = ("ringer 18:30:10–18:30:20, 10 s", "har lyft, inte bekräftat 18:30:20–18:30:27, 7 s")
        talk = "talar 18:30:27–18:31:30, 1 min 3 s"
        assert lanes == ["; ".join((*lane, talk)) for lane in (caller, guard)]
        assert '<rect class="phase talks" x="30.000%" width="70.000%"' in page
        assert "Samma som tabell" in page

    def test_numbers_are_masked(self, night: House) -> None:
        page = shown(night)
        assert "+467******50" in page
        assert f"Vidarekopplat av</dt><dd>{unbroken('+468******10')}" in page
        for number in (CITIZEN.e164, SWITCHBOARD.e164, "+46701740611"):
            assert number not in page

    @pytest.mark.parametrize(
        "path", [f"{PAGE}2", "/calls/2026-11-22/CA1", "/calls/yesterday/CA1", "/calls/2026-11-23/%27%22%3C"]
    )
    def test_a_call_that_is_not_there(self, night: House, path: str) -> None:
        assert night.signed_in().get(path).status_code == 404

    def test_one_that_goes_on_asks_for_itself_until_it_is_over(self, house: House) -> None:
        house.now = EVENING + timedelta(seconds=40)
        keep(house, ends=None)
        browser = house.signed_in()
        page = browser.get(PAGE).text
        assert "Pågår just nu" in page
        part = re.search(r'hx-get="([^"]+)"', page)
        assert part
        assert browser.get(f"{PAGE}/now").status_code == 200
        house.now += timedelta(minutes=2)
        keep(house)
        over = browser.get(f"{PAGE}/now").text
        assert "hx-get" not in over
        assert "Besvarat" in over

    def test_one_that_lost_its_end_is_not_waited_for(self, house: House) -> None:
        house.now = EVENING + timedelta(days=1)
        keep(house, ends=None)
        page = shown(house)
        assert "hx-get" not in page
        assert "Slutet okänt" in page
        assert "Pågår" not in page

    def test_one_that_the_fail_safe_answered_and_nobody_could_explain(self, night: House) -> None:
        with night.database.writing() as connection:
            nothing = dict.fromkeys(("unit", "state", "decided_by", "reason", "line", "schedule_version"))
            connection.execute(update(CallRow).values(**nothing, legs=[]))
        page = shown(night)
        assert "finns inte i loggen" in page
        assert "Ingen telefon ringde." in page


class TestTheCaller:
    def test_the_number_is_shown_to_who_asks_and_that_is_on_record(self, night: House) -> None:
        answer = night.signed_in(Role.REVIEWER).post(f"{PAGE}/number", at=PAGE)
        assert answer.status_code == 200
        assert CITIZEN.e164 in answer.text
        assert deeds(night.database)[-1] == ("bertil", "show-numbers", "call CA1")
        assert CITIZEN.e164 not in shown(night), "the next time it is masked again"

    def test_what_is_not_kept_cannot_be_shown(self, house: House) -> None:
        house.now = MIDDAY + timedelta(hours=1)
        keep(house, unit="brottsofferstöd", at=MIDDAY)
        path = "/calls/2026-11-24/CA1"
        assert "Numret sparas inte för den här enheten" in shown(house, path)
        house.signed_in().post(f"{path}/number", at=path)
        assert "show-numbers" not in str(deeds(house.database))

    def test_a_withheld_one(self, house: House) -> None:
        house.now = EVENING + timedelta(hours=1)
        keep(house, number=None)
        assert "Skyddat nummer" in shown(house)

    def test_earlier_calls_to_a_unit_that_keeps_no_numbers_stay_with_it(self, house: House) -> None:
        """Whoever looks at a call to the centre must not learn that the same person has called for victim support."""
        house.now = MIDDAY + timedelta(days=7)
        keep(house, "CA1", unit="brottsofferstöd", at=MIDDAY - timedelta(hours=2))
        keep(house, "CA2", unit="trygghetscenter", at=MIDDAY - timedelta(hours=1))
        keep(house, "CA3", unit="brottsofferstöd", at=MIDDAY)
        keep(house, "CA4", unit="larm", at=MIDDAY + timedelta(hours=1))
        assert self.earlier(house, "CA3") == ["CA1"]
        assert self.earlier(house, "CA4") == ["CA2"]

    def earlier(self, house: House, call_id: str) -> list[str]:
        page = shown(house, f"/calls/2026-11-24/{call_id}").partition("Tidigare samtal")[2].partition("</section>")[0]
        return re.findall(r'href="/calls/2026-11-24/(\w+)"', page)


class TestReview:
    def done(self, house: House, path: str, /, **form: str) -> tuple[int, str]:
        answer = house.signed_in(Role.REVIEWER).post(f"{PAGE}/{path}", at=PAGE, **form)
        return answer.status_code, answer.headers.get("Location") or " ".join(answer.text.split())

    def test_reviewed_filed_and_taken_back(self, night: House) -> None:
        assert self.done(night, "review", act="review", category="oro") == (303, f"{PAGE}?done=call-reviewed")
        page = shown(night)
        assert "Granskat av bertil, i dag 20:30" in page
        assert "Behåll: oro" in page
        self.done(night, "review", act="undo")
        assert "Inte granskat än" in shown(night)
        assert [action for _, action, _ in deeds(night.database)][-2:] == ["review", "unreview"]

    def test_reviewed_and_on_to_the_next_of_the_list(self, night: House) -> None:
        keep(night, "CA0", at=EVENING - timedelta(hours=1))
        answer = night.signed_in().post(f"{PAGE}/review?reviewed=no", at=PAGE, act="next")
        assert answer.headers["Location"] == "/calls/2026-11-23/CA0?reviewed=no"

    def test_a_category_that_the_schedule_has_not(self, night: House) -> None:
        assert self.done(night, "review", category="lott")[0] == 422
        assert "Inte granskat än" in shown(night)

    def test_a_note(self, night: House) -> None:
        assert self.done(night, "notes", note="Mannen var\norolig.") == (303, f"{PAGE}?done=note-added")
        assert "Mannen var orolig." in shown(night)
        assert deeds(night.database)[-1] == ("bertil", "note", "call CA1")

    @pytest.mark.parametrize(
        ("path", "form", "said"),
        [
            ("notes", {"note": " \n"}, "Skriv några ord"),
            ("notes", {"note": "x" * 2_001}, "Skriv kortare"),
            ("notes", {"note": "Ring 070-174 06 50"}, "Utelämna numret"),
            ("follow-ups", {"what": "Ring", "owner": "anna", "due": "2026-11-22"}, "Ange en dag"),
            ("follow-ups", {"what": "Ring", "owner": "anna", "due": "snart"}, "Ange en dag"),
            ("follow-ups", {"what": "", "owner": "anna", "due": "2026-12-24"}, "Skriv några ord"),
            ("follow-ups", {"what": "Ring", "owner": "x" * 61, "due": "2026-12-24"}, "Skriv kortare"),
        ],
    )
    def test_what_is_not_kept_is_said_and_what_was_typed_stays(
        self, night: House, path: str, form: dict[str, str], said: str
    ) -> None:
        status, page = self.done(night, path, **form)
        assert (status, said in page) == (422, True)
        assert 'role="alert"' in page
        assert all(typed.strip() in page for typed in form.values())

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("notes", {"note": "Kvinnan har 070-174 06 50"}),
            ("follow-ups", {"what": "Ring 0046701740650", "owner": "anna", "due": "2026-12-24"}),
            ("follow-ups", {"what": "Ring", "owner": "070 1740650", "due": "2026-12-24"}),
        ],
    )
    def test_nor_is_the_number_of_a_call_that_keeps_none(self, house: House, path: str, form: dict[str, str]) -> None:
        house.now = MIDDAY + timedelta(hours=1)
        keep(house, unit="brottsofferstöd", at=MIDDAY)
        call = "/calls/2026-11-24/CA1"
        browser = house.signed_in(Role.REVIEWER)
        answer = browser.post(f"{call}/{path}", at=call, **form)
        assert (answer.status_code, "Utelämna numret" in answer.text) == (422, True)
        assert browser.post(f"{call}/notes", at=call, note="Hänvisad till 08-465 004 00").status_code == 303

    def test_a_follow_up_until_it_is_done(self, night: House) -> None:
        assert self.done(night, "follow-ups", what="Ring upp", owner="anna", due="2026-11-25")[0] == 303
        page = shown(night)
        assert "anna, senast onsdag 25 november" in page
        night.now += timedelta(days=3)
        assert "försenad" in shown(night)
        assert self.done(night, "follow-ups/1", result="Lugnt nu") == (303, f"{PAGE}?done=follow-up-done")
        assert self.done(night, "follow-ups/1", result="Igen") == (303, f"{PAGE}?done=follow-up-over")
        assert "Klart: Lugnt nu (bertil, i dag" in shown(night)
        assert self.done(night, "follow-ups/2", result="x")[0] == 404


class TestAContractor:
    def test_sees_its_own_part_and_notes_what_came_of_it(self, night: House) -> None:
        night.signed_in(Role.REVIEWER).post(f"{PAGE}/notes", at=PAGE, note="Bara för oss")
        page = shown(night, role=Role.CONTRACTOR)
        assert "Bara för oss" not in page
        for hidden in (
            "Granskning",
            "Uppföljning",
            "rad 23",
            "Varför dit",
            "öppettider",
            "Den som ringer",
            "Vidarekopplat",
        ):
            assert hidden not in page
        assert "<dt>Enheten</dt><dd>stängt</dd>" in page
        answer = night.signed_in(Role.CONTRACTOR).post(f"{PAGE}/notes", at=PAGE, note="Åkte dit, allt lugnt")
        assert answer.status_code == 303
        assert "Åkte dit, allt lugnt" in shown(night, role=Role.CONTRACTOR)
        assert "Åkte dit, allt lugnt" in shown(night), "the desk reads it too"

    def test_calls_back_where_the_number_is_kept(self, night: House) -> None:
        answer = night.signed_in(Role.CONTRACTOR).post(f"{PAGE}/number", at=PAGE)
        assert CITIZEN.e164 in answer.text
        assert deeds(night.database)[-1][0] == "cecilia"

    def test_finds_no_call_of_others(self, house: House) -> None:
        house.now = MIDDAY + timedelta(hours=1)
        keep(house, at=MIDDAY)
        path = "/calls/2026-11-24/CA1"
        browser = house.signed_in(Role.CONTRACTOR)
        assert browser.get(path).status_code == browser.get(f"{path}/now").status_code == 404
        assert browser.post(f"{path}/number", at="/calls").status_code == 404
        assert browser.post(f"{path}/notes", at="/calls", note="x").status_code == 404
        with house.database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM note").scalar_one() == 0

    def test_does_not_learn_by_trying_whose_call_it_was(self, house: House) -> None:
        """Of a unit that keeps no numbers: theirs and anybody's are refused alike."""
        house.now = MIDDAY + timedelta(hours=1)
        keep(house, unit="brottsofferstöd", at=MIDDAY)
        with house.database.writing() as connection:
            connection.execute(update(LegRow).values(company="Nordbevakning AB"))
            connection.execute(update(CallRow).values(answered_company="Nordbevakning AB"))
        call = "/calls/2026-11-24/CA1"
        browser = house.signed_in(Role.CONTRACTOR)
        for number in ("070-174 06 50", "070-174 06 51"):
            assert browser.post(f"{call}/notes", at=call, note=f"Var det {number}?").status_code == 422
        assert browser.post(f"{call}/notes", at=call, note="Lugnt 2026-11-24 14:10").status_code == 303

    def test_another_company_sees_none_of_it(self, night: House) -> None:
        browser = night.signed_in(Role.CONTRACTOR)
        with night.database.writing() as connection:
            connection.exec_driver_sql("UPDATE user SET company = 'Trygg Vakt AB' WHERE role = 'contractor'")
        assert browser.get(PAGE).status_code == 404

    def test_is_not_told_who_else_took_the_call(self, night: House) -> None:
        with night.database.writing() as connection:
            connection.execute(update(CallRow).values(answered_company=None, answered_person="chefen"))
        page = shown(night, role=Role.CONTRACTOR)
        assert "någon annan än ert företag" in page
        assert "chefen" not in page
        assert "chefen" not in night.signed_in(Role.CONTRACTOR).get("/calls").text

    def test_nor_how_long_they_talked(self, night: House) -> None:
        """The desk took it after the company had not: the call went on for an hour that is no matter of theirs."""
        with night.database.writing() as connection:
            hour_later = EVENING + timedelta(hours=1)
            connection.execute(update(CallRow).values(answered_company=None, ended_at=hour_later))
            ends = CallEventRow.kind == EventKind.ENDED.value
            connection.execute(update(CallEventRow).where(ends).values(at=hour_later))
        staff, theirs = (shown(night, role=role) for role in (Role.REVIEWER, Role.CONTRACTOR))
        assert ">1 h</text>" in staff
        assert ">1 h<" not in theirs
        assert "Varade" not in theirs


class TestAMessage:
    @pytest.fixture
    def left(self, night: House) -> House:
        leave_message(night)
        night.message = lambda _: SOUND
        night.rebuild()
        return night

    def listen(self, house: House) -> str:
        answer = house.signed_in(Role.REVIEWER).post(f"{PAGE}/messages/{MESSAGE}", at=PAGE)
        assert answer.status_code == 303
        page = house.signed_in(Role.REVIEWER).get(answer.headers["Location"]).text
        player = re.search(r'<audio[^>]* src="([^"]+)"', page)
        assert player
        return player[1].replace("&amp;", "&")

    def test_is_heard_here_and_on_record(self, left: House) -> None:
        assert "<audio" not in shown(left)
        address = self.listen(left)
        assert deeds(left.database)[-1] == ("bertil", "listen", "call CA1")
        sound = left.signed_in(Role.REVIEWER).get(address)
        assert (sound.data, sound.mimetype, sound.headers["Cache-Control"]) == (SOUND, "audio/mpeg", "no-store")
        part = left.signed_in(Role.REVIEWER).get(address, Range="bytes=4-")
        assert (part.status_code, part.data) == (206, SOUND[4:])

    def test_is_heard_by_nobody_who_did_not_ask(self, left: House) -> None:
        address = self.listen(left)
        assert left.signed_in(Role.ADMINISTRATOR).get(address).status_code == 404, "another user's grant"
        assert left.signed_in(Role.REVIEWER).get(f"{PAGE}/messages/{MESSAGE}").status_code == 404
        assert left.signed_in(Role.CONTRACTOR).get(address).status_code == 403
        left.now += timedelta(minutes=31)
        assert left.signed_in(Role.REVIEWER).get(address).status_code == 404

    def test_of_another_call_is_not_found_here(self, left: House) -> None:
        keep(left, "CA2")
        there = f"/calls/2026-11-23/CA2/messages/{MESSAGE}"
        assert left.signed_in().post(there, at=PAGE).status_code == 404
        assert "listen" not in str(deeds(left.database))

    def test_that_is_deleted_is_told_so(self, left: House) -> None:
        address = self.listen(left)
        with left.database.writing() as connection:
            connection.execute(update(RecordingRow).values(deleted_at=left.now))
        assert "Raderat i dag 20:30" in shown(left)
        assert left.signed_in(Role.REVIEWER).get(address).status_code == 404

    @pytest.mark.parametrize(
        ("error", "status"), [(RecordingGoneError("gone"), 404), (ProviderUnavailableError("out of reach"), 503)]
    )
    def test_that_the_provider_does_not_give(self, left: House, error: Exception, status: int) -> None:
        def fails(_sid: str) -> bytes:
            raise error

        left.message = fails
        left.rebuild()
        assert left.signed_in(Role.REVIEWER).get(self.listen(left)).status_code == status

    def test_without_an_account_it_is_said_plainly(self, night: House) -> None:
        leave_message(night)
        page = shown(night)
        assert "inget konto hos en operatör" in page
        assert "Lyssna" not in page

    def test_is_not_for_a_contractor(self, left: House) -> None:
        assert "Meddelande</h2>" not in shown(left, role=Role.CONTRACTOR)


@pytest.mark.parametrize("text", [MARKUP, "\x00\x1b[31m\u202e" + MARKUP, MARKUP * 40, "=HYPERLINK(1)" + MARKUP])
def test_markup_in_what_people_write_and_the_provider_says(night: House, text: str) -> None:
    """Through the forms as far as they take it, and straight into the log, which may hold what another release took."""
    browser = night.signed_in(Role.REVIEWER)
    answers = [
        browser.post(f"{PAGE}/notes", at=PAGE, note=text),
        browser.post(f"{PAGE}/follow-ups", at=PAGE, what=text, owner=text, due=text),
        browser.post(f"{PAGE}/review", at=PAGE, category=text),
        browser.post("/calls/caller", at="/calls", number=text),
        browser.get(f"/calls?unit={quote(text)}&person={quote(text)}&disposition={quote(text)}"),
    ]
    with night.database.writing() as connection:
        add(connection, "dan", Role.CONTRACTOR, "Nordbevakning AB", By("root", NOON))
        row = {"day": EVENING.date(), "call_id": "CA1", "at": NOON, "who": text[:60], "text": text * 3}
        connection.execute(insert(NoteRow).values(row))
        legs = [{"to": text, "destination": text, "company": "Nordbevakning AB", "person": text, "outcome": None}]
        legs[0] |= {
            "started_at": EVENING.isoformat(),
            "answered_at": None,
            "rang_seconds": None,
            "talked_seconds": None,
        }
        said = dict.fromkeys(("unit", "reason", "category", "reviewed_by", "answered_person"), text)
        connection.execute(update(CallRow).values(**said, reviewed_at=NOON, legs=legs))
    pages = [browser.get(path).text for path in (PAGE, "/calls", f"{PAGE}/now", "/today")]
    for page in [*pages, *(answer.text for answer in answers)]:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "1337" not in page
    assert "&lt;script&gt;" in pages[0]
    assert "&lt;script&gt;" in pages[1]

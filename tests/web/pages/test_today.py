"""Today: what the desk sees, and what an administrator does by hand."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.job_concerns import note
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import LegUpdate
from callrouter.domain.sentence import Sentence
from callrouter.domain.words import LegStatus, Role, State
from callrouter.schedule import load
from callrouter.schedule.format.problems import Problem
from callrouter.schedule.store import Loaded
from callrouter.web.unbroken import unbroken
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, arrival, ringing, whole_story
from tests.people.somebody import deeds
from tests.schedules import GUARD_1
from tests.web.pages.house import EXAMPLE, House

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FORM = "/units/trygghetscenter/by-hand"


def shown(house: House, path: str = "/today", language: str = "sv", role: Role = Role.ADMINISTRATOR) -> str:
    """The words of a page, blanks made one."""
    return " ".join(house.signed_in(role).speaks(language).get(path).text.split())


def test_an_open_page_is_told_the_time_with_each_answer(house: House) -> None:
    house.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    browser = house.signed_in(Role.REVIEWER)
    assert '<span id="now">måndag 23 november 2026, 11:00</span>' in browser.get("/today").text
    house.now += timedelta(minutes=1)
    told = json.loads(browser.get("/today/calls").headers["HX-Trigger"])
    assert told == {"now": {"value": "måndag 23 november 2026, 11:01"}}


class TestUnits:
    def test_open_or_closed_why_and_until_when(self, house: House) -> None:
        house.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # Monday 11:00
        page = shown(house)
        assert '<p class="state open">Öppet</p>' in page
        assert "till 12:00" in page
        assert "Öppettider i dag: 08:00\u2060–\u206012:00, 13:00\u2060–\u206017:00" in page
        assert "Larmenhet: svarar alla tider" in page
        assert "Open" in shown(house, language="en")

    def test_a_holiday_has_its_name(self, house: House) -> None:
        house.now = datetime(2026, 12, 24, 10, 0, tzinfo=UTC)
        assert "<strong>julafton</strong>: stängt" in shown(house)
        house.now = datetime(2026, 12, 23, 10, 0, tzinfo=UTC)
        assert "<strong>dagen före julafton</strong>: 10:00" in shown(house)
        assert "<strong>the day before julafton</strong>" in shown(house, language="en")

    def test_in_the_small_hours_yesterdays_rule_still_holds(self, house: House) -> None:
        house.now = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)  # Saturday 02:00, open since Friday 20:00
        assert "till 03:00" in shown(house)
        assert "Öppettider i dag: 20:00\u2060–\u206003:00" in shown(house)

    def test_who_gets_the_next_call(self, house: House) -> None:
        house.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        page = shown(house)
        assert "Bevakningen, Nordbevakning AB" in page
        assert '<strong>anna</strong> <span class="number">+467******11</span>' in page
        assert "till måndag 30 november 08:00, sedan bo" in page
        assert "+46701740611" not in page

    def test_the_rule_stands_there_also_where_no_phone_rings(self, house: House) -> None:
        house.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        (unit,) = [each for each in shown(house).split("</article>") if ">Brottsofferstöd</h2>" in each]
        assert "Ingen telefon ringer." in unit
        assert re.search(r'<p class="rule">Regel på rad \d+ i schema [0-9a-f]+: <code>', unit)

    def test_the_repeated_hour_shows_its_offset(self, house: House) -> None:
        house.now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert "02:30 (+02:00)" in shown(house)
        assert "Alla tider: Europe/Stockholm, nu UTC+02:00" in shown(house)
        house.now += timedelta(hours=1)
        assert "02:30 (+01:00)" in shown(house)
        assert "All times: Europe/Stockholm, now UTC+01:00" in shown(house, language="en")

    def test_without_a_schedule(self, house: House) -> None:
        house.loaded = Loaded(errors=(Problem(3, ("units",), Sentence("a tab; use spaces")),))
        page = shown(house)
        assert "alla samtal går till sista utväg" in page
        assert "rad 3: units: en tabb; använd blanksteg" in page


class TestConcerns:
    def test_what_is_well_is_not_mentioned(self, house: House) -> None:
        house.conditions = {"recorder": lambda: {"ok": True, "error": None, "waiting": 0}}
        house.rebuild()
        assert "said wrong" not in shown(house)

    def test_what_is_broken_stands_above(self, house: House) -> None:
        house.conditions = {
            "recorder": lambda: {"ok": False, "error": "disk full", "waiting": 7, "spool_files": 2},
            "control": lambda: {"ok": False, "error": "gone"},
            "jobs": lambda: {"ok": False, "errors": {"fold-calls": "broken"}},
        }
        house.rebuild()
        page = shown(house)
        for sentence in ("Loggen skrivs inte", "minnet: 7", "disk: 2", "disk full", "fold-calls: broken"):
            assert sentence in page
        assert page.count("said wrong") == 3

    def test_a_broken_schedule_says_that_the_last_good_one_holds(self, house: House) -> None:
        house.loaded = replace(house.loaded, errors=(Problem(72, ("destinations",), Sentence("a tab; use spaces")),))
        assert "Den senaste fungerande versionen gäller" in shown(house)

    def test_what_is_wrong_in_the_schedule_leads_whoever_may_mend_it_to_the_editor(self, house: House) -> None:
        well, problems = house.loaded, (Problem(9, ("rotas",), Sentence("a tab; use spaces")),)
        there = ' href="/schedule/edit">Redigera schemat</a>'
        for house.loaded in (replace(well, errors=problems), replace(well, warnings=problems)):
            assert there in shown(house)
            assert there not in shown(house, role=Role.REVIEWER)

    def test_what_lies_ahead_is_folded_away(self, house: House) -> None:
        gap = Sentence.of("nobody is on call from {time}: this rota is skipped", time="2027-01-04 08:00")
        house.loaded = replace(house.loaded, warnings=(Problem(9, ("rotas",), gap),))
        page = shown(house)
        assert '>Att se över i schemat <span class="count">1</span></summary>' in page
        assert unbroken("rad 9: rotas: ingen är i tjänst från 2027-01-04 08:00") in page
        assert unbroken("line 9: rotas: nobody is on call from 2027-01-04 08:00") in shown(house, language="en")

    @pytest.mark.parametrize(
        ("ends", "sentence"),
        [
            ("2026-11-20", "<strong>Här ringer ingen telefon just nu:</strong>"),
            ("2026-11-25", "<strong>Här ringer snart ingen telefon:</strong>"),
            ("2026-12-20", None),
        ],
    )
    def test_a_contract_that_nothing_follows_stands_above_when_it_ends(
        self, house: House, ends: str, sentence: str | None
    ) -> None:
        text = EXAMPLE.read_text("utf-8").replace("2008-06-01..\n", f"2008-06-01..{ends}\n")
        house.loaded = replace(house.loaded, schedule=load(text.encode(), at=house.now))
        found = re.findall(r"<strong>Här ringer .*?</section>", shown(house))
        assert [sentence in each and "<li>Bevakningen" in each for each in found] == ([True] if sentence else [])
        assert (unbroken("Bevakningen: 2026-11-26 00:00") in shown(house)) == (ends == "2026-11-25")

    def test_what_a_job_warned_of_stands_there_until_it_is_well(self, house: House) -> None:
        call = Sentence.of("{name}: not rung: {why}", name="security", why="<b>busy</b>")
        note(house.database, "test-calls", "security", (Sentence("A test call was not answered"), call), house.now)
        note(house.database, "test-calls", "reception", (), house.now)
        page = shown(house)
        assert "<strong>Ett provsamtal blev inte besvarat</strong> Sedan " in page
        assert "security: rings inte: &lt;b&gt;busy&lt;/b&gt;" in page
        assert "security: not rung: &lt;b&gt;busy&lt;/b&gt;" in shown(house, language="en")
        assert "Ett provsamtal" in shown(house, "/administration")
        note(house.database, "test-calls", "security", (), house.now)
        assert "Ett provsamtal" not in shown(house)

    def test_a_job_that_failed_is_told_once(self, house: House) -> None:
        """By the database, and where that does not know of it by the process that it failed in."""
        failed = Sentence.of("The job '{job}' failed", job=Sentence("mail and SMS"))
        note(house.database, "retention", "run", (failed, Sentence("disk full")), house.now)
        house.conditions = {"jobs": lambda: {"ok": False, "errors": {"retention": "2026-11-23: disk full"}}}
        house.rebuild()
        page = shown(house)
        assert "Jobbet ”brev och SMS” misslyckades" in page
        assert page.count("disk full") == 1
        house.conditions = {"jobs": lambda: {"ok": False, "errors": {}}}
        house.rebuild()
        assert "Återkommande jobb körs inte." in shown(house)

    def test_what_the_schedule_leaves_open_is_told_once(self, house: House) -> None:
        problem = Problem(9, ("rotas",), Sentence("a tab; use spaces"))
        found = Sentence.of("schedule: {problem}", problem=problem.sentence)
        note(house.database, "look-ahead", "schedule", (Sentence("Something has to be done soon"), found), house.now)
        assert "schemat: rad 9: rotas: en tabb" in shown(house), "this process has not read it anew"
        house.loaded = replace(house.loaded, warnings=(problem,))
        page = shown(house)
        assert "Något behöver göras snart" not in page
        assert "rad 9: rotas: en tabb" in page


class TestCalls:
    def test_calls_in_progress_come_and_go(self, house: House) -> None:
        assert "Inga pågående samtal" in shown(house)
        write_entries(house.database, PSEUDONYMIZER, [arrival("CA1")])
        catch_up(house.database)
        house.now = datetime(2026, 11, 23, 15, 31, tzinfo=UTC)
        page = shown(house, "/today/calls")
        assert "Pågående samtal: 1" in page
        assert "16:30:00" in page
        assert "+467******50" in page
        assert "+46701740650" not in page
        assert "Ringer Bevakningen" in page
        picked_up = ringing("CA1").leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA9"), house.now)
        write_entries(house.database, PSEUDONYMIZER, [Entry((picked_up,), CITIZEN)])
        catch_up(house.database)
        assert "Bevakningen talar med den som ringer" in shown(house, "/today/calls")
        house.now += timedelta(hours=5)
        assert "Inga pågående samtal" in shown(house, "/today/calls")

    def test_who_is_to_press_a_key_has_picked_up_and_talks_from_then_on(self, house: House) -> None:
        call = ringing("CA1")
        assert call.attempt
        call = replace(call, attempt=replace(call.attempt, screened=True))
        house.now = datetime(2026, 11, 23, 15, 31, tzinfo=UTC)
        picked_up = call.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA9"), house.now)
        for told, said in (
            (picked_up, "Bevakningen har svarat"),
            (call.key_pressed(GUARD_1.e164, house.now, accepts=True), "Bevakningen talar med den som ringer"),
        ):
            write_entries(house.database, PSEUDONYMIZER, [Entry((*call.told(), told), CITIZEN)])
            catch_up(house.database)
            assert said in shown(house, "/today/calls")

    def test_the_last_call(self, house: House) -> None:
        write_entries(house.database, PSEUDONYMIZER, [Entry(tuple(whole_story("CA1")), CITIZEN)])
        catch_up(house.database)
        house.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        assert "i dag 16:30" in shown(house)

    def test_an_open_page_is_told_only_what_is_new(self, house: House) -> None:
        browser = house.signed_in()
        for part in ("/today/calls", "/today/units"):
            first = browser.get(part)
            again = first.text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
            assert again.startswith(f"{part}?seen=")
            assert browser.get(again).status_code == 204
            house.now += timedelta(minutes=1)
            assert browser.get(again).status_code == 204, "the clock alone is nothing new"
        write_entries(house.database, PSEUDONYMIZER, [arrival("CA1")])
        catch_up(house.database)
        house.now = datetime(2026, 11, 23, 15, 31, tzinfo=UTC)
        assert house.signed_in().get("/today/calls?seen=x").status_code == 200


class TestByHand:
    def done(self, house: House, **form: str) -> tuple[int, str]:
        usual = {"what": "close", "until": "2026-11-23T14:00", "why": "Personalmöte"}
        answer = house.signed_in().post(FORM, **usual | form)
        return answer.status_code, answer.headers.get("Location", "") or " ".join(answer.text.split())

    def test_closed_now(self, house: House) -> None:
        assert self.done(house) == (303, "/today?done=override-made")
        (made,) = house.control.overrides
        assert (made.state, made.who, made.why) == (State.CLOSED, "anna", "Personalmöte")
        assert made.span.end == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
        page = shown(house, "/today?done=override-made")
        assert "Klart. Styrningen gäller nu." in page
        assert "<strong>Styrd för hand till 14:00</strong> av anna: Personalmöte" in page
        assert deeds(house.database)[-1] == ("anna", "override", "override 1")

    def test_opened_and_sent_elsewhere(self, house: House) -> None:
        self.done(house, what="open")
        self.done(house, what="send", destination="duty-officer")
        assert [each.effect for each in house.control.overrides] == ["open", "to duty-officer"]
        assert "till Jouransvarig" in shown(house)
        assert "+467******99" in shown(house)

    def test_without_an_end_it_lasts_until_the_next_change(self, house: House) -> None:
        self.done(house, until="")
        assert house.control.overrides[0].span.end == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("when", "what", "until"),
        [
            ("2026-11-28 10:07", "open", "2026-11-28T12:15"),  # a Saturday: not until Monday
            ("2026-11-28 10:07", "send", "2026-11-30T08:00"),
            ("2026-11-30 07:10", "open", "2026-11-30T08:00"),  # it opens before two hours are over
            ("2026-11-30 09:00", "close", "2026-11-30T12:00"),
        ],
    )
    def test_an_end_is_proposed(self, house: House, when: str, what: str, until: str) -> None:
        house.now = datetime.fromisoformat(when).replace(tzinfo=STOCKHOLM)
        assert f'name="until" value="{until}"' in shown(house, f"{FORM}?what={what}")
        self.done(house, what=what, destination="duty-officer", until="")
        assert house.control.overrides[0].span.end == datetime.fromisoformat(until).replace(tzinfo=STOCKHOLM)

    def test_ended(self, house: House) -> None:
        self.done(house)
        house.now += timedelta(minutes=1)
        browser = house.signed_in()
        assert browser.post("/overrides/1/end", at="/today").headers["Location"] == "/today?done=override-ended"
        assert browser.post("/overrides/1/end", at="/today").headers["Location"] == "/today?done=override-over"
        assert "Styrd för hand" not in shown(house)

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"why": ""}, "Skriv varför"),
            ({"why": " \n "}, "Skriv varför"),
            ({"why": "x" * 201}, "högst 200 tecken"),
            ({"until": "i morgon"}, "Ange en tid"),
            ({"until": "2026-11-23T11:59"}, "har redan varit"),
            ({"until": "9999-12-31T00:00"}, "Ange en tid"),
            ({"what": "send", "destination": "nowhere"}, "Välj ett svarsställe"),
            ({"what": "", "destination": ""}, "Välj ett svarsställe"),
        ],
    )
    def test_what_cannot_be_done_is_said_and_what_was_typed_stays(
        self, house: House, form: dict[str, str], said: str
    ) -> None:
        status, page = self.done(house, **form)
        assert (status, said in page) == (422, True)
        assert house.control.overrides == ()
        if "why" not in form:
            assert 'value="Personalmöte"' in page

    def test_an_alarm_unit_cannot_be_closed(self, house: House) -> None:
        page = shown(house, "/units/larm/by-hand")
        assert 'value="close"' not in page
        answer = house.signed_in().post("/units/larm/by-hand", what="close", until="2026-11-23T14:00", why="x")
        assert (answer.status_code, "En larmenhet kan inte stängas" in answer.text) == (422, True)

    def test_a_unit_that_is_not_there(self, house: House) -> None:
        assert house.signed_in().get("/units/nowhere/by-hand").status_code == 404


def test_a_contractor_sees_where_their_own_company_answers(house: House) -> None:
    page = shown(house, "/company", role=Role.CONTRACTOR)
    assert "Nordbevakning AB" in page
    assert "anna" in page
    assert "Avtalat: 80 % inom 30 s" in page
    assert '">Bevakningen</h2>' in page
    assert "Receptionen" not in page
    with house.database.writing() as connection:
        connection.exec_driver_sql("UPDATE user SET company = 'Trygg Vakt AB' WHERE role = 'contractor'")
    assert "svarar inte för något svarsställe" in shown(house, "/company", role=Role.CONTRACTOR)


def test_a_promise_is_written_as_its_readers_write_numbers(house: House) -> None:
    house.use_schedule(EXAMPLE.read_text("utf-8").replace("answer-within: 80% 30s", "answer-within: 98.5% 30s"))
    assert "Avtalat: 98,5 % inom" in shown(house, "/company", role=Role.CONTRACTOR)
    assert "Agreed: 98.5 % within" in shown(house, "/company", role=Role.CONTRACTOR, language="en")

"""The list of calls: searched, counted, paged; and what no address ever holds."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from callrouter.calllog import tasks
from callrouter.calllog.review import add_follow_up, mark_reviewed
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.review import Act, Task
from callrouter.domain.task import Task as LongTask
from callrouter.domain.words import Outcome, Role, TaskKind
from callrouter.sealing import Sealer
from callrouter.web.pages import calls
from tests.calllog.told import CITIZEN, DIGITS
from tests.people.somebody import NOON, deeds
from tests.service import until
from tests.web.pages.calls_there import EVENING, MIDDAY, keep
from tests.web.pages.house import Browser, House

OTHER = PhoneNumber("+46701740655")
LINK = re.compile(r'<a href="(/calls/[^"?]+/([^"?/]+))(?:\?[^"]*)?"><span class="seen-by-readers">')


@pytest.fixture
def log(house: House) -> House:
    """Five calls: three to the centre, one to a unit that keeps no numbers, one to a desk that nobody else sees."""
    house.now = MIDDAY + timedelta(hours=4)
    keep(house, "CA1")
    keep(house, "CA2", at=EVENING + timedelta(minutes=5), ends=Outcome.CANCELLED)
    keep(house, "CA3", at=EVENING + timedelta(minutes=9), number=OTHER)
    keep(house, "CA4", unit="brottsofferstöd", at=MIDDAY)
    keep(house, "CA5", at=MIDDAY + timedelta(minutes=1), number=None, ends=Outcome.NO_ANSWER)
    key = (EVENING.date(), "CA3")
    with house.database.writing() as connection:
        mark_reviewed(connection, key, Act("bertil", NOON), "oro")
        add_follow_up(connection, key, Act("bertil", NOON), Task("Ring", "anna", NOON))
    return house


def listed(browser: Browser, path: str) -> list[str]:
    """The calls of a page, in order."""
    return [call_id for _, call_id in LINK.findall(browser.get(path).text)]


def test_the_newest_comes_first_under_its_day(log: House) -> None:
    page = log.signed_in().get("/calls").text
    assert [call_id for _, call_id in LINK.findall(page)] == ["CA5", "CA4", "CA3", "CA2", "CA1"]
    assert page.index("i dag") < page.index("/CA4") < page.index("i går") < page.index("/CA3")
    assert "5 samtal" in page
    assert [page.count(said) for said in (">numret sparas inte<", ">skyddat eller gallrat nummer<")] == [1, 1]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("unit=brottsofferstöd", ["CA4"]),
        ("disposition=answered", ["CA4", "CA3", "CA1"]),
        ("disposition=abandoned", ["CA2"]),
        ("state=open", ["CA5", "CA4"]),
        ("decided_by=hours&state=closed", ["CA3", "CA2", "CA1"]),
        ("destination=security", ["CA3", "CA2", "CA1"]),
        ("destination=security&answered=yes", ["CA3", "CA1"]),
        ("company=Nordbevakning+AB&person=anna", ["CA3", "CA2", "CA1"]),
        ("person=bo", []),
        ("origin=test-call", []),
        ("reviewed=yes", ["CA3"]),
        ("reviewed=no&disposition=answered", ["CA4", "CA1"]),
        ("category=oro", ["CA3"]),
        ("follow_up=yes", ["CA3"]),
        ("since=2026-11-24", ["CA5", "CA4"]),
        ("until=2026-11-23", ["CA3", "CA2", "CA1"]),
        ("since=2026-11-23T18:35&until=2026-11-23T18:36", ["CA2"]),
    ],
)
def test_each_field_of_the_address_finds_its_calls(log: House, asked: str, found: list[str]) -> None:
    assert listed(log.signed_in(Role.REVIEWER), f"/calls?{asked}") == found


def test_the_selections_are_counted_within_the_search(log: House) -> None:
    page = " ".join(log.signed_in().get("/calls?unit=trygghetscenter").text.split())
    counts = dict(re.findall(r">([\w ]+) <span class=\"count\">(\d+)</span>", page))
    assert counts == {
        "Alla": "4",
        "Besvarade": "2",
        "Obesvarade": "1",
        "Övergivna": "1",
        "Meddelanden": "0",
        "Ej granskade": "3",
        "Att följa upp": "1",
    }
    assert 'href="/calls?unit=trygghetscenter&amp;disposition=abandoned"' in page


@pytest.mark.parametrize(
    "asked",
    ["disposition=lost", "since=today", "until=9999-01-01", "page=x", "caller=x", "reviewed=maybe", "answered=yes"],
)
def test_what_makes_no_sense_is_said_and_nothing_is_listed(log: House, asked: str) -> None:
    """A list that left a condition out would be taken for what was asked for."""
    answer = log.signed_in().get(f"/calls?{asked}")
    assert (answer.status_code, "något som inte finns" in answer.text) == (200, True)
    assert LINK.findall(answer.text) == []


def test_a_period_that_ends_before_it_begins_is_said(log: House) -> None:
    answer = log.signed_in().get("/calls?since=2026-11-24&until=2026-11-23")
    assert (answer.status_code, "Perioden slutar innan den börjar." in answer.text) == (422, True)
    assert log.signed_in().get("/calls?since=2026-11-23&until=2026-11-23").status_code == 200


def test_nothing_found_says_what_to_do(house: House) -> None:
    assert "Inga samtal än" in house.signed_in().get("/calls").text
    assert "Inga samtal stämmer" in house.signed_in().get("/calls?unit=larm").text


def test_page_by_page_there_and_back(log: House) -> None:
    """The places stand in the address, and calls that come in meanwhile move nothing."""
    for number in range(calls.A_PAGE):
        keep(log, f"CAx{number:02}", unit="larm", at=EVENING - timedelta(minutes=1 + number))
    browser = log.signed_in()
    first = browser.get("/calls").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    assert 'rel="prev"' not in first
    keep(log, "CA6", at=MIDDAY + timedelta(minutes=3))
    second = browser.get(older[1].replace("&amp;", "&")).text
    assert [call_id for _, call_id in LINK.findall(second)] == [f"CAx{n}" for n in range(45, 50)]
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer
    back = [call_id for _, call_id in LINK.findall(browser.get(newer[1].replace("&amp;", "&")).text)]
    assert back == [call_id for _, call_id in LINK.findall(first)]


class TestOneNumber:
    def sought(self, house: House, number: str, role: Role = Role.REVIEWER, **more: str) -> str:
        answer = house.signed_in(role).post("/calls/caller", at="/calls", number=number, **more)
        assert answer.status_code == 303
        return answer.headers["Location"]

    @pytest.mark.parametrize("typed", ["+46701740650", "070-174 06 50", " +46 70 174 06 50 "])
    def test_is_found_however_it_is_typed_also_where_none_is_kept(self, log: House, typed: str) -> None:
        assert listed(log.signed_in(), self.sought(log, typed)) == ["CA4", "CA2", "CA1"]

    def test_goes_with_what_else_is_asked(self, log: House) -> None:
        there = self.sought(log, CITIZEN.e164, unit="trygghetscenter", disposition="answered")
        assert listed(log.signed_in(), there) == ["CA1"]

    def test_never_stands_in_an_address_nor_on_the_page(self, log: House) -> None:
        there = self.sought(log, CITIZEN.e164)
        page = log.signed_in().get(there).text
        assert "Bara samtal från +467******50" in page
        for text in (there, page):
            assert DIGITS.decode() not in text
        assert CITIZEN.e164 not in page

    def test_stands_in_the_audit_log_without_the_number(self, log: House) -> None:
        self.sought(log, CITIZEN.e164)
        assert deeds(log.database)[-1] == ("bertil", "find-caller", "calls")

    def test_that_is_none_is_said(self, log: House) -> None:
        answer = log.signed_in().post("/calls/caller", at="/calls", number="anonymous")
        assert (answer.status_code, "inget telefonnummer" in answer.text) == (422, True)

    def test_sealed_for_something_else_is_no_number(self, log: House) -> None:
        sealed = log.site.sealer.seal(CITIZEN.e164)
        assert listed(log.signed_in(), f"/calls?caller={sealed}") == []

    def test_sealed_for_a_call_is_none_either(self, log: House) -> None:
        for sealer, found in ((log.site.sealer, ["CA3"]), (Sealer(log.site.secret_key), [])):
            sealed = sealer.seal(f"caller:{OTHER.e164}")
            assert listed(log.signed_in(), f"/calls?caller={sealed}") == found

    def test_is_not_sought_by_a_contractor(self, log: House) -> None:
        there = self.sought(log, OTHER.e164)
        browser = log.signed_in(Role.CONTRACTOR)
        assert browser.post("/calls/caller", at="/calls", number=OTHER.e164).status_code == 403
        assert listed(browser, there) == listed(browser, "/calls")


class TestAContractor:
    def test_sees_the_calls_that_were_offered_to_its_company(self, log: House) -> None:
        browser = log.signed_in(Role.CONTRACTOR)
        assert listed(browser, "/calls") == ["CA3", "CA2", "CA1"]
        page = browser.get("/calls").text
        assert "3 samtal" in page
        assert "Ej granskade" not in page

    @pytest.mark.parametrize("asked", ["company=X", "reviewed=no", "category=oro", "follow_up=yes", "decided_by=hours"])
    def test_is_not_asked_what_it_is_not_told(self, log: House, asked: str) -> None:
        assert listed(log.signed_in(Role.CONTRACTOR), f"/calls?{asked}") == ["CA3", "CA2", "CA1"]

    def test_chooses_among_the_destinations_of_its_contracts_alone(self, log: House) -> None:
        chosen = {role: log.signed_in(role).get("/calls").text for role in (Role.REVIEWER, Role.CONTRACTOR)}
        assert all('<option value="security"' in page for page in chosen.values())
        assert [role for role, page in chosen.items() if '<option value="reception"' in page] == [Role.REVIEWER]

    def test_cannot_find_out_to_whom_else_a_call_was_offered(self, log: House) -> None:
        """CA5 rang the desk alone; a search by a destination of others asks for phones of theirs, and finds none."""
        browser = log.signed_in(Role.CONTRACTOR)
        assert listed(browser, "/calls?destination=reception") == []
        assert listed(browser, "/calls?answered=yes") == ["CA3", "CA1"]


def test_links_to_a_call_lead_back_to_the_list(log: House) -> None:
    browser = log.signed_in()
    page = browser.get("/calls?disposition=answered").text
    (there, _), *_ = LINK.findall(page)
    assert f'href="{there}?disposition=answered"' in page
    shown = browser.get(f"{there}?disposition=answered").text
    assert 'href="/calls?disposition=answered"' in shown
    older = re.search(r'rel="next" href="([^"]+)"', shown)
    assert older
    assert urlsplit(older[1]).path.endswith("/CA3"), "CA3 is the next one that was answered"


class TestTheWholeListAsAFile:
    """The link under the list leads to the form of exports, which asks the same."""

    LINK = re.compile(r'href="(/exports[^"]*)"[^>]*>Ta ut hela listan')
    FIELD = re.compile(r'name="(\w+)" value="([^"]+)"')
    CHOSEN = re.compile(
        r'<select name="(\w+)"(?:(?!</select>).)*?<option(?: value="([^"]*)")? selected>([^<]*)', re.DOTALL
    )

    def filled(self, browser: Browser, path: str) -> dict[str, str]:
        """The form, as the link fills it."""
        link = self.LINK.search(browser.get(path).text)
        assert link
        answer = browser.get(unescape(link[1]))
        assert answer.status_code == 200
        form = answer.text.split('aria-labelledby="what"')[1].split("</form>")[0]
        wanted = dict(parse_qsl(urlsplit(unescape(link[1])).query))
        there = dict(self.FIELD.findall(form)) | {
            name: value or text for name, value, text in self.CHOSEN.findall(form)
        }
        return {name: unescape(there.get(name, "")) for name in wanted}

    @pytest.mark.parametrize(
        "asked",
        [
            "",
            "unit=brottsofferstöd",
            "disposition=answered&state=closed",
            "destination=security&answered=yes&reviewed=no",
            "company=Nordbevakning+AB&person=anna&origin=real",
            "decided_by=hours&follow_up=yes",
            "category=oro",
            "since=2026-11-23&until=2026-11-23",
        ],
    )
    def test_has_the_calls_of_the_list(self, log: House, asked: str) -> None:
        reviewer = log.signed_in(Role.REVIEWER)
        form = self.filled(reviewer, f"/calls?{asked}")
        assert form == dict(parse_qsl(asked))
        assert reviewer.post("/exports", format="csv", **form).status_code == 303
        assert self.rows(log) == len(listed(reviewer, f"/calls?{asked}"))

    def test_of_one_caller_shows_no_number(self, log: House) -> None:
        reviewer = log.signed_in(Role.REVIEWER)
        there = reviewer.post("/calls/caller", at="/calls", number=OTHER.e164).headers["Location"]
        form = self.filled(reviewer, there)
        assert OTHER.masked in reviewer.get(f"/exports{there.removeprefix('/calls')}").text
        assert reviewer.post("/exports", format="csv", **form).status_code == 303
        assert self.rows(log) == len(listed(reviewer, there)) == 1

    def test_is_not_offered_to_a_contractor(self, log: House) -> None:
        assert "/exports" not in log.signed_in(Role.CONTRACTOR).get("/calls").text

    @pytest.mark.parametrize("asked", ["since=i+går", "state=ajar", "caller=x"])
    def test_what_makes_no_sense_is_said(self, log: House, asked: str) -> None:
        answer = log.signed_in().get(f"/exports?{asked}")
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)

    def rows(self, log: House) -> int:
        def newest() -> LongTask:
            with log.database.reading() as connection:
                return tasks.newest(connection, [TaskKind.EXPORT])[0]

        until(lambda: newest().outcome, "the file is there")
        return int(newest().result["rows"])

"""A company's month as a page: whose it is, what stands in it, and a dispute from beginning to end."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from random import Random
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from callrouter.calllog.destruction import Order, Protocol
from callrouter.calllog.disputes import dispute
from callrouter.calllog.tables import CallerRow
from callrouter.domain.ledger import Dispute
from callrouter.domain.record import AnsweredBy, CallRecord
from callrouter.domain.words import Disposition, Origin, Outcome, Role
from callrouter.web.pages.statements import MOST_LINES
from tests.calllog.export.files import csv_rows
from tests.calllog.records import keep
from tests.calllog.records import leg as any_leg
from tests.calllog.records import record as any_record
from tests.calllog.told import CITIZEN, PSEUDONYMIZER
from tests.people.somebody import deeds
from tests.schedules import STOCKHOLM
from tests.web.pages.harm import XLSX
from tests.web.pages.house import House

OURS, THEIRS = "Nordbevakning AB", "Sydvakt & Co/AB"
STATEMENT = "/reports/contract/Nordbevakning AB/2026-11"
NASTY = "<script>alert(1)</script> & \"=1\" 'x'"

ODD = {
    "two lines": "Nord\r\nvakt",
    "a line's end": "Nordvakt\n",
    "slashes": "/Nord//vakt/",
    "a month": "Nord/2026-11",
    "a file": "Nord/2026-11.csv",
    "dots": "../..",
    "one dot": ".",
    "quotes": "\"Nord\" & 'vakt'",
    "markup": NASTY,
    "percent": "100 %2F vakt",
    "question": "Nord? #vakt",
    "control characters": "Nord\x07vakt\x1b\u2028\u202e",
    "a tilde": "~Nord",
    "10 kB": "Nord å<" * 1500,
}
LONGEST_ADDRESS = 2_000


def links(page: str) -> list[str]:
    """The addresses of statements on it."""
    found = re.findall(r'href="(/reports/contract/[^"]*)"', page)
    return [urlsplit(unescape(each)).path for each in found]


def offered_to(company: str, call_id: str, day: int, outcome: Outcome = Outcome.ANSWERED) -> CallRecord:
    at = datetime(2026, 11, day, 18, tzinfo=UTC)
    is_answered = outcome is Outcome.ANSWERED
    leg = replace(any_leg(Random(1), at), destination="security", company=company, person=None, outcome=outcome)
    leg = replace(leg, answered_at=at + timedelta(seconds=9)) if is_answered else leg
    told = replace(any_record(call_id, Random(1), at), origin=Origin.REAL, unit="trygghetscenter", legs=(leg,))
    return replace(
        told,
        local_time=at.astimezone(STOCKHOLM).isoformat(),
        disposition=Disposition.ANSWERED if is_answered else Disposition.UNANSWERED,
        answered_by=AnsweredBy("security", company, None) if is_answered else None,
        seconds_to_answer=9 if is_answered else None,
        talked_seconds=61 if is_answered else None,
    )


@pytest.fixture
def month(house: House) -> House:
    """Three calls of one company, one of another."""
    calls = [
        offered_to(OURS, "CAours1", 3),
        offered_to(OURS, "CAours2", 4, Outcome.DECLINED),
        offered_to(OURS, "CAours3", 5),
        offered_to(THEIRS, "CAtheirs", 6),
    ]
    keep(house.database, calls)
    return house


def one(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)


def disputed(house: House, call_id: str = "CAours2", company: str = OURS, day: int = 4, reason: str = "Nej") -> int:
    said = Dispute(0, company, reason, "cecilia", house.now)
    with house.database.writing() as connection:
        return dispute(connection, (datetime(2026, 11, day, tzinfo=UTC).date(), call_id), said)


def shown(page: str) -> list[str]:
    """The ids of the calls that stand in it."""
    return re.findall(r'<tr id="call-(\w+)">', page)


class TestWhoseItIs:
    def test_a_contractor_sees_their_own(self, month: House) -> None:
        page = month.signed_in(Role.CONTRACTOR).get("/company/statement").text
        assert shown(page) == ["CAours1", "CAours2", "CAours3"]
        assert "Sydvakt" not in page
        assert 'href="/company/statement"' in month.signed_in(Role.CONTRACTOR).get("/company").text

    @pytest.mark.parametrize(
        "path",
        [
            "/company/statement?company=Sydvakt %26 Co/AB",
            "/company/statement/2026-11?company=Sydvakt %26 Co/AB",
        ],
    )
    def test_no_address_makes_it_anothers(self, month: House, path: str) -> None:
        assert shown(month.signed_in(Role.CONTRACTOR).get(path).text) == ["CAours1", "CAours2", "CAours3"]

    def test_nor_do_they_reach_anothers_call_or_dispute(self, month: House) -> None:
        number = disputed(month, "CAtheirs", THEIRS, 6)
        browser = month.signed_in(Role.CONTRACTOR)
        assert browser.get("/company/calls/CAtheirs/dispute").status_code == 404
        assert browser.post("/company/calls/CAtheirs/dispute", at="/company", text="x").status_code == 404
        assert browser.post(f"/company/disputes/{number}/withdraw", at="/company").status_code == 404
        assert browser.get(f"/reports/disputes/{number}").status_code == 403
        assert [action for _, action, _ in deeds(month.database) if action in ("dispute", "withdraw")] == ["dispute"]

    def test_of_a_month_of_which_calls_were_destroyed_it_says_so(self, month: House) -> None:
        browser = month.signed_in(Role.CONTRACTOR)
        assert "Ofullständig" not in browser.get("/company/statement").text
        order = Order("calls", datetime(2026, 11, 3, 23, tzinfo=UTC), "KS 1", date(2026, 3, 1))
        with month.database.writing() as connection:
            Protocol("retention", month.now).add(connection, order, Counter({"trygghetscenter": 2}))
        assert "samtal från före 2026-11-04 är gallrade enligt beslut" in browser.get("/company/statement").text

    def test_of_calls_whose_events_alone_were_destroyed_it_says_so(self, month: House) -> None:
        browser = month.signed_in(Role.CONTRACTOR)
        assert "Varje rad kan räknas fram" in browser.get("/company/statement").text
        order = Order("events", datetime(2026, 11, 3, 23, tzinfo=UTC), "KS 1", date(2026, 3, 1))
        with month.database.writing() as connection:
            Protocol("retention", month.now).add(connection, order, Counter({"trygghetscenter": 9}))
        page = browser.get("/company/statement").text
        assert "Händelserna i 3 av 3 samtal är gallrade enligt beslut" in page
        assert "Varje rad kan räknas fram" not in page

    def test_staff_see_any_company_whatever_it_is_called(self, month: House) -> None:
        browser = month.signed_in(Role.REVIEWER)
        link = re.search(r'href="(/reports/contract/Sydvakt[^"]*)"', browser.get("/reports").text)
        assert link
        page = browser.get(link[1].replace("&amp;", "&"))
        assert shown(page.text) == ["CAtheirs"]
        assert "Bestrid<" not in page.text

    @pytest.mark.parametrize("company", ODD.values(), ids=ODD)
    def test_every_link_to_it_leads_there(self, house: House, company: str) -> None:
        """From the report to the statement, to the month before and back, to its files, and from a settled dispute."""
        keep(house.database, [offered_to(company, "CAodd", 6)])
        number = disputed(house, "CAodd", company, 6)
        browser = house.signed_in(Role.REVIEWER)
        statement, before = (links(browser.get(path).text) for path in ("/reports", "/reports?period=last-month"))
        assert before == []
        page = browser.get(statement[0])
        assert shown(page.text) == ["CAodd"]
        earlier, *files = links(page.text)
        assert statement[0] in links(browser.get(earlier).text)
        assert [browser.get(file).mimetype for file in files] == ["text/csv", XLSX]
        settled = browser.post(f"/reports/disputes/{number}", text="Ja")
        back = urlsplit(settled.headers["Location"])
        assert back.path == statement[0]
        assert browser.get(back.path).status_code == 200
        assert all(len(path) < LONGEST_ADDRESS for path in statement)

    @pytest.mark.parametrize("month_", ["2026-13", "2026-1", "x", "2026-11-01", "0001-01"])
    def test_what_is_no_month_is_not_there(self, month: House, month_: str) -> None:
        assert month.signed_in(Role.CONTRACTOR).get(f"/company/statement/{month_}").status_code == 404

    def test_a_company_that_nobody_knows_is_not_there(self, month: House) -> None:
        browser = month.signed_in(Role.REVIEWER)
        assert browser.get("/reports/contract/Nobody/2026-11").status_code == 404
        assert browser.get("/reports/contract/Nordbevakning AB/2020-01").status_code == 200


class TestWhatStandsInIt:
    def test_sums_and_lines(self, month: House) -> None:
        page = month.signed_in(Role.REVIEWER).get(STATEMENT).text
        assert "66,7 %" in page
        assert "2026-11-03 19:00:00" in page
        assert page.count("0:01:01") == 2
        assert "Tackade nej" in page
        assert 'href="/reports/contract/Nordbevakning%20AB/2026-10"' in page
        assert "2026-12" not in page  # which is to come
        assert month.signed_in(Role.REVIEWER).speaks("en").get(STATEMENT).text.count("Contract statement") == 2

    def test_what_was_promised_though_nobody_called(self, month: House) -> None:
        page = month.signed_in(Role.CONTRACTOR).get("/company/statement/2026-03").text
        assert "Företaget erbjöds inga samtal" in page
        assert "80\u00a0% inom 30\u00a0s" in page
        assert "Avtalet anger ingen svarstid" not in page

    @pytest.mark.parametrize(
        ("asked", "calls"),
        [
            ("show=missed", ["CAours2"]),
            ("show=disputed", ["CAours3"]),
            ("day=2026-11-03", ["CAours1"]),
            ("show=missed&day=2026-11-03", []),
            ("show=nothing", ["CAours1", "CAours2", "CAours3"]),
        ],
    )
    def test_some_of_them(self, month: House, asked: str, calls: list[str]) -> None:
        disputed(month, "CAours3", day=5)
        assert shown(month.signed_in(Role.REVIEWER).get(f"{STATEMENT}?{asked}").text) == calls

    def test_more_than_fit_on_a_page_stand_on_several(self, month: House) -> None:
        named = [f"CA{number:04}" for number in range(MOST_LINES + 1)]
        keep(month.database, [offered_to(OURS, call_id, 7, Outcome.DECLINED) for call_id in named])
        browser = month.signed_in(Role.REVIEWER)
        first = browser.get(f"{STATEMENT}?show=missed")
        again = browser.get(STATEMENT + one(r'href="(\?[^"#]*)#calls" rel="next"', first.text).replace("&amp;", "&"))
        assert shown(first.text) + shown(again.text) == named
        assert ('rel="next"' in again.text, 'rel="prev">Tidigare' in again.text) == (False, True)
        assert "Samtal 301 till 301 av 301" in again.text
        assert shown(browser.get(f"{STATEMENT}?show=missed&page=99999").text) == shown(first.text)

    @pytest.mark.parametrize(
        ("role", "path"), [(Role.REVIEWER, STATEMENT), (Role.CONTRACTOR, "/company/statement/2026-11")]
    )
    def test_as_a_file(self, month: House, role: Role, path: str) -> None:
        browser = month.signed_in(role)
        disputed(month, reason="=1+1")
        rows = csv_rows(browser.get(f"{path}.csv").data.decode())
        assert [(row["call_id"], row["outcome"], row["reason"]) for row in rows] == [
            ("CAours1", "answered", ""),
            ("CAours2", "declined", "'=1+1"),
            ("CAours3", "answered", ""),
        ]
        assert browser.get(f"{path}.xlsx").data[:2] == b"PK"


class TestDispute:
    def test_from_beginning_to_end(self, month: House) -> None:
        contractor, reviewer = month.signed_in(Role.CONTRACTOR), month.signed_in(Role.REVIEWER)
        form = "/company/calls/CAours2/dispute"
        assert f'href="{form}"' in contractor.get("/company/statement").text
        answer = contractor.post(form, text=f" {NASTY}\n\x00 ")
        assert answer.headers["Location"] == "/company/statement/2026-11?done=disputed#call-CAours2"
        page = contractor.get(answer.headers["Location"]).text
        assert "märkt som bestritt" in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page

        assert "Bestridda samtal att avgöra" in reviewer.get("/reports").text
        answer = reviewer.post("/reports/disputes/1", text="Räknas inte")
        assert answer.headers["Location"].startswith(
            "/reports/contract/Nordbevakning%20AB/2026-11?done=dispute-settled"
        )
        assert "Avgjort:" in reviewer.get(STATEMENT).text
        assert "Räknas inte" in contractor.get("/company/statement").text
        assert (
            reviewer.post("/reports/disputes/1", at="/today", text="Igen").headers["Location"].endswith("dispute-over")
        )
        assert [deed for deed in deeds(month.database) if deed[1] in ("dispute", "settle")] == [
            ("cecilia", "dispute", "call CAours2"),
            ("bertil", "settle", "call CAours2"),
        ]

    def test_it_is_taken_back(self, month: House) -> None:
        number = disputed(month)
        browser = month.signed_in(Role.CONTRACTOR)
        path = f"/company/disputes/{number}/withdraw"
        assert f'action="{path}"' in browser.get("/company/statement").text
        assert "done=dispute-withdrawn" in browser.post(path, at="/company").headers["Location"]
        assert "done=dispute-over" in browser.post(path, at="/company").headers["Location"]
        assert "Återtaget:" in browser.get("/company/statement").text
        assert browser.post("/company/calls/CAours2/dispute", text="Igen").status_code == 303

    @pytest.mark.parametrize(
        ("text", "said"), [(" \x00\n", "Skriv varför"), ("x" * 201, "högst 200"), ("x" * 10_000, "högst 200")]
    )
    def test_what_cannot_be_said(self, month: House, text: str, said: str) -> None:
        answer = month.signed_in(Role.CONTRACTOR).post("/company/calls/CAours2/dispute", text=text)
        assert (answer.status_code, said in answer.text) == (422, True)

    def test_nor_is_the_callers_number(self, month: House) -> None:
        """The statement prints what is said, and it outlives an erasure."""
        with month.database.writing() as connection:
            connection.execute(update(CallerRow).values(number=CITIZEN.e164))
        answer = month.signed_in(Role.CONTRACTOR).post("/company/calls/CAours2/dispute", text="070-1740650 ringde")
        assert (answer.status_code, "Utelämna numret" in answer.text) == (422, True)
        number = disputed(month)
        answer = month.signed_in(Role.REVIEWER).post(f"/reports/disputes/{number}", text="nej 0701740650")
        assert (answer.status_code, "Utelämna numret" in answer.text) == (422, True)

    def test_a_company_does_not_learn_by_trying_who_called(self, month: House) -> None:
        """Where the hash alone is kept, any number is refused to them, and to us the caller's."""
        with month.database.writing() as connection:
            kept = {"number": None, "key": PSEUDONYMIZER.key(CITIZEN.e164), "key_id": PSEUDONYMIZER.key_id}
            connection.execute(update(CallerRow).values(**kept))
        for text in ("070-1740650 ringde", "070-1740651 ringde"):
            answer = month.signed_in(Role.CONTRACTOR).post("/company/calls/CAours2/dispute", text=text)
            assert (answer.status_code, "Utelämna numret" in answer.text) == (422, True)
        path = f"/reports/disputes/{disputed(month)}"
        reviewer = month.signed_in(Role.REVIEWER)
        assert reviewer.post(path, text="Nej, 0701740650").status_code == 422
        assert reviewer.post(path, text="Nej, 0701740651").status_code == 303

    def test_nothing_is_settled_without_words(self, month: House) -> None:
        number = disputed(month)
        answer = month.signed_in(Role.REVIEWER).post(f"/reports/disputes/{number}", text="")
        assert (answer.status_code, "kom överens" in answer.text) == (422, True)

    def test_a_call_is_disputed_once_at_a_time(self, month: House) -> None:
        disputed(month)
        answer = month.signed_in(Role.CONTRACTOR).post("/company/calls/CAours2/dispute", text="Igen")
        assert (answer.status_code, "redan bestritt" in answer.text) == (422, True)

    def test_no_other_site_disputes(self, month: House) -> None:
        answer = month.signed_in(Role.CONTRACTOR).post("/company/calls/CAours2/dispute", site="cross-site", text="x")
        assert answer.status_code == 403

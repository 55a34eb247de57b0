"""Hostile words wherever people, callers and the schedule can put them, through every page, feed and export there is.

Nothing here names a page: from each GET address of the role matrix on, every link of this site is followed, and every
form is sent with hostile words in its fields. What is added to the matrix is looked at by itself; an endpoint that was
never answered fails the test.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from callrouter.calllog.disputes import dispute
from callrouter.calllog.export import Format, Order, export
from callrouter.calllog.export.research import Made, ResearchOrder, export_research
from callrouter.calllog.ledger import statement
from callrouter.calllog.statement import statement_csv
from callrouter.calllog.statement_page import statement_page
from callrouter.domain.call_filter import EVERYTHING
from callrouter.domain.ledger import Dispute
from callrouter.domain.period import Period
from callrouter.domain.words import Role, Scope
from callrouter.people import api_tokens, links, users
from tests.calllog.export.rows import START, made
from tests.calllog.export.rows import keep as kept
from tests.people.somebody import BY, NOON
from tests.schedules import STOCKHOLM
from tests.web.pages.harm import Look, wrong_with
from tests.web.pages.hostile import HOSTILE, fill
from tests.web.pages.house import Browser, House
from tests.web.pages.test_access import BY_TOKEN, MATRIX, PATHS
from tests.web.pages.test_phone_network import at_the_phones
from tests.web.stage import Stage

ELSEWHERE = {
    *("static", "provider.there", "provider.back", "home.home"),  # nothing of ours is in them
    "calls.message",  # sound
    *("phone_network.page", "phone_network.call", "phone_network.now"),  # below
}
UNSENT = {
    *("sign_in.leave", "account.leave_everywhere", "account.change_password", "users.change"),  # they end the session
    *("exports.ask", "exports.ask_research", "back_ups.make", "back_ups.check"),  # children; what they write is below
}
TYPED_INTO = {
    *("sign_in.enter", "welcome.set_password", "calls.find_caller", "calls.note", "calls.follow_up"),
    *("calls.follow_up_done", "call_backs.done", "by_hand.make", "schedule_edit.review", "disputes.make"),
    *("disputes.settle", "users.add", "holds.add"),
}
"""Forms that people write in; what others send is only chosen."""

MOST_OF_ONE = 6
"""So many addresses of one endpoint are looked at: the filters of a list lead to lists without an end."""


@dataclass
class Walk:
    """One role's way through all pages that it finds, and what was wrong on it."""

    house: House
    role: Role | None
    seen: dict[str, int] = field(default_factory=dict)
    of_one: Counter[str] = field(default_factory=Counter)
    text: str = ""
    sent: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def go(self, *more: str) -> None:
        browser = self.house.signed_in(self.role) if self.role else self.house.browser()
        ahead = [path for admitted, paths in MATRIX if self.role in admitted for path in paths.values()]
        ahead = [*more, *(path for path in ahead if " " not in path)]
        while ahead:
            path = ahead.pop(0)
            if path in self.seen or not self.is_wanted(path):
                continue
            answer = browser.get(path)
            self.seen[path] = answer.status_code
            ahead += [link for link in self.look_at(path, answer) if link not in self.seen]
            self.send(browser, path, answer)

    def send(self, browser: Browser, path: str, page: TestResponse) -> None:
        """Each form of the page, once an endpoint."""
        look = Look()
        look.feed(page.text if page.mimetype == "text/html" else "")
        for form in look.forms:
            action = urljoin(path, form.action) if form.action else path
            endpoint = self.endpoint_of(action, "POST")
            if endpoint and endpoint not in self.sent and endpoint not in UNSENT:
                answer = browser.client.post(
                    action,
                    data=form.filled(self.text),
                    headers={"Sec-Fetch-Site": "same-origin"},
                    base_url=browser.public_url,
                    buffered=True,
                )
                self.sent[endpoint] = answer.status_code
                list(self.look_at(f"POST {action}", answer))

    def endpoint_of(self, path: str, method: str) -> str | None:
        """The page of ours that it leads to, if any."""
        try:
            endpoint, _ = self.house.app.url_map.bind("").match(unquote(urlsplit(path).path), method=method)
        except HTTPException:
            return None
        return str(endpoint)

    @property
    def answered(self) -> set[str | None]:
        return {self.endpoint_of(path, "GET") for path, status in self.seen.items() if status == 200}

    def is_wanted(self, path: str) -> bool:
        """Whether it is a page of ours of which not enough addresses were looked at yet."""
        endpoint = self.endpoint_of(path, "GET") or "static"
        self.of_one[endpoint] += 1
        return endpoint != "static" and self.of_one[endpoint] <= MOST_OF_ONE

    def look_at(self, path: str, answer: TestResponse) -> Iterator[str]:
        """The pages of this site that it leads to."""
        if answer.status_code >= 500 or "X-Hostile" in answer.headers:
            self.wrong.append(f"{path}: {answer.status_code}")
        for what in wrong_with(str(answer.mimetype), answer.data):
            self.wrong.append(f"{path}: {what}")
        if answer.mimetype == "text/html":
            look = Look()
            look.feed(answer.text)
            for link in look.links:
                to = urlsplit(urldefrag(urljoin(path, link)).url)
                if not to.netloc:
                    yield to.path + (f"?{to.query}" if to.query else "")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_does_nothing_on_any_page(house: House, text: str) -> None:
    fill(house, text)
    with house.database.writing() as connection:
        users.add(connection, "new", Role.REVIEWER, None, BY)
        welcome = f"/welcome/{links.made(connection, 'new', BY)}"
    answered: set[str | None] = set()
    sent: set[str] = set()
    for role in (None, *Role):
        walk = Walk(house, role, text=text)
        if role is Role.CONTRACTOR:
            house.signed_in(role)
            with house.database.writing() as connection:
                connection.exec_driver_sql("UPDATE user SET company = ?", (text.replace("\0", "\ufffd"),))
        walk.go(*([] if role else [welcome]))
        assert walk.wrong == []
        answered |= walk.answered
        sent |= set(walk.sent)
    asked_for = {endpoint for endpoint, path in PATHS.items() if " " not in path} - set(BY_TOKEN)
    assert asked_for - answered == ELSEWHERE
    assert sent >= TYPED_INTO


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nor_on_the_phone_network(house: House, text: str) -> None:
    fill(house, text)
    browser = at_the_phones(house, Stage(lambda: house.loaded.schedule))
    pages = [browser.get("/phone-network")]
    call = browser.post("/phone-network/calls", at="/phone-network", unit="trygghetscenter").headers["Location"]
    for seconds in (0, 30, 300):
        house.now += timedelta(seconds=seconds)
        pages += [browser.get(call), browser.get(f"{call}/now")]
    assert [page.status_code for page in pages] == [200] * 7
    assert [what for page in pages for what in wrong_with(str(page.mimetype), page.data)] == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nor_through_the_api(house: House, text: str) -> None:
    calls = fill(house, text)
    with house.database.writing() as connection:
        token = api_tokens.add(connection, "all", list(Scope), EVERYTHING, None, BY)
    one = f"/api/v1/calls/{calls[0].record.day}/{calls[0].record.call_id}"
    for path in (*BY_TOKEN.values(), one):
        answer = house.app.test_client().get(
            path, headers={"Authorization": f"Bearer {token}"}, base_url=house.public_url
        )
        assert answer.status_code == (404 if path.endswith("/x") else 200), answer.text
        assert wrong_with(str(answer.mimetype), answer.data) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("legs", [False, True])
@pytest.mark.parametrize("kind", Format)
def test_nor_in_any_file(house: House, tmp_path: Path, kind: Format, text: str, legs: bool) -> None:
    if kind is Format.PARQUET:
        pytest.importorskip("pyarrow", reason="no pyarrow: Parquet is an extra of its own")
    fill(house, text)
    file = tmp_path / f"calls.{kind}"
    period = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    rows = export(house.database, Order(period, file, kind, legs=legs, show_numbers=True), lambda _progress: None)
    assert rows > 0
    told = file.read_bytes()
    mimetype = {
        Format.CSV: "text/csv",
        Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    assert wrong_with(mimetype.get(kind, ""), told) == []
    if kind is Format.JSONL:
        assert len([json.loads(line) for line in told.splitlines()]) == rows


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nor_in_what_research_is_given(house: House, tmp_path: Path, text: str) -> None:
    """Words of the schedule alone come that far; calls that are rare do not."""
    names = {"unit": text, "answered_destination": text, "answered_company": text, "answered_person": text}
    calls = [made(f"CA{n}", START + timedelta(seconds=n), key=f"{n:064}", **names) for n in range(6)]
    period, folder = kept(house.database, calls), tmp_path / "research"
    told = export_research(house.database, ResearchOrder(period, folder, STOCKHOLM), lambda _progress: None)
    assert told == Made(6, 0)
    assert [what for file in folder.glob("*.csv") for what in wrong_with("text/csv", file.read_bytes())] == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nor_in_a_statement(house: House, text: str) -> None:
    calls = fill(house, text)
    company, month = text.replace("\0", "\ufffd"), Period.month(2026, 11)
    offered = next(call for call in calls if call.record.legs)
    with house.database.writing() as connection:
        dispute(connection, (offered.record.day, offered.record.call_id), Dispute(1, company, text, text, NOON))
        told = statement(connection, company, month, house.loaded.schedule)
    assert wrong_with("text/html", statement_page(told, NOON).encode()) == []
    assert wrong_with("text/csv", statement_csv(told).encode()) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", "<p><hostile></p>"),
        ("text/html", "<p onclick='x'></p>"),
        ("text/html", "<p style='x'></p>"),
        ("text/html", "<script>alert(1)</script>"),
        ("text/html", "<a href='javascript:alert(1)'>x</a>"),
        ("text/html", "<p>426763565</p>"),
        ("text/html", "<p>\x07</p>"),
        ("text/csv", "a,=1+1\r\n"),
        ("text/csv", "-1+1\r\n"),
    ],
)
def test_what_is_not_harmless_is_seen(kind: str, body: str) -> None:
    assert wrong_with(kind, body.encode()) != []

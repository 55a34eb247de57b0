"""Hostile words wherever people, callers and the schedule can put them, through every page, feed and export there is.

Nothing here names a page: from each GET address of the role matrix on, every link of this site is followed. What is
added to the matrix is looked at by itself.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from callrouter.calllog.disputes import dispute
from callrouter.calllog.export import Format, Order, export
from callrouter.calllog.ledger import statement
from callrouter.calllog.statement import statement_csv
from callrouter.calllog.statement_page import statement_page
from callrouter.domain.call_filter import EVERYTHING
from callrouter.domain.ledger import Dispute
from callrouter.domain.period import Period
from callrouter.domain.words import Role, Scope
from callrouter.people import api_tokens
from tests.people.somebody import BY, NOON
from tests.web.pages.harm import Look, wrong_with
from tests.web.pages.hostile import HOSTILE, fill
from tests.web.pages.house import House
from tests.web.pages.test_access import BY_TOKEN, MATRIX

MOST_OF_ONE = 6
"""So many addresses of one endpoint are looked at: the filters of a list lead to lists without an end."""


@dataclass
class Walk:
    """One role's way through all pages that it finds, and what was wrong on it."""

    house: House
    role: Role | None
    seen: dict[str, int] = field(default_factory=dict)
    of_one: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def go(self) -> None:
        browser = self.house.signed_in(self.role) if self.role else self.house.browser()
        ahead = [
            path for admitted, paths in MATRIX if self.role in admitted for path in paths.values() if " " not in path
        ]
        while ahead:
            path = ahead.pop(0)
            if path in self.seen or not self.is_wanted(path):
                continue
            answer = browser.get(path)
            self.seen[path] = answer.status_code
            ahead += [link for link in self.look_at(path, answer) if link not in self.seen]

    def is_wanted(self, path: str) -> bool:
        """Whether it is a page of ours of which not enough addresses were looked at yet."""
        try:
            endpoint, _ = self.house.app.url_map.bind("").match(urlsplit(path).path, method="GET")
        except HTTPException:
            return False
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
    seen: set[str] = set()
    for role in (None, *Role):
        walk = Walk(house, role)
        if role is Role.CONTRACTOR:
            house.signed_in(role)
            with house.database.writing() as connection:
                connection.exec_driver_sql("UPDATE user SET company = ?", (text.replace("\0", ""),))
        walk.go()
        assert walk.wrong == []
        seen |= set(walk.seen)
    assert len(seen) > 15


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

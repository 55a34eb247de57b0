"""Each route that shows something is measured: an address of it is looked at, or it says why there is none."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Blueprint, Flask
from sqlalchemy import func, select

from bench.addresses import LEFT_OUT, addresses
from bench.fill import fill
from bench.furnishing import furnished
from bench.generated_calls import Plan
from bench.pages import held, measured, view
from bench.site import looking, site_of
from callrouter.calllog.database import Database
from callrouter.calllog.tables import ApiTokenRow, AuditRow, CallBackRow, DisputeRow, SessionRow, Table, UserRow
from callrouter.web.pages import FAMILIES, create_pages
from callrouter.web.site import Site

LAST_EVENING = datetime(2026, 10, 31, 19, tzinfo=UTC)
PUT: tuple[type[Table], ...] = (UserRow, SessionRow, ApiTokenRow, CallBackRow, DisputeRow, AuditRow)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    there = f"sqlite:///{tmp_path_factory.mktemp('bench') / 'calls.db'}"
    fill(Plan(3000, date(2026, 11, 1), days=3, ways=10), [there], processes=1)
    return there


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[Site]:
    database = Database(url)
    yield site_of(url, database, tmp_path, LAST_EVENING)
    database.close()


def not_looked_at(app: Flask, paths: Iterable[str]) -> set[str]:
    """The routes that somebody can look at, but for those that are left out, and that no path leads to."""
    adapter = app.url_map.bind("localhost")
    looked_at = {adapter.match(urlsplit(path).path)[0] for path in paths}
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert looked_at.isdisjoint(LEFT_OUT)
    assert routes >= LEFT_OUT.keys()
    return routes - looked_at - LEFT_OUT.keys()


def family(_site: Site) -> Blueprint:
    routes = Blueprint("new", __name__)
    routes.get("/new")(lambda: "")
    return routes


@pytest.mark.parametrize(("more", "missing"), [((), set()), ((family,), {"new.<lambda>"})])
def test_a_new_page_is_not_forgotten(
    site: Site, more: tuple[Callable[[Site], Blueprint], ...], missing: set[str]
) -> None:
    with furnished(site) as there:
        paths = [path for some in addresses(there).values() for path in some]
    assert not_looked_at(create_pages(site, [*FAMILIES, *more]), paths) == missing


def test_every_page_answers_whoever_looks(site: Site) -> None:
    app = create_pages(site)
    with furnished(site) as there:
        for who, paths in addresses(there).items():
            browser = looking(app, site, who)
            for path in paths:
                view(browser, path)


def test_nothing_stays_in_the_log_that_was_put_there(site: Site) -> None:
    def rows() -> list[int]:
        with site.database.reading() as connection:
            return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in PUT]

    before = rows()
    with furnished(site):
        assert rows() != before
    assert rows() == before


def test_a_page_is_measured_beside_its_queries(url: str, site: Site) -> None:
    (is_met, cells), *_ = measured(url, site.database, site.now(), "/account", 0)
    page, _first, _server, _busy, queries, by_hand, _ratio, goal = cells
    assert (page, queries, is_met) == ("/account", "2", "missed" not in goal)
    assert by_hand != "–"


@pytest.mark.parametrize(
    ("path", "server", "driver", "is_met", "goal"),
    [
        ("/today", 15.0, 0.1, True, "≤ 15"),
        ("/today", 15.1, 0.1, False, "≤ 15 **missed**"),
        ("/today", 30.0, 10.0, True, "≤ 30"),
        ("/today", 30.1, 10.0, False, "≤ 30 **missed**"),
        ("/reports/heat.csv", 30.1, 10.0, False, "≤ 30 **missed**"),
        ("/reports/heat.xlsx?period=last-month", 99.0, 1.0, True, "–"),
    ],
)
def test_pages_are_held_against_their_queries_and_workbooks_are_not(
    path: str, server: float, driver: float, is_met: bool, goal: str
) -> None:
    assert held(path, server, driver) == (is_met, goal)

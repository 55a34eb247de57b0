"""Whoever disturbs looks at what the measurement says: reports of a year, each of another one, over days of the log."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bench.disturbed import EACH, reports
from bench.fill import fill
from bench.furnishing import furnished
from bench.generated_calls import Plan
from bench.questions import Driver
from bench.site import PUBLIC_URL, looking, site_of
from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from callrouter.web.pages import create_pages

TEN_YEARS, ONE_YEAR = (date(2016, 11, 1), date(2026, 10, 31)), (date(2025, 11, 1), date(2026, 10, 31))


def test_the_reports_are_of_a_year_each_of_another_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    fill(Plan(300, date(2026, 11, 1), days=30, ways=10), [url], processes=1)
    first, last = Driver(url).days()
    database = Database(url)
    site = site_of(url, database, tmp_path, datetime(2026, 10, 31, 19, tzinfo=UTC))
    shown = set()
    with furnished(site):
        browser = looking(create_pages(site), site, Role.ADMINISTRATOR)
        for path in reports(first, last):
            page = browser.get(path, base_url=PUBLIC_URL).text
            end = next(day for day in _days(first, last) if f'name="to" value="{day}"' in page)
            assert f'name="from" value="{end - timedelta(days=364)}"' in page
            shown.add(end)
    database.close()
    assert len(shown) == EACH


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("log", "ends"),
    [
        (TEN_YEARS, ["2026-10-31", "2025-10-31", "2024-10-31", "2023-11-01", "2022-11-01"]),
        (ONE_YEAR, ["2026-10-31", "2026-08-20", "2026-06-09", "2026-03-29", "2026-01-16"]),
    ],
)
def test_they_end_a_year_apart_or_as_far_as_the_log_allows(log: tuple[date, date], ends: list[str]) -> None:
    assert [path[-10:] for path in reports(*log)] == ends

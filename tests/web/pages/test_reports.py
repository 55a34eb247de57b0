"""Reports as pages: what is asked for in the address, what charts say, what is not said of few; and the files."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from statistics import median_low
from typing import Any
from urllib.parse import urlencode

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Row, event, update
from sqlalchemy.engine import Engine

from callrouter.calllog.destruction import Order, Protocol
from callrouter.calllog.reports import Asked, repeat_callers, total
from callrouter.calllog.tables import ProjectionRow
from callrouter.domain.period import Period
from callrouter.domain.words import Role
from tests.calllog.export.files import csv_rows
from tests.calllog.records import keep, records
from tests.calllog.told import call_rows
from tests.web.pages.house import House

NOVEMBER = Period.month(2026, 11)
FILES = ("total", "unit", "company", "heat", "day", "month", "waits")


@pytest.fixture
def busy(house: House) -> House:
    """Some hundred calls of three months, up to the day before."""
    keep(house.database, records(3, 400, datetime(2026, 9, 1, tzinfo=UTC), 83))
    return house


def offered(house: House, period: Period = NOVEMBER, **more: Any) -> int:
    with house.database.reading() as connection:
        return total(connection, Asked(period, **more)).offered


def tile(page: str, name: str) -> str:
    found = re.search(rf"<dt>{name}</dt><dd>([^<]*)</dd>", page)
    assert found, name
    return found[1]


class TestWhatIsAskedFor:
    @pytest.mark.parametrize(
        ("address", "period"),
        [
            ("/reports", NOVEMBER),
            ("/reports?period=this-month", NOVEMBER),
            ("/reports?period=last-month", Period.month(2026, 10)),
            ("/reports?period=this-year", Period.year(2026)),
            ("/reports?period=nothing", NOVEMBER),
            ("/reports?from=2026-10-10&to=2026-11-05", Period(date(2026, 10, 10), date(2026, 11, 5))),
        ],
    )
    def test_the_period_stands_in_the_address(self, busy: House, address: str, period: Period) -> None:
        page = busy.signed_in(Role.REVIEWER).get(address)
        assert page.status_code == 200
        assert tile(page.text, "Samtal") == str(offered(busy, period))
        assert f'name="from" value="{period.first}"' in page.text

    def test_so_does_the_unit(self, busy: House) -> None:
        page = busy.signed_in(Role.REVIEWER).get("/reports?unit=centre").text
        assert tile(page, "Samtal") == str(offered(busy, unit="centre"))
        assert 'id="units-head"' not in page
        assert 'href="/reports?period=last-month&amp;unit=centre"' in page
        assert busy.signed_in(Role.REVIEWER).get("/reports?unit=nowhere").status_code == 404

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("from=2026-11-01", "Ange två datum"),
            ("from=x&to=2026-11-30", "Ange två datum"),
            ("from=9999-11-01&to=9999-11-30", "Ange två datum"),
            ("from=2026-11-02&to=2026-11-01", "slutar före sin början"),
            ("from=2000-01-01&to=2026-11-01", "högst tio år"),
        ],
    )
    def test_what_is_no_period_is_said(self, busy: House, typed: str, said: str) -> None:
        page = busy.signed_in(Role.REVIEWER).get(f"/reports?{typed}")
        assert (page.status_code, said in page.text) == (422, True)
        assert tile(page.text, "Samtal") == str(offered(busy))

    def test_calls_of_another_origin_are_not_counted(self, busy: House) -> None:
        assert offered(busy, origin="phone-network") > 0
        with busy.database.reading() as connection:
            both = sum(total(connection, Asked(NOVEMBER, each)).offered for each in ("real", "phone-network"))
        assert int(tile(busy.signed_in(Role.REVIEWER).get("/reports").text, "Samtal")) < both


def written(answered: list[Row[Any]]) -> str:
    """The median of their waits by nearest rank, as a report writes it."""
    seconds = [call.seconds_to_answer for call in answered if call.seconds_to_answer is not None]
    return f"{'~' * (len(seconds) < 5)}{median_low(seconds)} s"


@contextmanager
def overheard() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of any database meanwhile: statements and their values."""
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("address", ["/reports", "/reports?period=this-year", "/reports/unit.csv", "/reports/heat.csv"])
def test_nothing_is_asked_twice(busy: House, address: str) -> None:
    browser = busy.signed_in(Role.REVIEWER)
    with overheard() as asked:
        assert browser.get(address).status_code == 200
    selects = [each for each in asked if each[0].startswith(("SELECT", "WITH"))]
    assert len(selects) > 3
    assert [each for each, times in Counter(map(str, selects)).items() if times > 1] == []


class TestWhatIsShown:
    def test_each_chart_says_what_it_shows_of_how_many(self, busy: House) -> None:
        page = busy.signed_in(Role.REVIEWER).speaks("en").get("/reports").text
        assert page.count('role="img"') == 3
        for name in ("heat", "trend", "waits"):
            assert re.search(rf'<title id="{name}-title">[^<]+</title><desc id="{name}-said">[^<]*\d', page)
        assert page.count('<p class="n">') == 7
        assert page.count("<caption") == page.count("<table")
        assert "of the calls were answered" in page

    def test_half_of_the_callers_waited_at_most_the_median(self, busy: House) -> None:
        """Of all, of each unit, and of each month."""
        page = busy.signed_in(Role.REVIEWER).get("/reports?period=this-year").text
        answered = [
            call
            for call in call_rows(busy.database)
            if (call.origin, call.disposition) == ("real", "answered") and (call.local_time or "").startswith("2026")
        ]
        assert tile(page, "Svarstid, median") == written(answered)
        for unit in ("centre", "field"):
            row = re.split(rf'<th scope="row"><a href="/reports\?[^"]*unit={unit}\b', page)[1].partition("</tr>")[0]
            assert row.endswith(f"<td>{written([call for call in answered if call.unit == unit])}</td>")
        for month, name in ((9, "september"), (10, "oktober"), (11, "november")):
            row = page.partition(f'<th scope="row">{name} 2026</th>')[2].partition("</tr>")[0]
            of_month = [call for call in answered if (call.local_time or "").startswith(f"2026-{month:02}")]
            assert row.endswith(f"<td>{written(of_month)}</td>")

    def test_every_chart_has_its_files(self, busy: House) -> None:
        browser = busy.signed_in(Role.REVIEWER)
        page = browser.get("/reports?unit=centre").text
        links = set(re.findall(r'href="(/reports/\w+\.(?:csv|xlsx)[^"]*)"', page))
        assert {re.split(r"[/.]", link)[2] for link in links} == {"total", "day", "waits", "heat", "company"}
        assert all("unit=centre" in link and "period=this-month" in link for link in links)
        assert {browser.get(link.replace("&amp;", "&")).status_code for link in links} == {200}
        assert 'CSV<span class="seen-by-readers">, per timme och veckodag</span>' in page
        assert not re.search(r'seen-by-readers">,? ?(total|day|waits|heat|company)<', page), "said aloud as they are"

    def test_a_long_period_is_told_by_months(self, busy: House) -> None:
        page = busy.signed_in(Role.REVIEWER).get("/reports?period=this-year").text
        assert '<th scope="row">september 2026</th>' in page
        assert '<th scope="row">januari 2026</th>' in page  # without a call: a gap is a figure, too
        assert '<th scope="row">december 2026</th>' not in page  # which is to come

    def test_few_calls_are_marked_and_nothing_is_found_in_them(self, house: House) -> None:
        keep(house.database, records(5, 4, datetime(2026, 11, 2, tzinfo=UTC), 3))
        page = house.signed_in(Role.REVIEWER).get("/reports").text
        assert offered(house) in (1, 2, 3, 4)
        assert "Färre än fem samtal" in page
        assert tile(page, "Svarsgrad").startswith("~")
        for title in (
            "Så slutade samtalen",
            "När samtalen kom",
            "Samtal dag för dag",
            "Hur länge de som ringde väntade",
        ):
            assert f">{title}</h2>" in page

    def test_of_nothing_nothing_is_drawn(self, house: House) -> None:
        page = house.signed_in(Role.REVIEWER).get("/reports").text
        assert "Inga samtal under perioden." in page
        assert "<svg" not in page

    def test_what_may_be_missing_is_said(self, busy: House) -> None:
        with busy.database.writing() as connection:
            long_ago = datetime(2026, 11, 3, tzinfo=UTC)
            connection.execute(update(ProjectionRow).values(day=long_ago.date(), at=long_ago))
        assert "Samtal sedan 2026-11-03 kan saknas" in busy.signed_in(Role.REVIEWER).get("/reports").text

    def test_a_unit_called_like_markup_stays_text(self, house: House) -> None:
        name = '<script>alert(1)</script>" onload="x'
        calls = records(3, 60, datetime(2026, 11, 1, tzinfo=UTC), 20)
        keep(house.database, [each if each.unit is None else replace(each, unit=name) for each in calls])
        page = house.signed_in(Role.REVIEWER).get("/reports").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert house.signed_in(Role.REVIEWER).get(f"/reports?{urlencode({'unit': name})}").status_code == 200


class TestCallers:
    def test_they_are_counted_when_asked_for(self, busy: House) -> None:
        browser = busy.signed_in(Role.REVIEWER)
        assert "Kända uppringare" not in browser.get("/reports").text
        link = re.search(r'href="(/reports/callers[^"]*)"', browser.get("/reports?unit=centre").text)
        assert link
        page = browser.get(link[1].replace("&amp;", "&")).text
        with busy.database.reading() as connection:
            found = repeat_callers(connection, Asked(NOVEMBER, unit="centre"))
        assert f"<dd>{found.callers}</dd>" in page
        assert f"<dd>{found.unknown}</dd>" in page
        assert 'href="/reports?period=this-month&amp;unit=centre"' in page

    def test_those_of_calls_that_were_destroyed_are_not_passed_over_in_silence(self, busy: House) -> None:
        browser = busy.signed_in(Role.REVIEWER)
        assert "Ofullständigt" not in browser.get("/reports/callers").text
        order = Order("calls", datetime(2026, 11, 3, 23, tzinfo=UTC), "KS 1", date(2026, 3, 1))
        with busy.database.writing() as connection:
            Protocol("retention", busy.now).add(connection, order, Counter({"centre": 1}))
        assert "samtal från före 2026-11-04 är gallrade enligt beslut" in browser.get("/reports/callers").text


class TestFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_both_hold_the_same(self, busy: House, name: str) -> None:
        browser = busy.signed_in(Role.REVIEWER)
        as_csv, as_xlsx = (browser.get(f"/reports/{name}.{form}") for form in ("csv", "xlsx"))
        assert as_csv.headers["Content-Disposition"] == (
            f'attachment; filename="callrouter-{name}-2026-11-01-2026-11-30.csv"'
        )
        rows = csv_rows(as_csv.data.decode())
        heads, *cells = CalamineWorkbook.from_filelike(BytesIO(as_xlsx.data)).get_sheet_by_index(0).to_python()
        assert rows
        assert list(rows[0]) == heads
        assert len(rows) == len(cells)

    def test_what_is_no_table_is_not_there(self, busy: House) -> None:
        browser = busy.signed_in(Role.REVIEWER)
        for path in ("/reports/person.csv", "/reports/total.pdf", "/reports/x.csv", "/reports/unit.csv?unit=nowhere"):
            assert browser.get(path).status_code == 404

    def test_they_say_what_the_page_says(self, busy: House) -> None:
        browser = busy.signed_in(Role.REVIEWER)
        (row,) = csv_rows(browser.get("/reports/total.csv").data.decode())
        waits = csv_rows(browser.get("/reports/waits.csv").data.decode())
        assert row["offered"] == tile(browser.get("/reports").text, "Samtal")
        assert sum(int(each["answered"]) for each in waits) == int(row["seconds_to_answer_n"])
        assert sum(int(each["abandoned"]) for each in waits) == int(row["abandoned_after_n"])

    def test_of_nothing_it_has_heads_alone(self, house: House) -> None:
        assert house.signed_in(Role.REVIEWER).get("/reports/unit.csv").data.decode() == "\ufeffunit\r\n"

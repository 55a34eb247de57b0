"""What tasks do, in real child processes: exports, back-ups, checks, retention."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.export import ExportError, Format, Order
from callrouter.calllog.export.child import StoppedError
from callrouter.calllog.export.research import ResearchOrder
from callrouter.calllog.tables import AuditRow
from callrouter.domain.call_filter import CallFilter, SoughtCaller
from callrouter.domain.retention import Due
from callrouter.domain.words import Retained
from callrouter.tasks import works
from callrouter.tasks.runner import Place
from tests.calllog.aged import Store
from tests.calllog.export.files import csv_cells
from tests.calllog.export.rows import START, keep, made

NOON = datetime(2026, 12, 24, 12, tzinfo=UTC)
PERIOD = (START, START + timedelta(days=10))


@pytest.fixture
def log(database: Database) -> Database:
    """A call of each of ten days."""
    keep(database, [made(f"CA{n}", START + timedelta(days=n), key=f"{n:064}") for n in range(10)])
    return database


@pytest.fixture
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture
def place(tmp_path: Path, told: list[tuple[int, int]]) -> Place:
    return Place(tmp_path, lambda done, total: told.append((done, total)), Event())


def test_an_export(log: Database, url: str, place: Place, told: list[tuple[int, int]]) -> None:
    order = Order(PERIOD, Path("calls.csv"), Format.CSV)
    finished = works.export_of(url, order, "anna").work(place)
    assert (finished.result, finished.file) == ({"rows": 10}, "calls.csv")
    assert len(csv_cells(place.folder / "calls.csv")) == 10
    assert told[-1] == (1000, 1000)


def test_an_export_tells_all_that_was_asked_and_of_a_caller_no_number(url: str) -> None:
    caller = SoughtCaller("0123456789abcdef", "k1")
    wanted = CallFilter(unit="centre", company="Nord", answered=True, is_reviewed=False, caller=caller)
    order = Order(PERIOD, Path("calls.csv"), Format.CSV, wanted, legs=True, show_numbers=True)
    wish = works.export_of(url, order, "anna")
    assert wish.action == "export-numbers"
    assert wish.asked == {
        "from": PERIOD[0].isoformat(),
        "to": PERIOD[1].isoformat(),
        "unit": "centre",
        "company": "Nord",
        "answered": True,
        "is_reviewed": False,
        "caller": "01234567",
        "format": "csv",
        "legs": True,
        "numbers": True,
        "file": "calls.csv",
    }


def test_an_export_that_is_stopped_leaves_nothing(log: Database, url: str, place: Place) -> None:
    place.stop.set()
    with pytest.raises(StoppedError):
        works.export_of(url, Order(PERIOD, Path("calls.csv"), Format.CSV), "anna").work(place)
    assert list(place.folder.glob("**/*.csv")) == []


def test_research_is_packed(log: Database, url: str, place: Place) -> None:
    order = ResearchOrder(PERIOD, Path("research"), ZoneInfo("Europe/Stockholm"))
    finished = works.research_of(url, order, "anna").work(place)
    assert finished.file == "research.zip"
    with zipfile.ZipFile(place.folder / "research.zip") as packed:
        assert "research/about.md" in packed.namelist()
    assert not (place.folder / "research").exists()


def test_a_back_up_and_its_check(sqlite_url: str, place: Place) -> None:
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    target = place.folder / "copy.backup"
    finished = works.back_up_of(database, target, "anna").work(place)
    assert finished.result == {"bytes": target.stat().st_size}
    assert works.check_of(target, "anna").work(place).result == {"problems": []}
    target.write_bytes(target.read_bytes()[:8192] + b"damage" * 4096)
    assert works.check_of(target, "anna").work(place).result["problems"] != []


def test_no_back_up_of_what_is_not_there(place: Place) -> None:
    with pytest.raises(ExportError, match="unable to open"):
        works.back_up_of(place.folder / "none.db", place.folder / "copy.backup", "anna").work(place)


class TestAuditCheck:
    @pytest.fixture(autouse=True)
    def audited(self, database: Database) -> Database:
        with database.writing() as connection:
            for n in range(3):
                append(connection, Deed("anna", "review", f"call CA{n}", {}, NOON))
        return database

    def test_a_chain_that_holds(self, url: str, place: Place) -> None:
        found = works.audit_check_of(url, "anna").work(place).result
        assert (found["entries"], found["broken_at"]) == (3, None)

    def test_a_chain_that_was_changed(self, audited: Database, url: str, place: Place) -> None:
        with audited.writing() as connection:
            connection.execute(update(AuditRow).where(AuditRow.seq == 2).values(who="mallory"))
        found = works.audit_check_of(url, "anna").work(place).result
        assert (found["entries"], found["broken_at"]) == (1, 2)


def test_a_run_of_retention(log: Database, place: Place, told: list[tuple[int, int]]) -> None:
    due = Due(Retained.CALLS, START + timedelta(days=4), "KS-1", date(2026, 1, 1))
    wish = works.retention_of(log, Store, (due,), "anna", NOON)
    assert wish.work(place).result["count"] >= 4
    assert told[0] == (0, 4)
    with log.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM call")).scalar_one() == 6


def test_a_run_that_is_stopped_is_no_run_that_is_done(log: Database, place: Place) -> None:
    place.stop.set()
    due = Due(Retained.CALLS, START + timedelta(days=4), "KS-1", date(2026, 1, 1))
    with pytest.raises(StoppedError):
        works.retention_of(log, Store, (due,), "anna", NOON).work(replace(place))

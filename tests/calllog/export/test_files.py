"""What is exported and read back is what was in the log, whatever words are in it; numbers only if asked for."""

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from callrouter.calllog.database import Database
from callrouter.calllog.export import Format, Order, export, shown
from callrouter.calllog.export.cells import masked, neutral
from callrouter.calllog.export.columns import CALLS
from callrouter.calllog.spreadsheet import LONGEST_CELL, harmless
from callrouter.calllog.windows import Progress
from callrouter.domain.call_filter import CallFilter, Sight
from tests.calllog.export.files import csv_cells, csv_text, json_lines, meant, xlsx_rows
from tests.calllog.export.rows import CALL, CITIZEN, GUARD, LEG, OURS, START, keep, made, numbered

NASTY = (
    "=1+1",
    "+46701740650",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "'quoted'",
    '=HYPERLINK("https://example.org","x")',
    "a;b",
    'say "no"',
    "two\nlines",
    "two\r\nlines",
    "<b>bold</b>",
    "<r>rich</r>",
    "]]>&amp;",
    "_x000D_",
    "bell \x07",
    "nul \0 nul",
    "Ängeln på Öland",
    "😀",
    "long " * 2000,
)


def to_file(database: Database, folder: Path, **wish: Any) -> Path:
    format_ = Format(wish.pop("format", "csv"))
    period = wish.pop("period", (START, START + timedelta(days=1)))
    file = folder / f"calls.{format_}"
    export(database, Order(period, file, format_, **wish), lambda _progress: None)
    return file


@pytest.fixture
def export_of(database: Database, tmp_path: Path) -> Callable[..., Path]:
    return lambda **wish: to_file(database, tmp_path, **wish)


def stored(text: str) -> str:
    """What a database keeps of it."""
    return text.replace("\0", "\ufffd")


class TestCsv:
    def test_one_call(self, database: Database, export_of: Callable[..., Path]) -> None:
        keep(database, [made("CA1", reviewed_at=START, reviewed_by="eva", category="larm")])
        (row,) = csv_cells(export_of())
        instants = {name: datetime.fromisoformat(row.pop(name)) for name in ("received_at", "ended_at", "reviewed_at")}
        assert instants == {"received_at": START, "ended_at": START + timedelta(seconds=80), "reviewed_at": START}
        assert row == {
            "call_id": "CA1",
            "unit": "centre",
            "local_time": "2026-11-23T08:30:00.123456+01:00",
            "to": "'+468******00",
            "from": "'+467******50",
            "forwarded_from": "",
            "state": "closed",
            "decided_by": "hours",
            "reason": "mon-fri 10:00-15:00",
            "line": "14",
            "schedule_version": "c7e91f57",
            "redial": "false",
            "disposition": "answered",
            "answered_destination": "security",
            "answered_company": "Nordbevakning AB",
            "answered_person": "anna",
            "seconds_to_answer": "20",
            "talked_seconds": "60",
            "origin": "real",
            "reviewed_by": "eva",
            "category": "larm",
        }

    @pytest.mark.parametrize("legs", [False, True])
    def test_no_cell_calculates_and_each_is_what_it_was(
        self, database: Database, export_of: Callable[..., Path], legs: bool
    ) -> None:
        calls = [
            made(f"CA{n:02}", unit=text, legs=[dict(LEG, company=stored(text))], answered_company=text, reason=text)
            for n, text in enumerate(NASTY)
        ]
        keep(database, calls)
        file, column = export_of(legs=legs, show_numbers=True), "company" if legs else "reason"
        assert [
            cell for row in csv_cells(file) for cell in row.values() if cell[:1] in tuple("=+-@＝＋－＠\t\r\n ")
        ] == []
        told = {row["call_id"]: (row["unit"], row[column]) for row in csv_text(file)}
        assert told == {f"CA{n:02}": (stored(text), stored(text)) for n, text in enumerate(NASTY)}

    def test_numbers_in_full_where_they_are_asked_for(self, database: Database, export_of: Callable[..., Path]) -> None:
        keep(database, [made("CA1")])
        (row,) = csv_cells(export_of(show_numbers=True))
        assert (row["to"], row["from"]) == (f"'{OURS}", f"'{CITIZEN}")
        (leg,) = csv_cells(export_of(show_numbers=True, legs=True))
        assert leg["to"] == f"'{GUARD}"

    def test_a_row_for_each_leg(self, database: Database, export_of: Callable[..., Path]) -> None:
        legs = [dict(LEG, outcome="no-answer", answered_at=None, talked_seconds=None), dict(LEG, to=OURS, person=None)]
        keep(database, [made("CA1", legs=legs), made("CA2", legs=[])])
        told = [(r["call_id"], r["place"], r["to"], r["person"], r["outcome"]) for r in csv_cells(export_of(legs=True))]
        assert told == [
            ("CA1", "0", "'+463******10", "anna", "no-answer"),
            ("CA1", "1", "'+468******00", "", "answered"),
        ]


class TestOthers:
    def test_xlsx_has_text_numbers_and_times(self, database: Database, export_of: Callable[..., Path]) -> None:
        keep(database, [made(f"CA{n:02}", reason=text) for n, text in enumerate(NASTY)])
        rows = xlsx_rows(export_of(format="xlsx"))
        assert {row["call_id"]: row["reason"].rstrip() for row in rows} == {
            f"CA{n:02}": stored(text).rstrip() for n, text in enumerate(NASTY)
        }
        assert (rows[0]["to"], rows[0]["line"], rows[0]["redial"]) == ("+468******00", 14, False)
        assert rows[0]["local_time"].replace(microsecond=0) == datetime(2026, 11, 23, 8, 30)  # noqa: DTZ001 - Excel's

    def test_xlsx_has_no_formula_and_no_markup_of_others(
        self, database: Database, export_of: Callable[..., Path]
    ) -> None:
        keep(database, [made("CA1", reason="<r><f>1+1</f></r>"), made("CA2", reason="=1+1")])
        with zipfile.ZipFile(export_of(format="xlsx")) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "&lt;r&gt;" in sheet

    def test_xlsx_cuts_what_no_cell_holds(self, database: Database, export_of: Callable[..., Path]) -> None:
        keep(database, [made("CA1", reason="x" * (LONGEST_CELL + 10))])
        assert xlsx_rows(export_of(format="xlsx"))[0]["reason"] == "x" * LONGEST_CELL

    def test_json_lines_are_those_of_the_log_command(self, database: Database, export_of: Callable[..., Path]) -> None:
        keep(database, [made(f"CA{n:02}", reason=text) for n, text in enumerate(NASTY)])
        told = json_lines(export_of(format="jsonl"))
        assert {row["call_id"]: row["reason"] for row in told} == {f"CA{n:02}": stored(t) for n, t in enumerate(NASTY)}
        assert (told[0]["from"], told[0]["legs"][0]["to"]) == ("+467******50", "+463******10")
        assert datetime.fromisoformat(told[0]["received_at"]) == START
        assert told[0]["local_time"] == CALL["local_time"]
        by = {"answered_destination", "answered_company", "answered_person"}
        assert {column.name for column in CALLS} - told[0].keys() == by, "they stand together, as answered_by"
        (leg, *_) = json_lines(export_of(format="jsonl", legs=True))
        assert (leg["to"], leg["started_at"]) == ("+463******10", START.isoformat())

    def test_parquet_has_types(self, database: Database, export_of: Callable[..., Path]) -> None:
        parquet = pytest.importorskip("pyarrow.parquet", reason="needs the optional library pyarrow")
        keep(database, [made(f"CA{n:02}", reason=text, line=None) for n, text in enumerate(NASTY)])
        rows = parquet.read_table(export_of(format="parquet")).to_pylist()
        assert {row["call_id"]: row["reason"] for row in rows} == {f"CA{n:02}": stored(t) for n, t in enumerate(NASTY)}
        assert (rows[0]["received_at"], rows[0]["line"], rows[0]["redial"]) == (START, None, False)


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_an_empty_period_is_a_file_without_rows(export_of: Callable[..., Path], format_: str) -> None:
    read: dict[str, Callable[[Path], list[Any]]] = {"csv": csv_cells, "xlsx": xlsx_rows, "jsonl": json_lines}
    assert read[format_](export_of(format=format_)) == []


def test_the_calls_of_the_period_and_the_unit_each_once_in_their_order(
    database: Database, export_of: Callable[..., Path]
) -> None:
    calls = [*numbered(300), made("CA-other", START + timedelta(minutes=7), unit="other")]
    keep(database, reversed(calls))
    period = (START + timedelta(minutes=5), START + timedelta(minutes=200))
    told = [row["call_id"] for row in csv_cells(export_of(period=period, wanted=CallFilter(unit="centre")))]
    assert told == [f"CA{n:04}" for n in range(5, 200)]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"wanted": CallFilter(company="South")}, ["CA2"]),
        ({"wanted": CallFilter(is_reviewed=True)}, ["CA1"]),
        ({"sight": Sight("South")}, ["CA2"]),
    ],
)
@pytest.mark.parametrize("legs", [False, True])
def test_only_what_is_wanted_and_may_be_seen(
    database: Database, export_of: Callable[..., Path], wish: dict[str, Any], told: list[str], legs: bool
) -> None:
    keep(database, [made("CA1", reviewed_at=START), made("CA2", legs=[dict(LEG, company="South")])])
    assert [row["call_id"] for row in csv_cells(export_of(legs=legs, **wish))] == told


def test_whoever_waits_is_told(database: Database, tmp_path: Path) -> None:
    period = keep(database, numbered(3))
    told: list[Progress] = []
    assert export(database, Order(period, tmp_path / "x.csv", Format.CSV), told.append) == 3
    assert (told[-1].rows, told[-1].share(period)) == (3, 1.0)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(text=words | st.sampled_from(NASTY) | st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_writes_what_python_would(database: Database, text: str) -> None:
    text = text.replace("\0", "")
    with database.reading() as connection:
        dialect = connection.dialect.name
        cells = select(masked(literal(text), dialect), neutral(literal(text), dialect))
        hidden, behind = connection.execute(cells).one()
    assert behind == harmless(text)
    assert meant(behind) == text
    expected = shown(text, show_numbers=False) or ""
    if text.startswith("+") and 8 <= len(text) <= 16:
        assert hidden == text[:4] + "*" * (len(text) - 6) + text[-2:]
        assert hidden == expected or set(expected) == {"*"}
    else:
        assert hidden == expected[:16]


@given(number=st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_number_is_masked_as_everywhere(database: Database, number: str) -> None:
    with database.reading() as connection:
        cell = masked(literal(number), connection.dialect.name)
        assert connection.execute(select(cell)).scalar_one() == shown(number, show_numbers=False)


def test_instants_are_utc_wherever_the_database_lives(database: Database, export_of: Callable[..., Path]) -> None:
    keep(database, [made("CA1", START.astimezone(UTC))])
    (row,) = csv_cells(export_of())
    assert row["received_at"] == "2026-11-23 07:30:00.123456+00"

"""Tables for a spreadsheet: read back by others' readers, they are what was meant, and nothing is computed."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from callrouter.calllog.spreadsheet import as_csv, as_xlsx, harmless
from callrouter.calllog.workbook import LONGEST_CELL, Workbook
from tests.calllog.export.files import csv_rows, meant

printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "'=1"])
def test_no_text_is_a_formula(text: str) -> None:
    assert csv_rows(as_csv(["text", "number"], [[text, -1]])) == [{"text": f"'{text}", "number": "-1"}]


@pytest.mark.parametrize("text", ["", "centre", "1=1", "Ängeln på Öland", "a;b", 'say "no"'])
def test_what_is_none_is_left_alone(text: str) -> None:
    assert harmless(text) == text
    assert csv_rows(as_csv(["text", "other"], [[text, None]])) == [{"text": text, "other": ""}]


def test_decimals_are_written_as_a_swedish_spreadsheet_reads_them() -> None:
    assert csv_rows(as_csv(["share", "count"], [[0.25, 4]])) == [{"share": "0,25", "count": "4"}]


@given(st.lists(printable, min_size=1, max_size=5))
def test_what_is_written_is_read_back(row: list[str]) -> None:
    heads = [f"column {place}" for place in range(len(row))]
    (read,) = csv_rows(as_csv(heads, [["x", *row[1:]]]))
    assert [meant(cell) for cell in read.values()] == ["x", *row[1:]]


@pytest.mark.parametrize("text", ["=1+1", "+46", "<r>rich</r>", "https://example.org", "Å\nÖ", "x" * LONGEST_CELL])
def test_in_a_workbook_text_is_text_and_numbers_are_numbers(text: str) -> None:
    book = CalamineWorkbook.from_filelike(
        BytesIO(as_xlsx("a title that is longer than Excel will take", ["a", "b"], [[text, 0.5]]))
    )
    heads, (cell, number) = book.get_sheet_by_index(0).to_python()
    assert (heads, cell, number) == (["a", "b"], text, 0.5)


def test_where_a_sheet_is_full_comes_the_next_with_its_heads() -> None:
    for full in ({"rows_on_a_sheet": 600}, {"bytes_on_a_sheet": 1000}):
        file, numbers = BytesIO(), list(range(1300))
        with Workbook(file, "calls", ["a", "b"], [10, 10], **full) as book:
            for number in numbers:
                book.add([number, None])
        read = CalamineWorkbook.from_filelike(BytesIO(file.getvalue()))
        assert read.sheet_names[:3] == ["calls", "calls 2", "calls 3"]
        sheets = [read.get_sheet_by_name(name).to_python() for name in read.sheet_names]
        assert {tuple(heads) for heads, *_ in sheets} == {("a", "b")}
        assert [row[0] for _, *rows in sheets for row in rows] == numbers


def test_the_columns_after_z() -> None:
    heads = [f"column {number}" for number in range(60)]
    book = CalamineWorkbook.from_filelike(BytesIO(as_xlsx("wide", heads, [list(range(60))])))
    assert book.get_sheet_by_index(0).to_python() == [heads, list(range(60))]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_whatever_stands_in_a_cell_is_read_back(text: str) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(as_xlsx("any", ["text", "end"], [[text, "."]])))
    assert book.get_sheet_by_index(0).to_python()[1] == [text, "."]


def test_the_same_rows_are_the_same_bytes() -> None:
    assert as_xlsx("same", ["a"], [["b"]]) == as_xlsx("same", ["a"], [["b"]])

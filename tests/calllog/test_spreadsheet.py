"""Tables for a spreadsheet: read back by others' readers, they are what was meant, and nothing is computed."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from callrouter.calllog.spreadsheet import LONGEST_CELL, as_csv, as_xlsx, harmless
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
    assert (heads, str(cell).removesuffix(" "), number) == (["a", "b"], text, 0.5)

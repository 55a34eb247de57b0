"""What CSV and XLSX files that leave the log look like: a Swedish spreadsheet opens them rightly, nothing computes.

CSV is UTF-8 with a mark at its start, has semicolons between cells and commas in decimals (ADR 26).
"""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import TextIO

MARK = "\ufeff"
"""Without it Excel takes the file for an old code page."""

DELIMITER = ";"
"""Where the comma parts decimals, Excel opens semicolons in columns."""

FORMULA_STARTS = frozenset("=+-@＝＋－＠'\t\r\n ")
"""What a spreadsheet may take for the start of a formula, the apostrophe that says it is none, and blanks before it."""

LONGEST_CELL = 32_767
"""Characters; Excel takes no more."""

_NUMBERS = (int, float)
_LONGEST_TITLE = 31
_WIDTH = 16

Heads = Sequence[str]
Rows = Iterable[Sequence[object]]


def as_csv(heads: Heads, rows: Rows) -> str:
    """The rows under their heads; None is an empty cell."""
    out = StringIO()
    write_csv(out, heads, rows)
    return out.getvalue()


def write_csv(file: TextIO, heads: Heads, rows: Rows) -> None:
    """Write them to *file*, which must leave line ends alone."""
    file.write(MARK)
    writer = csv.writer(file, delimiter=DELIMITER, lineterminator="\r\n")  # with \n alone a \r is not quoted
    writer.writerow(heads)
    # most cells are whole numbers, or empty: Python writes them alike
    writer.writerows([each if each is None or type(each) is int else _cell(each) for each in row] for row in rows)


def harmless(text: str) -> str:
    """*text* behind an apostrophe where a spreadsheet might compute it; to have it back, take one off its start."""
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def as_xlsx(title: str, heads: Heads, rows: Rows) -> bytes:
    """A workbook with one sheet: text is text and numbers are numbers, whatever they look like."""
    from xlsxwriter import Workbook

    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title[:_LONGEST_TITLE])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads), _WIDTH)
        bold = book.add_format({"bold": True})
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, _NUMBERS):
                    sheet.write_number(number, place, value)
                elif value is not None:
                    sheet.write_string(number, place, fitting(str(value)))
    return out.getvalue()


def fitting(text: str) -> str:
    """What fits in a cell of XLSX. XlsxWriter takes `<r>…</r>` for markup of its own: a blank behind makes it text."""
    fits = text[:LONGEST_CELL]
    return f"{fits[: LONGEST_CELL - 1]} " if fits.startswith("<r>") else fits


def _cell(value: object) -> object:
    if isinstance(value, str):
        return harmless(value)
    return str(value).replace(".", ",") if isinstance(value, float) else value

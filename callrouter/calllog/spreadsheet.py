"""What CSV and XLSX files that leave the log look like: a Swedish spreadsheet opens them rightly, nothing computes.

CSV is UTF-8 with a mark at its start, has semicolons between cells and commas in decimals (ADR 26).
"""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import TextIO

from callrouter.calllog.workbook import Workbook

MARK = "\ufeff"
"""Without it Excel takes the file for an old code page."""

DELIMITER = ";"
"""Where the comma parts decimals, Excel opens semicolons in columns."""

FORMULA_STARTS = frozenset("=+-@＝＋－＠'\t\r\n ")
"""What a spreadsheet may take for the start of a formula, the apostrophe that says it is none, and blanks before it."""

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
    out = BytesIO()
    with Workbook(out, title, heads, [_WIDTH] * len(heads)) as book:
        for row in rows:
            book.add(row)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return harmless(value)
    return str(value).replace(".", ",") if isinstance(value, float) else value

"""Workbooks (XLSX) written row by row: text is text, numbers are numbers, times are times; never a formula or a link.

Of SpreadsheetML (ECMA-376) what a table needs: sheets, each with its heads in bold, which stay in sight. Cells have
their text within them, so that a row that is written leaves the memory.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LONGEST_CELL = 32_767
"""Characters; Excel takes no more."""

ROWS_ON_A_SHEET = 1_048_576 - 1
"""As many as Excel has, without the heads."""

BYTES_ON_A_SHEET = 2_000_000_000
"""What is larger needs another kind of archive, of which not every reader knows."""

_LONGEST_TITLE = 25
"""Characters: Excel takes 31, and the sheets after the first have a number."""

_ROWS_AT_ONCE = 500
_HEAD, _TIME = 1, 2
"""Styles: places in cellXfs below."""

_FIRST_DAY, _DAY = datetime(1899, 12, 30), timedelta(days=1)  # noqa: DTZ001 - a workbook has no zones
_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
"""What XML does not have or reads as something else is written `_x000D_`; and so what looks like that already."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FONT = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    f'<fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Workbook:
    """A workbook that grows in *file*: sheets called *title*, each with the *heads*; *widths*: those of the columns."""

    def __init__(
        self,
        file: Path | BinaryIO,
        title: str,
        heads: Sequence[str],
        widths: Sequence[int],
        *,
        rows_on_a_sheet: int = ROWS_ON_A_SHEET,
        bytes_on_a_sheet: int = BYTES_ON_A_SHEET,
    ) -> None:
        self._title, self._heads, self._widths = title[:_LONGEST_TITLE], heads, widths
        self._most_rows, self._most_bytes = rows_on_a_sheet, bytes_on_a_sheet
        self._columns = [_letters(place) for place in range(len(heads))]
        self._sheets = 0
        self._zip = ZipFile(file, "w")
        self._begin()

    def add(self, row: Sequence[object]) -> None:
        """Write a row: numbers, flags, naive times, None for an empty cell; of all else its text, as far as it fits."""
        if self._rows == self._most_rows or self._bytes >= self._most_bytes:
            self._end()
            self._begin()
        self._rows += 1
        self._keep("".join(_cells(self._columns, self._rows + 1, row)))

    def _begin(self) -> None:
        self._sheets += 1
        self._rows, self._bytes = 0, 0
        self._waiting: list[str] = []
        self._sheet = self._zip.open(_part(f"xl/worksheets/sheet{self._sheets}.xml"), "w")
        self._waiting.append(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">')
        self._waiting.append('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>')
        self._waiting.append("</sheetView></sheetViews><cols>")
        for number, width in enumerate(self._widths, start=1):
            self._waiting.append(f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>')
        self._waiting.append("</cols><sheetData>")
        self._keep(
            "".join(
                _text_cell(f"{column}1", head, _HEAD) for column, head in zip(self._columns, self._heads, strict=True)
            )
        )

    def _keep(self, cells: str) -> None:
        self._waiting.append(f'<row r="{self._rows + 1}">{cells}</row>')
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self._write()

    def _write(self) -> None:
        self._bytes += self._sheet.write("".join(self._waiting).encode())
        self._waiting = []

    def _end(self) -> None:
        self._waiting.append("</sheetData></worksheet>")
        self._write()
        self._sheet.close()

    def close(self) -> None:
        """Put it together."""
        self._end()
        for name, text in _frame([f"{self._title} {n}" if n > 1 else self._title for n in range(1, self._sheets + 1)]):
            self._zip.writestr(_part(name), _XML + text)
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put it together; after an error nobody wants it."""
        if error is None:
            self.close()
            return
        with suppress(OSError, ValueError):
            self._sheet.close()
            self._zip.close()


def _part(name: str) -> ZipInfo:
    """A file of the archive; when it was made is said by nothing, so that the same rows are the same bytes."""
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    return part


def _cells(columns: Sequence[str], number: int, row: Sequence[object]) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        if type(value) is int or type(value) is float:
            yield f'<c r="{column}{number}"><v>{value}</v></c>'
        elif isinstance(value, bool):
            yield f'<c r="{column}{number}" t="b"><v>{value:d}</v></c>'
        elif isinstance(value, datetime):
            yield f'<c r="{column}{number}" s="{_TIME}"><v>{(value - _FIRST_DAY) / _DAY}</v></c>'
        elif value is not None:
            yield _text_cell(f"{column}{number}", str(value))


def _text_cell(place: str, text: str, style: int = 0) -> str:
    written = _UNWRITTEN.sub(_as_code, escape(text[:LONGEST_CELL]))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'


def _as_code(found: re.Match[str]) -> str:
    return f"_x005F{found[0]}" if len(found[0]) > 1 else f"_x{ord(found[0]):04X}_"


def _letters(place: int) -> str:
    """What the column is called: A of 0, Z of 25, AA of 26."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _frame(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What holds the sheets together: the name of each file in the archive, and its text."""
    numbers = range(1, len(titles) + 1)
    styles = len(titles) + 1
    yield "xl/styles.xml", _STYLES
    sheets = "".join(f'<sheet name={quoteattr(t)} sheetId="{n}" r:id="rId{n}"/>' for n, t in enumerate(titles, start=1))
    views = "<bookViews><workbookView/></bookViews>"
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">{views}<sheets>{sheets}</sheets></workbook>',
    )
    links = [(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers] + [(styles, "styles", "styles.xml")]
    yield "xl/_rels/workbook.xml.rels", _links(links)
    yield "_rels/.rels", _links([(1, "officeDocument", "xl/workbook.xml")])
    parts = [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers]
    parts += [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    kinds = "".join(f'<Override PartName="{name}" ContentType="{_KIND}.{kind}+xml"/>' for name, kind in parts)
    usual = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    yield "[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{usual}{kinds}</Types>'


def _links(links: Sequence[tuple[int, str, str]]) -> str:
    each = "".join(f'<Relationship Id="rId{n}" Type="{_RELATED}/{kind}" Target="{to}"/>' for n, kind, to in links)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'

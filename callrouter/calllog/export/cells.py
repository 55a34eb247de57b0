"""Cells as the database itself writes them: numbers masked, formulas made harmless, times as text.

Made in SQL, so that PostgreSQL streams a whole file with COPY, and SQLite hands over finished text.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, func, literal, type_coerce

from callrouter.calllog.export.columns import Column, Kind
from callrouter.calllog.spreadsheet import FORMULA_STARTS

_SHORTEST, _LONGEST = 8, 16
"""Characters of a number, its plus among them. Of what is no number no more stars are shown."""


def typed(column: Column, dialect: str, *, show_numbers: bool) -> ColumnElement[Any]:
    """The cell for files that tell text from formulas: as it is, a number masked unless *show_numbers*."""
    is_hidden = column.kind is Kind.NUMBER and not show_numbers
    return masked(column.source, dialect) if is_hidden else column.source


def in_csv(column: Column, dialect: str, *, show_numbers: bool) -> ColumnElement[Any]:
    """The cell as text for a CSV file. PostgreSQL's session must be in UTC."""
    cell = column.source
    match column.kind:
        case Kind.TEXT:
            return neutral(cell, dialect)
        case Kind.NUMBER:
            return neutral(cell, dialect) if show_numbers else masked(cell, dialect, behind="'")
        case Kind.INSTANT if dialect == "sqlite":
            return type_coerce(cell, String).concat("+00")
        case Kind.FLAG:
            return case((cell, "true"), else_="false")
        case Kind.INSTANT | Kind.LOCAL | Kind.WORD | Kind.COUNT:
            return cell


def masked(number: ColumnElement[Any], dialect: str, *, behind: str = "") -> ColumnElement[Any]:
    """*number*, *behind* something, with its middle hidden as `PhoneNumber.masked` does; what is none is hidden whole.

    What begins with `+` and is as long as a number is taken for one: it is dear to look at each digit.
    """
    stars = "*" * _LONGEST
    by_length = {length: _with_stars(number, length, behind) for length in range(_SHORTEST, _LONGEST + 1)}
    hidden = func.substr(stars, 1, func.length(number), type_=String)
    shown = case(by_length, value=func.length(number), else_=hidden)
    return case((_first(number, dialect) == ord("+"), shown), else_=hidden)


def neutral(text: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """As `spreadsheet.harmless`."""
    starts = sorted(map(ord, FORMULA_STARTS))
    return case((_first(text, dialect).in_(starts), literal("'").concat(text)), else_=text)


def _first(text: ColumnElement[Any], dialect: str) -> ColumnElement[int]:
    """The code of the first character: to compare numbers is cheaper than to compare text."""
    return func.unicode(text, type_=Integer) if dialect == "sqlite" else func.ascii(text, type_=Integer)


def _with_stars(number: ColumnElement[Any], length: int, behind: str) -> ColumnElement[str]:
    start, end = func.substr(number, 2, 3, type_=String), func.substr(number, length - 1, 2, type_=String)
    return literal(f"{behind}+").concat(start).concat("*" * (length - 6)).concat(end)

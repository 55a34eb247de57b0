"""The columns of an export: names from the glossary, and what the database is asked for them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, String, and_, bindparam, select

from callrouter.calllog.conditions import Clause, is_wanted
from callrouter.calllog.export.order import Order
from callrouter.calllog.tables import CallerRow, CallRow, LegRow
from callrouter.domain.span import Span

_DAY = timedelta(days=1)


class Kind(Enum):
    """What a column holds."""

    TEXT = auto()
    """Words that people or the provider chose."""
    WORD = auto()
    """Words of our own: those of an enumeration, or a hash."""
    NUMBER = auto()
    """A telephone number."""
    INSTANT = auto()
    LOCAL = auto()
    """A local time with its offset, as text."""
    COUNT = auto()
    FLAG = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, where it comes from."""

    name: str
    kind: Kind
    source: ColumnElement[Any]


def _column(kind: Kind, source: Any, name: str | None = None) -> Column:
    return Column(name or source.key, kind, source.expression if name is None else source)


_OF_CALL = (
    _column(Kind.TEXT, CallRow.call_id),
    _column(Kind.TEXT, CallRow.unit),
    _column(Kind.INSTANT, CallRow.received_at),
    _column(Kind.LOCAL, CallRow.local_time),
)

CALLS = (
    *_OF_CALL,
    _column(Kind.NUMBER, CallRow.called, "to"),
    _column(Kind.NUMBER, CallerRow.number, "from"),
    _column(Kind.NUMBER, CallerRow.forwarded_from),
    _column(Kind.WORD, CallRow.state),
    _column(Kind.WORD, CallRow.decided_by),
    _column(Kind.TEXT, CallRow.reason),
    _column(Kind.COUNT, CallRow.line),
    _column(Kind.WORD, CallRow.schedule_version),
    _column(Kind.FLAG, CallRow.is_redial, "redial"),
    _column(Kind.WORD, CallRow.disposition),
    _column(Kind.TEXT, CallRow.answered_destination),
    _column(Kind.TEXT, CallRow.answered_company),
    _column(Kind.TEXT, CallRow.answered_person),
    _column(Kind.COUNT, CallRow.seconds_to_answer),
    _column(Kind.COUNT, CallRow.talked_seconds),
    _column(Kind.INSTANT, CallRow.ended_at),
    _column(Kind.WORD, CallRow.origin),
    _column(Kind.INSTANT, CallRow.reviewed_at),
    _column(Kind.TEXT, CallRow.reviewed_by),
    _column(Kind.TEXT, CallRow.category),
)

LEGS = (
    *_OF_CALL,
    _column(Kind.WORD, CallRow.disposition),
    _column(Kind.WORD, CallRow.origin),
    _column(Kind.COUNT, LegRow.place),
    # The table `leg` has no numbers; both engines know these operators of JSON.
    _column(Kind.NUMBER, CallRow.legs.op("->")(LegRow.place).op("->>", return_type=String())("to"), "to"),
    _column(Kind.TEXT, LegRow.destination),
    _column(Kind.TEXT, LegRow.company),
    _column(Kind.TEXT, LegRow.person),
    _column(Kind.WORD, LegRow.outcome),
    _column(Kind.INSTANT, LegRow.started_at),
    _column(Kind.INSTANT, LegRow.answered_at),
    _column(Kind.COUNT, LegRow.rang_seconds),
    _column(Kind.COUNT, LegRow.talked_seconds),
)


def columns_of(order: Order) -> tuple[Column, ...]:
    """The columns that *order* asks for."""
    return LEGS if order.legs else CALLS


def of_calls(query: Select[Any], wanted: Clause) -> Select[Any]:
    """*query* over the *wanted* calls of a window, in the order they arrived, with their callers where they are kept.

    The days, which follow from the window, let the engine join a slice of the callers instead of looking up each.
    """
    caller = and_(CallerRow.day == CallRow.day, CallerRow.call_id == CallRow.call_id)
    near = CallerRow.day.between(_given("first_day"), _given("last_day"))
    query = query.select_from(CallRow).join(CallerRow, and_(caller, near), isouter=True)
    return query.where(_in_window(), wanted).order_by(CallRow.received_at)


def of_legs(query: Select[Any], wanted: Clause) -> Select[Any]:
    """*query* over the legs of the *wanted* calls of a window, in the order the calls arrived."""
    same = and_(LegRow.day == CallRow.day, LegRow.call_id == CallRow.call_id)
    query = query.select_from(CallRow).join(LegRow, same)
    return query.where(_in_window(), wanted).order_by(CallRow.received_at, CallRow.call_id, LegRow.place)


def rows_of(order: Order, cells: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """The *cells* of each row of a window that *order* asks for. It is long: made once, it is run for each window."""
    return (of_legs if order.legs else of_calls)(select(*cells), is_wanted(order.wanted, order.sight))


def window_of(window: Span) -> dict[str, Any]:
    """The window that such a query is to be run for."""
    end = window.end or window.start
    days = {"first_day": window.start.date() - _DAY, "last_day": end.date() + _DAY}
    return {"start": window.start, "end": end, **days}


def _in_window() -> Clause:
    return and_(CallRow.received_at >= _given("start"), CallRow.received_at < _given("end"))


def _given(name: str) -> BindParameter[Any]:
    """What `window_of` gives."""
    return bindparam(name, required=False)

"""Overrides and blocks in the database. Nothing is ever removed: one that is ended gets an earlier end.

These functions read and write in the transaction of their caller.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Row, insert, select, update

from callrouter.calllog.database import Database
from callrouter.calllog.tables import BlockRow, OverrideRow
from callrouter.domain.control import Block, Control, Ending, Override
from callrouter.domain.span import Span
from callrouter.domain.words import State

_STATES = {state.value: state for state in State}


def load_control(database: Database, since: datetime) -> Control:
    """All that was in force at *since* (aware) or later, and is yet to come.

    Raises:
        SQLAlchemyError: the database cannot be read.
    """
    with database.reading() as connection:
        return Control(tuple(overrides(connection, since)), tuple(blocks(connection, since)))


def overrides(connection: Connection, since: datetime | None = None) -> list[Override]:
    """The overrides that end after *since* (aware; None: all), in the order they were made."""
    return [_override(row) for row in _rows(connection, OverrideRow, since)]


def blocks(connection: Connection, since: datetime | None = None) -> list[Block]:
    """The blocks that end after *since* (aware; None: all), in the order they were made."""
    return [_block(row) for row in _rows(connection, BlockRow, since)]


def add_override(connection: Connection, made: Override) -> int:
    """Keep *made*, whose span has an end; returns the id it has from now on."""
    effect = {"state": made.state.value if made.state else None, "destination": made.destination}
    return _add(connection, OverrideRow, made, effect)


def add_block(connection: Connection, made: Block) -> int:
    """Keep *made*, whose span has an end; returns the id it has from now on."""
    return _add(connection, BlockRow, made, {"caller_key": made.caller_key, "key_id": made.key_id})


def end_override(connection: Connection, number: int, at: datetime, who: str, why: str | None) -> bool:
    """Let override *number* end at *at* (aware) instead of later; False: none of that number lasts longer."""
    return _end(connection, OverrideRow, number, at, {"ended_by": who, "ended_why": why})


def end_block(connection: Connection, number: int, at: datetime, who: str, why: str | None) -> bool:
    """Let block *number* end at *at* (aware) instead of later; False: none of that number lasts longer."""
    return _end(connection, BlockRow, number, at, {"ended_by": who, "ended_why": why})


ControlTable = type[OverrideRow] | type[BlockRow]


def _rows(connection: Connection, table: ControlTable, since: datetime | None) -> list[Row[Any]]:
    query = select(table.__table__).order_by(table.id)
    if since is not None:
        query = query.where(table.end > since)
    return list(connection.execute(query))


def _add(connection: Connection, table: ControlTable, made: Override | Block, more: dict[str, str | None]) -> int:
    said = {"unit": made.unit, "start": made.span.start, "end": made.span.end, "why": made.why, "who": made.who}
    inserted: CursorResult[Any] = connection.execute(insert(table).values(said | more))
    key = cast(Row[Any], inserted.inserted_primary_key)  # None only where several rows are inserted
    return int(key[0])


def _end(connection: Connection, table: ControlTable, number: int, at: datetime, by: dict[str, str | None]) -> bool:
    """Only one that still lasts: of two who end the same one, the first did it."""
    lasting = update(table).where(table.id == number, table.end > at)
    changed: CursorResult[Any] = connection.execute(lasting.values(planned_end=table.end, end=at, **by))
    return changed.rowcount == 1


def _override(row: Row[Any]) -> Override:
    """A state that this release does not know is none: such an override decides nothing."""
    span, state = Span(row.start, row.end), _STATES.get(row.state)
    return Override(row.id, row.unit, span, state, row.destination, row.why, row.who, _ending(row))


def _block(row: Row[Any]) -> Block:
    span = Span(row.start, row.end)
    return Block(row.id, row.unit, row.caller_key, row.key_id, span, row.why, row.who, _ending(row))


def _ending(row: Row[Any]) -> Ending | None:
    return Ending(row.ended_by, row.ended_why, row.planned_end) if row.ended_by is not None else None

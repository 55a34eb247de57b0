"""What an engine means to do for a statement: which index it takes, and where it reads or sorts more than it must."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, event

FEW = 1_000
"""So many rows may be sorted: at once."""

_COSTLY = ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort")
"""What PostgreSQL does with so few calls, and not with millions; forbidden, only where there is no other way."""


def first_index(log: Connection, search: Callable[[], object]) -> str:
    """The index that is read first."""
    details = "\n".join(step for told in statements_of(log, search) for step in _said(log, *told))
    found = re.search(r"(?:INDEX|using) (ix_\w+)", details)
    return found[1] if found else details


def read_by(log: Connection, search: Callable[[], object]) -> list[str]:
    """How the tables are read, step by step."""
    told = statements_of(log, search)
    return [
        step for statement, values in told if statement.startswith("SELECT") for step in _said(log, statement, values)
    ]


def statements_of(log: Connection, search: Callable[[], object]) -> list[tuple[str, Any]]:
    """What the *search* asks of the engine, each with its parameters."""
    statements: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        statements.append((statement, parameters))

    event.listen(log, "before_cursor_execute", note)
    search()
    event.remove(log, "before_cursor_execute", note)
    assert statements
    return statements


def faults_of(log: Connection, search: Callable[[], object]) -> list[str]:
    """Where a statement of the *search* reads or sorts more than it must, as the engine plans it."""
    faults = _of_sqlite if log.dialect.name == "sqlite" else _of_postgres
    return [f"{fault}: {told[0]}" for told in statements_of(log, search) for fault in faults(log, *told)]


def _said(log: Connection, statement: str, parameters: Any) -> list[str]:
    if log.dialect.name == "sqlite":
        return [step.detail for step in _steps(log, statement, parameters)]
    return list(log.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())


def _steps(log: Connection, statement: str, parameters: Any) -> Sequence[Row[Any]]:
    return log.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()


def _of_sqlite(log: Connection, statement: str, parameters: Any) -> Iterator[str]:
    """A whole table, a whole day, all legs of a company where those of one call are meant; a sort before the limit.

    One caller's calls, and what is open, are few.
    """
    steps = _steps(log, statement, parameters)
    told = {step.id: step.detail for step in steps}
    are_few = any("ix_caller_key" in detail or "followed_up" in detail for detail in told.values())
    for step in steps:
        if step.detail.startswith(("SCAN call", "SCAN leg")) and "USING" not in step.detail:
            yield step.detail
        is_whole_day = step.detail.endswith(" (day=?)")
        if is_whole_day or (step.detail.startswith("SEARCH leg_") and "sqlite_autoindex_leg" not in step.detail):
            yield step.detail
        if step.detail.endswith("B-TREE FOR ORDER BY") and told.get(step.parent, "").endswith("seen") and not are_few:
            yield f"{step.detail} of {told[step.parent]}"


def _of_postgres(log: Connection, statement: str, parameters: Any) -> Iterator[str]:
    log.exec_driver_sql(";".join(f"SET enable_{way} = off" for way in _COSTLY))
    (plan,) = log.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    log.exec_driver_sql(";".join(f"RESET enable_{way}" for way in _COSTLY))
    yield from _of_node(plan["Plan"], is_sorted=False)


def _of_node(node: dict[str, Any], *, is_sorted: bool) -> Iterator[str]:
    """The same as for SQLite; a Limit ends what a Sort above it must read."""
    kind, table, rows = node["Node Type"], node.get("Relation Name"), node["Plan Rows"]
    if kind == "Seq Scan" and table in ("call", "leg", "caller"):
        yield f"Seq Scan of {table}"
    if "day = " in (condition := node.get("Index Cond", "")) and "call_id" not in condition:
        yield f"All {table} of a day"
    if is_sorted and table and rows > FEW:
        yield f"Sort of {rows} rows of {table}"
    is_sorted = (is_sorted or kind == "Sort") and kind != "Limit"
    for child in node.get("Plans", ()):
        yield from _of_node(child, is_sorted=is_sorted)

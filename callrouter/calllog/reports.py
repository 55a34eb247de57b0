"""Reports: the counts of a period, merged from few cells of the tally: whole years and months, days at the edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    union_all,
)

from callrouter.calllog.tables import CallerRow, CallRow, TallyRow
from callrouter.domain.period import Part, Period
from callrouter.domain.report import Figures, GroupBy, RepeatCallers
from callrouter.domain.tally import ALL_UNITS, By, Grain
from callrouter.domain.words import Disposition, Origin

_NOT_OFFERED = (Disposition.BLOCKED.value, Disposition.IN_PROGRESS.value)
_COARSEST = {GroupBy.DAY: Grain.DAY, GroupBy.MONTH: Grain.MONTH}


def _cell(part: int) -> tuple[Any, ...]:
    return TallyRow.unit, TallyRow.start, TallyRow.value, TallyRow.counts, _sign(part)


def _sign(part: int) -> ColumnElement[int]:
    return bindparam(f"sign_{part}", type_=Integer).label("sign")


@cache
def _cells_of(parts: int) -> CompoundSelect[*tuple[Any, ...]]:
    """The cells of so many parts in one question: to ask takes longer than to answer."""
    return union_all(*(select(*_cell(n)).where(*_which(n)) for n in range(parts)))


@cache
def _offered_of(parts: int) -> Select[*tuple[Any, ...]]:
    """How many calls the cells of so many parts were offered, by their value."""
    offered = TallyRow.counts["offered"].as_integer()
    signed = [select(TallyRow.value, (offered * _sign(n)).label("offered")).where(*_which(n)) for n in range(parts)]
    cells = union_all(*signed).subquery()
    return select(cells.c.value, func.sum(cells.c.offered)).group_by(cells.c.value)


def _which(part: int) -> tuple[ColumnElement[bool], ...]:
    return (
        TallyRow.origin == bindparam("origin"),
        TallyRow.unit.in_(bindparam("units", expanding=True)),
        TallyRow.by == bindparam("by"),
        TallyRow.grain == bindparam(f"grain_{part}"),
        TallyRow.start.between(bindparam(f"first_{part}"), bindparam(f"last_{part}")),
    )


def _units_query() -> Select[*tuple[Any, ...]]:
    of_origin = TallyRow.origin == bindparam("origin")
    found = select(func.min(TallyRow.unit).label("unit")).where(of_origin).cte("found", recursive=True)
    after = select(func.min(TallyRow.unit)).where(of_origin, TallyRow.unit > found.c.unit).scalar_subquery()
    return select(found.union_all(select(after).where(found.c.unit.is_not(None))).c.unit)


def _counted_query() -> Select[*tuple[Any, ...]]:
    all_units = (TallyRow.origin == bindparam("origin"), TallyRow.unit == ALL_UNITS)
    days = (*all_units, TallyRow.by == By.ALL, TallyRow.grain == Grain.DAY)
    return select(*(select(end(TallyRow.start)).where(*days).scalar_subquery() for end in (func.min, func.max)))


_UNITS, _COUNTED = _units_query(), _counted_query()
"""Made once, all of them: a report asks a dozen, and to make one takes longer than its answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calls a report is about: of whom, of which local dates, to which unit.

    What was looked up of the calls of that origin: *counted*, from the first to the last local date; *units*, those
    that have counts.
    """

    period: Period
    origin: str = Origin.REAL
    unit: str = ALL_UNITS
    counted: Period | None = field(default=None, compare=False)
    units: Sequence[str] = field(default=(), compare=False)

    def parts(self, coarsest: Grain = Grain.YEAR) -> list[Part]:
        """The years, months and days whose counts come to it.

        From the first day that is counted, or up to the last, a year's own count is that of its days: one cell instead
        of hundreds.
        """
        period = self.period
        if self.counted and period.first <= self.counted.first:
            period = period.from_begin_of_year()
        if self.counted and self.counted.last <= period.last:
            period = period.to_end_of_year()
        return period.parts(coarsest)


def looked_up(connection: Connection, asked: Asked) -> Asked:
    """*asked*, with the days that are counted: its figures are the same, and of fewer cells."""
    return replace(asked, counted=counted_period(connection, asked.origin))


def total(connection: Connection, asked: Asked) -> Figures:
    """The figures of all calls that are asked for."""
    merged: dict[str, int] = {}
    for cell in _cells(connection, asked, By.ALL, [asked.unit]):
        _add(merged, cell.counts, cell.sign)
    return _figures(merged)


def groups(connection: Connection, asked: Asked, by: GroupBy) -> dict[str, Figures]:
    """The figures of each group, in the order of their keys."""
    merged: dict[str, dict[str, int]] = {}
    cells = _cells(connection, asked, by.cells, _units(connection, asked, by), _COARSEST.get(by, Grain.YEAR))
    for unit, start, value, counts, sign in cells:
        _add(merged.setdefault(by.key(unit, start, value), {}), counts, sign)
    figures = {key: _figures(merged[key]) for key in sorted(merged)}
    return {key: each for key, each in figures.items() if each.counts}


def _figures(merged: Mapping[str, int]) -> Figures:
    """Without what was added and taken away again."""
    return Figures({name: count for name, count in merged.items() if count})


def _add(merged: dict[str, int], counts: Mapping[str, int], sign: int) -> None:
    """Add *counts* to those that are *merged*, or take them away: of tens of thousands a Counter is slow."""
    if not merged and sign > 0:
        merged.update(counts)
        return
    for name, count in counts.items():
        merged[name] = merged.get(name, 0) + sign * count


def _units(connection: Connection, asked: Asked, by: GroupBy) -> Sequence[str]:
    """Whose cells are read: those of each unit where units are told apart."""
    if by is not GroupBy.UNIT or asked.unit != ALL_UNITS:
        return [asked.unit]
    return asked.units or units_counted(connection, asked.origin)


def offered_of_units(connection: Connection, asked: Asked, by: By, units: Sequence[str]) -> dict[str, int]:
    """How many calls some units together were offered, by the value of their cells."""
    parts, which = _of_cells(asked, by, units)
    return {value: int(count or 0) for value, count in connection.execute(_offered_of(parts), which).all()}


def units_counted(connection: Connection, origin: str) -> list[str]:
    """The units that have counts: the index is asked for one after the other, not for all that each of them has."""
    found = connection.execute(_UNITS, {"origin": origin}).scalars().all()
    return [unit for unit in found if unit not in (None, ALL_UNITS)]


def counted_period(connection: Connection, origin: str) -> Period | None:
    """From the first to the last local date of which calls are counted."""
    first, last = tuple(connection.execute(_COUNTED, {"origin": origin}).one())
    return Period(first, last) if first else None


def repeat_callers(connection: Connection, asked: Asked) -> RepeatCallers:
    """Who called twice or more, by the keyed hash of their number. Reads every call of the period, unlike all else."""
    calls = _calls_by_caller(asked).subquery()
    is_repeated = and_(calls.c.key.is_not(None), calls.c.calls > 1)
    query = select(
        func.count(calls.c.key),
        func.coalesce(func.sum(case((is_repeated, 1), else_=0)), 0),
        func.coalesce(func.sum(case((is_repeated, calls.c.calls), else_=0)), 0),
        func.coalesce(func.sum(case((calls.c.key.is_(None), calls.c.calls), else_=0)), 0),
    )
    return RepeatCallers(*(int(count) for count in connection.execute(query).one()))


def _calls_by_caller(asked: Asked) -> Select[*tuple[Any, ...]]:
    """The local date decides; the UTC day, at most one beside it, leads to the rows."""
    around = asked.period.widened()
    local_date = func.coalesce(func.substr(CallRow.local_time, 1, 10), cast(CallRow.day, String))
    query = (
        select(CallerRow.key_id, CallerRow.key, func.count().label("calls"))
        .select_from(CallRow)
        .join(CallerRow, and_(CallerRow.day == CallRow.day, CallerRow.call_id == CallRow.call_id), isouter=True)
        .where(
            CallRow.day.between(around.first, around.last),
            local_date.between(str(asked.period.first), str(asked.period.last)),
            CallRow.origin == asked.origin,
            CallRow.disposition.not_in(_NOT_OFFERED),
        )
        .group_by(CallerRow.key_id, CallerRow.key)
    )
    return query if asked.unit == ALL_UNITS else query.where(CallRow.unit == asked.unit)


def _cells(
    connection: Connection, asked: Asked, by: By, units: Sequence[str], coarsest: Grain = Grain.YEAR
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The cells whose counts come to what is asked for."""
    parts, which = _of_cells(asked, by, units, coarsest)
    return connection.execute(_cells_of(parts), which).all()


def _of_cells(
    asked: Asked, by: By, units: Sequence[str], coarsest: Grain = Grain.YEAR
) -> tuple[int, Mapping[str, Any]]:
    """Of how many parts the cells are, and which."""
    which: dict[str, Any] = {"origin": asked.origin, "units": units, "by": by}
    parts = asked.parts(coarsest)
    for place, (grain, period, sign) in enumerate(parts):
        which |= {f"grain_{place}": grain, f"first_{place}": period.first, f"last_{place}": period.last}
        which[f"sign_{place}"] = sign
    return len(parts), which

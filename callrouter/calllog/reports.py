"""Reports: the counts of a period, merged from few cells of the tally: whole years and months, days at the edges."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, and_, case, cast, func, select

from callrouter.calllog.tables import CallerRow, CallRow, TallyRow
from callrouter.domain.period import Period
from callrouter.domain.report import Figures, GroupBy, RepeatCallers
from callrouter.domain.tally import ALL_UNITS, By, Grain
from callrouter.domain.words import Disposition, Origin

_NOT_OFFERED = (Disposition.BLOCKED.value, Disposition.IN_PROGRESS.value)
_FOLDED_WITHIN = timedelta(days=3)
_COARSEST = {GroupBy.DAY: Grain.DAY, GroupBy.MONTH: Grain.MONTH}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calls a report is about: of whom, of which local dates, to which unit."""

    period: Period
    origin: str = Origin.REAL
    unit: str = ALL_UNITS


def total(connection: Connection, asked: Asked) -> Figures:
    """The figures of all calls that are asked for."""
    return Figures(_merged(cells(connection, asked, By.ALL, [asked.unit])))


def groups(connection: Connection, asked: Asked, by: GroupBy) -> dict[str, Figures]:
    """The figures of each group, in the order of their keys."""
    units = units_counted(connection, asked.origin) if by is GroupBy.UNIT and asked.unit == ALL_UNITS else [asked.unit]
    merged: dict[str, Counter[str]] = {}
    for cell in cells(connection, asked, by.cells, units, _COARSEST.get(by, Grain.YEAR)):
        merged.setdefault(by.key(cell.unit, cell.start, cell.value), Counter()).update(cell.counts)
    return {key: Figures(merged[key]) for key in sorted(merged) if merged[key]}


def offered_of_units(connection: Connection, asked: Asked, by: By, units: Sequence[str]) -> dict[str, int]:
    """How many calls some units together were offered, by the value of their cells."""
    offered: Counter[str] = Counter()
    calls = func.sum(TallyRow.counts["offered"].as_integer())
    for which in _of_cells(connection, asked, by, units):
        query = select(TallyRow.value, calls).where(*which).group_by(TallyRow.value)
        offered.update({value: int(count or 0) for value, count in connection.execute(query)})
    return dict(offered)


def units_counted(connection: Connection, origin: str) -> list[str]:
    """The units that have counts: the index is asked for one after the other, not for all that each of them has."""
    first = select(func.min(TallyRow.unit).label("unit")).where(TallyRow.origin == origin)
    found = first.cte("found", recursive=True)
    after = select(func.min(TallyRow.unit)).where(TallyRow.origin == origin, TallyRow.unit > found.c.unit)
    found = found.union_all(select(after.scalar_subquery()).where(found.c.unit.is_not(None)))
    return [unit for (unit,) in connection.execute(select(found.c.unit)) if unit not in (None, ALL_UNITS)]


def counted_period(connection: Connection, origin: str) -> Period | None:
    """From the first to the last local date of which calls are counted."""
    ends = [select(end(TallyRow.start)).where(*_days(origin)).scalar_subquery() for end in (func.min, func.max)]
    first, last = tuple(connection.execute(select(*ends)).one())
    return Period(first, last) if first else None


def _last_counted(connection: Connection, origin: str) -> date | None:
    return connection.execute(select(func.max(TallyRow.start)).where(*_days(origin))).scalar()


def _days(origin: str) -> tuple[ColumnElement[bool], ...]:
    return TallyRow.origin == origin, TallyRow.unit == ALL_UNITS, TallyRow.by == By.ALL, TallyRow.grain == Grain.DAY


def missing_since(folded: date | None, period: Period, now: datetime) -> date | None:
    """Since when calls of *period* may not be counted yet: all of the days before *folded* are."""
    is_late = folded is not None and folded < now.date() - _FOLDED_WITHIN and folded <= period.last
    return folded if is_late else None


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


def cells(
    connection: Connection, asked: Asked, by: By, units: Sequence[str], coarsest: Grain = Grain.YEAR
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The cells whose counts come to what is asked for."""
    columns = (TallyRow.unit, TallyRow.start, TallyRow.value, TallyRow.counts)
    for which in _of_cells(connection, asked, by, units, coarsest):
        yield from connection.execute(select(*columns).where(*which))


def _of_cells(
    connection: Connection, asked: Asked, by: By, units: Sequence[str], coarsest: Grain = Grain.YEAR
) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Which cells make up what is asked for, part by part.

    Up to the last day that is counted, this year's own count is that of the days so far: one cell instead of hundreds.
    """
    last = _last_counted(connection, asked.origin)
    period = asked.period if last is None or asked.period.last < last else asked.period.to_end_of_year()
    for grain, part in period.parts(coarsest):
        yield (
            TallyRow.origin == asked.origin,
            TallyRow.unit.in_(units),
            TallyRow.by == by,
            TallyRow.grain == grain,
            TallyRow.start.between(part.first, part.last),
        )


def _merged(counted: Iterator[Row[*tuple[Any, ...]]]) -> Counter[str]:
    merged: Counter[str] = Counter()
    for cell in counted:
        merged.update(cell.counts)
    return merged

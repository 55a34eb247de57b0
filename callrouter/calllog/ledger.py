"""The contract ledger in the database: a company's statement, read from the calls."""

from collections.abc import Iterator
from datetime import UTC

from sqlalchemy import Connection, RowMapping, and_, func, select

from callrouter.calllog.call_rows import call_record
from callrouter.calllog.disputes import disputes, disputes_of
from callrouter.calllog.queries import calls_named
from callrouter.calllog.tables import CallRow, LegRow
from callrouter.domain.call_filter import Sight
from callrouter.domain.ledger import Line, Statement, line_of, local_arrival
from callrouter.domain.period import Period
from callrouter.domain.record import CallRecord
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Disposition, Origin

_AT_ONCE = 500


def statement(
    connection: Connection, company: str, period: Period, schedule: Schedule | None, origin: str = Origin.REAL
) -> Statement:
    """What *company* was offered in *period*, by the local date of arrival; without calls that are in progress."""
    said = disputes(connection, company)
    records = (r for r in _offered(connection, company, period) if r.origin == origin)
    finished = [r for r in records if r.disposition is not Disposition.IN_PROGRESS]
    finished.sort(key=lambda record: (record.received_at, record.call_id))
    lines = [line_of(r, company, schedule, said.get((r.day, r.call_id), ())) for r in finished]
    return Statement(company, period, origin, schedule.version if schedule else None, lines)


def line_named(connection: Connection, call_id: str, company: str, schedule: Schedule | None) -> Line | None:
    """Call *call_id* as a line of the *company*'s statement; None unless the company may see it."""
    found = calls_named(connection, call_id, Sight(company=company))
    row = next((each for each in found if each.call_id == call_id), None)
    if row is None:
        return None
    record = call_record(row._mapping)  # noqa: SLF001 - its documented name
    return line_of(record, company, schedule, disputes_of(connection, (record.day, call_id), company))


def companies(connection: Connection) -> list[str]:
    """Every company that was ever offered a call; the index is asked for one after the other, in one question."""
    found = select(func.min(LegRow.company).label("company")).cte("found", recursive=True)
    after = select(func.min(LegRow.company)).where(LegRow.company > found.c.company).scalar_subquery()
    found = found.union_all(select(after).where(found.c.company.is_not(None)))
    return [company for (company,) in connection.execute(select(found.c.company)) if company is not None]


def _offered(connection: Connection, company: str, period: Period) -> Iterator[CallRecord]:
    """The calls with a phone of *company*, some at a time: each record is read by its key."""
    around = period.widened().span(UTC)
    own = (LegRow.company == company, LegRow.received_at >= around.start, LegRow.received_at < around.end)
    keys = select(LegRow.day, LegRow.call_id).where(*own).distinct().subquery()
    rows = connection.execute(
        select(CallRow.__table__).join(keys, and_(CallRow.day == keys.c.day, CallRow.call_id == keys.c.call_id))
    )
    for some in rows.mappings().partitions(_AT_ONCE):
        yield from (record for row in some if (record := _in(row, period)))


def _in(row: RowMapping, period: Period) -> CallRecord | None:
    record = call_record(row)
    return record if period.covers(local_arrival(record).date()) else None

"""The contract ledger in the database: a company's statement, read from the calls; and what is disputed of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.call_rows import call_record
from callrouter.calllog.tables import CallRow, DisputeRow, LegRow
from callrouter.domain.ledger import Dispute, Statement, line_of, local_arrival
from callrouter.domain.period import Period
from callrouter.domain.record import CallRecord
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Disposition, Origin

_AT_ONCE = 500


def statement(
    connection: Connection, company: str, period: Period, schedule: Schedule | None, origin: str = Origin.REAL
) -> Statement:
    """What *company* was offered in *period*, by the local date of arrival; without calls that are in progress."""
    disputes = _disputes(connection, company)
    records = (r for r in _offered(connection, company, period) if r.origin == origin)
    finished = [r for r in records if r.disposition is not Disposition.IN_PROGRESS]
    finished.sort(key=lambda record: (record.received_at, record.call_id))
    lines = [line_of(r, company, schedule, disputes.get((r.day, r.call_id), ())) for r in finished]
    return Statement(company, period, origin, schedule.version if schedule else None, lines)


def companies(connection: Connection) -> list[str]:
    """Every company that was ever offered a call; the index is asked for one after the other."""
    found: list[str] = []
    query = select(LegRow.company).where(LegRow.company.is_not(None)).order_by(LegRow.company).limit(1)
    name = connection.execute(query).scalar()
    while name is not None:
        found.append(name)
        name = connection.execute(query.where(LegRow.company > name)).scalar()
    return found


def was_offered(connection: Connection, day: date, call_id: str, company: str) -> bool:
    """Whether a phone of *company* was rung in the call."""
    own = and_(LegRow.day == day, LegRow.call_id == call_id, LegRow.company == company)
    return connection.execute(select(LegRow.place).where(own).limit(1)).scalar() is not None


def disputes_of(connection: Connection, day: date, call_id: str, company: str) -> tuple[Dispute, ...]:
    """What was said of one call, the oldest first."""
    return tuple(_disputes(connection, company).get((day, call_id), ()))


def dispute(connection: Connection, day: date, call_id: str, said: Dispute) -> int:
    """Keep what is *said* of a call, in the writing transaction of the caller; returns the dispute's number."""
    row = asdict(said) | {"day": day, "call_id": call_id}
    del row["id"]
    number: int = connection.execute(insert(DisputeRow).values(row).returning(DisputeRow.id)).scalar_one()
    facts = {"dispute": number, "company": said.company}
    append(connection, Deed(said.who, "dispute", f"call {call_id}", facts, said.at))
    return number


def settle(connection: Connection, number: int, result: str, who: str, at: datetime) -> bool:
    """Say how dispute *number* ended; False if there is none of that number, or it is settled already."""
    own = and_(DisputeRow.id == number, DisputeRow.settled_at.is_(None))
    settled = {"settled_at": at, "settled_by": who, "result": result}
    done = connection.execute(update(DisputeRow).where(own).values(settled).returning(DisputeRow.call_id)).scalar()
    if done is None:
        return False
    append(connection, Deed(who, "settle", f"call {done}", {"dispute": number}, at))
    return True


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


def _disputes(connection: Connection, company: str) -> Mapping[tuple[date, str], list[Dispute]]:
    said: dict[tuple[date, str], list[Dispute]] = defaultdict(list)
    query = select(DisputeRow.__table__).where(DisputeRow.company == company).order_by(DisputeRow.id)
    for row in connection.execute(query).mappings():
        known: dict[str, Any] = {name: row[name] for name in Dispute.__slots__}
        said[row["day"], row["call_id"]].append(Dispute(**known))
    return said

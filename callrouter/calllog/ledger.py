"""The contract ledger in the database: a company's statement, read from the calls."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from callrouter.calllog.call_rows import call_record
from callrouter.calllog.conditions import same_call
from callrouter.calllog.disputes import disputes, disputes_of
from callrouter.calllog.gone import gone_before, whole_from
from callrouter.calllog.projection import Key
from callrouter.calllog.queries import calls_named
from callrouter.calllog.tables import CallEventRow, CallRow, LegRow
from callrouter.domain.call_filter import Sight
from callrouter.domain.ledger import Line, Offer, Statement, contracts_of, line_of, local_arrival, promises
from callrouter.domain.period import Period
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Disposition, Origin, Retained

_OF_CALL = (CallRow.day, CallRow.call_id, CallRow.unit, CallRow.received_at, CallRow.local_time)
_ANSWER = (CallRow.seconds_to_answer, CallRow.talked_seconds)
_OF_LEG = (LegRow.destination, LegRow.outcome, LegRow.started_at, LegRow.answered_at)
"""Of each phone, as rows: the same stands in the call's own JSON, which takes several times as long to read."""


def statement(
    connection: Connection, company: str, period: Period, schedule: Schedule | None, origin: str = Origin.REAL
) -> Statement:
    """What *company* was offered in *period*, by the local date of arrival; without calls that are in progress."""
    said = disputes(connection, company)
    offers, contracts = _offers(connection, company, period, origin), contracts_of(schedule, company)
    lines = [line_of(offer, contracts, said.get((offer.day, offer.call_id), ())) for offer in offers]
    version, promised = (schedule.version, promises(schedule, company, period)) if schedule else (None, [])
    whole = whole_from(connection, period, schedule.zone if schedule else UTC)
    bare = {(line.day, line.call_id) for line in lines}.intersection(
        _without_events(connection, company, period, origin)
    )
    return Statement(company, period, origin, version, lines, promised, whole, frozenset(bare))


def line_named(connection: Connection, call_id: str, company: str, schedule: Schedule | None) -> Line | None:
    """Call *call_id* as a line of the *company*'s statement; None unless the company may see it."""
    found = calls_named(connection, call_id, Sight(company=company))
    row = next((each for each in found if each.call_id == call_id), None)
    if row is None:
        return None
    record = call_record(row._mapping)  # noqa: SLF001 - its documented name
    said = disputes_of(connection, (record.day, call_id), company)
    return line_of(Offer.of(record, company), contracts_of(schedule, company), said)


def companies(connection: Connection) -> list[str]:
    """Every company that was ever offered a call; the index is asked for one after the other, in one question."""
    found = select(func.min(LegRow.company).label("company")).cte("found", recursive=True)
    after = select(func.min(LegRow.company)).where(LegRow.company > found.c.company).scalar_subquery()
    found = found.union_all(select(after).where(found.c.company.is_not(None)))
    return [company for (company,) in connection.execute(select(found.c.company)) if company is not None]


def _offers(connection: Connection, company: str, period: Period, origin: str) -> Iterator[Offer]:
    """The finished calls with a phone of *company*, the oldest first: what the row of each says, and of its phones."""
    of_call: tuple[Any, ...] = (*_OF_CALL, CallRow.answered_company.is_not_distinct_from(company), *_ANSWER)
    query = select(*of_call, *_OF_LEG).join_from(LegRow, CallRow, same_call(LegRow, CallRow))
    query = query.where(*_offered(company, period, origin))
    first, last = str(period.first), str(period.last)
    rows: Sequence[Any] = connection.execute(query.order_by(LegRow.received_at, LegRow.call_id, LegRow.place)).all()
    for _, group in groupby(rows, key=itemgetter(0, 1)):
        legs = list(group)
        day, call_id, unit, received_at, local_time, *answer = legs[0][: len(of_call)]
        arrived = local_arrival(received_at, local_time)
        if first <= arrived[:10] <= last:
            yield Offer._make((day, call_id, unit, received_at, arrived, *answer, legs))


def _without_events(connection: Connection, company: str, period: Period, origin: str) -> Iterator[Key]:
    """Those of the calls whose events have been destroyed by decision. As long as none were, nothing is looked at."""
    gone = gone_before(connection, Retained.EVENTS)
    if gone is None or gone <= period.widened().span(UTC).start:
        return
    query = select(CallRow.day, CallRow.call_id).join_from(LegRow, CallRow, same_call(LegRow, CallRow)).distinct()
    bare = query.where(*_offered(company, period, origin), ~exists().where(same_call(CallEventRow, CallRow)))
    yield from ((day, call_id) for day, call_id in connection.execute(bare))


def _offered(company: str, period: Period, origin: str) -> tuple[ColumnElement[bool], ...]:
    """Whether a leg and its call are of the *company*, in the *period* or a day from it, and over."""
    around = period.widened().span(UTC)
    own = (LegRow.company == company, LegRow.received_at >= around.start, LegRow.received_at < around.end)
    return (*own, CallRow.origin == origin, CallRow.disposition != Disposition.IN_PROGRESS.value)

"""What a generated log does not have and pages show: users, a token, a call-back, a dispute, a saved schedule."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bench import town
from bench.addresses import COMPANY, UNIT, There
from callrouter.calllog.projection import Key
from callrouter.calllog.tables import (
    ApiTokenRow,
    CallBackRow,
    CallRow,
    DisputeRow,
    LegRow,
    OneTimeLinkRow,
    SchedulePublicationRow,
    ScheduleVersionRow,
    SessionRow,
    Table,
    UserRow,
)
from callrouter.domain.call_back import MISSED
from callrouter.domain.words import Role, Scope
from callrouter.people import secrets, sessions
from callrouter.schedule.format.reading import version_of
from callrouter.web.site import Site

BENCH = "bench"
"""Who made all of it."""

TOKEN, _LINK = "callrouter_bench_token", "bench-link"


@contextmanager
def furnished(site: Site) -> Iterator[There]:
    """It is there as long as it is looked at; what a run left that was killed is put away first."""
    _put_away(site)
    try:
        with site.database.writing() as connection:
            _people(connection, site.now())
            there = _furniture(connection, site)
        yield there
    finally:
        _put_away(site)


def session_of(site: Site, role: Role) -> str:
    """The secret of a new session of the user with that role."""
    with site.database.writing() as connection:
        return sessions.begin(connection, _named(role), site.now())


def _people(connection: Connection, at: datetime) -> None:
    made: dict[str, Any] = {"made_at": at, "made_by": BENCH}
    for role, company in ((Role.ADMINISTRATOR, None), (Role.CONTRACTOR, COMPANY)):
        connection.execute(
            insert(UserRow), [made | {"name": _named(role), "role": role.value, "company": company, "password": None}]
        )
    link = {"key": secrets.key_of(_LINK), "user": _named(Role.CONTRACTOR), "ends_at": at + timedelta(hours=1)}
    connection.execute(insert(OneTimeLinkRow), [made | link])
    token = {"name": BENCH, "key": secrets.key_of(TOKEN), "prefix": TOKEN[:17], "scopes": " ".join(Scope)}
    connection.execute(insert(ApiTokenRow), [made | token | {"used_at": at}])


def _furniture(connection: Connection, site: Site) -> There:
    at, file = site.now(), site.schedule_place.file
    text = f"# before\n{site.schedule_place.content().decode()}"  # each line is another one now
    call = _newest(connection, CallRow, at, CallRow.unit == UNIT)
    of_company = _newest(connection, LegRow, at, LegRow.company == COMPANY)
    missed = _newest(connection, CallRow, at, CallRow.disposition.in_(MISSED))
    call_back = _said(connection, CallBackRow, missed, at)
    dispute = _said(connection, DisputeRow, of_company, at, company=COMPANY, reason=BENCH)
    kept = {"hash": version_of(text), "by": BENCH}
    connection.execute(insert(ScheduleVersionRow), [kept | {"text": text, "first_seen": at}])
    connection.execute(insert(SchedulePublicationRow), [kept | {"published_at": at, "file": file}])
    return There(
        today=at.astimezone(town.schedule().zone).date(),
        call=call,
        of_company=of_company,
        call_back=call_back,
        dispute=dispute,
        version=kept["hash"],
        user=_named(Role.CONTRACTOR),
        link=_LINK,
    )


def _said(connection: Connection, table: type[CallBackRow | DisputeRow], call: Key, at: datetime, **more: str) -> int:
    """The number of what the administrator said of a call."""
    row = {"day": call[0], "call_id": call[1], "at": at, "who": _named(Role.ADMINISTRATOR)}
    number = connection.execute(insert(table).values(**row, **more)).inserted_primary_key
    return int(number[0]) if number else 0


def _newest(connection: Connection, table: type[CallRow | LegRow], at: datetime, which: Any) -> Key:
    query = select(table.day, table.call_id).where(which, table.received_at <= at)
    query = query.order_by(table.received_at.desc()).limit(1)
    day, call_id = connection.execute(query).one()
    return day, call_id


def _named(role: Role) -> str:
    return f"{BENCH}-{role.value}"


_PUT: dict[type[Table], Any] = {
    SessionRow: SessionRow.user.in_([_named(role) for role in Role]),
    UserRow: UserRow.made_by == BENCH,
    OneTimeLinkRow: OneTimeLinkRow.made_by == BENCH,
    ApiTokenRow: ApiTokenRow.made_by == BENCH,
    CallBackRow: CallBackRow.who == _named(Role.ADMINISTRATOR),
    DisputeRow: DisputeRow.who == _named(Role.ADMINISTRATOR),
    ScheduleVersionRow: ScheduleVersionRow.by == BENCH,
    SchedulePublicationRow: SchedulePublicationRow.by == BENCH,
}


def _put_away(site: Site) -> None:
    with site.database.writing() as connection:
        for table, which in _PUT.items():
            connection.execute(delete(table).where(which))

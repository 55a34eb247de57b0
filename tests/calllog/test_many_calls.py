"""More calls than a search looks at: an index gives order and limit, and what was not looked at is said."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from callrouter.calllog.cursor import Cursor
from callrouter.calllog.database import Database
from callrouter.calllog.erasure import unfinished
from callrouter.calllog.queries import calls_named, earlier_calls
from callrouter.calllog.searching import COUNTED, LOOKED_AT, Count, count, page
from callrouter.calllog.tables import CallerRow, CallRow, FollowUpRow, LegRow
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight
from callrouter.domain.words import DecidedBy, Disposition, Origin, State
from tests.calllog.engines import ENGINES, prepared_sqlite
from tests.calllog.made_calls import ANNA, BEGIN
from tests.calllog.plans import faults_of, first_index, statements_of
from tests.calllog.postgres import needed_server

MANY = LOOKED_AT + 500

OLDEST = 100
"""The first calls, which differ from all that came later."""


@pytest.fixture(scope="module", params=ENGINES)
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The same for all these tests: nothing is changed."""
    is_sqlite = request.param == "sqlite"
    own = prepared_sqlite(tmp_path_factory.mktemp("log") / "callrouter.db") if is_sqlite else None
    database = Database(own or needed_server().empty_database())
    database.prepare()
    with database.writing() as connection:
        connection.execute(insert(CallRow), [_call(number) for number in range(MANY)])
        connection.execute(insert(LegRow), [leg for number in range(MANY) for leg in _legs(number)])
        connection.execute(insert(CallerRow), [_caller(number) for number in range(MANY)])
        connection.execute(insert(FollowUpRow), [_follow_up(number) for number in range(0, MANY, 1000)])
        if not is_sqlite:  # which gathers its figures by itself; SQLite has none
            connection.exec_driver_sql("ANALYZE")
    with database.reading() as connection:
        yield connection
    database.close()


def at(number: int) -> datetime:
    """When a call arrived: one a minute."""
    return BEGIN + timedelta(minutes=number)


def _key(number: int) -> dict[str, Any]:
    return {"day": at(number).date(), "call_id": f"CA{number * 7919 % 1_000_003:06}"}


def _call(number: int) -> dict[str, Any]:
    is_old = number < OLDEST
    return _key(number) | {
        "unit": f"unit-{number % 20}",
        "called": "+46846500400",
        "received_at": at(number),
        "state": State.CLOSED if is_old else State.OPEN,
        "decided_by": DecidedBy.OVERRIDE if number % 500 == 0 else DecidedBy.HOURS,
        "disposition": Disposition.BLOCKED if number % 400 == 0 else Disposition.ANSWERED,
        "origin": Origin.TEST_CALL if number % 300 == 0 else Origin.REAL,
        "legs": [],
        "events": 1,
        "reviewed_at": at(number) if number % 10 == 0 else None,
        "category": "oro" if number % 50 == 0 else None,
    }


def _legs(number: int) -> list[dict[str, Any]]:
    company = "Syd AB" if number < OLDEST else "Nord AB"
    leg = _key(number) | {"received_at": at(number), "started_at": at(number), "destination": f"place-{number % 30}"}
    return [leg | {"place": place, "company": company, "person": f"person-{number % 40}"} for place in range(2)]


def _caller(number: int) -> dict[str, Any]:
    theirs = {"key": ANNA.key, "key_id": ANNA.key_id} if number % 2000 == 0 else {"key": f"{number}", "key_id": "now"}
    return _key(number) | theirs | {"number": f"+4670174{number:05}"}


def _follow_up(number: int) -> dict[str, Any]:
    return _key(number) | {"at": BEGIN, "who": "eva", "what": "ring", "owner": "ola", "due_at": BEGIN}


LEADS = (
    (CallFilter(), "ix_call_received_at"),
    (CallFilter(since=BEGIN + timedelta(days=2), until=BEGIN + timedelta(days=3)), "ix_call_received_at"),
    (CallFilter(unit="unit-7"), "ix_call_unit_received_at"),
    (CallFilter(disposition=Disposition.BLOCKED), "ix_call_disposition_received_at"),
    (CallFilter(disposition=Disposition.ANSWERED), "ix_call_disposition_received_at"),
    (CallFilter(state=State.OPEN), "ix_call_received_at"),
    (CallFilter(decided_by=DecidedBy.OVERRIDE, disposition=Disposition.ANSWERED), "ix_call_decided_by_received_at"),
    (CallFilter(decided_by=DecidedBy.HOURS), "ix_call_decided_by_received_at"),
    (CallFilter(destination="place-3"), "ix_leg_destination_received_at"),
    (CallFilter(company="Nord AB", destination="place-3"), "ix_leg_company_received_at"),
    (CallFilter(person="person-3"), "ix_leg_person_received_at"),
    (CallFilter(company="Nord AB", person="person-3", answered=True), "ix_leg_person_received_at"),
    (CallFilter(caller=ANNA, unit="unit-7"), "ix_caller_key"),
    (CallFilter(origin=Origin.REAL), "ix_call_received_at"),
    (CallFilter(origin=Origin.TEST_CALL), "ix_call_not_real"),
    (CallFilter(is_reviewed=True), "ix_call_reviewed"),
    (CallFilter(is_reviewed=False), "ix_call_unreviewed"),
    (CallFilter(category="oro"), "ix_call_category"),
    (CallFilter(has_follow_up=True, caller=ANNA), "ix_follow_up"),
    (
        CallFilter(unit="unit-7", disposition=Disposition.ANSWERED, is_reviewed=False),
        "ix_call_unit_disposition_received_at",
    ),
)
"""What is asked, and the index that gives the calls. PostgreSQL may know a better one; SQLite knows no figures."""

PLACE = Cursor(BEGIN + timedelta(days=7), "CA5")


@pytest.mark.parametrize("sight", [EVERYTHING, Sight("Nord AB"), Sight(unit="unit-7")])
def test_an_index_gives_order_and_limit(log: Connection, sight: Sight) -> None:
    places = (None, PLACE, Cursor(PLACE.received_at, PLACE.call_id, is_newer=True))
    for wanted, _ in LEADS:
        for place in places:
            assert faults_of(log, partial(page, log, wanted, 50, place, sight)) == []
        assert faults_of(log, partial(count, log, wanted, sight)) == []


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("wanted", "index"), LEADS, ids=range(len(LEADS)))
def test_what_holds_of_the_fewest_calls_leads(log: Connection, wanted: CallFilter, index: str) -> None:
    assert first_index(log, partial(page, log, wanted)).startswith(index)


def test_a_call_and_what_its_caller_called_before_too(log: Connection) -> None:
    assert faults_of(log, partial(calls_named, log, "CA0000")) == []
    (call,) = calls_named(log, _key(4000)["call_id"])
    assert [each.received_at for each in earlier_calls(log, call, 5)] == [at(2000), at(0)]
    assert faults_of(log, partial(earlier_calls, log, call, 5)) == []


def test_what_was_not_looked_at_is_said(log: Connection) -> None:
    """The few calls that are wanted stand behind all that a search looks at: it says how far it came, and goes on."""
    rare = CallFilter(state=State.CLOSED)
    first = page(log, rare)
    assert (first.calls, first.newer) == ([], None)
    assert first.older
    assert first.older.received_at == at(MANY - LOOKED_AT)
    second = page(log, rare, 50, first.older)
    assert [call.received_at for call in second.calls] == [at(n) for n in range(99, 49, -1)]
    assert count(log, rare) == Count(0, is_exact=False)


def test_there_is_a_limit_to_counting(log: Connection) -> None:
    assert count(log, CallFilter()) == Count(COUNTED, is_exact=False)
    assert str(count(log, CallFilter())) == "10,000+"
    assert count(log, CallFilter(until=at(COUNTED))) == Count(COUNTED, is_exact=True)
    assert str(count(log, CallFilter(until=at(COUNTED - 1)))) == "9,999"
    assert str(count(log, CallFilter(until=at(COUNTED), state=State.CLOSED))) == "100"


@pytest.mark.parametrize(
    "wanted", [CallFilter(caller=ANNA), CallFilter(unit="unit-7", disposition=Disposition.BLOCKED)]
)
def test_where_all_that_is_looked_at_is_wanted_one_statement_is_enough(log: Connection, wanted: CallFilter) -> None:
    for search in (partial(page, log, wanted), partial(count, log, wanted)):
        assert len(statements_of(log, search)) == 1


def test_who_is_still_to_be_erased_at_the_provider_is_found_by_an_index(log: Connection) -> None:
    """Every run of retention begins so: at ten million callers PostgreSQL's limit would end it there."""
    assert first_index(log, partial(unfinished, log)) == "ix_caller_being_erased"

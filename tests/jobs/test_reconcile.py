"""The nightly job: with the provider's list, by the schedule in force, over the last days."""

from datetime import UTC, timedelta

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallRow
from callrouter.domain.words import Outcome
from callrouter.jobs import reconcile
from callrouter.jobs.job import Books, Tools
from callrouter.telephony.provider import Direction, FinishedCall
from tests.calllog.aged import there
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, SCHEDULE
from tests.calls.test_reconciliation import Ledger
from tests.schedules import CENTRE


def books(days: int) -> Books:
    at = clock.now().astimezone(UTC) - timedelta(days=days)
    over = at + timedelta(seconds=9)
    listed = FinishedCall(
        *("CA1", None, Direction.INBOUND, CITIZEN.e164, CENTRE.e164, at, over, Outcome.NO_ANSWER, None)
    )
    return Books(Ledger([listed]), PSEUDONYMIZER)


def test_it_adds_what_a_week_kept_out_and_says_so(database: Database) -> None:
    heard: list[tuple[int, int]] = []
    tools = Tools(database, lambda: SCHEDULE, books=lambda: books(6), tell=lambda *how_far: heard.append(how_far))
    assert reconcile.JOB.run(tools) == "1 call, 0 legs and 0 messages compared: 1 gap filled"
    assert there(database, CallRow) == {"CA1"}
    assert heard[-1] == (8, 8)


def test_what_is_older_is_for_the_command(database: Database) -> None:
    tools = Tools(database, lambda: SCHEDULE, books=lambda: books(9))
    assert reconcile.JOB.run(tools) == "0 calls, 0 legs and 0 messages compared: no gaps"


def test_without_an_account_or_a_schedule_nothing_is_added(database: Database) -> None:
    assert reconcile.JOB.run(Tools(database)) == "no account with the provider: nothing to reconcile with"
    said = reconcile.JOB.run(Tools(database, books=lambda: books(1)))
    assert said == "no schedule, so nobody knows whose numbers may be kept: nothing was reconciled"
    assert there(database, CallRow) == set()

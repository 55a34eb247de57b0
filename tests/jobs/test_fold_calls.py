"""The job that catches up with what a crash left unfolded."""

from sqlalchemy import insert

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallEventRow
from callrouter.calllog.writes import write_entries
from callrouter.jobs import fold_calls
from callrouter.jobs.job import Tools
from tests.calllog.told import PSEUDONYMIZER, arrival, call_rows


def test_it_says_how_many(database: Database) -> None:
    assert fold_calls.JOB.run(Tools(database)) == "0 of 0 calls folded"
    write_entries(database, PSEUDONYMIZER, [arrival(f"CA{number}", clock.now()) for number in range(3)])
    assert fold_calls.JOB.run(Tools(database)) == "3 of 3 calls folded"
    assert fold_calls.JOB.run(Tools(database)) == "0 of 0 calls folded"
    assert len(call_rows(database)) == 3


def test_it_says_that_one_could_not_be_folded(database: Database) -> None:
    now = clock.now()
    row = {"day": now.date(), "call_id": "CA-odd", "id": "1", "kind": "sung", "at": now, "facts": {}}
    with database.writing() as connection:
        connection.execute(insert(CallEventRow), [row])
    write_entries(database, PSEUDONYMIZER, [arrival("CA-good", now)])
    assert fold_calls.JOB.run(Tools(database)) == "1 of 2 calls folded"

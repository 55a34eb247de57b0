"""What goes on at present, on both databases."""

from datetime import timedelta

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.present import in_progress, last_call
from callrouter.calllog.writes import write_entries
from callrouter.domain.ending import LONGEST_CALL
from callrouter.domain.words import Origin
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, arrival, whole_story
from tests.schedules import CLOSED_HOUR

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def keep(database: Database, *entries: Entry) -> None:
    write_entries(database, PSEUDONYMIZER, list(entries))
    catch_up(database)


def over(call_id: str, days: int = 0) -> Entry:
    return Entry(tuple(whole_story(call_id, CLOSED_HOUR + days * DAY)), CITIZEN)


def test_calls_in_progress_the_newest_first(database: Database) -> None:
    keep(database, arrival("CA1"), arrival("CA2", CLOSED_HOUR + MINUTE), over("CA3"))
    with database.reading() as connection:
        found = in_progress(connection, CLOSED_HOUR + 2 * MINUTE)
        later = in_progress(connection, CLOSED_HOUR + LONGEST_CALL)
        earlier = in_progress(connection, CLOSED_HOUR - 2 * MINUTE)
    assert [(call.call_id, call.number) for call in found] == [("CA2", CITIZEN.e164), ("CA1", CITIZEN.e164)]
    assert [call.call_id for call in later] == ["CA2"]
    assert earlier == []


def test_the_last_call_that_is_over(database: Database) -> None:
    keep(database, over("CA1", -3), over("CA2"), arrival("CA3", CLOSED_HOUR + MINUTE), over("CA4", 5))
    with database.reading() as connection:
        found = last_call(connection, Origin.REAL, CLOSED_HOUR + 10 * MINUTE)
        before = last_call(connection, Origin.REAL, CLOSED_HOUR - DAY)
        none = last_call(connection, Origin.TEST_CALL, CLOSED_HOUR)
    assert found
    assert before
    assert (found.call_id, before.call_id, none) == ("CA2", "CA1", None)

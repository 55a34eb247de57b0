"""The review: what people say of a call stays when more is told of it, and whatever is changed is in the audit log."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from callrouter.calllog.audit import Deed, entries
from callrouter.calllog.database import Database
from callrouter.calllog.destroying import delete_calls
from callrouter.calllog.disputes import NotOfferedError, dispute
from callrouter.calllog.entry import Entry
from callrouter.calllog.holds import hold
from callrouter.calllog.overdue import Old
from callrouter.calllog.projection import CallGoneError, lock, project
from callrouter.calllog.review import (
    add_follow_up,
    add_note,
    finish_follow_up,
    follow_up,
    follow_ups,
    mark_reviewed,
    mark_unreviewed,
    notes,
    open_follow_ups,
    to_follow_up,
)
from callrouter.calllog.tables import DisputeRow, FollowUpRow, HoldRow, LegRow, NoteRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.ledger import Dispute
from callrouter.domain.review import Act, FollowUp, Note, Task
from callrouter.domain.words import Origin
from tests.calllog.told import PSEUDONYMIZER, arrival, call_rows, whole_story
from tests.calllog.upon import one_upon_another
from tests.schedules import CLOSED_HOUR

KEY = (CLOSED_HOUR.date(), "CA1")
LATER = CLOSED_HOUR + timedelta(hours=1)
DUE = CLOSED_HOUR + timedelta(days=1)
ANNA = Act("anna", LATER)
BO = Act("bo", LATER + timedelta(hours=1))
TASK = Task("Ring upp", "bo", DUE)


@pytest.fixture
def log(database: Database) -> Database:
    write_entries(database, PSEUDONYMIZER, [arrival("CA1"), arrival("CA2")])
    project(database, {KEY, (KEY[0], "CA2")})
    return database


def change(log: Database, what: Callable[..., Any], *arguments: Any) -> Any:
    with log.writing() as connection:
        return what(connection, *arguments)


def ask(log: Database, what: Callable[..., Any], *arguments: Any) -> Any:
    with log.reading() as connection:
        return what(connection, *arguments)


def deeds(log: Database) -> list[Deed]:
    with log.reading() as connection:
        return [entry.deed for entry in entries(connection)]


def reviewed(log: Database) -> tuple[Any, ...]:
    row = call_rows(log)[0]
    return row.reviewed_at, row.reviewed_by, row.category


class TestReviewed:
    def test_who_and_when_stand_beside_the_call(self, log: Database) -> None:
        assert change(log, mark_reviewed, KEY, ANNA, "oro")
        assert reviewed(log) == (LATER, "anna", "oro")
        assert call_rows(log)[1].reviewed_at is None
        assert deeds(log) == [Deed("anna", "review", "call CA1", {"category": "oro"}, LATER)]

    def test_without_a_category_the_one_there_is_stays(self, log: Database) -> None:
        change(log, mark_reviewed, KEY, ANNA, "oro")
        change(log, mark_reviewed, KEY, BO)
        assert reviewed(log) == (BO.at, "bo", "oro")

    def test_it_can_be_taken_back(self, log: Database) -> None:
        change(log, mark_reviewed, KEY, ANNA, "oro")
        assert change(log, mark_unreviewed, KEY, BO)
        assert reviewed(log) == (None, None, None)
        assert [deed.action for deed in deeds(log)] == ["review", "unreview"]

    def test_what_changes_nothing_is_not_told(self, log: Database) -> None:
        assert not change(log, mark_unreviewed, KEY, ANNA)
        assert not change(log, mark_reviewed, (KEY[0], "CA9"), ANNA)
        assert deeds(log) == []

    def test_it_stays_when_more_is_told_of_the_call(self, log: Database) -> None:
        change(log, mark_reviewed, KEY, ANNA, "oro")
        write_entries(log, PSEUDONYMIZER, [Entry(tuple(whole_story("CA1")))])
        project(log, {KEY})
        assert call_rows(log)[0].disposition == "answered"
        assert reviewed(log) == (LATER, "anna", "oro")

    def test_who_folds_a_call_and_who_reviews_it_wait_for_each_other(self, log: Database) -> None:
        """Else whoever read the call before would write it back as it was: not reviewed."""
        is_locked, may_end = Event(), Event()

        def fold() -> None:
            with log.writing() as connection:
                lock(connection, [KEY])
                is_locked.set()
                assert may_end.wait(20)

        with ThreadPoolExecutor(2) as threads:
            folding = threads.submit(fold)
            assert is_locked.wait(20)
            reviewing = threads.submit(change, log, mark_reviewed, KEY, ANNA)
            with pytest.raises(TimeoutError):
                reviewing.result(0.3)
            may_end.set()
            folding.result(20)
            assert reviewing.result(20)
        assert reviewed(log) == (LATER, "anna", None)


class TestWritten:
    def test_notes_in_the_order_they_were_written(self, log: Database) -> None:
        first = change(log, add_note, KEY, ANNA, "Orolig")
        change(log, add_note, KEY, BO, "Lugn nu")
        change(log, add_note, (KEY[0], "CA2"), BO, "En annan")
        assert ask(log, notes, KEY) == [Note(ANNA, "Orolig"), Note(BO, "Lugn nu")]
        assert deeds(log)[0] == Deed("anna", "note", "call CA1", {"note": first}, LATER)

    def test_a_follow_up_until_it_is_done(self, log: Database) -> None:
        number = change(log, add_follow_up, KEY, ANNA, TASK)
        added = FollowUp(number, "CA1", ANNA, TASK)
        assert ask(log, follow_ups, KEY) == ask(log, open_follow_ups) == [added]
        assert change(log, finish_follow_up, number, BO, "Klart")
        assert ask(log, follow_up, number) == FollowUp(number, "CA1", ANNA, TASK, BO, "Klart")
        assert ask(log, open_follow_ups) == []
        assert [(deed.action, deed.subject, deed.facts["follow_up"]) for deed in deeds(log)] == [
            ("follow-up", "call CA1", number),
            ("follow-up-done", "call CA1", number),
        ]

    def test_of_two_who_finish_it_the_first_did(self, log: Database) -> None:
        number = change(log, add_follow_up, KEY, ANNA, TASK)
        assert change(log, finish_follow_up, number, ANNA, "Klart")
        assert not change(log, finish_follow_up, number, BO, "Också klart")
        assert ask(log, follow_up, number).result == "Klart"
        assert not change(log, finish_follow_up, number + 1, BO, "Vad?")
        assert ask(log, follow_up, number + 1) is None
        assert len(deeds(log)) == 2

    def test_the_first_due_comes_first(self, log: Database) -> None:
        late = change(log, add_follow_up, KEY, ANNA, Task("c", "bo", DUE + timedelta(hours=1)))
        soon = change(log, add_follow_up, KEY, ANNA, Task("a", "anna", DUE))
        assert [each.id for each in ask(log, open_follow_ups)] == [soon, late]
        assert [each.id for each in ask(log, open_follow_ups, "bo")] == [late]
        assert [each.id for each in ask(log, open_follow_ups, None, DUE)] == [soon]
        assert [each.is_overdue(DUE) for each in ask(log, open_follow_ups)] == [True, False]

    def test_calls_are_counted_once_until_all_about_them_is_done(self, log: Database) -> None:
        assert ask(log, to_follow_up, DUE) == (0, 0)
        numbers = [change(log, add_follow_up, KEY, ANNA, Task("a", "anna", DUE)) for _ in "ab"]
        change(log, add_follow_up, (KEY[0], "CA2"), ANNA, Task("b", "bo", DUE + timedelta(hours=1)))
        assert ask(log, to_follow_up, DUE - timedelta(seconds=1)) == (2, 0)
        assert ask(log, to_follow_up, DUE) == (2, 1)
        for number, waiting in zip(numbers, [(2, 1), (1, 0)], strict=True):
            assert change(log, finish_follow_up, number, BO, "Klart")
            assert ask(log, to_follow_up, DUE) == waiting

    def test_no_text_that_people_wrote_stands_in_the_audit_log(self, log: Database) -> None:
        change(log, add_note, KEY, ANNA, "hemlig")
        number = change(log, add_follow_up, KEY, ANNA, Task("hemlig", "hemlig", DUE))
        change(log, finish_follow_up, number, ANNA, "hemlig")
        assert "hemlig" not in str(deeds(log))


def test_what_is_rolled_back_is_told_nowhere(log: Database) -> None:
    def fails(connection: Connection) -> None:
        mark_reviewed(connection, KEY, ANNA)
        add_note(connection, KEY, ANNA, "Orolig")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change(log, fails)
    assert reviewed(log) == (None, None, None)
    assert (ask(log, notes, KEY), deeds(log)) == ([], [])


COMPANY = "Nordbevakning AB"


@pytest.mark.parametrize(
    "write",
    [
        lambda c: add_note(c, KEY, ANNA, "Orolig"),
        lambda c: add_follow_up(c, KEY, ANNA, TASK),
        lambda c: hold(c, *KEY, "anna", "Polisanmälan", LATER),
        lambda c: dispute(c, KEY, Dispute(0, COMPANY, "Fel tid", "cecilia", LATER)),
    ],
    ids=["note", "follow-up", "hold", "dispute"],
)
def test_nothing_is_written_beside_a_call_that_is_being_destroyed(
    database: Database, write: Callable[[Connection], object]
) -> None:
    """It would stay for ever; and a hold would be said to keep what is gone."""
    write_entries(database, PSEUDONYMIZER, [Entry(tuple(whole_story()))])
    project(database, {KEY})

    with database.writing() as connection:
        connection.execute(update(LegRow).values(company=COMPANY))

    def destroy(connection: Connection) -> object:
        lock(connection, [KEY])
        return delete_calls(connection, [Old(*KEY, None, "trygghetscenter", Origin.REAL)], LATER)

    with pytest.raises((CallGoneError, NotOfferedError)):
        one_upon_another(database, destroy, write)
    with database.reading() as connection:
        for table in (NoteRow, FollowUpRow, HoldRow, DisputeRow):
            assert connection.execute(select(table.__table__)).all() == []

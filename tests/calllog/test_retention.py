"""Retention: what is older than decided goes, and nothing else; holds, outages, stops and repetitions."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Row, delete, select, update

from callrouter.calllog.audit import entries
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import protocol
from callrouter.calllog.entry import Entry
from callrouter.calllog.holds import holds, lift
from callrouter.calllog.overdue import Old
from callrouter.calllog.projection import lock
from callrouter.calllog.retention import STEPS, Run, Step, foresee
from callrouter.calllog.tables import (
    CallerRow,
    CallEventRow,
    CallRow,
    DestructionRow,
    FollowUpRow,
    LegRow,
    NoteRow,
    RecordingRow,
)
from callrouter.calllog.writes import write_entries
from callrouter.domain.retention import due
from callrouter.domain.words import Origin, Retained
from tests.calllog.aged import DECIDED, NOW, Store, deleted_at, dues, everything, held, lines, rules, run, there, told
from tests.calllog.plans import statements_of
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, SCHEDULE, numbers, whole_story

HANGING = (CallEventRow, LegRow, RecordingRow, CallerRow, NoteRow, FollowUpRow, CallRow)
DONE = "done"


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def old_and_new(database: Database) -> Database:
    """A call of 40 days ago, and one of 20."""
    told(database, "CA-old", 40)
    told(database, "CA-new", 20)
    return database


def test_nothing_of_it_is_left_in_what_sqlite_writes_ahead(sqlite_url: str, tmp_path: Path) -> None:
    """While the service goes on: the number is in no file."""
    database = Database(sqlite_url)
    told(database, "CA-old", 40)
    digits = CITIZEN.e164[1:].encode()
    assert any(digits in path.read_bytes() for path in tmp_path.iterdir())
    run(database, None, {"numbers": "30 days"})
    assert [path.name for path in tmp_path.iterdir() if digits in path.read_bytes()] == []
    database.close()


class TestClass:
    """Each class alone, with a rule of 30 days."""

    def test_without_a_decision_nothing_goes(self, old_and_new: Database, store: Store) -> None:
        before = everything(old_and_new)
        run(old_and_new, store, {})
        assert everything(old_and_new) == before
        assert store.asked == 0

    def test_a_number_goes_here_and_at_the_provider_and_its_hash_stays(
        self, old_and_new: Database, store: Store
    ) -> None:
        run(old_and_new, store, {"numbers": "30 days"})
        kept = callers(old_and_new)
        assert (kept["CA-old"].number, kept["CA-old"].forgotten_at) == (None, NOW)
        assert kept["CA-old"].key == kept["CA-new"].key
        assert kept["CA-new"].number
        assert store.calls == ["CA9", "CA-old"], "the legs too, which the events name"
        assert lines(old_and_new) == [
            ("numbers", "centre", 1, 0, 0, DONE),
            ("provider-records", "centre", 1, 0, 0, DONE),
        ]

    def test_who_sent_a_call_on_goes_with_the_number(self, old_and_new: Database, store: Store) -> None:
        with old_and_new.writing() as connection:
            connection.execute(update(CallerRow).values(number=None, forwarded_from="+46701740651"))
        run(old_and_new, store, {"numbers": "30 days"})
        assert {id_: row.forwarded_from for id_, row in callers(old_and_new).items()} == {
            "CA-old": None,
            "CA-new": "+46701740651",
        }

    def test_a_unit_without_numbers_has_them_deleted_at_the_provider(self, database: Database, store: Store) -> None:
        told(database, "CA-hash", 40)
        with database.writing() as connection:
            connection.execute(update(CallerRow).values(number=None))
        run(database, store, {"numbers": "30 days"})
        assert store.calls == ["CA9", "CA-hash"]
        assert [line[:3] for line in lines(database)] == [("provider-records", "centre", 1)]

    def test_notes_and_follow_ups(self, old_and_new: Database, store: Store) -> None:
        run(old_and_new, store, {"notes": "30 days"})
        assert there(old_and_new, NoteRow) == there(old_and_new, FollowUpRow) == {"CA-new"}
        assert lines(old_and_new) == [("notes", "centre", 1, 0, 0, DONE), ("follow-ups", "centre", 1, 0, 0, DONE)]

    def test_a_recording_goes_at_the_provider_and_its_row_says_since_when(
        self, old_and_new: Database, store: Store
    ) -> None:
        run(old_and_new, store, {"recordings": "30 days"})
        assert store.recordings == ["RECA-old"]
        assert deleted_at(old_and_new) == {"CA-old": NOW, "CA-new": None}

    def test_events_go_and_the_call_stays_as_it_was(self, old_and_new: Database, store: Store) -> None:
        before = everything(old_and_new)
        run(old_and_new, store, {"events": "30 days"})
        assert there(old_and_new, CallEventRow) == {"CA-new"}
        assert store.calls == ["CA9"], "nobody can name the legs afterwards"
        assert catch_up(old_and_new) == (0, 0)
        after = everything(old_and_new)
        assert [table for table in before if before[table] != after[table]] == [
            *("audit", "call_event", "destruction", "projection")
        ]

    def test_a_late_event_of_such_a_call_does_not_spoil_its_row(self, old_and_new: Database, store: Store) -> None:
        run(old_and_new, store, {"events": "30 days"})
        before = everything(old_and_new)
        write_entries(old_and_new, PSEUDONYMIZER, [Entry((whole_story("CA-old", NOW - timedelta(days=40))[-1],))])
        catch_up(old_and_new)
        after = everything(old_and_new)
        assert (after["call"], after["tally"]) == (before["call"], before["tally"])

    def test_a_call_goes_with_all_that_hangs_on_it_and_stays_counted(self, old_and_new: Database, store: Store) -> None:
        before = everything(old_and_new)["tally"]
        run(old_and_new, store, {"calls": "30 days"})
        assert [there(old_and_new, table) for table in HANGING] == [{"CA-new"}] * len(HANGING)
        assert (store.recordings, store.calls) == (["RECA-old"], ["CA9", "CA-old"])
        assert catch_up(old_and_new) == (0, 0)
        assert everything(old_and_new)["tally"] == before

    def test_what_is_left_of_calls_that_were_never_folded(self, old_and_new: Database, store: Store) -> None:
        with old_and_new.writing() as connection:
            connection.execute(delete(CallRow))
        run(old_and_new, store, {"calls": "30 days"})
        assert there(old_and_new, CallEventRow) == there(old_and_new, CallerRow) == {"CA-new"}

    def test_what_is_told_of_it_later_is_neither_folded_nor_counted_again(
        self, old_and_new: Database, store: Store
    ) -> None:
        run(old_and_new, store, {"calls": "30 days"})
        before = everything(old_and_new)["tally"]
        told_again = Entry(tuple(whole_story("CA-old", NOW - timedelta(days=40))))
        write_entries(old_and_new, PSEUDONYMIZER, [told_again])
        catch_up(old_and_new)
        assert there(old_and_new, CallRow) == {"CA-new"}
        assert everything(old_and_new)["tally"] == before
        run(old_and_new, store, {"calls": "30 days"})
        assert there(old_and_new, CallEventRow) == {"CA-new"}


class TestHold:
    def test_nothing_of_a_held_call_goes(self, old_and_new: Database, store: Store) -> None:
        told(old_and_new, "CA-held", 50)
        held(old_and_new, "CA-held")
        everywhere = dict.fromkeys(("numbers", "notes", "recordings", "events", "calls"), "30 days")
        run(old_and_new, store, everywhere)
        assert [there(old_and_new, table) for table in HANGING] == [{"CA-new", "CA-held"}] * len(HANGING)
        assert numbers(old_and_new)["CA-held"]
        assert deleted_at(old_and_new)["CA-held"] is None
        assert ("calls", "centre", 1, 1, 0, DONE) in lines(old_and_new)
        assert "CA-held" not in store.calls

    def test_what_is_held_is_counted_also_where_nothing_else_is_old(self, database: Database, store: Store) -> None:
        for call_id in ("CA-first", "CA-second"):
            told(database, call_id, 50)
            held(database, call_id)
        protocol_of = run(database, store, {"notes": "30 days", "recordings": "30 days"})
        assert lines(database) == [
            ("notes", "centre", 0, 2, 0, DONE),
            ("follow-ups", "centre", 0, 2, 0, DONE),
            ("recordings", "centre", 0, 2, 0, DONE),
        ]
        assert not any(protocol_of.destroyed.values())
        with database.reading() as connection:
            assert {entry.deed.action for entry in entries(connection)} == {"hold"}, "nothing was destroyed"

    def test_a_hold_that_is_made_while_the_provider_is_asked_comes_in_time(self, database: Database) -> None:
        told(database, "CA-first", 60)
        told(database, "CA-second", 50)

        class Slow(Store):
            def delete_recording(self, sid: str) -> None:
                if not self.asked:
                    held(database, "CA-second")
                super().delete_recording(sid)

        store = Slow()
        run(database, store, {"recordings": "30 days"})
        assert store.recordings == ["RECA-first"]
        assert deleted_at(database) == {"CA-first": NOW, "CA-second": None}

    def test_when_it_is_lifted_it_goes(self, old_and_new: Database, store: Store) -> None:
        held(old_and_new, "CA-old")
        run(old_and_new, store, {"calls": "30 days"})
        assert lines(old_and_new) == [("calls", "centre", 0, 1, 0, DONE)]
        with old_and_new.writing() as connection:
            (number,) = [row.id for row in holds(connection)]
            assert lift(connection, number, "bo", NOW)
            assert not lift(connection, number, "bo", NOW)
        run(old_and_new, store, {"calls": "30 days"})
        assert there(old_and_new, CallRow) == {"CA-new"}
        with old_and_new.reading() as connection:
            assert [entry.deed.action for entry in entries(connection)] == ["hold", "lift hold", "destroy"]


class TestUnitThatSays:
    """A unit may say how long a message left there is kept at most."""

    def test_its_messages_go_earlier_than_those_of_others(self, old_and_new: Database, store: Store) -> None:
        told(old_and_new, "CA-elsewhere", 20)
        with old_and_new.writing() as connection:
            connection.execute(update(CallRow).where(CallRow.call_id == "CA-elsewhere").values(unit="elsewhere"))
        unit = replace(SCHEDULE.unit("centre"), recordings_kept="7 days")
        kept = replace(SCHEDULE, units={"centre": unit}, retention=rules({"recordings": "30 days"}))
        Run(old_and_new, store, "retention", NOW, Event()).destroy(due(kept, NOW))
        assert sorted(store.recordings) == ["RECA-new", "RECA-old"]
        with old_and_new.reading() as connection:
            told_of = [(row.unit, row.decision, row.decided_on) for row in protocol(connection)]
        assert told_of == [("centre", "KS 1", DECIDED), ("centre", "recordings: 7 days", None)]


class TestProviderAway:
    def test_what_could_not_be_deleted_is_outstanding_and_tried_again(self, old_and_new: Database) -> None:
        store = Store(is_away=True)
        everywhere = {"numbers": "30 days", "recordings": "30 days", "calls": "35 days"}
        run(old_and_new, store, everywhere)
        trouble = "the provider does not answer"
        assert lines(old_and_new) == [
            ("numbers", "centre", 1, 0, 0, DONE),
            ("provider-records", "centre", 0, 0, 1, trouble),
            ("recordings", "centre", 0, 0, 1, trouble),
            ("calls", "centre", 0, 0, 1, trouble),
        ]
        assert there(old_and_new, CallRow) == {"CA-old", "CA-new"}
        store.is_away = False
        run(old_and_new, store, everywhere, NOW + timedelta(days=1))
        assert there(old_and_new, CallRow) == {"CA-new"}
        assert (set(store.recordings), set(store.calls)) == ({"RECA-old"}, {"CA9", "CA-old"})

    def test_nothing_of_that_time_is_gone_and_who_is_told_of_late_is_counted(self, old_and_new: Database) -> None:
        run(old_and_new, Store(is_away=True), {"calls": "30 days"})
        before = everything(old_and_new)["tally"]
        told(old_and_new, "CA-late", 40)
        assert there(old_and_new, CallRow) == {"CA-old", "CA-new", "CA-late"}
        assert everything(old_and_new)["tally"] != before

    def test_after_three_failures_at_one_place_and_at_another_it_is_left_alone(self, database: Database) -> None:
        for number in range(12):
            told(database, f"CA{number}", 40 + number)
        store = Store(is_away=True)
        run(database, store, {"recordings": "30 days", "calls": "35 days"})
        assert store.asked == 3 + 3

    def test_what_it_never_deletes_does_not_keep_the_rest_back_for_ever(self, database: Database) -> None:
        """Each run would begin with the same that it refuses, and come no further."""
        for number in range(30):
            told(database, f"CA{number}", 90 - number)
        store = Store(refuses={f"RECA{number}" for number in range(22)})
        for _night in range(20):  # the other place is chosen by chance
            run(database, store, {"recordings": "30 days"})
        assert len(store.recordings) == 8

    def test_what_it_refuses_keeps_nothing_else_from_going(self, database: Database) -> None:
        for number in range(6):
            told(database, f"CA{number}", 40)
        store = Store(refuses={f"RECA{number}" for number in range(4)})
        run(database, store, {"recordings": "30 days"})
        assert store.recordings == ["RECA4", "RECA5"]
        assert [line[2:5] for line in lines(database)] == [(2, 0, 4)]

    def test_of_calls_that_were_only_played_it_knows_nothing(self, old_and_new: Database) -> None:
        with old_and_new.writing() as connection:
            connection.execute(update(CallRow).values(origin=Origin.PHONE_NETWORK.value))
        run(old_and_new, None, {"numbers": "30 days", "recordings": "30 days", "calls": "35 days"})
        assert there(old_and_new, CallRow) == {"CA-new"}


class TestStopped:
    def test_a_stop_is_heard_and_the_next_run_goes_on(self, database: Database, store: Store) -> None:
        for number in range(50):
            told(database, f"CA{number:02}", 40)
        stop = Event()
        rule = dues({"events": "30 days"})
        Run(database, store, "anna", NOW, stop, on_gone=lambda _count: stop.set()).destroy(rule)
        assert len(there(database, CallEventRow)) == 50 - STEPS[Retained.EVENTS][0].portion
        ((what, unit, count, _held, outstanding, result),) = lines(database)
        assert (what, unit, result) == ("events", "centre", "stopped before the end")
        run(database, store, {"events": "30 days"})
        assert there(database, CallEventRow) == set()
        assert sum(line[2] for line in lines(database)) == count + outstanding

    def test_a_run_whose_line_a_restore_has_taken_begins_another(self, database: Database, store: Store) -> None:
        """PostgreSQL's own tool knows nothing of the run; its number may be that of another line then."""
        for number in range(50):
            told(database, f"CA{number:02}", 40)
        gone = list[int]()

        def restore_once(count: int) -> None:
            gone.append(count)
            if len(gone) == 2:
                with database.writing() as connection:
                    connection.execute(update(DestructionRow).values(by="somebody else"))

        Run(database, store, "anna", NOW, Event(), on_gone=restore_once).destroy(dues({"events": "30 days"}))
        with database.reading() as connection:
            told_by = connection.execute(select(DestructionRow.by, DestructionRow.count, DestructionRow.result)).all()
        assert sorted(told_by) == [("anna", sum(gone[2:]), DONE), ("somebody else", sum(gone[:2]), "not finished")]

    def test_a_run_that_dies_has_said_what_it_did(self, database: Database, store: Store) -> None:
        for number in range(50):
            told(database, f"CA{number:02}", 40)

        def die(_count: int) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            Run(database, store, "anna", NOW, Event(), on_gone=die).destroy(dues({"events": "30 days"}))
        ((what, _unit, count, *_rest, result),) = lines(database)
        assert (what, result) == ("events", "not finished")
        assert count > 0


@pytest.mark.parametrize(
    "step", [step for steps in STEPS.values() for step in steps], ids=lambda step: step.find.__name__
)
def test_what_two_runs_took_at_once_is_told_by_one(database: Database, step: Step) -> None:
    told(database, "CA-old", 40)
    stray = NOW - timedelta(days=41)
    write_entries(database, PSEUDONYMIZER, [Entry(tuple(whole_story("CA-stray", stray)), CITIZEN)])
    with database.reading() as connection:
        some = step.find(NOW).next(connection, None, step.portion)
    counts = []
    for _ in range(2):
        with database.writing() as connection:
            counts.append(step.destroy(connection, some, NOW).total())
    assert counts[0] > 0
    assert counts[1] == 0


@pytest.mark.parametrize("what", ["numbers", "events", "calls"])
def test_a_portion_takes_as_many_statements_for_ten_calls_of_ten_units_as_for_one(
    database: Database, what: str
) -> None:
    """Each is a way to the server, while calls wait for it."""
    step, gone = STEPS[Retained(what)][0], Counter[str | None]()

    def destroyed(connection: Connection, some: list[Old]) -> None:
        lock(connection, [(old.day, old.call_id) for old in some])
        gone.update(step.destroy(connection, some, NOW))

    def statements(calls: int) -> int:
        for name in (f"{number} of {calls}" for number in range(calls)):
            told(database, name, 40)
            with database.writing() as connection:
                connection.execute(update(CallRow).where(CallRow.call_id == name).values(unit=name))
        with database.reading() as connection:
            some = step.find(NOW).next(connection, None, calls)
        with database.writing() as connection:
            return len(statements_of(connection, lambda: destroyed(connection, some)))

    assert statements(1) == statements(10)
    of_a_call = gone["0 of 1"]
    assert gone == {"0 of 1": of_a_call} | {f"{number} of 10": of_a_call for number in range(10)}


def test_what_is_foreseen_is_what_happens(old_and_new: Database, store: Store) -> None:
    told(old_and_new, "CA-held", 50)
    held(old_and_new, "CA-held")
    keep = {"numbers": "30 days", "notes": "30 days", "recordings": "30 days", "events": "30 days"}
    seen = foresee(old_and_new, dues(keep))
    run(old_and_new, store, keep)
    assert [(each.order.what, each.unit, each.count, each.held) for each in seen] == [
        line[:4] for line in lines(old_and_new)
    ]


def callers(database: Database) -> dict[str, Row[Any]]:
    with database.reading() as connection:
        return {row.call_id: row for row in connection.execute(select(CallerRow.__table__))}

"""What is asked of the call log, and how it is shown to machines."""

from datetime import timedelta

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.export import as_json, shown
from callrouter.calllog.projection import project
from callrouter.calllog.queries import calls_named, earlier_calls, events_of, events_of_all, one_call
from callrouter.calllog.searching import page
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import call_ended
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight
from callrouter.domain.words import Origin
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, arrival, whole_story
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1


@pytest.fixture
def log(database: Database) -> Database:
    """Some calls: three of the centre, an hour apart, and one to a number that no unit claims."""
    entries = [arrival(f"CA{n}", CLOSED_HOUR + timedelta(hours=n)) for n in range(3)]
    stray = call_ended("CA-stray", CENTRE.e164, "completed", 5, Origin.REAL, CLOSED_HOUR + timedelta(minutes=90))
    entries.append(Entry((stray,)))
    write_entries(database, PSEUDONYMIZER, entries)
    project(database, {(event.day, event.call_id) for entry in entries for event in entry.events})
    return database


def named(log: Database, start: str) -> list[str]:
    with log.reading() as connection:
        return [row.call_id for row in calls_named(connection, start)]


class TestNamed:
    @pytest.fixture
    def log(self, database: Database) -> Database:
        calls = ("CAabc", "CAabcd", "CAabx", "CA%", "CA_b")
        write_entries(database, PSEUDONYMIZER, [arrival(call_id) for call_id in calls])
        project(database, {(CLOSED_HOUR.date(), call_id) for call_id in calls})
        return database

    def test_by_the_start_of_the_id(self, log: Database) -> None:
        starts = ("CAabx", "CAabcd", "CAabc", "CAx", "caabx", "CA%", "CA_", "Aabx")
        assert {start: named(log, start) for start in starts} == {
            "CAabx": ["CAabx"],
            "CAabcd": ["CAabcd"],
            "CAabc": ["CAabc", "CAabcd"],  # the whole id first: it is the one that was meant
            "CAx": [],
            "caabx": [],
            "CA%": ["CA%"],
            "CA_": ["CA_b"],
            "Aabx": [],
        }

    def test_two_are_one_too_many(self, log: Database) -> None:
        assert len(named(log, "CA")) == 2


def test_the_events_of_a_call_in_their_order(database: Database) -> None:
    story = whole_story()
    write_entries(database, PSEUDONYMIZER, [Entry(tuple(reversed(story))), arrival("CA2")])
    with database.reading() as connection:
        told = events_of(connection, CLOSED_HOUR.date(), "CA1")
    assert [event.at for event in told] == sorted(event.at for event in story)
    assert sorted(event.kind for event in told) == sorted(event.kind for event in story)
    assert told[-1].at.utcoffset() == timedelta(0)


def test_of_many_calls_at_once_it_is_the_same(database: Database) -> None:
    """More than one question takes; one of them is not known."""
    day, known = CLOSED_HOUR.date(), [f"CA{number:03}" for number in range(120)]
    write_entries(database, PSEUDONYMIZER, [arrival(call_id) for call_id in known])
    with database.reading() as connection:
        told = events_of_all(connection, [(day, call_id) for call_id in (*known, "CA-unknown")])
        assert told == {call_id: events_of(connection, day, call_id) for call_id in (*known, "CA-unknown")}
    assert [len(events) for events in told.values()] == [2] * 120 + [0]


class TestJson:
    @pytest.fixture
    def answered(self, database: Database) -> Database:
        write_entries(database, PSEUDONYMIZER, [Entry(tuple(whole_story()), CITIZEN)])
        project(database, {(CLOSED_HOUR.date(), "CA1")})
        return database

    def test_the_words_of_the_glossary(self, answered: Database) -> None:
        with answered.reading() as connection:
            (call,) = page(connection, CallFilter(), 1).calls
        assert as_json(call, show_numbers=True) == {
            "call_id": "CA1",
            "unit": "centre",
            "to": CENTRE.e164,
            "from": CITIZEN.e164,
            "forwarded_from": None,
            "received_at": "2026-11-23T15:30:00+00:00",
            "local_time": "2026-11-23T16:30:00+01:00",
            "state": "closed",
            "decided_by": "hours",
            "reason": "mon-fri 10:00-15:00 (from 2005-06-01)",
            "line": 14,
            "schedule_version": "v1",
            "redial": False,
            "disposition": "answered",
            "answered_by": {"destination": "security", "company": None, "person": None},
            "seconds_to_answer": 20,
            "talked_seconds": 60,
            "ended_at": "2026-11-23T15:31:20+00:00",
            "origin": "real",
            "legs": [
                {
                    "to": GUARD_1.e164,
                    "destination": "security",
                    "company": None,
                    "person": None,
                    "outcome": "answered",
                    "rang_seconds": 20,
                    "talked_seconds": 60,
                    "from_provider": False,
                }
            ],
            "reviewed_at": None,
            "reviewed_by": None,
            "category": None,
        }

    def test_numbers_are_masked_unless_they_are_asked_for(self, answered: Database) -> None:
        with answered.reading() as connection:
            (call,) = page(connection, CallFilter(), 1).calls
        masked = as_json(call, show_numbers=False)
        assert (masked["to"], masked["from"], masked["legs"][0]["to"]) == (
            "+468******00",
            "+467******50",
            "+463******10",
        )
        assert as_json(call, show_numbers=True) | {k: masked[k] for k in ("to", "from", "legs")} == masked

    def test_nobody_answered(self, log: Database) -> None:
        with log.reading() as connection:
            (call,) = page(connection, CallFilter(), 1).calls
        assert as_json(call, show_numbers=False)["answered_by"] is None


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+46701740650", "+467******50"),
        ("anonymous", "*********"),
        ("464", "***"),
        ("", ""),
        (None, None),
    ],
)
def test_what_is_no_number_is_hidden_whole(number: str | None, masked: str | None) -> None:
    assert shown(number, show_numbers=False) == masked
    assert shown(number, show_numbers=True) == number


class TestOneCall:
    def test_by_its_key_and_no_other(self, log: Database) -> None:
        with log.reading() as connection:
            found = one_call(connection, CLOSED_HOUR.date(), "CA1")
            assert (found.call_id, found.number) == ("CA1", CITIZEN.e164) if found else None
            assert one_call(connection, CLOSED_HOUR.date(), "CA") is None
            assert one_call(connection, CLOSED_HOUR.date() - timedelta(days=1), "CA1") is None

    def test_as_far_as_it_may_be_seen(self, log: Database) -> None:
        with log.reading() as connection:
            for sight in (Sight("Nord AB"), Sight(without_units=frozenset({"centre"}))):
                assert one_call(connection, CLOSED_HOUR.date(), "CA1", sight) is None


class TestEarlierCalls:
    """Of a unit that keeps no numbers nothing is told beside calls to other units, nor the other way round."""

    @pytest.fixture
    def units(self, log: Database) -> Database:
        """The same caller: the centre, the shelter, the centre, the shelter, and then the number of no unit."""
        write_entries(log, PSEUDONYMIZER, [arrival("CA3", CLOSED_HOUR + timedelta(hours=3))])
        project(log, {(CLOSED_HOUR.date(), "CA3")})
        with log.writing() as connection:
            connection.exec_driver_sql("UPDATE call SET unit = 'shelter' WHERE call_id IN ('CA1', 'CA3')")
        return log

    @pytest.mark.parametrize(
        ("call_id", "discreet", "found"),
        [
            ("CA3", (), ["CA2", "CA1", "CA0"]),
            ("CA3", ("shelter",), ["CA1"]),
            ("CA2", ("shelter",), ["CA0"]),
            ("CA3", None, ["CA1"]),
            ("CA2", None, ["CA0"]),
            ("CA2", ("elsewhere",), ["CA1", "CA0"]),
        ],
    )
    def test_are_told_of(
        self, units: Database, call_id: str, discreet: tuple[str, ...] | None, found: list[str]
    ) -> None:
        with units.reading() as connection:
            call = one_call(connection, CLOSED_HOUR.date(), call_id)
            assert call
            earlier = earlier_calls(connection, call, 10, EVERYTHING, discreet)
            assert [each.call_id for each in earlier] == found

"""Overrides made by people: the same for a command and for a page, and on record."""

from datetime import timedelta

import pytest

from callrouter.calllog.audit import entries
from callrouter.calllog.control import overrides
from callrouter.calllog.database import Database
from callrouter.calls import by_hand, ending
from callrouter.calls.by_hand import NotMadeError, Reason, Wish
from callrouter.domain.words import State
from callrouter.schedule import load
from tests.calllog.engines import database, empty_url, postgres, sqlite_url, url
from tests.cli.by_hand import SCHEDULE
from tests.people.somebody import NOON

__all__ = ["database", "empty_url", "postgres", "sqlite_url", "url"]

LOADED = load(SCHEDULE, at=NOON)
CENTRE, NIGHT, LARM = (LOADED.units[name] for name in ("centre", "night", "larm"))
LATER = NOON + timedelta(hours=1)


def test_it_is_kept_and_on_record(database: Database) -> None:
    wish = Wish(CENTRE, "anna", "Personalmöte med Bo Berg", LATER, State.CLOSED)
    made = by_hand.make(database, LOADED, wish, NOON)
    assert ending.end(database, "override", made.override.id, "bo", "färdigt", NOON + timedelta(minutes=5))
    assert not ending.end(database, "override", made.override.id, "bo", None, NOON + timedelta(minutes=6))
    with database.reading() as connection:
        (kept,) = overrides(connection)
        first, second = (entry.deed for entry in entries(connection))
    assert (kept.unit, kept.state, kept.who, kept.why) == ("centre", State.CLOSED, "anna", "Personalmöte med Bo Berg")
    assert (first.who, first.action, first.subject) == ("anna", "override", f"override {kept.id}")
    assert first.facts == {"unit": "centre", "effect": "closed", "end": LATER.isoformat()}
    assert (second.who, second.action) == ("bo", "override-end")


def test_what_decided_before_is_told(database: Database) -> None:
    first = by_hand.make(database, LOADED, Wish(CENTRE, "anna", "möte", LATER, State.CLOSED), NOON)
    second = by_hand.make(database, LOADED, Wish(CENTRE, "bo", "flytt", LATER, destination="guard"), NOON)
    assert (first.before, second.before) == (None, first.override)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wish(NIGHT, "anna", "möte", None, State.CLOSED), Reason.NEVER_CHANGES),
        (Wish(CENTRE, "anna", "möte", LATER, destination="gard"), Reason.UNKNOWN_DESTINATION),
        (Wish(CENTRE, "anna", "möte", LATER, destination=""), Reason.UNKNOWN_DESTINATION),
        (Wish(LARM, "anna", "möte", LATER, State.CLOSED), Reason.ALARM_UNIT),
        (Wish(LARM, "anna", "möte", LATER, destination="sorry"), Reason.ALARM_UNIT),
    ],
    ids=["without an end", "nowhere", "nowhere at all", "an alarm closed", "an alarm silenced"],
)
def test_what_no_service_would_follow(database: Database, wish: Wish, reason: Reason) -> None:
    with pytest.raises(NotMadeError) as refused:
        by_hand.make(database, LOADED, wish, NOON)
    assert refused.value.reason is reason
    with database.reading() as connection:
        assert overrides(connection) == []
        assert list(entries(connection)) == []

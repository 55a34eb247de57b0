"""The published schedule, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from callrouter.calllog.database import Database
from callrouter.calllog.published import Publication, Published, latest_published, publish, published_text
from callrouter.calllog.tables import SchedulePublicationRow, ScheduleVersionRow

AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
FIRST = Publication("a" * 64, AT, "erik", "vi börjar")
SECOND = Publication("b" * 64, AT + timedelta(hours=1), "anna")
TEXT = "version: 1\r\n# å, 'quotes' and \\ stay as they are\n"


def latest(database: Database) -> Published | None:
    with database.reading() as connection:
        return latest_published(connection)


def test_nothing_is_published_at_first(database: Database) -> None:
    assert latest(database) is None


def test_the_last_publication_is_in_force_with_its_text(database: Database) -> None:
    publish(database, TEXT, FIRST)
    publish(database, "other", SECOND)
    found = latest(database)
    assert found is not None
    assert found.publication == SECOND
    with database.reading() as connection:
        assert published_text(connection, SECOND.version) == "other"
        assert published_text(connection, FIRST.version) == TEXT


def test_an_older_version_comes_back_under_a_new_number(database: Database) -> None:
    numbers = []
    for publication in (FIRST, SECOND, replace(FIRST, why="back again")):
        publish(database, TEXT, publication)
        found = latest(database)
        assert found is not None
        assert found.publication == publication
        numbers.append(found.number)
    assert numbers == sorted(set(numbers))


def test_every_publication_is_kept_and_a_version_once(database: Database) -> None:
    for publication in (FIRST, SECOND, FIRST):
        publish(database, TEXT, publication)
    with database.reading() as connection:
        by_number = select(SchedulePublicationRow.hash).order_by(SchedulePublicationRow.id)
        assert [*connection.execute(by_number).scalars()] == [one.version for one in (FIRST, SECOND, FIRST)]
        versions = connection.execute(select(ScheduleVersionRow.hash, ScheduleVersionRow.by, ScheduleVersionRow.text))
        assert sorted(tuple(row) for row in versions) == [
            (FIRST.version, "erik", TEXT),
            (SECOND.version, "anna", TEXT),
        ]


def test_a_version_that_was_never_published_has_no_text(database: Database) -> None:
    with database.reading() as connection, pytest.raises(NoResultFound):
        published_text(connection, "c" * 64)

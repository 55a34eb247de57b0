"""A log that was begun anew, as the old one was gone, and the back-up of the old one: nothing of either is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from callrouter.calllog.audit import Deed, append, verify
from callrouter.calllog.backup import back_up
from callrouter.calllog.control import add_override
from callrouter.calllog.database import Database
from callrouter.calllog.holds import hold
from callrouter.calllog.restoring import restore
from callrouter.calllog.tables import AuditRow, CallerRow, HoldRow, NoteRow, OverrideRow, SchedulePublicationRow
from callrouter.domain.control import Override
from callrouter.domain.span import Span
from callrouter.domain.words import State
from tests.calllog.aged import NOW, Store, lines, run, told
from tests.calllog.engines import prepared_sqlite
from tests.calllog.told import numbers

OLD, NEW = "CA-old", "CA-new"
A_DAY = timedelta(days=1)


def quiet(_done: int, _total: int) -> None: ...


def lived(file: Path, call_id: str, unit: str) -> Database:
    """A log with a call that is held, a note beside it, an override and a schedule."""
    prepared_sqlite(file)
    database = Database(f"sqlite:///{file}")
    at = told(database, call_id, 1)
    with database.writing() as connection:
        hold(connection, at.date(), call_id, "anna", f"Polisanmälan {call_id}", NOW)
        add_override(connection, Override(0, unit, Span(NOW, NOW + A_DAY), State.OPEN, None, "why", "anna"))
        connection.execute(insert(SchedulePublicationRow).values(hash=call_id, published_at=NOW, by="anna"))
    return database


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A back-up, and the file of the log that was begun anew since."""
    backup, file = tmp_path / "backup", tmp_path / "calls.db"
    old = lived(tmp_path / "old.db", OLD, "centre")
    back_up(tmp_path / "old.db", backup, quiet)
    new = lived(file, NEW, "larm")
    with new.writing() as connection:
        append(connection, Deed("bo", "review", f"call {NEW}", {"as": "larm"}, NOW))
    old.close()
    new.close()
    return backup, file


def test_what_has_the_same_number_in_both_is_there_twice(files: tuple[Path, Path]) -> None:
    backup, file = files
    done = restore(backup, file, quiet)
    database = Database(f"sqlite:///{file}")
    with database.reading() as connection:
        assert connection.execute(select(HoldRow.id, HoldRow.call_id).order_by(HoldRow.id)).all() == [
            (1, OLD),
            (2, NEW),
        ]
        assert connection.execute(select(NoteRow.call_id).order_by(NoteRow.id)).scalars().all() == [OLD, NEW]
        assert connection.execute(select(OverrideRow.unit).order_by(OverrideRow.id)).scalars().all() == [
            "centre",
            "larm",
        ]
        published = select(SchedulePublicationRow.hash).order_by(SchedulePublicationRow.id)
        assert connection.execute(published).scalars().all() == [OLD, NEW], "the newest is the last"
    assert +done.salvaged.renumbered == {"hold": 1, "note": 1, "follow_up": 1, "override": 1, "schedule_publication": 1}
    run(database, Store(), {"calls": "1 day"}, NOW + 10 * A_DAY)
    assert lines(database)[-1][:4] == ("calls", "centre", 0, 2), "both are held"
    database.close()


def test_the_chain_of_the_audit_log_holds_and_has_all(files: tuple[Path, Path]) -> None:
    backup, file = files
    done = restore(backup, file, quiet)
    assert len(done.salvaged.deeds) == 2
    assert not done.knows_destroyed
    database = Database(f"sqlite:///{file}")
    with database.reading() as connection:
        assert verify(connection).broken_at is None
        entries = connection.execute(select(AuditRow.seq, AuditRow.action, AuditRow.subject, AuditRow.facts)).all()
        assert entries[0][1:3] == ("hold", f"call {OLD}")
        assert [tuple(entry) for entry in entries[-2:]] == [
            (len(entries) - 1, "hold", f"call {NEW}", {"hold": 1, "entry": 1}),
            (len(entries), "review", f"call {NEW}", {"as": "larm", "entry": 2}),
        ]
    database.close()


def test_restored_again_nothing_is_added_again(files: tuple[Path, Path]) -> None:
    backup, file = files
    restore(backup, file, quiet)
    again = restore(backup, file, quiet)
    assert (+again.salvaged.renumbered, again.salvaged.deeds) == ({}, [])
    database = Database(f"sqlite:///{file}")
    with database.reading() as connection:
        assert connection.execute(select(HoldRow.id, HoldRow.call_id).order_by(HoldRow.id)).all() == [
            (1, OLD),
            (2, NEW),
        ]
        assert verify(connection).broken_at is None
    database.close()


def test_an_erased_number_stays_erased_that_a_log_begun_anew_was_told_again(tmp_path: Path) -> None:
    """It had no emptied row any more: reconciling with the provider's list brings the number back there."""
    backup, file = tmp_path / "backup", tmp_path / "calls.db"
    old = lived(tmp_path / "old.db", OLD, "centre")
    with old.writing() as connection:
        connection.execute(update(CallerRow).values(number=None, key=None, key_id=None, erased_at=NOW))
    old.close()
    back_up(tmp_path / "old.db", backup, quiet)
    lived(file, OLD, "larm").close()
    restore(backup, file, quiet)
    database = Database(f"sqlite:///{file}")
    assert numbers(database) == {OLD: None}
    database.close()

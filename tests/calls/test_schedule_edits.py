"""A schedule that is edited: never with errors, never over somebody else's, always with who and why."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from callrouter.calllog.audit import newest
from callrouter.calllog.database import Database
from callrouter.calllog.published import history, latest_published, text_of
from callrouter.calllog.writes import write_schedule_version
from callrouter.calls.schedule_edits import ChangedMeanwhileError, Edit, NotWrittenError, save
from callrouter.calls.schedule_places import FilePlace, PublishedPlace, SchedulePlace
from callrouter.schedule import ScheduleErrors, version_of
from callrouter.schedule.watched import Contents, FileSource, Signature, UnreadableError
from tests.calllog.engines import database, url
from tests.schedule.files import NOW, SHORT, changed

__all__ = ["database", "url"]  # fixtures

LONGER = changed(SHORT, ("10:00-15:00", "10:00-16:00"))
OTHER = changed(SHORT, ("10:00-15:00", "09:00-15:00"))
BROKEN = changed(SHORT, ("10:00-15:00", "10:00-25:00"))


@dataclass
class Published:
    """What is published in a database, as the service reads it."""

    database: Database
    kind: str = "database"
    place: str = "the database"

    def signature(self) -> Signature | None:
        return None

    def contents(self) -> Contents:
        with self.database.reading() as connection:
            latest = latest_published(connection)
            text = text_of(connection, latest.publication.version) if latest else None
        if text is None:
            raise UnreadableError("holds nothing")
        return Contents(text.encode(), (1,))


@dataclass
class Full:
    """A file on a disk that is full."""

    name: str = "full.yaml"
    file: str | None = "full.yaml"
    kept: bytes = field(default=SHORT.encode())

    def content(self) -> bytes:
        return self.kept

    def is_writable(self) -> bool:
        return True

    def put(self, content: bytes) -> None:
        assert content
        raise OSError(28, "No space left on device")


def edit(text: str, base: str = SHORT, why: str = "Längre kvällar") -> Edit:
    return Edit(text, version_of(base), "anna", why)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "schedule.yaml"
    path.write_text(SHORT, encoding="utf-8")
    return path


@pytest.fixture(params=["file", "database"])
def place(request: pytest.FixtureRequest, database: Database, path: Path) -> SchedulePlace:
    """Either place, with SHORT in it."""
    if request.param == "file":
        return FilePlace(FileSource(path))
    place = PublishedPlace(Published(database))
    save(database, place, Edit(SHORT, version_of(b""), "root", "Först"), NOW - timedelta(days=1))
    return place


def deeds(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as connection:
        return [(each.deed.who, each.deed.action, each.deed.subject) for each in newest(connection, 9)]


def test_it_is_in_force_and_on_record(database: Database, place: SchedulePlace) -> None:
    save(database, place, edit(LONGER), NOW)
    assert place.content() == LONGER.encode()
    with database.reading() as connection:
        last = history(connection, place.file, 10)[0]
        assert text_of(connection, last.version) == LONGER
    assert (last.version, last.by, last.why) == (version_of(LONGER), "anna", "Längre kvällar")
    assert deeds(database)[0] == ("anna", "schedule", f"schedule {version_of(LONGER)[:8]}")


def test_why_stays_out_of_the_audit_log(database: Database, place: SchedulePlace) -> None:
    """It is free text, and may tell of a person; the audit log is for ever."""
    save(database, place, edit(LONGER, why="Anna är sjuk"), NOW)
    with database.reading() as connection:
        assert "sjuk" not in str(newest(connection, 1))


@pytest.mark.parametrize("refused", [BROKEN, "", "version: 1\n\tx: 1"])
def test_with_errors_it_is_never_saved(database: Database, place: SchedulePlace, refused: str) -> None:
    before = deeds(database)
    with pytest.raises(ScheduleErrors):
        save(database, place, edit(refused), NOW)
    assert (place.content(), deeds(database)) == (SHORT.encode(), before)


def test_with_warnings_it_is(database: Database, place: SchedulePlace) -> None:
    warned = changed(SHORT, ("10:00-15:00", "10:00-23:59"))
    save(database, place, edit(warned), NOW)
    assert place.content() == warned.encode()


def test_over_somebody_elses_it_is_not(database: Database, place: SchedulePlace) -> None:
    save(database, place, edit(OTHER, why="Bos"), NOW)
    before = deeds(database)
    with pytest.raises(ChangedMeanwhileError):
        save(database, place, edit(LONGER), NOW)
    assert (place.content(), deeds(database)) == (OTHER.encode(), before)


def test_one_goes_back_by_saving_the_old_text(database: Database, place: SchedulePlace) -> None:
    save(database, place, edit(LONGER), NOW)
    save(database, place, edit(SHORT, base=LONGER, why="Tillbaka"), NOW + timedelta(hours=1))
    assert place.content() == SHORT.encode()
    with database.reading() as connection:
        found = history(connection, place.file, 10)
    assert [each.why for each in found][:2] == ["Tillbaka", "Längre kvällar"]


def test_a_file_that_was_saved_is_not_published(database: Database, path: Path) -> None:
    """Another machine that reads the database must not follow it."""
    save(database, FilePlace(FileSource(path)), edit(LONGER), NOW)
    with database.reading() as connection:
        assert latest_published(connection) is None
        assert history(connection, None, 10) == []


def test_what_cannot_be_written_leaves_no_trace(database: Database) -> None:
    with pytest.raises(NotWrittenError, match="No space left on device"):
        save(database, Full(), edit(LONGER), NOW)
    assert deeds(database) == []


@dataclass
class Cut:
    """A file that is replaced just before the database is gone: nothing of the transaction is kept."""

    inner: FilePlace

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def file(self) -> str | None:
        return self.inner.file

    def content(self) -> bytes:
        return self.inner.content()

    def is_writable(self) -> bool:
        return True

    def put(self, content: bytes) -> None:
        self.inner.put(content)
        raise OperationalError("COMMIT", {}, Exception("server closed the connection"))


class TestTheDatabaseGoesAsTheFileIsReplaced:
    def test_whoever_sees_the_version_in_force_notes_who_and_why(self, database: Database, path: Path) -> None:
        place = Cut(FilePlace(FileSource(path)))
        save(database, place, edit(LONGER), NOW)
        assert place.content() == LONGER.encode()
        assert (self.saved(database, path), deeds(database)) == ([], [])
        for _ in range(2):  # two processes see it
            write_schedule_version(database, version_of(LONGER), LONGER, f"file {path}")
        assert self.saved(database, path) == [("anna", "Längre kvällar")]
        assert deeds(database) == [("anna", "schedule", f"schedule {version_of(LONGER)[:8]}")]

    def test_what_was_meant_and_never_came_into_force_is_not_told(self, database: Database, path: Path) -> None:
        class Never(Cut):
            def put(self, content: bytes) -> None:
                assert content
                raise OperationalError("COMMIT", {}, Exception("server closed the connection"))

        with pytest.raises(OperationalError):
            save(database, Never(FilePlace(FileSource(path))), edit(LONGER), NOW)
        write_schedule_version(database, version_of(SHORT), SHORT, f"file {path}")
        assert [who for who, _why in self.saved(database, path)] == [f"file {path}"]

    def test_another_attempt_is_told_once(self, database: Database, path: Path) -> None:
        save(database, Cut(FilePlace(FileSource(path))), edit(LONGER), NOW)
        with pytest.raises(ChangedMeanwhileError):
            save(database, FilePlace(FileSource(path)), edit(LONGER), NOW)
        write_schedule_version(database, version_of(LONGER), LONGER, f"file {path}")
        assert self.saved(database, path) == [("anna", "Längre kvällar")]

    def saved(self, database: Database, path: Path) -> list[tuple[str, str | None]]:
        with database.reading() as connection:
            return [(each.by, each.why) for each in history(connection, str(path), 9)]


def _mode(path: Path) -> None:
    path.chmod(0o644)


def _link(path: Path) -> None:
    real = path.with_name("real.yaml")
    path.rename(real)
    path.symlink_to(real)


@pytest.mark.parametrize(
    ("arranged", "holds"),
    [
        (_mode, lambda path: path.stat().st_mode & 0o777 == 0o644),
        (_link, lambda path: path.is_symlink()),
    ],
)
def test_the_file_stays_what_it_was(
    database: Database, path: Path, arranged: Callable[[Path], None], holds: Callable[[Path], bool]
) -> None:
    """Its permissions, and that it is a link: whoever deploys it relies on both."""
    arranged(path)
    save(database, FilePlace(FileSource(path)), edit(LONGER), NOW)
    assert holds(path)
    assert path.read_text("utf-8") == LONGER


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_in_a_folder_that_is_not_ours_is_not_writable(path: Path) -> None:
    path.parent.chmod(0o500)
    assert not FilePlace(FileSource(path)).is_writable()
    path.parent.chmod(0o700)


def test_a_file_of_ours_is_writable_and_one_that_is_gone_can_be_written_again(database: Database, path: Path) -> None:
    place = FilePlace(FileSource(path))
    path.unlink()
    assert place.is_writable()
    save(database, place, Edit(SHORT, version_of(b""), "anna", "Åter"), NOW)
    assert place.content() == SHORT.encode()

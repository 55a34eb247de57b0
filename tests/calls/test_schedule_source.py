"""Where the service reads its schedule from, as the settings say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.published import Publication, publish
from callrouter.calls.schedule_source import PublishedSource, schedule_source
from callrouter.schedule import version_of
from callrouter.schedule.store import ScheduleStore, Source
from callrouter.schedule.watched import FileSource, UnreadableError
from callrouter.settings import phone_network_settings
from tests.schedule.files import SHORT

OTHER = SHORT.replace("10:00-15:00", "09:00-15:00")
BROKEN = SHORT.replace("open: desk", "open: dsk")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shared.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    """A database that nobody has prepared yet."""
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


def put(database: Database, text: str) -> None:
    database.prepare()
    publish(database, text, Publication(version_of(text), clock.now(), "erik"))


def in_force(store: ScheduleStore) -> tuple[str | None, Source]:
    loaded = store.current()
    return loaded.schedule.version if loaded.schedule else None, loaded.source


def test_the_settings_say_where(tmp_path: Path, database: Database) -> None:
    environ = {"CALLROUTER_DATA_DIR": str(tmp_path)}
    of_file = phone_network_settings("http://127.0.0.1:1", environ | {"CALLROUTER_SCHEDULE": "a/schedule.yaml"})
    shared = phone_network_settings("http://127.0.0.1:1", environ | {"CALLROUTER_SCHEDULE": "database"})
    a_file = phone_network_settings("http://127.0.0.1:1", environ | {"CALLROUTER_SCHEDULE": "./database"})
    assert schedule_source(of_file.schedule, database) == FileSource(Path("a/schedule.yaml"))
    assert schedule_source(shared.schedule, database) == PublishedSource(database)
    assert schedule_source(a_file.schedule, database) == FileSource(Path("database"))


def test_a_database_without_tables_or_publication_says_so(database: Database) -> None:
    source = PublishedSource(database)
    assert source.signature() is None
    with pytest.raises(UnreadableError, match=r"cannot be read: .*no such table"):
        source.contents()
    database.prepare()
    assert source.signature() is None
    with pytest.raises(UnreadableError, match="holds no published schedule; publish one with: callrouter schedule"):
        source.contents()


def test_the_contents_are_the_bytes_that_were_published(database: Database) -> None:
    text = "\ufeff" + SHORT.replace("\n", "\r\n") + "# å"
    put(database, text)
    found = PublishedSource(database).contents()
    assert found.content == text.encode()
    assert found.signature == PublishedSource(database).signature()


def test_a_store_follows_what_is_published(tmp_path: Path, database: Database) -> None:
    store = ScheduleStore(PublishedSource(database), tmp_path / "copy.yaml")
    assert in_force(store) == (None, Source.NOWHERE)
    put(database, SHORT)
    store.check()
    assert in_force(store) == (version_of(SHORT), Source.DATABASE)
    put(database, OTHER)
    store.check()
    put(database, SHORT)  # back again: an old version under a new number
    store.check()
    assert in_force(store) == (version_of(SHORT), Source.DATABASE)
    assert store.current().errors == ()


def test_a_broken_version_changes_nothing(tmp_path: Path, database: Database) -> None:
    """`publish` refuses it, but a newer release may have published what this one cannot read."""
    put(database, SHORT)
    store = ScheduleStore(PublishedSource(database), tmp_path / "copy.yaml")
    put(database, BROKEN)
    store.check()
    assert in_force(store) == (version_of(SHORT), Source.DATABASE)
    assert "no destination called 'dsk'" in str(store.current().errors[0])


def test_a_database_that_is_away_changes_nothing_and_shows(tmp_path: Path, file: Path, database: Database) -> None:
    put(database, SHORT)
    store = ScheduleStore(PublishedSource(database), tmp_path / "copy.yaml")
    database.close()
    file.rename(tmp_path / "away.db")
    file.mkdir()
    store.check()
    assert in_force(store) == (version_of(SHORT), Source.DATABASE)
    (error,) = map(str, store.current().errors)
    assert f"the database sqlite:///{file} cannot be read" in error

    again = ScheduleStore(PublishedSource(database), tmp_path / "copy.yaml")
    assert in_force(again) == (version_of(SHORT), Source.LAST_GOOD)

    file.rmdir()
    (tmp_path / "away.db").rename(file)
    again.check()
    assert in_force(again) == (version_of(SHORT), Source.DATABASE)
    assert again.current().errors == ()


def test_a_password_is_not_shown() -> None:
    source = PublishedSource(Database("postgresql+psycopg://u:geheim@127.0.0.1:1/x"))
    assert "geheim" not in source.place
    assert source.signature() is None
    with pytest.raises(UnreadableError) as told:
        source.contents()
    assert "geheim" not in str(told.value)

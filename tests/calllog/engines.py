"""Both databases, as fixtures: what is tested on one is tested on the other."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from callrouter.calllog.database import Database
from tests.calllog.postgres import PostgresServer, needed_server

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def postgres() -> PostgresServer:
    """A running PostgreSQL server."""
    return needed_server()


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "postgresql":
        return needed_server().empty_database()
    return f"sqlite:///{tmp_path / 'callrouter.db'}"


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is ready."""
    if request.param == "postgresql":
        return needed_server().prepared_database()
    return prepared_sqlite(tmp_path / "callrouter.db")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite database that is ready."""
    return prepared_sqlite(tmp_path / "callrouter.db")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database that is ready."""
    database = Database(url)
    yield database
    database.close()


def prepared_sqlite(path: Path) -> str:
    """The address of an SQLite file with all tables."""
    path.write_bytes(_prepared_file())
    return f"sqlite:///{path}"


@cache
def _prepared_file() -> bytes:
    """What the migrations make of an empty file: they run once for all tests."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "prepared.db"
        database = Database(f"sqlite:///{path}")
        database.prepare()
        database.close()
        return path.read_bytes()

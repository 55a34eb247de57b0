"""A desk beside a database that has its tables; a test that needs another desk makes its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callrouter.calllog.database import Database
from tests.cli.by_hand import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.does("db", "upgrade")
    return desk


@pytest.fixture
def database(desk: Desk) -> Iterator[Database]:
    database = Database(f"sqlite:///{desk.database}")
    yield database
    database.close()

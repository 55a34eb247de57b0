from collections.abc import Iterator
from pathlib import Path

import pytest

from callrouter.calllog.entry import Entry
from callrouter.calllog.spool import Spool
from tests.calllog.engines import database, empty_url, postgres, sqlite_url, url
from tests.calllog.told import SEALER

__all__ = ["database", "empty_url", "postgres", "sqlite_url", "url"]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "var" / "spool"


@pytest.fixture
def spool(directory: Path) -> Iterator[Spool]:
    spool = Spool(directory, SEALER)
    yield spool
    spool.close()


@pytest.fixture
def came() -> list[Entry]:
    """What was replayed: pass `came.extend` as what writes it."""
    return []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the SQLite database is, or should be."""
    return tmp_path / "var" / "callrouter.db"


@pytest.fixture
def spool_dir(tmp_path: Path) -> Path:
    return tmp_path / "var" / "spool"

import pytest

from callrouter.calllog.database import Database
from tests.calllog.engines import database, empty_url, postgres, sqlite_url, url
from tests.notices.house import House, Post

__all__ = ["database", "empty_url", "postgres", "sqlite_url", "url"]


@pytest.fixture
def house(database: Database) -> House:
    return House(database, Post())

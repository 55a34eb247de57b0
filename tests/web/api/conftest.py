from collections.abc import Iterator

import pytest

from tests.calllog.engines import empty_url, postgres, url
from tests.web.api.program import Desk

__all__ = ["empty_url", "postgres", "url"]


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """The pages over a log with a hundred made-up calls, on either engine."""
    desk = Desk(url)
    desk.keep(100)
    yield desk
    desk.house.database.close()

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calllog.engines import prepared_sqlite
from tests.web.pages.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The pages over an empty log and the schedule that comes with the project."""
    house = House(prepared_sqlite(tmp_path / "callrouter.db"))
    yield house
    house.close()

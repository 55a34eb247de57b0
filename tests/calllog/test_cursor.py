"""A place in the list of calls, as text: it comes back as it went, and nothing else is taken for one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.calllog.cursor import Cursor

AT = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
INSTANTS = st.integers(0, 7_000_000_000_000_000).map(lambda us: datetime.fromtimestamp(us / 1_000_000, UTC))


@given(st.builds(Cursor, INSTANTS, st.text(min_size=1, max_size=200), st.booleans()))
def test_it_travels_as_text(cursor: Cursor) -> None:
    assert Cursor.parse(str(cursor)) == cursor


@given(st.text(max_size=60))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place in the list of calls"):
        Cursor.parse(text)


@pytest.mark.parametrize("said", ["{}=", " {}", "{}A", "AAAA{}", "PC01IENBMQ", "PDE3NjQ1MTc4MDAwMDAwMDA"])
def test_what_looks_like_one_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="no place in the list of calls"):
        Cursor.parse(said.format(Cursor(AT, "CA1")))

"""What is kept as JSON comes back as it was, whatever it is."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.calllog import json_values
from callrouter.calllog.database import Database
from callrouter.calllog.queries import events_of
from callrouter.calllog.writes import write_entries
from tests.calllog.told import PSEUDONYMIZER, arrival

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(values)
def test_any_value_comes_back(value: object) -> None:
    for text in (json.dumps(value), json_values.write(value)):
        assert json_values.read(text) == json_values.read(text.encode()) == value


@pytest.mark.parametrize("never", [float("nan"), float("inf"), -float("inf")])
def test_what_no_json_has_is_nothing(never: float) -> None:
    assert json_values.read(json_values.write([never])) == [None]


@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_though_it_is_read_where_it_was_written(text: str) -> None:
    assert isinstance(json_values.read(text), float)


def test_what_is_no_json_is_told() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        json_values.read("{'a'}"[1:])


def test_half_a_pair_of_surrogates_too(database: Database) -> None:
    """One such name in an event must not keep the call from being read, or folded."""
    told = arrival()
    odd = replace(told.events[0], facts={**told.events[0].facts, "reason": "\ud83d"})
    write_entries(database, PSEUDONYMIZER, [replace(told, events=(odd, *told.events[1:]))])
    with database.reading() as connection:
        events = events_of(connection, odd.day, odd.call_id)
    assert {"reason": "\ud83d"}.items() <= next(event for event in events if event.kind == odd.kind).facts.items()

"""What is decided by hand as a file: nothing is lost in it, and a damaged one is refused."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.control import Block, Control, Ending, Override
from callrouter.domain.span import Span
from callrouter.domain.words import State
from callrouter.schedule.control_copy import read_back, written

AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
SPAN = Span(AT, AT + timedelta(hours=1))
ENDED = Ending("bo", None, AT + timedelta(hours=2))
CONTROL = Control(
    (
        Override(1, "centre", SPAN, State.CLOSED, None, "möte", "anna"),
        Override(2, "b", SPAN, None, "x", "å", "bo", ENDED),
    ),
    (Block(3, "centre", "c0ffee", "key-1", SPAN, "hot", "anna", ENDED),),
)

texts = st.text(st.characters(codec="utf-8"), max_size=20)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given by timezones
spans = st.builds(Span, instants, instants | st.none())
endings = st.none() | st.builds(Ending, texts, texts | st.none(), instants)
numbers = st.integers(0, 2**63)
overrides = st.builds(
    Override,
    numbers,
    texts,
    spans,
    st.sampled_from([*State, None]),
    texts.filter(bool) | st.none(),
    texts,
    texts,
    endings,
)
blocks = st.builds(Block, numbers, texts, texts, texts, spans, texts, texts, endings)


@given(st.builds(Control, st.lists(overrides, max_size=3).map(tuple), st.lists(blocks, max_size=3).map(tuple)))
def test_what_is_written_is_read_back(control: Control) -> None:
    assert read_back(written(control)) == control


def test_texts_of_any_origin_can_be_written() -> None:
    broken = Control((Override(1, "centre", SPAN, State.OPEN, None, "halv \udce5", "anna"),))
    assert read_back(written(broken)).overrides[0].why == "halv ?"


def test_an_offset_stays_an_instant() -> None:
    there = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    control = Control((Override(1, "centre", Span(there), State.OPEN, None, "x", "anna"),))
    assert read_back(written(control)) == control


def damaged(*path: object, to: object) -> bytes:
    """The file with one value changed."""
    content = json.loads(written(CONTROL))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        damaged("format", to=2),
        damaged("overrides", to=None),
        damaged("overrides", 0, to="x"),
        damaged("overrides", 0, "id", to=None),
        damaged("overrides", 0, "unit", to=["centre"]),
        damaged("overrides", 0, "state", to="maintenance"),
        damaged("overrides", 1, "destination", to=["x"]),
        damaged("overrides", 0, "start", to="2026-11-23T10:00:00"),
        damaged("overrides", 0, "start", to=7),
        damaged("overrides", 0, "why", to=None),
        damaged("overrides", 1, "ended", to=["bo"]),
        damaged("blocks", 0, "caller_key", to=7),
        damaged("blocks", 0, "who", to=None),
    ],
)
def test_a_damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own sentence, or ours
        read_back(content)

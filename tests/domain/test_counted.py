"""One call, two calls: what English says of a number of things."""

import pytest

from callrouter.domain.counted import counted, of_class, plural
from callrouter.domain.words import Retained


@pytest.mark.parametrize(("count", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (11, "11 calls")])
def test_one_is_said_as_one(count: int, said: str) -> None:
    assert counted(count, "call") == said


def test_a_word_may_have_a_plural_of_its_own() -> None:
    assert [counted(count, "entry", "entries") for count in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]
    assert [plural(count, "differs", "differ") for count in (1, 2)] == ["differs", "differ"]


def test_every_class_that_is_kept_is_called_by_its_plural() -> None:
    said = {of_class(1, what) for what in Retained}
    assert said == {"1 number", "1 note", "1 recording", "1 event", "1 call"}
    assert of_class(3, "provider-records") == "3 provider-records"

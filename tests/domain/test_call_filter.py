"""A search as a value: what cannot be meant is none."""

from datetime import UTC, datetime

import pytest

from callrouter.domain.call_filter import CallFilter, SoughtCaller
from callrouter.domain.phone import PhoneNumber

NAIVE = datetime(2026, 11, 23, 16, 30, tzinfo=UTC).replace(tzinfo=None)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        CallFilter(since=NAIVE)
    with pytest.raises(ValueError, match="needs a time zone"):
        CallFilter(until=NAIVE)


def test_somebody_must_have_answered() -> None:
    with pytest.raises(ValueError, match="answered by whom"):
        CallFilter(answered=True)
    assert CallFilter(answered=True, company="Nord AB").offered_to == {"company": "Nord AB"}


def test_the_narrowest_name_comes_first() -> None:
    everybody = CallFilter(destination="guard", company="Nord AB", person="eva")
    assert list(everybody.offered_to) == ["person", "company", "destination"]


def test_a_number_that_is_sought_gives_nobody_away() -> None:
    sought = CallFilter(caller=SoughtCaller("key", "id", PhoneNumber("+46701740650")))
    assert "740650" not in repr(sought)

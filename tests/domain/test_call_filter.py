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


def test_what_is_told_of_a_filter_is_all_that_is_asked_and_no_number() -> None:
    caller = SoughtCaller("0123456789abcdef", "id", PhoneNumber("+46701740650"))
    since = datetime(2026, 11, 23, tzinfo=UTC)
    wanted = CallFilter(since=since, unit="centre", caller=caller, is_reviewed=False, has_follow_up=True)
    assert wanted.told() == {
        "since": "2026-11-23T00:00:00+00:00",
        "unit": "centre",
        "caller": "01234567",
        "is_reviewed": False,
        "has_follow_up": True,
    }
    assert CallFilter().told() == {}

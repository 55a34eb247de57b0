"""Shares and times: what they say of how many."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.measures import SHADES, Level, Share, Times, least, shade


@given(st.lists(st.integers(0, 3600), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank(seconds: list[int], percent: int) -> None:
    """The value at place ceil(p/100 * n), counted from one, of all values in order."""
    times = Times(Counter(seconds))
    assert times.percentile(percent) == sorted(seconds)[math.ceil(percent * len(seconds) / 100) - 1]
    assert times.mean == pytest.approx(sum(seconds) / len(seconds))
    assert times.within(30) == sum(each <= 30 for each in seconds)


@pytest.mark.parametrize(
    ("seconds", "median", "p90", "p95"),
    [
        ([7], 7, 7, 7),
        ([1, 2, 3, 4], 2, 4, 4),  # of an even number the lower of the two in the middle
        ([1, 2, 3, 4, 5], 3, 5, 5),
        (list(range(1, 11)), 5, 9, 10),
        (list(range(1, 21)), 10, 18, 19),
    ],
)
def test_by_hand(seconds: list[int], median: int, p90: int, p95: int) -> None:
    times = Times(Counter(seconds))
    assert [times.percentile(percent) for percent in (50, 90, 95)] == [median, p90, p95]


@pytest.mark.parametrize(
    ("n", "thin"),
    [
        (4, {50, 90, 95}),
        (5, {90, 95}),
        (9, {90, 95}),
        (10, {95}),
        (19, {95}),
        (20, set()),
    ],
)
def test_few_calls_say_little_of_the_extremes(n: int, thin: set[int]) -> None:
    times = Times({10: n})
    assert {percent for percent in (50, 90, 95) if times.is_thin(percent)} == thin
    assert Share(1, n).is_thin == (n < 5)


def test_of_nothing_nothing_is_said() -> None:
    assert (Times({}).n, Times({}).mean, Times({}).percentile(50)) == (0, None, None)
    assert Share(0, 0).value is None
    assert Level(ServiceTarget(0.8, 30), Share(0, 0)).is_met is None


@pytest.mark.parametrize(("part", "is_met"), [(79, False), (80, True), (81, True)])
def test_a_target_is_met_by_just_so_many(part: int, is_met: bool) -> None:
    assert Level(ServiceTarget(0.8, 30), Share(part, 100)).is_met is is_met


@given(st.integers(1, 10**6), st.data())
def test_a_shade_begins_where_the_legend_says(most: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, most))
    assert shade(count, most) == max(
        [each for each in range(1, SHADES + 1) if 0 < count >= least(each, most)], default=0
    )


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 1), (24, 1), (25, 2), (49, 2), (50, 3), (75, 4), (100, 4)])
def test_each_quarter_of_the_most_has_its_shade(count: int, expected: int) -> None:
    assert shade(count, 100) == expected

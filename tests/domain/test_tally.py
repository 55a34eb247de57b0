"""What one finished call adds to the counts, and that counts of many calls are sums of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.leg import LegRecord
from callrouter.domain.record import AnsweredBy, CallRecord
from callrouter.domain.tally import ALL_UNITS, ANSWERED_IN, By, Cell, Grain, seconds_counted, tally
from callrouter.domain.words import Disposition, Outcome

CAME = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


def leg(person: str | None, outcome: Outcome, rang: int, answered: int | None = None) -> LegRecord:
    at = CAME + timedelta(seconds=rang)
    taken = CAME + timedelta(seconds=answered) if answered is not None else None
    return LegRecord("+46701740611", "security", "Nordvakt", person, outcome, at, taken, 6, 60 if taken else None)


TAKEN = CallRecord(
    day=CAME.date(),
    call_id="CA1",
    unit="centre",
    called="+46846500400",
    received_at=CAME,
    local_time="2026-11-23T23:30:00+01:00",
    state="closed",
    decided_by="hours",
    reason="closed",
    line=1,
    schedule_version="v",
    is_redial=False,
    disposition=Disposition.ANSWERED,
    answered_by=AnsweredBy("security", "Nordvakt", "bo"),
    seconds_to_answer=50,
    talked_seconds=60,
    ended_at=CAME + timedelta(seconds=110),
    origin="real",
    legs=(leg("anna", Outcome.SCREENED_OUT, 10), leg("bo", Outcome.ANSWERED, 40, 50)),
    recordings=(),
    events=9,
)
GAVE_UP = replace(
    TAKEN,
    disposition=Disposition.ABANDONED,
    answered_by=None,
    seconds_to_answer=None,
    talked_seconds=None,
    ended_at=CAME + timedelta(seconds=7),
    legs=(leg("anna", Outcome.CANCELLED, 5),),
)


def at(by: By, value: str = "", unit: str = "centre", grain: Grain = Grain.DAY) -> Cell:
    start = date(2026, 11, 23) if grain is Grain.DAY else date(2026, 11, 1)
    return Cell("real", unit, by, grain, start, value)


def test_an_answered_call_is_counted_at_each_place_it_was() -> None:
    counts = tally(TAKEN)
    whole = Counter(
        {"answered": 1, "offered": 1, "closed": 1, "by-company": 1, "talked-seconds": 60, "answered-in-50": 1}
    )
    assert counts[at(By.ALL)] == counts[at(By.HOUR, "1-23")] == counts[at(By.STATE, "closed")] == whole
    assert counts[at(By.PERSON, "anna")] == Counter({"offered": 1, "leg-screened-out": 1})
    taken = {"offered": 1, "answered": 1, "leg-answered": 1, "talked-seconds": 60, "answered-in-50": 1}
    assert counts[at(By.PERSON, "bo")] == Counter(taken | {"taken-in-10": 1})
    company = Counter(taken | {"leg-screened-out": 1, "taken-in-40": 1})
    assert counts[at(By.COMPANY, "Nordvakt")] == counts[at(By.DESTINATION, "security")] == company


def test_it_is_counted_for_its_unit_and_for_all_by_day_month_and_year() -> None:
    counts = tally(TAKEN)
    places = {(cell.unit, cell.grain, cell.start) for cell in counts if cell.by is By.ALL}
    assert places == {
        (unit, grain, start)
        for unit in ("centre", ALL_UNITS)
        for grain, start in (
            (Grain.DAY, date(2026, 11, 23)),
            (Grain.MONTH, date(2026, 11, 1)),
            (Grain.YEAR, date(2026, 1, 1)),
        )
    }


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)), st.sampled_from(Grain))
def test_the_periods_of_a_grain_follow_each_other(day: date, grain: Grain) -> None:
    start, after = grain.start(day), grain.next_start(day)
    assert start <= day < after
    assert grain.start(start) == start
    assert grain.start(after - timedelta(days=1)) == start
    assert grain.start(after) == after


def test_a_caller_who_gave_up_is_counted_with_the_wait() -> None:
    assert tally(GAVE_UP)[at(By.ALL)] == Counter({"abandoned": 1, "offered": 1, "closed": 1, "gave-up-in-7": 1})


@pytest.mark.parametrize(
    ("disposition", "offered"),
    [(Disposition.BLOCKED, 0), (Disposition.UNKNOWN, 1), (Disposition.MESSAGE, 1), (Disposition.UNANSWERED, 1)],
)
def test_only_who_was_turned_away_was_not_offered(disposition: Disposition, offered: int) -> None:
    counts = tally(replace(GAVE_UP, disposition=disposition))[at(By.ALL)]
    assert (counts[disposition.value], counts["offered"]) == (1, offered)


def test_a_call_in_progress_is_not_counted_yet() -> None:
    assert tally(replace(TAKEN, disposition=Disposition.IN_PROGRESS)) == {}


def test_a_call_of_which_only_the_end_was_told_is_counted_by_utc_and_for_no_unit() -> None:
    unknown = replace(GAVE_UP, unit=None, local_time=None, state=None, disposition=Disposition.UNKNOWN, legs=())
    counts = tally(unknown)
    assert counts[at(By.HOUR, "1-22", unit="")] == Counter({"unknown": 1, "offered": 1})
    assert {cell.by for cell in counts} == {By.ALL, By.HOUR}


def test_the_repeated_hour_is_one_hour_of_the_day() -> None:
    first = replace(TAKEN, local_time="2026-10-25T02:30:00+02:00")
    again = replace(TAKEN, local_time="2026-10-25T02:30:00+01:00")
    assert tally(first) == tally(again)


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=30))
def test_merged_counts_tell_how_many_took_how_long(seconds: list[int]) -> None:
    """Up to an hour; what took longer is counted as that."""
    merged = total(tally(replace(TAKEN, seconds_to_answer=taken)) for taken in seconds)
    expected = Counter(min(taken, 3600) for taken in seconds)
    assert seconds_counted(merged[at(By.ALL)], ANSWERED_IN) == expected


def total(several: Iterable[Mapping[Cell, Counter[str]]]) -> dict[Cell, Counter[str]]:
    merged: dict[Cell, Counter[str]] = {}
    for counted in several:
        for cell, counts in counted.items():
            merged[cell] = merged.get(cell, Counter()) + counts
    return merged

"""Pages of a search: exactly the calls that a plain look at every one finds, in order, none twice, none left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from callrouter.calllog.cursor import Cursor
from callrouter.calllog.database import Database
from callrouter.calllog.queries import calls_named
from callrouter.calllog.searching import LOOKS, Count, count, page
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight
from callrouter.domain.words import DecidedBy, Disposition, Origin, State
from tests.calllog.made_calls import ANNA, BEGIN, BO, CATEGORIES, MadeCall, keep, made_call, made_calls, plainly_found

SOME_CALLS = 80
INSTANTS = st.integers(-1, SOME_CALLS // 3 + 1).map(lambda hours: BEGIN + timedelta(hours=hours))
ASKED: dict[str, st.SearchStrategy[Any]] = {
    "since": INSTANTS,
    "until": INSTANTS,
    "unit": st.sampled_from(["centre", "night", "elsewhere"]),
    "disposition": st.sampled_from(Disposition),
    "state": st.sampled_from(State),
    "decided_by": st.sampled_from(DecidedBy),
    "destination": st.sampled_from(["desk", "guard"]),
    "company": st.sampled_from(["Nord AB", "Syd AB", "Väst AB"]),
    "person": st.sampled_from(["eva", "ola"]),
    "caller": st.sampled_from([ANNA, BO]),
    "origin": st.sampled_from(Origin),
    "is_reviewed": st.booleans(),
    "category": st.sampled_from(CATEGORIES),
    "has_follow_up": st.booleans(),
}
TOGETHER = (["company", "person"], ["company", "destination"], ["destination", "person"])
LIMITED = (Sight("Nord AB"), Sight(unit="night"), Sight("Nord AB", unit="centre"))
SIGHTS = st.sampled_from([EVERYTHING, EVERYTHING, *LIMITED, Sight(without_units=frozenset({"night"}))])
PAGES = {"size": st.integers(4, 40), "looks": st.sampled_from([LOOKS, (3, 7), (20,)])}


@st.composite
def filters(draw: st.DrawFn) -> CallFilter:
    """Up to three things are asked: of more, hardly any call is all."""
    names = draw(st.lists(st.sampled_from(sorted(ASKED)), max_size=3, unique=True) | st.sampled_from(TOGETHER))
    asked = {name: draw(ASKED[name]) for name in names}
    is_of_somebody = {"destination", "company", "person"} & set(names)
    return CallFilter(**asked, answered=bool(is_of_somebody) and draw(st.booleans()))


@dataclass
class Log:
    """A log, and all that is in it."""

    connection: Connection
    calls: list[MadeCall]
    dice: Random

    def arrive(self, count: int) -> None:
        """Calls that arrive only now."""
        begin = max(call.record.received_at for call in self.calls)
        new = [made_call(len(self.calls) + n, begin + timedelta(seconds=n + 1), self.dice) for n in range(count)]
        if new:
            keep(self.connection, new)
            self.calls += new


@pytest.fixture
def log(database: Database) -> Iterator[Log]:
    dice = Random(5)
    with database.writing() as connection:
        log = Log(connection, made_calls(SOME_CALLS, dice), dice)
        keep(connection, log.calls)
        yield log


def hypothesis(**given_: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    return lambda test: settings(deadline=None, max_examples=40)(given(**given_)(test))


def ids(calls: Iterable[MadeCall]) -> list[str]:
    return [call.record.call_id for call in calls]


def test_the_pages_hold_what_a_look_at_every_call_finds(log: Log) -> None:
    """Also while new calls arrive between one page and the next: those are on the pages before."""

    @hypothesis(wanted=filters(), sight=SIGHTS, arriving=st.integers(0, 2), **PAGES)
    def check(wanted: CallFilter, sight: Sight, arriving: int, size: int, looks: Sequence[int]) -> None:
        expected = ids(plainly_found(log.calls, wanted, sight))
        found: list[str] = []
        cursor: Cursor | None = None
        while True:
            got = page(log.connection, wanted, size, cursor, sight, looks)
            assert len(got.calls) <= size
            found += [call.call_id for call in got.calls]
            if got.older is None:
                break
            if cursor is None:
                log.arrive(arriving)
            cursor = Cursor.parse(str(got.older))
        assert found == expected

    check()
    assert len(log.calls) > SOME_CALLS


def test_and_the_same_on_the_way_back(log: Log) -> None:
    @hypothesis(wanted=filters(), sight=SIGHTS, **PAGES)
    def check(wanted: CallFilter, sight: Sight, size: int, looks: Sequence[int]) -> None:
        expected = ids(plainly_found(log.calls, wanted, sight))
        found: list[str] = []
        cursor: Cursor | None = Cursor(BEGIN - timedelta(days=9), "", is_newer=True)
        while cursor is not None:
            got = page(log.connection, wanted, size, cursor, sight, looks)
            found = [call.call_id for call in got.calls] + found
            cursor = got.newer
        assert found == expected

    check()


def test_a_step_on_and_a_step_back_is_the_same_page(log: Log) -> None:
    @hypothesis(wanted=filters(), size=st.integers(1, 40))
    def check(wanted: CallFilter, size: int) -> None:
        first = page(log.connection, wanted, size)
        assert first.newer is None
        if first.older:
            second = page(log.connection, wanted, size, first.older)
            assert second.newer
            back = page(log.connection, wanted, size, second.newer)
            assert (back.calls, back.newer) == (first.calls, None)
            assert back.older == first.older

    check()


def test_counts(log: Log) -> None:
    @hypothesis(wanted=filters(), sight=SIGHTS)
    def check(wanted: CallFilter, sight: Sight) -> None:
        expected = len(plainly_found(log.calls, wanted, sight))
        assert count(log.connection, wanted, sight) == Count(expected, is_exact=True)

    check()


def test_the_number_stands_beside_the_call_where_it_is_kept(log: Log) -> None:
    found = page(log.connection, CallFilter(), SOME_CALLS).calls
    known = {call.record.call_id: (call.caller or {}).get("number") for call in log.calls}
    assert {call.call_id: call.number for call in found} == known


class TestSight:
    def test_whatever_is_asked_a_company_sees_no_call_but_those_it_was_offered(self, log: Log) -> None:
        @hypothesis(wanted=filters(), **PAGES)
        def check(wanted: CallFilter, size: int, looks: Sequence[int]) -> None:
            for call in page(log.connection, wanted, size, sight=Sight("Syd AB"), looks=looks).calls:
                assert "Syd AB" in [leg["company"] for leg in call.legs]

        check()

    def test_nor_one_of_others_in_where_the_search_has_looked_to(self, log: Log) -> None:
        """Else a page with no call of theirs would tell the id and the instant of one of somebody else's."""

        @hypothesis(wanted=filters(), sight=st.sampled_from(LIMITED), look=st.integers(1, 5), is_newer=st.booleans())
        def check(wanted: CallFilter, sight: Sight, look: int, is_newer: bool) -> None:
            bounds = Sight(sight.company) if sight.company else sight
            seen = ids(plainly_found(log.calls, CallFilter(), bounds))
            place: Cursor | None = Cursor(BEGIN - timedelta(days=9), "", is_newer=True) if is_newer else None
            while wanted.caller is None:
                found = page(log.connection, wanted, SOME_CALLS, place, sight, looks=(look,))
                place = found.newer if is_newer else found.older
                if place is None:
                    break
                assert place.call_id in seen

        check()

    def test_nor_by_the_id(self, log: Log) -> None:
        for call in log.calls:
            found = calls_named(log.connection, call.record.call_id, Sight("Syd AB"))
            assert bool(found) == ("Syd AB" in [leg.company for leg in call.record.legs])

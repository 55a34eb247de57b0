"""Whom the fail-safe rings: fixed numbers on the closed path of the unit that was called."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callrouter.domain.destination import Contract, Destination
from callrouter.domain.failsafe import MOST_AT_ONCE, FailSafe, fail_safe
from callrouter.domain.oncall import Person, Rota, RotaBlock
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import HOP_CAP
from callrouter.domain.span import Span
from tests.schedules import (
    CENTRE,
    CLOSED_HOUR,
    DESK_1,
    DESK_2,
    DUTY_OFFICER,
    GUARD_1,
    GUARD_2,
    NO_ANSWER,
    OPEN_HOUR,
    STOCKHOLM,
    numbers_of,
    schedule,
)

LAST_RESORT = PhoneNumber("+46406280499")
ANNA = Person("anna", PhoneNumber("+46701740611"))
BLOCK = RotaBlock(datetime(2008, 6, 2, 8, 0), timedelta(days=7), (Person("bo", GUARD_1),))  # noqa: DTZ001 - a wall clock
ROTA = Rota("guards", STOCKHOLM, (BLOCK,))
MANY = tuple(PhoneNumber(f"+468465004{number:02}") for number in range(20, 40))


def rung(*destinations: Destination, at: datetime = OPEN_HOUR) -> list[str]:
    """Whom the fail-safe rings where these are the destinations; the unit is closed to the first of them."""
    of = schedule(*destinations, open_=destinations[-1].name, closed=destinations[0].name)
    return numbers_of(fail_safe(of, CENTRE, LAST_RESORT, at).numbers)


@pytest.mark.parametrize("at", [OPEN_HOUR, CLOSED_HOUR])
def test_the_closed_path_is_rung_at_all_hours(at: datetime) -> None:
    assert fail_safe(schedule(), CENTRE, LAST_RESORT, at) == FailSafe((GUARD_1, GUARD_2), CENTRE)


def test_it_rings_forty_seconds() -> None:
    assert fail_safe(schedule(), CENTRE, None, OPEN_HOUR).seconds == 40


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        ((GUARD_2, GUARD_1), [GUARD_2, GUARD_1]),  # in the order of the file
        ((ANNA, GUARD_1), [ANNA.number, GUARD_1]),  # a person has a fixed number
        ((ROTA, GUARD_2), [GUARD_2]),  # a rota may be what is broken
        ((GUARD_1, GUARD_2, GUARD_1), [GUARD_1, GUARD_2]),
        ((ANNA, ANNA.number), [ANNA.number]),
        (MANY, MANY[:MOST_AT_ONCE]),
    ],
)
def test_fixed_numbers_once_each_and_at_most_ten(
    ring: tuple[PhoneNumber | Person | Rota, ...], expected: list[PhoneNumber]
) -> None:
    assert rung(Destination("security", ring=ring)) == numbers_of(expected)


@pytest.mark.parametrize("empty", [Destination("first", message=NO_ANSWER), Destination("first", ring=(ROTA,))])
def test_a_destination_that_rings_nobody_fixed_is_passed_over(empty: Destination) -> None:
    officer = Destination("officer", ring=(DUTY_OFFICER,))
    assert rung(replace(empty, then="officer"), officer) == [DUTY_OFFICER.e164]
    assert rung(replace(empty, then=None), officer) == []


def test_only_the_first_that_rings_anybody() -> None:
    first = Destination("first", ring=(GUARD_1,), then="officer")
    assert rung(first, Destination("officer", ring=(DUTY_OFFICER,))) == [GUARD_1.e164]


def test_the_contract_in_force_says_who() -> None:
    contracts = (
        Contract("Old", Span(OPEN_HOUR, CLOSED_HOUR), (GUARD_1,)),
        Contract("New", Span(CLOSED_HOUR), (GUARD_2,)),
    )
    security = Destination("security", ring=(DESK_1,), contracts=contracts)
    assert rung(security, at=CLOSED_HOUR - timedelta(microseconds=1)) == [GUARD_1.e164]
    assert rung(security, at=CLOSED_HOUR) == [GUARD_2.e164]


def test_a_path_as_long_as_a_call_may_go_is_followed_and_a_ring_of_them_ends() -> None:
    """The loader refuses a loop; the fail-safe does not rely on it."""
    path = [Destination(f"d{hop}", message=NO_ANSWER, then=f"d{hop + 1}") for hop in range(HOP_CAP - 1)]
    assert rung(*path, Destination(f"d{HOP_CAP - 1}", ring=(GUARD_1,))) == [GUARD_1.e164]
    assert rung(Destination("a", message=NO_ANSWER, then="b"), Destination("b", message=NO_ANSWER, then="a")) == []


class TestWhichUnit:
    group = replace(
        schedule().unit("centre"), name="group", numbers=(PhoneNumber("+46846500450"),), closed="duty-officer"
    )
    both = replace(schedule(), units={"centre": schedule().unit("centre"), "group": group})

    @pytest.mark.parametrize(
        ("called", "expected"),
        [
            (CENTRE, [GUARD_1, GUARD_2]),
            (PhoneNumber("+46846500450"), [DUTY_OFFICER]),
            (PhoneNumber("+46846500498"), [GUARD_1, GUARD_2]),  # nobody's: the first unit
            (None, [GUARD_1, GUARD_2]),
        ],
    )
    def test_the_one_that_was_called_else_the_first(
        self, called: PhoneNumber | None, expected: list[PhoneNumber]
    ) -> None:
        assert fail_safe(self.both, called, LAST_RESORT, OPEN_HOUR) == FailSafe(tuple(expected), called)


class TestNoScheduleHasEverLoaded:
    def test_the_last_resort_rings(self) -> None:
        assert fail_safe(None, CENTRE, LAST_RESORT, OPEN_HOUR) == FailSafe((LAST_RESORT,), CENTRE)

    def test_there_is_none(self) -> None:
        assert fail_safe(None, CENTRE, None, OPEN_HOUR) == FailSafe((), CENTRE)


def test_the_last_resort_is_no_part_of_a_schedule() -> None:
    """It is the one number that may be rung without standing in the schedule: only where there is none."""
    assert rung(Destination("security", message=NO_ANSWER), Destination("desk", ring=(DESK_1, DESK_2))) == []

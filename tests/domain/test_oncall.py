"""Rotas: who is on call, hand-offs on the wall clock, swaps, blocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callrouter.domain.oncall import Person, Rota, RotaBlock, Shift, Swap
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.domain.wallclock import instant_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ANNA, BO, CILLA = (
    Person(name, PhoneNumber(f"+4631390063{index}")) for index, name in enumerate(("anna", "bo", "cilla"), start=1)
)
WEEK = timedelta(weeks=1)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def at(text: str) -> datetime:
    return wall(text).replace(tzinfo=STOCKHOLM)


def utc(text: str) -> datetime:
    return at(text).astimezone(UTC)


SWAP = Swap(Span(utc("2026-12-24 08:00"), utc("2026-12-25 08:00")), CILLA)
ROTA = Rota(
    "nordvakt",
    STOCKHOLM,
    (
        RotaBlock(wall("2008-06-02 08:00"), WEEK, (ANNA, BO)),
        RotaBlock(wall("2009-01-05 08:00"), WEEK, (ANNA, BO, CILLA), (SWAP,)),
    ),
)


@pytest.mark.parametrize(
    ("local", "person"),
    [
        ("2008-06-02 07:59", None),
        ("2008-06-02 08:00", ANNA),
        ("2008-06-09 07:59", ANNA),
        ("2008-06-09 08:00", BO),
        ("2008-06-16 08:00", ANNA),
        ("2009-01-05 07:59", ANNA),  # the 31st week of the first block
        ("2009-01-05 08:00", ANNA),  # the first of the second
        ("2009-01-12 08:00", BO),
        ("2009-01-19 08:00", CILLA),
        ("2009-01-26 08:00", ANNA),
        ("2009-06-01 07:59", CILLA),  # summer time moves no hand-off
        ("2009-06-01 08:00", ANNA),
        ("2026-12-24 07:59", BO),
        ("2026-12-24 08:00", CILLA),
        ("2026-12-25 07:59", CILLA),
        ("2026-12-25 08:00", BO),
    ],
)
def test_who_is_on_call(local: str, person: Person | None) -> None:
    assert ROTA.on_call(at(local)) == person


def test_shifts_tell_the_same_in_order() -> None:
    shifts = list(ROTA.shifts(at("2026-12-20 00:00"), at("2027-01-05 00:00")))
    assert [(shift.span.start, shift.person) for shift in shifts] == [
        (utc("2026-12-20 00:00"), ANNA),
        (utc("2026-12-21 08:00"), BO),
        (utc("2026-12-24 08:00"), CILLA),
        (utc("2026-12-25 08:00"), BO),
        (utc("2026-12-28 08:00"), CILLA),
        (utc("2027-01-04 08:00"), ANNA),
    ]
    assert shifts[-1].span.end == utc("2027-01-05 00:00")


def test_before_the_first_block_there_is_a_hole() -> None:
    shifts = list(ROTA.shifts(at("2008-06-01 00:00"), at("2008-06-03 00:00")))
    assert shifts == [Shift(Span(utc("2008-06-02 08:00"), utc("2008-06-03 00:00")), ANNA)]


def test_a_block_without_people_is_nobody() -> None:
    rota = Rota("x", STOCKHOLM, (ROTA.blocks[0], RotaBlock(wall("2009-01-05 08:00"), WEEK, ())))
    assert rota.on_call(at("2009-01-05 07:59")) == ANNA
    assert rota.on_call(at("2009-01-05 08:00")) is None
    assert not list(rota.shifts(at("2010-01-01 00:00"), at("2011-01-01 00:00")))


def test_a_swap_holds_only_in_its_block() -> None:
    late = Swap(Span(utc("2009-01-01 00:00"), None), CILLA)
    rota = Rota("x", STOCKHOLM, (RotaBlock(wall("2008-06-02 08:00"), WEEK, (ANNA,), (late,)), ROTA.blocks[1]))
    assert rota.on_call(at("2009-01-05 07:59")) == CILLA
    assert rota.on_call(at("2009-01-05 08:00")) == ANNA


@pytest.mark.parametrize(
    ("zone", "start", "hand_offs"),
    [
        # 02:00 is missing: the hand-off comes at the end of the gap.
        (STOCKHOLM, "2026-03-28 02:00", ["2026-03-28 01:00", "2026-03-29 01:00", "2026-03-30 00:00"]),
        # 02:00 comes twice: the hand-off comes once, at the first.
        (STOCKHOLM, "2026-10-24 02:00", ["2026-10-24 00:00", "2026-10-25 00:00", "2026-10-26 01:00"]),
        (LORD_HOWE, "2026-10-03 02:15", ["2026-10-02 15:45", "2026-10-03 15:30", "2026-10-04 15:15"]),
        (LORD_HOWE, "2026-04-04 01:45", ["2026-04-03 14:45", "2026-04-04 14:45", "2026-04-05 15:15"]),
    ],
)
def test_hand_offs_over_a_night_when_the_clock_changes(zone: ZoneInfo, start: str, hand_offs: list[str]) -> None:
    rota = Rota("x", zone, (RotaBlock(wall(start), timedelta(days=1), (ANNA, BO)),))
    instants = [wall(text).replace(tzinfo=UTC) for text in hand_offs]
    shifts = list(rota.shifts(instants[0] - timedelta(days=1), instants[-1] + timedelta(hours=1)))
    assert [shift.span.start for shift in shifts] == instants
    assert [shift.person for shift in shifts] == [ANNA, BO, ANNA]
    for index, instant in enumerate(instants):
        assert rota.on_call(instant) == (ANNA, BO, ANNA)[index]


def test_in_the_second_pass_of_an_hour_the_hand_off_has_been() -> None:
    rota = Rota("x", STOCKHOLM, (RotaBlock(wall("2026-10-24 02:30"), timedelta(days=1), (ANNA, BO)),))
    minutes = [datetime(2026, 10, 25, 0, 15, tzinfo=UTC) + timedelta(minutes=30 * step) for step in range(4)]
    assert [at.astimezone(STOCKHOLM).strftime("%H:%M") for at in minutes] == ["02:15", "02:45", "02:15", "02:45"]
    assert [rota.on_call(at) for at in minutes] == [ANNA, BO, BO, BO]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ROTA.on_call(wall("2026-01-01"))
    with pytest.raises(ValueError, match="time zone"):
        list(ROTA.shifts(wall("2026-01-01"), wall("2026-02-01")))


def test_a_shift_must_last() -> None:
    with pytest.raises(ValueError, match="longer"):
        RotaBlock(wall("2026-01-01 08:00"), timedelta(0), (ANNA,))


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    zone = draw(st.sampled_from([STOCKHOLM, LORD_HOWE]))
    around = draw(st.sampled_from([wall("2026-03-29 02:00"), wall("2026-10-25 02:30"), wall("2026-10-04 02:15")]))
    steps = st.integers(-60, 60).map(lambda hours: around + timedelta(hours=hours))
    blocks = []
    for start in sorted(draw(st.sets(steps, min_size=1, max_size=3))):
        people = tuple(draw(st.lists(st.sampled_from([ANNA, BO, CILLA]), max_size=3)))
        swap_start, swap_end = sorted(draw(st.tuples(steps, steps)))
        swap = Swap(Span(instant_of(swap_start, zone), instant_of(swap_end, zone)), BO)
        shift = timedelta(hours=draw(st.sampled_from([1, 5, 12, 24, 168])))
        blocks.append(RotaBlock(start, shift, people, (swap,)))
    return Rota("any", zone, tuple(blocks))


@given(rotas())
@settings(max_examples=60)
def test_shifts_and_on_call_agree_at_every_half_hour(rota: Rota) -> None:
    start = instant_of(rota.blocks[0].start, rota.zone) - timedelta(hours=5)
    end = start + timedelta(days=6)
    shifts = list(rota.shifts(start, end))
    at = start
    while at < end:
        covering = [shift.person for shift in shifts if shift.span.covers(at)]
        person = rota.on_call(at)
        assert covering == ([person] if person else [])
        at += timedelta(minutes=30)


@given(rotas(), st.integers(0, 400))
@settings(max_examples=60)
def test_hand_offs_are_in_order_and_each_begins_its_shift(rota: Rota, index: int) -> None:
    block = rota.blocks[0]
    begins, ends = block.hand_off(index, rota.zone), block.hand_off(index + 1, rota.zone)
    assert begins <= ends
    if begins < ends:
        assert block.shift_number(begins, rota.zone) == index
        assert block.shift_number(ends - datetime.resolution, rota.zone) == index

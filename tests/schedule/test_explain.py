"""What happens to a call, as the administrator is told: the same as what the service does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callrouter.domain.routing import Ring, decide, route
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import State
from callrouter.schedule import load
from callrouter.schedule.preview.clock_changes import clock_change, is_repeated
from callrouter.schedule.preview.explain import Explanation, Stop, explain, on_call
from tests.schedule.files import EXAMPLE, NOW, schedule
from tests.schedule.made import NIGHT, schedule_texts

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SWAP = (
    """\
      swaps:
        - period: 2026-12-24 08:00..2026-12-25 08:00
          person: cilla             # takes Christmas Eve
""",
    "",
)
INSTANTS = st.integers(-6 * 24 * 12, 6 * 24 * 12).map(
    lambda step: datetime(NIGHT.year, NIGHT.month, NIGHT.day, tzinfo=UTC) + step * timedelta(minutes=5)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def explained(unit: str, time: str, *edits: tuple[str, str]) -> Explanation:
    of = schedule(EXAMPLE, *edits)
    return explain(of, of.unit(unit), at(time))


def rung(stop: Stop) -> list[str]:
    return [place.phone.number.e164 if place.phone else "-" for place in stop.line]


def test_a_closed_unit_is_told_with_its_rule_its_next_change_and_its_way_to_the_end() -> None:
    found = explained("trygghetscenter", "2026-11-23 17:30")
    assert (found.decision.state, found.decision.reason) == (
        State.CLOSED,
        "mon-thu 08:00-12:00, 13:00-17:00 (from 2007-02-01)",
    )
    assert found.next_change == at("2026-11-24 08:00")
    assert [stop.destination.name for stop in found.stops] == ["security", "duty-officer", "message-only"]
    security, officer, message_only = found.stops
    assert rung(security) == ["+46701740611", "+46313900620"]
    assert [message.name for message in security.heard] == ["closed"]
    assert security.contract is not None
    assert security.contract.company == "Nordbevakning AB"
    assert rung(officer) == ["+46701740699"]
    assert not message_only.rings
    assert [message.name for message in found.heard_at_end] == ["no-answer"]
    assert found.takes_message
    assert found.waits == 2 * (25 + 25) + 40


def test_an_open_unit_with_a_menu_asks_first() -> None:
    found = explained("trygghetscenter", "2026-11-23 09:00")
    assert [message.name for message in found.menu] == ["menu"]
    assert found.stops[0].destination.name == "reception"
    assert not explained("trygghetscenter", "2026-11-23 17:30").menu


def test_whom_nobody_is_rung_for_is_told_when_it_opens() -> None:
    found = explained("brottsofferstöd", "2026-11-23 09:00")
    assert ([stop.rings for stop in found.stops], found.waits) == ([False], 0)
    assert [message.name for message in found.heard_at_end] == ["no-answer", "reopening"]


def test_an_alarm_unit_never_changes() -> None:
    found = explained("larm", "2026-12-24 03:00")
    assert (found.decision.state, found.next_change) == (State.OPEN, None)


def test_a_call_that_takes_no_message_ends() -> None:
    found = explained(
        "larm", "2026-12-24 03:00", ("    voicemail: yes                  # take a message, hang up\n", "")
    )
    assert not found.takes_message


@pytest.mark.parametrize(
    ("time", "person", "until", "then"),
    [
        ("2026-11-23 17:30", "anna", "2026-11-30 08:00", "bo"),
        ("2026-11-30 08:00", "bo", "2026-12-07 08:00", "cilla"),
        ("2026-12-23 12:00", "bo", "2026-12-24 08:00", "cilla"),  # a swap parts the shift
        ("2026-12-24 12:00", "cilla", "2026-12-25 08:00", "bo"),
        ("2008-06-01 12:00", None, "2008-06-02 08:00", "anna"),  # the rota has not begun
    ],
)
def test_who_is_on_call_until_when_and_who_follows(time: str, person: str | None, until: str, then: str) -> None:
    duty = on_call(schedule(EXAMPLE).rotas["nordvakt"], at(time))
    assert (duty.person and duty.person.name, duty.until, duty.then and duty.then.name) == (person, at(until), then)


def test_one_person_alone_is_on_call_for_good() -> None:
    of = schedule(EXAMPLE, ("people: [anna, bo, cilla]", "people: [anna]"), SWAP)
    duty = on_call(of.rotas["nordvakt"], at("2026-11-23 12:00"))
    assert duty.person is not None
    assert (duty.person.name, duty.until, duty.then) == ("anna", None, None)


def test_a_rota_that_ends_is_followed_by_nobody_and_then_skipped() -> None:
    end = "\n    - start: 2026-12-01 08:00\n      shift: 1 week\n      people: []\n\npeople:"
    of = schedule(EXAMPLE, ("\n\npeople:", end))
    duty = on_call(of.rotas["nordvakt"], at("2026-11-30 12:00"))
    assert (duty.until, duty.then) == (at("2026-12-01 08:00"), None)
    stop = explain(of, of.unit("larm"), at("2026-12-02 12:00")).stops[0]
    assert rung(stop) == ["-", "+46313900620"]
    assert stop.line[0].on_call is not None
    assert stop.line[0].on_call.until is None


def test_a_destination_with_nobody_to_ring_is_passed() -> None:
    of = schedule(EXAMPLE, ("ring: [nordvakt, +46 31 390 06 20]", "ring: [nordvakt]"))
    found = explain(of, of.unit("larm"), at("2008-06-01 12:00"))  # before the rota begins
    assert [stop.rings for stop in found.stops] == [False, True, False]


@settings(max_examples=60)
@given(schedule_texts(), INSTANTS)
def test_it_tells_what_the_service_does(text: str, when: datetime) -> None:
    of = load(text, at=NOW)
    for unit in of.units.values():
        found = explain(of, unit, when)
        assert found.decision == decide(of, unit, when)
        assert found.decision.state is unit.hours.ruling(when).state
        assert found.next_change == unit.hours.next_change(when)
        *_, end = route(of, unit, when)
        assert found.heard_at_end == end.announce
        assert calls_told(found) == calls_made(of, unit, when)


def calls_told(found: Explanation) -> list[tuple[str, list[str], int]]:
    """The attempts that a reader of the explanation would expect."""
    attempts = []
    for stop in found.stops:
        phones = [number for number in rung(stop) if number != "-"]
        together = [phones] if stop.destination.together and phones else [[phone] for phone in phones]
        for _ in range(stop.destination.rounds):
            attempts += [(stop.destination.name, numbers, stop.destination.seconds) for numbers in together]
    return attempts


def calls_made(of: Schedule, unit: Unit, when: datetime) -> list[tuple[str, list[str], int]]:
    attempts = [step.attempt for step in route(of, unit, when) if isinstance(step, Ring)]
    return [(one.position.destination, [p.number.e164 for p in one.phones], one.seconds) for one in attempts]


@settings(max_examples=40)
@given(schedule_texts(), INSTANTS)
def test_the_person_named_is_on_call_until_the_instant_named(text: str, when: datetime) -> None:
    rota = load(text, at=NOW).rotas["rota"]
    duty = on_call(rota, when)
    assert duty.person == rota.on_call(when)
    if duty.until:
        assert rota.on_call(duty.until - datetime.resolution) == duty.person
        assert rota.on_call(duty.until) == duty.then
        assert duty.then != duty.person


@pytest.mark.parametrize(
    ("zone", "day", "is_forward", "before", "after"),
    [
        ("Europe/Stockholm", "2026-03-29", True, "02:00", "03:00"),
        ("Europe/Stockholm", "2026-10-25", False, "03:00", "02:00"),
        ("Australia/Lord_Howe", "2026-10-04", True, "02:00", "02:30"),
        ("America/Santiago", "2026-09-06", True, "00:00", "01:00"),  # midnight itself is missing
        ("America/Santiago", "2026-04-04", False, "00:00", "23:00"),  # the last hour of the day comes twice
    ],
)
def test_the_clocks_change_on_their_day_alone(zone: str, day: str, is_forward: bool, before: str, after: str) -> None:
    date = datetime.fromisoformat(day).date()
    change = clock_change(date, ZoneInfo(zone))
    assert change is not None
    assert (f"{change.shown_before:%H:%M}", f"{change.shown_after:%H:%M}") == (before, after)
    assert change.is_forward is is_forward
    assert clock_change(date - timedelta(days=1), ZoneInfo(zone)) is None
    assert clock_change(date + timedelta(days=1), ZoneInfo(zone)) is None


@pytest.mark.parametrize(
    ("instant", "is_so"),
    [
        ("2026-10-25T00:29Z", True),
        ("2026-10-25T01:29Z", True),
        ("2026-10-25T02:00Z", False),
        ("2026-03-29T01:00Z", False),
    ],
)
def test_a_time_that_comes_twice(instant: str, is_so: bool) -> None:
    assert is_repeated(datetime.fromisoformat(instant), STOCKHOLM) is is_so

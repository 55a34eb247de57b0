"""The example file shows every setting; it loads unchanged and means what its comments say."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.message import Audio, Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Retention, TestCall, title_of
from callrouter.domain.words import DecidedBy, Retained, State
from callrouter.schedule import load, version_of
from tests.schedule.files import EXAMPLE, NOW, SHORT, errors, schedule, warnings

OPEN, CLOSED = State.OPEN, State.CLOSED
CENTRE, FIELD, VICTIMS, ALARM = "trygghetscenter", "fältgruppen", "brottsofferstöd", "larm"
LOADED = load(EXAMPLE, at=NOW)


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=LOADED.zone)


def test_it_loads_and_warns_of_what_nobody_has_decided() -> None:
    assert errors(EXAMPLE) == []
    told = [line for line in warnings(EXAMPLE) if "this setting is read and checked" not in line]
    assert told == [
        "line 28: units > trygghetscenter > exceptions: no exception decides about the bridge day 2027-05-07 (fri)",
        (
            "line 32: units > trygghetscenter > exceptions > item 2 > period: the last date that anybody has decided "
            "about is 2026-12-30, nearer than 60 days; look through the year ahead"
        ),
    ]


@pytest.mark.parametrize(
    ("unit", "local", "state", "decided_by", "line"),
    [
        (CENTRE, "2005-05-31 11:00", CLOSED, DecidedBy.HOURS, None),
        (CENTRE, "2006-11-07 14:59", OPEN, DecidedBy.HOURS, 21),
        (CENTRE, "2007-02-01 12:30", CLOSED, DecidedBy.HOURS, 23),
        (CENTRE, "2026-11-27 15:59", OPEN, DecidedBy.HOURS, 24),
        (CENTRE, "2026-11-22 11:00", CLOSED, DecidedBy.HOURS, 22),
        (CENTRE, "2026-08-14 13:59", OPEN, DecidedBy.SEASON, 27),
        (CENTRE, "2026-11-06 12:00", CLOSED, DecidedBy.EXCEPTION, 29),
        (CENTRE, "2026-12-23 12:00", OPEN, DecidedBy.DAY_BEFORE, 11),
        (CENTRE, "2026-12-24 12:00", CLOSED, DecidedBy.HOLIDAY, 9),
        (CENTRE, "2026-12-28 12:00", CLOSED, DecidedBy.EXCEPTION, 32),
        (CENTRE, "2027-03-25 11:59", OPEN, DecidedBy.HOLIDAY, 12),  # skärtorsdagen
        (CENTRE, "2025-06-06 11:00", OPEN, DecidedBy.HOURS, 24),  # nationaldagen
        (FIELD, "2026-12-25 23:00", OPEN, DecidedBy.HOURS, 47),
        (FIELD, "2026-12-26 02:59", OPEN, DecidedBy.HOURS, 47),
        (FIELD, "2026-12-27 03:00", CLOSED, DecidedBy.HOURS, 45),
        (VICTIMS, "2026-11-24 13:00", OPEN, DecidedBy.HOURS, 57),
        (ALARM, "2026-12-25 03:00", OPEN, DecidedBy.ALWAYS, 63),
    ],
)
def test_open_or_closed(unit: str, local: str, state: State, decided_by: DecidedBy, line: int | None) -> None:
    ruling = LOADED.unit(unit).hours.ruling(at(local))
    assert (ruling.state, ruling.decided_by, ruling.line) == (state, decided_by, line)


def test_units() -> None:
    centre, victims, alarm = LOADED.unit(CENTRE), LOADED.unit(VICTIMS), LOADED.unit(ALARM)
    assert LOADED.unit_by_number(PhoneNumber("+46846500400")) is centre
    assert LOADED.unit_by_number(PhoneNumber("+46846500401")) is None
    assert (centre.title, victims.title) == ("Trygghetscenter", "Brottsofferstöd")
    assert (centre.open, centre.closed, centre.is_alarm) == ("reception", "security", False)
    assert (alarm.open, alarm.closed, alarm.is_alarm) == ("security", "security", True)
    assert (centre.keeps_numbers, victims.keeps_numbers) == (True, False)
    assert centre.closed_message is LOADED.messages["closed"]
    assert centre.menu is not None
    assert centre.menu.message is LOADED.messages["menu"]
    assert centre.menu.keys == {"1": CENTRE, "2": FIELD, "3": VICTIMS}
    assert centre.line == 16


def test_destinations() -> None:
    reception, security, last = (LOADED.destinations[name] for name in ("reception", "security", "message-only"))
    titles = ["Receptionen", "Fältgruppens telefon", "Brottsofferstödets telefon", "Bevakningen", "Jouransvarig"]
    assert [each.title for each in LOADED.destinations.values()] == [*titles, "Bara meddelande"]
    assert title_of(LOADED, "security") == "Bevakningen"
    assert (title_of(LOADED, CENTRE), title_of(LOADED, ALARM)) == ("Trygghetscenter", "Larm")
    assert title_of(LOADED, "night-desk") == "night-desk", "it stands here no more"
    assert title_of(None, "security") == "security", "there is no schedule"
    assert (reception.together, reception.seconds, reception.rounds) == (True, 20, 1)
    assert (security.together, security.seconds, security.rounds) == (False, 25, 2)
    assert security.accept_key
    assert not security.show_caller
    assert (security.then, last.then) == ("duty-officer", None)
    assert (last.message, last.voicemail) == (LOADED.messages["no-answer"], True)
    assert [lineup.company for lineup in map(security.lineup, (at("2008-05-31 23:59"), at("2008-06-01 00:00")))] == [
        "Trygg Vakt AB",
        "Nordbevakning AB",
    ]
    assert security.contracts[1].answer_within == ServiceTarget(0.8, 30)
    assert security.contracts[1].ring == (LOADED.rotas["nordvakt"], PhoneNumber("+46313900620"))


def test_rota() -> None:
    rota = LOADED.rotas["nordvakt"]
    assert rota.on_call(at("2008-06-01 12:00")) is None
    assert rota.on_call(at("2008-06-09 08:00")) is LOADED.people["bo"]
    assert rota.on_call(at("2026-12-24 12:00")) is LOADED.people["cilla"]
    assert len(list(rota.shifts(at("2026-11-02 08:00"), at("2026-11-23 08:00")))) == 3


def test_the_rest() -> None:
    assert LOADED.notify.missed_call == ("trygghetscenter@example.se", PhoneNumber("+46701740660"))
    assert LOADED.notify.warnings == ("drift@example.se",)
    assert LOADED.review.targets == (ServiceTarget(0.8, 30), ServiceTarget(0.985, 60))
    assert LOADED.review.categories[1] == "skadegörelse"
    assert LOADED.test_calls == (TestCall("security", (0,), time(9, 30)),)
    assert LOADED.retention[0] == Retention(Retained.NUMBERS, "6 months", "KS-2026-0508", date(2026, 3, 1))
    assert LOADED.countries == ("SE",)
    assert [type(part) for part in LOADED.messages["closed"].parts] == [Spoken, Spoken]


def test_the_version_is_the_hash_of_the_bytes() -> None:
    assert LOADED.version == version_of(EXAMPLE) == version_of(EXAMPLE.encode())
    assert load(EXAMPLE.encode(), at=NOW).version == LOADED.version
    assert schedule(SHORT, ("10:00-15:00", "10:00-15:01")).version != schedule(SHORT).version


def test_a_recorded_message() -> None:
    text = SHORT + "messages:\n  hello: {play: https://example.se/hello.mp3}\n"
    assert load(text, at=NOW).messages["hello"] == Message("hello", (Audio("https://example.se/hello.mp3"),))


def test_the_delivered_schedule_is_the_example() -> None:
    delivered = Path(__file__).parents[2] / "config" / "schedule.yaml"
    assert delivered.read_bytes() == EXAMPLE.encode()
    assert LOADED.unit(CENTRE).hours.ruling(at("2026-11-23 18:30")).state is CLOSED
    assert LOADED.unit(CENTRE).hours.ruling(at("2026-11-23 11:00")).state is OPEN


def test_whoever_asks_twice_gets_the_same_answer_compiled() -> None:
    hours = LOADED.unit(CENTRE).hours
    compiled = hours.compiled(NOW)
    instants = [NOW + timedelta(hours=step) for step in range(-24 * 30, 24 * 400, 5)]
    assert [compiled.is_open(instant) for instant in instants] == [hours.is_open(instant) for instant in instants]
    assert compiled.next_change(NOW) == hours.next_change(NOW) == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

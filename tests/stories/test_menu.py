"""A menu gives a call to another unit; any key skips the rest of a message."""

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers
from tests.schedules import CENTRE, DESK_1, GUARD_1
from tests.stories.conftest import Phones

SWITCHBOARD = PhoneNumber("+46846500462")
ANNA = PhoneNumber("+46701740611")
MONDAY_11 = "2026-11-23 11:00"
MONDAY_1630 = "2026-11-23 16:30"
MENU = "Tryck 1 för receptionen, 2 för fältgruppen, 3 för att lämna ett meddelande."


@pytest.mark.parametrize(
    ("key", "unit", "phone"),
    [("1", "switchboard", DESK_1), ("2", "screened", ANNA), ("3", "listener", None)],
)
def test_a_key_gives_the_call_to_that_unit(phones: Phones, key: str, unit: str, phone: PhoneNumber | None) -> None:
    phones.on(DESK_1, ANNA, does=answers())
    call = phones.call(SWITCHBOARD, at=MONDAY_11, keys=(key,), message=5)
    assert call.said[0].text == MENU
    assert call.answered_by == (phone.e164 if phone else None)
    row = phones.logged(call)
    assert row.unit == unit
    assert row.disposition == ("answered" if phone else "message")
    assert row.local_time == "2026-11-23T11:00:00+01:00"


def test_the_whisper_names_the_unit_that_was_chosen(phones: Phones) -> None:
    phones.on(ANNA, does=answers())
    call = phones.call(SWITCHBOARD, at=MONDAY_11, keys=("2",))
    assert next(e.detail for e in call.timeline if e.kind == "whispered").startswith("Samtal från Fältgruppen.")


@pytest.mark.parametrize("keys", [(), ("", ""), ("9", "0"), ("", "8")], ids=repr)
def test_without_a_key_that_leads_anywhere_it_is_asked_once_more_then_the_desk_rings(
    phones: Phones, keys: tuple[str, ...]
) -> None:
    phones.on(DESK_1, does=answers())
    call = phones.call(SWITCHBOARD, at=MONDAY_11, keys=keys)
    assert [said.text for said in call.said] == [MENU, MENU]
    assert call.answered_by == DESK_1.e164


def test_a_key_the_second_time_counts(phones: Phones) -> None:
    phones.on(ANNA, does=answers())
    assert phones.call(SWITCHBOARD, at=MONDAY_11, keys=("", "2")).answered_by == ANNA.e164


def test_a_closed_unit_has_no_menu(phones: Phones) -> None:
    call = phones.call(SWITCHBOARD, at=MONDAY_1630)
    assert MENU not in [said.text for said in call.said]
    assert "Vi öppnar igen i morgon, tisdag, klockan tio." in [said.text for said in call.said]


def test_the_caller_hangs_up_in_the_menu(phones: Phones) -> None:
    row = phones.logged(phones.call(SWITCHBOARD, at=MONDAY_11, hangs_up_after=2))
    assert (row.disposition, row.unit) == ("abandoned", "switchboard")


def test_any_key_skips_the_rest_of_a_message(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    patient = phones.call(CENTRE, at=MONDAY_1630)
    hasty = phones.call(CENTRE, at=MONDAY_1630, keys=("5",), press_after=1)
    assert (hasty.legs[0].started_at - hasty.started_at).total_seconds() < 3
    assert (patient.legs[0].started_at - patient.started_at).total_seconds() > 6
    assert hasty.answered_by == GUARD_1.e164


def test_any_key_skips_the_words_before_the_tone(phones: Phones) -> None:
    call = phones.call(PhoneNumber("+46846500461"), at=MONDAY_11, keys=("5",), press_after=1, message=7)
    assert call.message == 7
    assert phones.logged(call).disposition == "message"

"""Numbers of the file: how they may be written, and which are never dialled."""

import pytest

from callrouter.schedule.format.phones import Phone, phone
from callrouter.schedule.format.text import Unreadable
from tests.schedule.files import EXAMPLE, SHORT, errors, schedule, warnings


@pytest.mark.parametrize(
    ("written", "e164", "is_mobile"),
    [
        ("+46 8 465 004 00", "+46846500400", False),
        ("+46846500400", "+46846500400", False),
        ("+46-8-465 004 00", "+46846500400", False),
        ("+46 (0)8 465 004 00", "+46846500400", False),
        ("+46 8/465 004 00", "+46846500400", False),
        ("+46\N{NO-BREAK SPACE}70 174 06 44", "+46701740644", True),
    ],
)
def test_ways_to_write_a_number(written: str, e164: str, is_mobile: bool) -> None:
    found = phone(written)
    assert (found.number.e164, found.country, found.is_mobile) == (e164, "SE", is_mobile)


@pytest.mark.parametrize(
    "written",
    [
        *("", "+", "46846500400", "0046846500400", "08-465 004 00", "+46 8 465 004 00 ext 5", "+46 8 465 004 00, 01"),
        *("anonymous", "+46 8 CALLME", "+999 1234567", "+46 8", "+46 8 465 004 00 00 00", "112", "+46 112", "911"),
        *("sip:a@example.se", "+46 77 000 00 00", "+1 900 555 0143", "+46 8 465 004 00 #", "464"),
    ],
)
def test_what_is_never_dialled(written: str) -> None:
    with pytest.raises(Unreadable):
        phone(written)


def test_other_countries_are_allowed_by_name() -> None:
    abroad = ("+46 31 390 06 10", "+44 20 7946 0000")
    assert errors(SHORT.replace(*abroad)) == [
        (
            "line 13: destinations > guard > ring > item 1: a number of GB; expected one of SE "
            "(more countries: the setting 'countries')"
        )
    ]
    assert schedule(SHORT, abroad, ("units:", "countries: [SE, gb]\nunits:")).countries == ("SE", "GB")


def test_the_countries_are_those_of_the_units_own_numbers() -> None:
    two = SHORT.replace("[+46 8 465 004 00]", "[+46 8 465 004 00, +44 20 7946 0001]")
    assert schedule(two, ("+46 31 390 06 10", "+44 20 7946 0000")).countries == ("SE", "GB")


def test_a_named_list_of_countries_binds_the_units_too() -> None:
    assert errors(SHORT.replace("units:", "countries: NO\nunits:"))[0] == (
        "line 6: units > centre > numbers > item 1: a number of SE; expected one of NO "
        "(more countries: the setting 'countries')"
    )


MOBILE = "rings a mobile without 'accept: key': its voicemail would take the call"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("[+46 31 390 06 10]", "[+46 70 174 06 44]"), [f"line 13: destinations > guard > ring > item 1: {MOBILE}"]),
        (("[+46 31 390 06 10]", "[+46 70 174 06 44], accept: key"), []),
        (("[+46 31 390 06 10]", "[bo]"), [f"line 13: destinations > guard > ring > item 1: {MOBILE}"]),
        (("[+46 31 390 06 10]", "[anna, watch]"), [f"line 13: destinations > guard > ring > item 2: {MOBILE}"]),
    ],
)
def test_a_mobile_without_a_key_is_warned_of(edit: tuple[str, str], expected: list[str]) -> None:
    people = "people: {anna: +46 31 390 06 31, bo: +46 70 174 06 22}\n"
    rota = "rotas: {watch: [{start: 2020-01-06 08:00, shift: 1 week, people: [anna, bo]}]}\n"
    assert warnings(SHORT.replace(*edit) + people + rota) == expected


def test_the_example_has_no_such_warning() -> None:
    assert not [line for line in warnings(EXAMPLE) if "voicemail" in line]


def test_a_number_knows_its_country() -> None:
    assert isinstance(phone("+44 20 7946 0000"), Phone)
    assert phone("+44 20 7946 0000").country == "GB"

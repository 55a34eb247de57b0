"""What Twilio says of an account: its limit of calls at once, by kind and profile; its region."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callrouter.telephony.standing import Capacity
from tests.schedules import CENTRE
from tests.telephony.contract.office import Holder, Office, served
from tests.telephony.contract.twilio_desk import TwilioAccountLine, TwilioDesk

BUSINESS, INDIVIDUAL = (f"Primary Customer Profile of type {kind}" for kind in ("Business", "Individual"))
SECONDARY = "Secondary Customer Profile of type Business"
NEW, OLD = datetime(2026, 2, 3, tzinfo=UTC), datetime(2026, 2, 2, 23, 59, 59, tzinfo=UTC)
HELD = Holder(made_at=NEW, profiles=())


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    assert office.complaints == []


def capacity(office: Office, holder: Holder) -> Capacity:
    office.holder = holder
    line = TwilioAccountLine()
    with served(office, line.desk) as url:
        return line.account(url).capacity()


@pytest.mark.parametrize(
    ("holder", "most", "is_certain"),
    [
        (replace(HELD, kind="Trial", profiles=(BUSINESS,)), 5, True),
        (replace(HELD, status="suspended"), 0, True),
        (HELD, 2, True),
        (replace(HELD, profiles=(SECONDARY,)), 2, True),
        (replace(HELD, profiles=(INDIVIDUAL,)), 3, True),
        (replace(HELD, profiles=(INDIVIDUAL, SECONDARY, BUSINESS, SECONDARY)), None, True),
        (replace(HELD, made_at=OLD, profiles=(BUSINESS,)), None, True),
        (replace(HELD, made_at=OLD), 2, False),
        (replace(HELD, made_at=OLD, profiles=(INDIVIDUAL,)), 3, False),
        (replace(HELD, is_parent=False), 2, False),
    ],
)
def test_how_many_calls_at_once_by_kind_and_profile(
    office: Office, holder: Holder, most: int | None, *, is_certain: bool
) -> None:
    found = capacity(office, holder)
    assert (found.most, found.is_certain, bool(found.advice)) == (most, is_certain, most is not None)


def test_what_is_not_certain_says_on_what_it_hangs(office: Office) -> None:
    assert "upgraded before 2026-02-03" in capacity(office, replace(HELD, made_at=OLD)).why
    assert "parent account" in capacity(office, replace(HELD, is_parent=False)).why


@pytest.mark.parametrize(("settings", "ours"), [((None, None), "us1"), (("ie1", "dublin"), "ie1")])
def test_the_region_of_a_number_is_compared_with_that_of_the_settings(
    office: Office, settings: tuple[str | None, str | None], ours: str
) -> None:
    region, edge = settings
    host = "api.dublin.ie1.twilio.com" if region else "api.twilio.com"
    line = TwilioAccountLine(TwilioDesk(host), region=region, edge=edge)
    office.regions[CENTRE.e164] = "ie1"
    with served(office, line.desk) as url:
        account = line.account(url)
        assert (account.region, account.region_of(CENTRE)) == (ours, "ie1")

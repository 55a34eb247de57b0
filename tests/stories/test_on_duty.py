"""Who rings depends on when: the person on duty, the company under contract. The delivered schedule, whole calls."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.schedule import load
from callrouter.telephony.simulator import (
    HttpTransport,
    NumberConfig,
    Phone,
    PhoneNetwork,
    Request,
    Response,
    TransportFailure,
    answers,
    silent,
)
from tests.schedules import CENTRE, GUARD_1, GUARD_2
from tests.service import RunningService
from tests.stories.conftest import CALLER, Phones, compare, instant

EXAMPLE = Path(__file__).parents[2] / "config" / "schedule.yaml"
ROTA = load(EXAMPLE.read_bytes()).rotas["nordvakt"]
ALARM = PhoneNumber("+46846500499")
VICTIM_SUPPORT = PhoneNumber("+46846500460")
DESK_OF_THE_COMPANY = PhoneNumber("+46313900620")
HAND_OFF = "2026-11-23 08:00"
FALLBACK_URL = "https://static.example.org/fallback.xml"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    service = RunningService(tmp_path_factory.mktemp("delivered"), EXAMPLE)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def phones(delivered: RunningService) -> Iterator[Phones]:
    stage = Phones(delivered)
    yield stage
    compare(stage)


def on_duty(at: str, seconds: float = 0) -> str:
    person = ROTA.on_call(instant(at) + timedelta(seconds=seconds))
    assert person is not None
    return person.number.e164


def test_a_call_that_escalates_over_a_hand_off_rings_the_person_now_on_duty(phones: Phones) -> None:
    before, after = on_duty("2026-11-23 07:59"), on_duty(HAND_OFF)
    phones.on(PhoneNumber(after), does=answers())
    call = phones.call(ALARM, at="2026-11-23 07:59:30")
    assert before != after
    assert call.rung == (before, DESK_OF_THE_COMPANY.e164, after)
    assert phones.logged(call).legs[-1]["to"] == after


@pytest.mark.parametrize(
    ("at", "company", "number"),
    [
        ("2008-05-31 23:59", "Trygg Vakt AB", "+46701740610"),
        ("2008-06-01 00:00", "Nordbevakning AB", DESK_OF_THE_COMPANY.e164),
    ],
)
def test_the_contract_of_the_day_says_who_rings_and_for_which_company(
    phones: Phones, at: str, company: str, number: str
) -> None:
    phones.on(PhoneNumber(number), does=answers())
    row = phones.logged(phones.call(ALARM, at=at))
    assert (row.answered_company, row.legs[-1]["to"]) == (company, number)


def test_a_swap_puts_somebody_else_on_duty(phones: Phones) -> None:
    assert on_duty("2026-12-24 12:00") == "+46701740633"
    phones.on(PhoneNumber("+46701740633"), does=answers())
    assert phones.logged(phones.call(ALARM, at="2026-12-24 12:00")).answered_person == "cilla"


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-12-21 12:00", "i morgon, tisdag, klockan tretton"),
        ("2026-12-22 16:00", "tisdag den 29 december klockan tretton"),  # not on Thursday: that is Christmas Eve
        ("2026-05-12 16:00", "tisdag den 19 maj klockan tretton"),  # nor on Ascension Day
        ("2026-12-29 16:00", "tisdag den 5 januari klockan tio"),  # nor on New Year's Eve; a half-day before Epiphany
    ],
)
def test_a_caller_whom_nobody_is_rung_for_hears_when_it_opens_over_the_holidays(
    phones: Phones, at: str, opens: str
) -> None:
    call = phones.call(VICTIM_SUPPORT, at=at, from_="anonymous", message=4)
    assert f"Vi öppnar igen {opens}." in [said.text for said in call.said]


def test_a_recorded_file_is_played_where_the_schedule_has_one(own_service: RunningService) -> None:
    text = own_service.schedule.read_text(encoding="utf-8")
    spoken = "leave: {sv: Lämna ett meddelande efter tonen.}"
    assert spoken in text
    own_service.schedule.write_text(text.replace(spoken, "leave: {play: https://example.org/leave.mp3}"), "utf-8")
    own_service.start()
    stage = Phones(own_service)
    call = stage.call(PhoneNumber("+46846500461"), at=HAND_OFF, message=3)
    heard = [(entry.kind, entry.detail) for entry in call.timeline if entry.kind in ("said", "played")]
    assert heard[0] == ("played", "https://example.org/leave.mp3")
    assert stage.logged(call).disposition == "message"


class Static:
    """A static web server elsewhere, which is there when the service is not."""

    def __init__(self, url: str, document: str) -> None:
        self.inner, self.document = HttpTransport(url), document.encode()

    def send(self, request: Request) -> Response | TransportFailure:
        if request.url.startswith(FALLBACK_URL):
            return Response(200, {"content-type": "text/xml"}, self.document, 0.1)
        return self.inner.send(request)


@pytest.mark.parametrize(
    ("guard", "answered_by"), [(answers(), GUARD_1.e164), (silent(), None)], ids=["a guard answers", "nobody does"]
)
def test_the_service_is_gone_and_the_providers_own_document_rings_the_closed_path(
    own_service: RunningService, guard: Phone, answered_by: str | None
) -> None:
    document = own_service.run("fallback", "--unit", "centre").stdout
    url, keys = own_service.url, own_service.settings.twilio
    numbers = {CENTRE.e164: NumberConfig(f"{url}/twilio/voice", fallback_url=FALLBACK_URL)}
    there = Static(url, document)
    network = PhoneNetwork(there, keys.account_sid, keys.auth_tokens[0], numbers, {GUARD_1.e164: guard})
    call = network.call(CALLER, CENTRE.e164, instant("2026-11-22 22:00"))
    assert set(call.rung) == {GUARD_1.e164, GUARD_2.e164}
    assert call.answered_by == answered_by
    assert any("Tack för ditt samtal" in said.text for said in call.said)

"""The phone network on a page: a call is rung, answered by hand, and grows as time passes."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest

from callrouter.domain.words import Role
from callrouter.telephony.simulator import NumberConfig, Phone, PhoneNetwork, WsgiTransport
from callrouter.web.pages.phone_network import CALLER
from callrouter.web.phone_room import LONGEST, MOST_CALLS, PhoneRoom, PlayedByHand
from callrouter.web.webhooks import Webhooks
from tests.schedules import CENTRE, DESK_1
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN
from tests.web.pages.house import Browser, House
from tests.web.stage import Stage

DESK = DESK_1.e164


@pytest.fixture
def stage() -> Stage:
    """A service that takes the calls: at noon on a Monday its desk rings."""
    return Stage()


@pytest.fixture
def browser(house: House, stage: Stage) -> Browser:
    """Somebody at the desk, on a phone network."""
    return at_the_phones(house, stage)


def at_the_phones(house: House, stage: Stage) -> Browser:
    """The same where *stage* takes the calls."""
    service = Webhooks(stage.voice)

    def network(to: str, phones: Mapping[str, Phone]) -> PhoneNetwork:
        config = {to: NumberConfig(f"{BASE}/twilio/voice", status_callback=f"{BASE}/twilio/status")}
        return PhoneNetwork(WsgiTransport(service), ACCOUNT, TOKEN, config, phones)

    house.network = network
    house.rebuild()
    return house.signed_in(Role.REVIEWER)


PAST_THE_HEAD = "#played"


def ring(browser: Browser, **form: str) -> str:
    """Where the call is shown that was rung."""
    rung = browser.post("/phone-network/calls", at="/phone-network", unit="trygghetscenter", **form)
    return rung.headers["Location"].removesuffix(PAST_THE_HEAD)


def shown(browser: Browser, call: str) -> str:
    return " ".join(browser.get(call).text.split())


def act(browser: Browser, call: str, who: str, what: str) -> str:
    """What the page shows after somebody did something."""
    assert browser.post(call, who=who, act=what).headers["Location"] == call + PAST_THE_HEAD
    return shown(browser, call)


def test_a_call_is_answered_and_ended_by_hand(house: House, browser: Browser, stage: Stage) -> None:
    call = ring(browser)
    page = shown(browser, call)
    assert "Samtal till Trygghetscenter" in page
    assert "Receptionen +468******10 ringer" in page
    assert DESK not in page.replace(f'value="{DESK}"', "")
    house.now += timedelta(seconds=5)
    page = act(browser, call, DESK, "answer")
    assert "talar med den som ringer" in page
    house.now += timedelta(seconds=30)
    assert "Samtalet i loggen" not in page
    page = act(browser, call, DESK, "hang-up")
    assert "Samtalet är slut" in page
    assert f"/calls/{house.now:%Y-%m-%d}/{stage.log.entries[0].call_id}" in page
    assert "hx-get" not in page, "a call that is over asks for nothing any more"


def test_how_it_ended_for_a_phone_is_said_as_the_log_says_it(browser: Browser) -> None:
    page = act(browser, ring(browser), DESK, "decline")
    assert "Receptionen +468******10: upptaget" in page, "a phone that declines is busy, as far as the network tells"


def test_time_passes_while_it_is_looked_at(house: House, browser: Browser, stage: Stage) -> None:
    call = ring(browser)
    first = browser.get(f"{call}/now")
    again = first.text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert browser.get(again).status_code == 204
    house.now += timedelta(seconds=30)
    assert browser.get(again).status_code == 200
    assert "inget svar" in shown(browser, call)
    assert stage.log.entries


@pytest.mark.parametrize(
    ("who", "what"), [("caller", "x"), ("+46701740601", "answer"), (DESK, "x"), (DESK, "9"), ("", ""), ("caller", "7")]
)
def test_what_makes_no_sense_does_nothing(browser: Browser, who: str, what: str) -> None:
    call = ring(browser)
    assert "talar med den som ringer" not in act(browser, call, who, what)


def test_the_caller_hangs_up(browser: Browser) -> None:
    assert "Den som ringer lägger på" in act(browser, ring(browser, withheld="yes"), "caller", "hang-up")


def test_calls_that_nobody_needs_are_hung_up(browser: Browser) -> None:
    calls = [ring(browser) for _ in range(MOST_CALLS + 1)]
    assert [browser.get(call).status_code for call in calls] == [404] + [200] * MOST_CALLS


def left_alone(house: House, answers: str | None) -> tuple[PlayedByHand, datetime | None]:
    """A call that is rung, perhaps taken at once, and looked at by nobody; when it ended."""
    to_do: list[Callable[[], None]] = []
    assert house.network
    room = PhoneRoom(house.network, lambda _, do: to_do.append(do))
    call = room.call(room.ring(CALLER, CENTRE.e164, frozenset({DESK}), house.now))
    assert call
    if answers:
        call.do("answer", answers, house.now)
    while to_do:
        to_do.pop()()
    return call, call.until(call.began_at).ended_at


@pytest.mark.usefixtures("browser")
def test_a_call_that_nobody_looks_at_goes_on_to_its_end(house: House) -> None:
    """Else it would be among the calls in progress, and its phone ring, for hours."""
    call, ended_at = left_alone(house, None)
    assert ended_at
    assert timedelta(minutes=1) < ended_at - call.began_at < LONGEST


@pytest.mark.usefixtures("browser")
def test_a_talk_that_nobody_ends_is_hung_up(house: House) -> None:
    call, ended_at = left_alone(house, DESK)
    assert ended_at == call.began_at + LONGEST


def test_a_unit_that_is_not_there(browser: Browser) -> None:
    assert browser.post("/phone-network/calls", at="/phone-network", unit="nowhere").status_code == 422


def test_it_is_there_on_the_phone_network_alone(house: House, browser: Browser) -> None:
    assert "/phone-network" in browser.get("/today").text
    house.network = None
    house.rebuild()
    elsewhere = house.signed_in(Role.REVIEWER)
    assert "/phone-network" not in elsewhere.get("/today").text
    assert elsewhere.get("/phone-network").status_code == 404

"""A call stepped through by hand: the phones wait for somebody to decide."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from callrouter.telephony.simulator import ByHand, LiveCall, PhoneNetwork
from tests.telephony.simulator.fake_service import SCREENED, WHISPER, FakeService, dial

CITIZEN, CENTRE, DESK, GUARD = "+46701740650", "+46846500401", "+46846500410", "+46846500411"


@pytest.fixture
def desk() -> ByHand:
    return ByHand()


@pytest.fixture
def guard() -> ByHand:
    return ByHand()


@pytest.fixture
def live(network: Callable[..., PhoneNetwork], service: FakeService, desk: ByHand, guard: ByHand) -> LiveCall:
    service.at("/voice", dial(DESK)).at("/next", dial(GUARD, number_options=SCREENED), "")
    service.at("/whisper", WHISPER).at("/accept", "")
    at = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    return network({DESK: desk, GUARD: guard}).start(CITIZEN, CENTRE, at)


def seconds(live: LiveCall, count: float) -> None:
    live.advance_to(live.now + timedelta(seconds=count))


def test_nothing_happens_before_time_passes(live: LiveCall, service: FakeService) -> None:
    assert service.received == []
    seconds(live, 0)
    assert service.paths() == ["/voice"]
    assert [entry.kind for entry in live.played().timeline] == ["call", "rings"]


def test_the_desk_answers_and_hangs_up(live: LiveCall, desk: ByHand) -> None:
    seconds(live, 7)
    desk.handset.answer()
    seconds(live, 0)
    assert live.played().timeline[-1].kind == "bridged"
    seconds(live, 90)
    desk.handset.hang_up()
    seconds(live, 0)
    (leg,) = live.played().legs
    assert (leg.outcome, leg.rang_seconds, leg.talked_seconds) == ("answered", 7, 90)


def test_the_desk_declines_and_the_guard_takes_it(live: LiveCall, desk: ByHand, guard: ByHand) -> None:
    seconds(live, 2)
    desk.handset.decline()
    seconds(live, 3)
    guard.handset.answer()
    seconds(live, 1)
    guard.handset.press("1")
    seconds(live, 10)
    live.hang_up()
    live.run_until_quiet()
    call = live.played()
    assert [(leg.number, leg.outcome) for leg in call.legs] == [(DESK, "busy"), (GUARD, "answered")]
    assert (call.legs[1].talked_seconds, call.ended_by, live.has_ended) == (10, "caller", True)


def test_the_guard_declines_under_the_whisper(
    live: LiveCall, desk: ByHand, guard: ByHand, service: FakeService
) -> None:
    service.at("/accept", "<Hangup/>")
    seconds(live, 1)
    desk.handset.decline()
    seconds(live, 1)
    guard.handset.answer()
    seconds(live, 1)
    guard.handset.decline()
    live.run_until_quiet()
    assert live.played().legs[1].outcome == "declined"


def test_the_guard_hangs_up_under_the_whisper(live: LiveCall, desk: ByHand, guard: ByHand) -> None:
    seconds(live, 1)
    desk.handset.decline()
    seconds(live, 1)
    guard.handset.answer()
    seconds(live, 1)
    guard.handset.hang_up()
    live.run_until_quiet()
    assert (live.played().legs[1].outcome, live.played().legs[1].ended_by) == ("screened-out", "phone")


def test_a_dead_line_does_nothing(live: LiveCall, desk: ByHand) -> None:
    seconds(live, 1)
    desk.handset.hang_up()  # it only rings
    desk.handset.press("1")
    seconds(live, 40)  # it has stopped ringing
    desk.handset.answer()
    desk.handset.hang_up()
    live.run_until_quiet()
    live.hang_up()
    assert [leg.outcome for leg in live.played().legs] == ["no-answer", "no-answer"]


def test_left_alone_the_time_outs_run(live: LiveCall) -> None:
    live.run_until_quiet()
    call = live.played()
    assert [leg.rang_seconds for leg in call.legs] == [25, 25]
    assert call.ended_by == "service"


def test_a_call_that_still_runs_says_so(live: LiveCall) -> None:
    seconds(live, 5)
    call = live.played()
    assert (call.ended_at, call.ended_by, call.status, live.has_ended) == (None, None, "in-progress", False)


def test_the_caller_presses_keys(live: LiveCall, service: FakeService) -> None:
    service.at("/voice", '<Gather action="/menu" numDigits="1" timeout="30"/>').at("/menu", "")
    seconds(live, 3)
    live.press("4")
    live.run_until_quiet()
    assert service.forms("/menu")[0]["Digits"] == "4"

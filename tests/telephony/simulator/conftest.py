from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from callrouter.telephony.simulator import (
    Caller,
    Faults,
    Habits,
    NumberConfig,
    Phone,
    PhoneNetwork,
    PlayedCall,
    WsgiTransport,
)
from tests.telephony.simulator.fake_service import ORIGIN, FakeService

CITIZEN = "+46701740650"
CENTRE = "+46846500401"
ACCOUNT = "AC" + "1" * 32
AT = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def network(service: FakeService) -> Callable[..., PhoneNetwork]:
    """A network of one number, whose phones, faults and habits the test chooses."""

    def build(
        phones: Mapping[str, Phone] | None = None,
        *,
        faults: Faults | None = None,
        habits: Habits | None = None,
        fallback: str | None = None,
        voice: str = f"{ORIGIN}/voice",
        seed: int | None = 1,
    ) -> PhoneNetwork:
        config = NumberConfig(voice, fallback, f"{ORIGIN}/status")
        return PhoneNetwork(
            WsgiTransport(service),
            ACCOUNT,
            "a token",
            {CENTRE: config},
            phones or {},
            faults=faults or Faults(),
            habits=habits or Habits(),
            seed=seed,
        )

    return build


@pytest.fixture
def play(network: Callable[..., PhoneNetwork]) -> Callable[..., PlayedCall]:
    """Play one whole call through such a network."""

    def played(
        phones: Mapping[str, Phone] | None = None,
        caller: Caller | None = None,
        from_: str = CITIZEN,
        **settings: object,
    ) -> PlayedCall:
        return network(phones, **settings).call(from_, CENTRE, AT, caller or Caller())

    return played

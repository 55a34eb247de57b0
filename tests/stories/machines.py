"""The service as it is deployed: keys and tokens in its environment, on one machine or several, behind a balancer."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from callrouter import clock
from callrouter.domain.phone import PhoneNumber
from callrouter.settings import Settings, phone_network_settings, service_settings
from callrouter.telephony.simulator import (
    Faults,
    Habits,
    HttpTransport,
    LiveCall,
    NumberConfig,
    PhoneNetwork,
    PlayedCall,
    Request,
    Response,
    TransportFailure,
)
from callrouter.telephony.twilio.links import CONNECTION
from tests.service import RunningService
from tests.stories.conftest import CALLER, Phones

SCHEDULE = Path(__file__).parent / "schedule.yaml"
ACCOUNT = "AC" + "1" * 32
NOWHERE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1,localhost"}
"""Jobs of a real service ask the provider: in a test nobody is there."""


def secret() -> str:
    """A key, as docs/operations.md has it made."""
    return secrets.token_urlsafe(32)


def token() -> str:
    """An auth token of the provider."""
    return secrets.token_hex(16)


def environment(**more: str) -> dict[str, str]:
    """What a technician sets."""
    return NOWHERE | {
        "CALLROUTER_PUBLIC_URL": "https://calls.example.se",
        "CALLROUTER_SECRET_KEY": secret(),
        "CALLROUTER_PRIVACY_KEY": secret(),
        "CALLROUTER_LAST_RESORT": "+46846500499",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": token(),
        **more,
    }


@dataclass
class Machine(RunningService):
    """A service with a directory and an environment of its own."""

    options: tuple[str, ...] = ("--no-jobs",)
    given: dict[str, str] = field(default_factory=environment)

    @property
    def settings(self) -> Settings:
        played = "--phone-network" in self.options
        return phone_network_settings(self.url, self.environ) if played else service_settings(self.environ)

    def sets(self, **changed: str) -> None:
        """From the next start on, these settings have *changed*; an empty one is taken away."""
        self.given = {name: value for name, value in (self.given | changed).items() if value}

    def restart(self, **changed: str) -> None:
        """Stop it as an upgrade does, and start it with settings that have *changed*; an empty one is taken away."""
        self.sets(**changed)
        assert self.stop() == 0
        self.start()


def machine(home: Path, given: dict[str, str]) -> Machine:
    """A machine of that name; not started yet."""
    home.mkdir()
    return Machine(home, SCHEDULE, given=dict(given))


@dataclass
class Balancer:
    """Hands each attempt to the next machine, and to the one after it where nobody listens."""

    machines: list[Machine]
    _turns: Iterator[int] = field(default_factory=count)

    def send(self, request: Request) -> Response | TransportFailure:
        """The answer of the first that takes it."""
        turn = next(self._turns)
        answer: Response | TransportFailure = TransportFailure("connect", "there is no machine")
        for place in range(len(self.machines)):
            answer = HttpTransport(self.machines[(turn + place) % len(self.machines)].url).send(request)
            if isinstance(answer, Response) or answer.kind != "connect":
                return answer
        return answer


@dataclass
class Switchboard(Phones):
    """The phones of a story before the balancer; the provider signs with *signs_with*."""

    machines: list[Machine] = field(default_factory=list)
    signs_with: str = ""
    _networks: list[PhoneNetwork] = field(default_factory=list)

    def network(self, to: str, faults: Faults | None = None, habits: Habits | None = None) -> PhoneNetwork:
        """The network of one call."""
        url = self.service.settings.public_url
        config = NumberConfig(f"{url}/twilio/voice{CONNECTION}", status_callback=f"{url}/twilio/status")
        extra: dict[str, Any] = {"faults": faults or Faults(), "habits": habits or Habits()}
        signs_with = self.signs_with or self.service.settings.twilio.auth_tokens[0]
        network = PhoneNetwork(Balancer(self.machines), ACCOUNT, signs_with, {to: config}, self.phones, **extra)
        self._networks.append(network)
        return network

    def promotes(self, auth_token: str) -> None:
        """The provider makes its secondary token the account's: from now on it signs with it, also in mid-call."""
        self.signs_with = auth_token
        for network in self._networks:
            network.promote(auth_token)

    def rings(self, to: PhoneNumber, from_: str = CALLER) -> PlayedCall:
        """A whole call, now: a real service asks no network what time it is."""
        return self.call(to, clock.now().isoformat(), from_)

    def on_the_line(self, to: PhoneNumber, seconds: int) -> LiveCall:
        """A call that goes on, so many *seconds* after its beginning."""
        live = self.network(to.e164).start(CALLER, to.e164, clock.now())
        live.advance_to(live.now + timedelta(seconds=seconds))
        return live

    def are_all_logged(self) -> None:
        """Each call that was played is in the log once, as one that was answered, or as the blocked one that it was."""
        for played in self.played:
            row = self.logged(played)
            assert row.disposition == ("answered" if played.answered_by else "blocked"), played
            assert len(self.rows(played)) == 1


def switchboard(*machines: Machine) -> Switchboard:
    """Before these machines; the log is asked for at the first."""
    return Switchboard(machines[0], machines=list(machines))

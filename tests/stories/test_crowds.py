"""Many calls at once, and one call that is answered by more than one process."""

import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import (
    Faults,
    HttpTransport,
    NumberConfig,
    PhoneNetwork,
    PlayedCall,
    Request,
    Response,
    Transport,
    TransportFailure,
    answers,
    silent,
    voicemail,
)
from callrouter.telephony.simulator.overrides import overrides_of
from callrouter.telephony.twilio.links import CONNECTION, PATIENT
from tests.schedules import CENTRE, DUTY_OFFICER, GUARD_1, GUARD_2, numbers_of
from tests.service import RunningService
from tests.stories.conftest import CALLER, Phones, instant

SCREENED = PhoneNumber("+46846500460")
ANNA = PhoneNumber("+46701740611")
BO = PhoneNumber("+46701740622")
SUNDAY_22 = "2026-11-22 22:00"

_TRIES = 1 + overrides_of(PATIENT).retries
"""Of a request by whose answer no caller waits."""


def at_once(phones: Phones, callers: list[str]) -> list[PlayedCall]:
    """Everybody calls at the same instant, each on a line of their own."""

    def play(caller: str) -> PlayedCall:
        faults = Faults(answers=lambda _kind, nth: "answer" if nth == 0 else None)
        network = phones.network(SCREENED.e164, faults)
        return network.call(caller, SCREENED.e164, instant(SUNDAY_22))

    with ThreadPoolExecutor(max_workers=len(callers)) as lines:
        played = list(lines.map(play, callers))
    phones.played += played
    return played


def test_fifty_calls_at_once_are_fifty_rows(phones: Phones) -> None:
    """Though every first answer is lost and asked for again."""
    phones.on(ANNA, does=voicemail(after=4))
    phones.on(BO, does=answers(after=4, talks=30))
    calls = at_once(phones, [f"+467017406{last:02}" for last in range(5, 55)])
    assert [call.errors for call in calls] == [()] * 50
    assert {call.rung for call in calls} == {(ANNA.e164, BO.e164)}
    rows = [phones.logged(call) for call in calls]
    assert {(row.disposition, row.talked_seconds) for row in rows} == {("answered", 30)}
    assert [row.number for row in rows] == [call.from_ for call in calls]


def test_one_caller_twenty_times_at_once_is_answered_twenty_times(phones: Phones) -> None:
    phones.on(ANNA, does=answers(after=4, talks=30))
    calls = at_once(phones, ["+46701740698"] * 20)
    assert [(call.errors, call.answered_by) for call in calls] == [((), ANNA.e164)] * 20
    assert {phones.logged(call).number for call in calls} == {"+46701740698"}


def test_one_caller_twenty_times_in_a_row_is_never_sent_away(phones: Phones) -> None:
    """From the second time on it is known that they called before; nobody blocks them for that."""
    phones.on(ANNA, does=answers(after=4, talks=10))
    times = [f"2026-12-01 22:{minute:02}" for minute in range(0, 60, 3)]
    calls = [phones.call(SCREENED, at=at, from_="+46701740697") for at in times]
    assert [call.answered_by for call in calls] == [ANNA.e164] * 20
    assert [phones.logged(call).is_redial for call in calls] == [False, *[True] * 19]


def test_a_restart_in_mid_whisper_keeps_the_key(own_service: RunningService) -> None:
    own_service.start()
    stage = Phones(own_service)
    stage.on(ANNA, does=answers(after=6, talks=60))
    live = stage.starts(SCREENED, at=SUNDAY_22)
    live.advance_to(instant("2026-11-22 22:00:08"))
    assert live.played().timeline[-1].kind == "whispered"
    own_service.stop(signal.SIGKILL)
    own_service.start()
    call = stage.ends(live)
    assert call.rung == (ANNA.e164,)
    row = stage.logged(call)
    assert (row.disposition, row.talked_seconds, len(stage.rows(call))) == ("answered", 60, 1)


def test_the_service_is_down_when_the_key_is_pressed_and_the_next_phone_rings(own_service: RunningService) -> None:
    """The leg cannot go on without an answer; the caller can."""
    own_service.start()
    stage = Phones(own_service)
    stage.on(ANNA, does=answers(after=6))
    stage.on(BO, does=answers(after=6))
    outage = Outage(HttpTransport(own_service.url), "/twilio/voice/accept", own_service.start)
    network = network_of(stage, SCREENED, outage)
    live = network.start(CALLER, SCREENED.e164, instant(SUNDAY_22))
    live.advance_to(instant("2026-11-22 22:00:08"))
    own_service.stop(signal.SIGKILL)
    live.run_until_quiet()
    assert live.played().rung == (ANNA.e164, BO.e164)
    assert live.played().answered_by == BO.e164
    assert stage.logged(live.played()).disposition == "answered"


@dataclass
class Outage:
    """The service is down until a request to *path* has failed for good, and is then started again."""

    transport: Transport
    path: str
    start: Callable[[], None]
    failed: int = 0

    def send(self, request: Request) -> Response | TransportFailure:
        answer = self.transport.send(request)
        if self.path in request.url and isinstance(answer, TransportFailure):
            self.failed += 1
            if self.failed == _TRIES:
                self.start()
        return answer


@dataclass
class TakingTurns:
    """A load balancer: each request goes to the next machine."""

    machines: tuple[Transport, ...]
    turn: Iterator[int] = field(default_factory=count)

    def send(self, request: Request) -> Response | TransportFailure:
        return self.machines[next(self.turn) % len(self.machines)].send(request)


@dataclass
class Machine(RunningService):
    """One of several machines with one database, one set of keys and one public address."""

    shared: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | self.shared


def network_of(stage: Phones, to: PhoneNumber, transport: Transport) -> PhoneNetwork:
    settings = stage.service.settings
    url, twilio = settings.public_url, settings.twilio
    config = NumberConfig(f"{url}/twilio/voice{CONNECTION}", status_callback=f"{url}/twilio/status")
    return PhoneNetwork(transport, twilio.account_sid, twilio.auth_tokens[0], {to.e164: config}, stage.phones)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two of them; the second one already has a newer schedule, in which the officer rings in place of guard 2."""
    schedule = Path(__file__).parent / "schedule.yaml"
    homes = [tmp_path / name for name in ("one", "two")]
    for home in homes:
        (home / "var").mkdir(parents=True)
        shutil.copy(schedule, home)
    shared = {
        "CALLROUTER_DATABASE_URL": f"sqlite:///{tmp_path / 'both.db'}",
        "CALLROUTER_PUBLIC_URL": "https://calls.example.se",
    }
    one, two = (Machine(home, home / "schedule.yaml", shared=shared) for home in homes)
    text = two.schedule.read_text(encoding="utf-8")
    two.schedule.write_text(text.replace("+46 31 390 06 20", "+46 70 174 06 99"), encoding="utf-8")
    one.start()
    for file in (one.home / "var").glob("*.json"):
        shutil.copy(file, two.home / "var")
    two.start()
    yield one, two
    assert [one.stop(), two.stop()] == [0, 0]


@pytest.mark.parametrize("first", [0, 1])
def test_two_machines_on_different_schedules_answer_one_call_in_turn(
    machines: tuple[Machine, Machine], first: int
) -> None:
    """Each ring is by the schedule of whoever was asked; the call is decided once, and says by which one."""
    stage = Phones(machines[0])
    stage.on(GUARD_1, GUARD_2, does=silent())
    stage.on(DUTY_OFFICER, does=answers())
    versions = [machine.ready()["schedule"]["version"] for machine in machines]
    assert versions[0] != versions[1]
    turns = TakingTurns((HttpTransport(machines[first].url), HttpTransport(machines[1 - first].url)))
    network = network_of(stage, CENTRE, turns)
    call = network.call(CALLER, CENTRE.e164, instant(SUNDAY_22))
    assert call.errors == ()
    assert call.answered_by == DUTY_OFFICER.e164
    assert set(call.rung) <= set(numbers_of([GUARD_1, GUARD_2, DUTY_OFFICER]))
    row = stage.logged(call)
    assert (row.schedule_version, row.disposition, len(stage.rows(call))) == (versions[first], "answered", 1)
    assert [leg["to"] for leg in row.legs] == list(call.rung)

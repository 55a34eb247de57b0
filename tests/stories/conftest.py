"""The stage of the stories: the real service, and phones that do what a story says.

Whatever a story is about, at its end the log must say of every call what the network saw of it.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, func, select
from sqlalchemy.exc import OperationalError

from callrouter.calllog.database import Database
from callrouter.calllog.queries import calls_named
from callrouter.calllog.tables import CallEventRow
from callrouter.cli.timeline import differences
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.wallclock import instant_of
from callrouter.telephony.simulator import (
    Caller,
    Faults,
    Habits,
    HttpTransport,
    LiveCall,
    NumberConfig,
    Phone,
    PhoneNetwork,
    PlayedCall,
)
from callrouter.telephony.twilio.links import CONNECTION
from tests.schedules import STOCKHOLM
from tests.service import RunningService, until

CALLER = "+46701740650"


@dataclass
class Phones:
    """The phones of a story. Whoever is not told what to do lets it ring."""

    service: RunningService
    phones: dict[str, Phone] = field(default_factory=dict)
    played: list[PlayedCall] = field(default_factory=list)

    def on(self, *numbers: PhoneNumber, does: Phone) -> None:
        """What these phones do when they ring."""
        self.phones |= {number.e164: does for number in numbers}

    def network(self, to: str, faults: Faults | None = None, habits: Habits | None = None) -> PhoneNetwork:
        """The phone network, with the called number as the provider would have it configured."""
        url, twilio = self.service.url, self.service.settings.twilio
        config = NumberConfig(f"{url}/twilio/voice{CONNECTION}", status_callback=f"{url}/twilio/status")
        extra: Mapping[str, Any] = {"faults": faults or Faults(), "habits": habits or Habits()}
        return PhoneNetwork(
            HttpTransport(url), twilio.account_sid, twilio.auth_tokens[0], {to: config}, self.phones, **extra
        )

    def call(
        self, to: PhoneNumber, at: str, from_: str = CALLER, *, faults: Faults | None = None, **caller: Any
    ) -> PlayedCall:
        """Play a whole call at the Stockholm wall clock *at*; the service must make no mistake."""
        network = self.network(to.e164, faults)
        played = network.call(from_, to.e164, instant(at), Caller(**caller))
        assert played.errors == (), played.errors
        self.played.append(played)
        return played

    def starts(self, to: PhoneNumber, at: str) -> LiveCall:
        """A call that the story goes through step by step; `ends` plays the rest."""
        return self.network(to.e164).start(CALLER, to.e164, instant(at))

    def ends(self, live: LiveCall) -> PlayedCall:
        """Play a started call to its end."""
        live.run_until_quiet()
        played = live.played()
        assert played.errors == (), played.errors
        self.played.append(played)
        return played

    def logged(self, played: PlayedCall) -> Row[Any]:
        """The call in the log, once its record is complete."""
        found: list[Row[Any]] = []

        def is_complete() -> bool:
            found[:] = self.rows(played)
            return bool(found) and found[0].ended_at is not None and found[0].events == self.events(played)

        until(is_complete, f"the log has the end of {played.sid}: {found}\n{self.service.log()[-2000:]}")
        return found[0]

    def events(self, played: PlayedCall) -> int:
        """How many events the log has of a call: all that was told before the network had its answer."""
        database = Database(self.service.settings.storage.database_url)
        query = select(func.count(CallEventRow.id.distinct())).where(CallEventRow.call_id == played.sid)
        try:
            with database.reading() as connection:
                return connection.execute(query).scalar_one()
        except OperationalError:  # a database that is being mended
            return 0
        finally:
            database.close()

    def rows(self, played: PlayedCall) -> list[Row[Any]]:
        """All rows that the log has for a call: one, whatever happened."""
        database = Database(self.service.settings.storage.database_url)
        try:
            with database.reading() as connection:
                return list(calls_named(connection, played.sid))
        except OperationalError:  # a database that is being mended
            return []
        finally:
            database.close()


def instant(at: str) -> datetime:
    """The instant of a Stockholm wall clock time, or of one that says its offset."""
    given = datetime.fromisoformat(at)
    return given if given.tzinfo else instant_of(given, STOCKHOLM)


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """One service for all stories that leave it as it is."""
    home = tmp_path_factory.mktemp("service")
    service = RunningService(home, Path(__file__).parent / "schedule.yaml")
    service.start()
    yield service
    assert service.stop() == 0


@pytest.fixture
def phones(shared_service: RunningService) -> Iterator[Phones]:
    """The phones of a story; at its end the log and the network agree on every call."""
    stage = Phones(shared_service)
    yield stage
    compare(stage)


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[RunningService]:
    """A service that a story may break; not started yet, with a schedule file of its own."""
    schedule = tmp_path / "schedule.yaml"
    shutil.copy(Path(__file__).parent / "schedule.yaml", schedule)
    service = RunningService(tmp_path, schedule)
    yield service
    service.stop()


def compare(stage: Phones) -> None:
    for played in stage.played:
        row = stage.logged(played)
        assert differences(played, row) == []
        assert len(stage.rows(played)) == 1

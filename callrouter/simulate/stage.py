"""The stage: the whole service in this process, on a data directory of its own, and the phone network around it."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any, Self

from sqlalchemy import Row

from callrouter import clock
from callrouter.app import create_app
from callrouter.calllog.database import Database
from callrouter.calllog.log_lines import NOT_RECORDED
from callrouter.calllog.queries import calls_named
from callrouter.settings import phone_network_settings
from callrouter.simulate.logbook import LoggedCall, logged_calls
from callrouter.simulate.mishaps import Mishaps
from callrouter.simulate.scene import Scene
from callrouter.telephony.simulator import PhoneNetwork, PlayedCall, PlayedLeg, WsgiTransport
from callrouter.telephony.twilio.played import number_config

BASE = "http://127.0.0.1:8000"
"""The address that is signed for; nothing listens there."""

_PATIENCE_SECONDS = 120.0
_playing: ContextVar[int | None] = ContextVar("playing", default=None)


@dataclass(frozen=True, slots=True)
class Performance:
    """A scene as it was played: what the network saw, what went wrong on the way, what the service complained of.

    *log_lines*: events that neither database nor spool took in time, for the machine was too slow. They are written
    later; whether they were, the log must show.
    """

    scene: Scene
    call: PlayedCall
    mishaps: Mapping[str, int] = field(default_factory=dict)
    complaints: Sequence[str] = ()
    log_lines: int = 0

    @property
    def met(self) -> Iterator[tuple[PlayedLeg, str | None]]:
        """Each phone that rang, and the name of the manner it met; None for a phone that nobody has."""
        rings: Counter[str] = Counter()
        for leg in self.call.legs:
            rings[leg.number] += 1
            owner = self.scene.phones.get(leg.number)
            yield leg, owner.manner(rings[leg.number]).name if owner else None


class Complaints(logging.Handler):
    """Errors that the service logs, by the call that was played when it did (None: by a thread of its own)."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._lock_told = Lock()
        self._told: dict[int | None, list[str]] = defaultdict(list)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the sentence, and the exception's own."""
        sentence = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            sentence += f" ({record.exc_info[1]})"
        with self._lock_told:
            self._told[_playing.get()].append(sentence)

    def taken(self, number: int | None) -> list[str]:
        """What was told of call *number* since the last time."""
        with self._lock_told:
            return self._told.pop(number, [])


class Stage:
    """A running service with its schedule and its log under *home*; a context manager. Calls may be played at once."""

    def __init__(self, schedule_text: bytes, home: Path) -> None:
        schedule = home / "schedule.yaml"
        schedule.write_bytes(schedule_text)
        environ = {"CALLROUTER_DATA_DIR": str(home / "var"), "CALLROUTER_SCHEDULE": str(schedule)}
        self.settings = phone_network_settings(BASE, environ)
        self._database = Database(self.settings.storage.database_url)
        self._database.prepare()
        self._app = create_app(self.settings, with_jobs=False)
        self._transport = WsgiTransport(self._app.flask)
        self._complaints = Complaints()

    def __enter__(self) -> Self:
        """Start the service."""
        logging.getLogger("callrouter").addHandler(self._complaints)
        self._app.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._app.stop()
        self._database.close()
        logging.getLogger("callrouter").removeHandler(self._complaints)

    def perform(self, scene: Scene) -> Performance:
        """Play a whole call."""
        token = _playing.set(scene.number)
        try:
            mishaps = Mishaps(scene.faults, f"{scene.seed}:mishaps")
            call = self._network(scene, mishaps).call(scene.from_, scene.to, scene.at, scene.caller)
        finally:
            _playing.reset(token)
        counts = Counter({kind: count for kind, count in mishaps.counts.items() if count})
        told = self._complaints.taken(scene.number)
        complaints = [sentence for sentence in told if not sentence.startswith(NOT_RECORDED)]
        return Performance(scene, call, counts, complaints, len(told) - len(complaints))

    def settle(self) -> list[str]:
        """Wait until the log holds all that was told; what the service's own threads complained of meanwhile."""
        give_up_at = clock.monotonic() + _PATIENCE_SECONDS
        while not self._is_quiet():
            if clock.monotonic() > give_up_at:
                state = self._app.parts.recorder.condition()
                return [*self._complaints.taken(None), f"the log did not come to rest: {state}"]
            Event().wait(0.01)
        return self._complaints.taken(None)

    def logged(self, call_ids: Iterable[str]) -> Mapping[str, Sequence[LoggedCall]]:
        """What the log says of these calls."""
        with self._database.reading() as connection:
            return logged_calls(connection, call_ids)

    def row(self, call_id: str) -> Row[Any] | None:
        """The call as `log` has it, if it does."""
        with self._database.reading() as connection:
            return next(iter(calls_named(connection, call_id)), None)

    def _is_quiet(self) -> bool:
        state = self._app.parts.recorder.condition()
        return not any(state[key] for key in ("waiting", "spool_files", "in_log_lines_alone", "unfolded_calls"))

    def _network(self, scene: Scene, mishaps: Mishaps) -> PhoneNetwork:
        twilio = self.settings.twilio
        return PhoneNetwork(
            self._transport,
            twilio.account_sid,
            twilio.auth_tokens[0],
            {scene.to: number_config(BASE)},
            scene.phones,
            faults=mishaps.faults,
            habits=scene.habits,
            seed=_seed(scene),
        )


def _seed(scene: Scene) -> int:
    """A number of its own for each scene: two calls never share an identifier."""
    return int.from_bytes(scene.seed.encode(), "big")

"""A whole call through the webhooks, whatever the provider; and a schedule that has everything in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from callrouter import calls
from callrouter.domain.destination import Destination
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Menu, Schedule
from callrouter.domain.words import EventKind, Origin
from callrouter.telephony.provider import Document, Endpoint
from callrouter.web.voice import Response, Voice
from tests.schedules import CLOSED_HOUR, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, GUARD_2, schedule
from tests.telephony.contract.line import Happening, Heard, Line
from tests.web.stage import LAST_RESORT, SEALER, FakeLog

ANNA = PhoneNumber("+46701740611")
BO = PhoneNumber("+46701740622")
WELCOME = Message("menu", (Spoken("sv", "Tryck 1 för fältgruppen."), Spoken("en", "Press 1 for the field group.")))


def everything() -> Schedule:
    """The centre has a menu; its guards are screened and see who calls; at the end of the line a message is taken."""
    first = schedule(
        Destination("reception", ring=(DESK_1, DESK_2), together=True, seconds=20, then="security"),
        Destination("security", ring=(GUARD_1, GUARD_2), accept_key=True, show_caller=True, then="duty-officer"),
        Destination("field", ring=(ANNA, BO), then="voicemail"),
        Destination("duty-officer", ring=(DUTY_OFFICER,), then="voicemail"),
        Destination("voicemail", voicemail=True),
    )
    centre = replace(first.unit("centre"), menu=Menu(WELCOME, {"1": "group"}))
    group = replace(centre, name="group", numbers=(), open="field", closed="field", menu=None)
    return replace(first, units={"centre": centre, "group": group})


@dataclass
class Talk:
    """One call, step by step, each some seconds after the one before."""

    line: Line
    schedule: Callable[[], Schedule | None] = everything
    at: datetime = CLOSED_HOUR
    log: FakeLog = field(default_factory=FakeLog)
    now: Heard = field(default_factory=Heard)

    @property
    def voice(self) -> Voice:
        service = calls.Service(self.schedule, self.log, LAST_RESORT, Origin.PHONE_NETWORK)
        return Voice(self.line.provider, service, SEALER, self.line.provider.render_fail_safe(FailSafe((LAST_RESORT,))))

    def path(self, endpoint: Endpoint) -> str:
        return next(path for path, found in self.line.provider.paths.items() if found is endpoint)

    def tells(self, target: str, happening: Happening) -> Response:
        """What is answered to *happening*, told to *target*."""
        return self.voice.handle(target.partition("?")[0], self.line.request(target, happening))

    def comes_in(self, happening: Happening | None = None) -> Heard:
        self.now = self.heard(self.tells(self.path(Endpoint.INCOMING), happening or Happening(self.at)))
        return self.now

    def goes_on(self, endpoint: Endpoint, happening: Happening, after: int = 30) -> Heard:
        """The provider calls back at the address that the last answer gave for *endpoint*."""
        self.at += timedelta(seconds=after)
        self.now = self.heard(self.tells(self.now.callbacks[endpoint][0], replace(happening, at=self.at)))
        return self.now

    def aside(self, target: str, happening: Happening, after: int = 5) -> Document:
        """A callback that the caller does not hear: of whoever picked up, or of a status."""
        self.at += timedelta(seconds=after)
        response = self.tells(target, replace(happening, at=self.at))
        assert response.status in (200, 204)
        return response.document

    def picked_up(self, key: str) -> Heard:
        """Somebody picks up a screened phone, hears who calls and presses *key* (if any): what happens to the leg."""
        prompt = self.line.heard(self.aside(self.now.callbacks[Endpoint.WHISPER][0], Happening()), on_leg=True)
        assert (prompt.asks_key, prompt.sentences, prompt.rings) == (True, 1, ())
        if not key:
            return prompt
        accept = prompt.callbacks[Endpoint.ACCEPT][0]
        return self.line.heard(self.aside(accept, Happening(key=key)), on_leg=True)

    def heard(self, response: Response) -> Heard:
        assert response.status == 200
        return self.line.heard(response.document)

    def kinds(self) -> list[str]:
        """The kinds of the log's events, each event once, in the order in which it became known."""
        once: Mapping[str, EventKind] = {event.id: event.kind for event in self.log.events}
        return [str(kind) for kind in once.values()]

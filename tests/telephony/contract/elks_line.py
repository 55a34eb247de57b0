"""Plays the part of the provider that answers JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Document, Endpoint, Provider, WebhookRequest
from tests.telephony.contract.elks import ANY_KEY, SOUNDS, ElksProvider
from tests.telephony.contract.line import Happening, Heard
from tests.telephony.twilio.signing import BASE
from tests.web.stage import SEALER

SECRET = "a-secret-that-is-long-enough"
RESULTS = {Outcome.ANSWERED: "success", Outcome.BUSY: "busy", Outcome.NO_ANSWER: "noanswer"}


@dataclass(frozen=True)
class ElksLine:
    fields: tuple[str, ...] = ("callid", "from", "to", "result", "state", "duration", "hangup", "legid", "wav", "why")

    @property
    def provider(self) -> Provider:
        return ElksProvider(BASE, SECRET, SEALER)

    def request(self, target: str, happening: Happening) -> WebhookRequest:
        said = {"callid": happening.call_id, "from": happening.from_, "to": happening.to}
        said["result"] = happening.key or "failed"
        if happening.outcome:
            said |= {"result": RESULTS.get(happening.outcome, "failed"), "legid": "leg-1"}
            said["state"] = said["result"]
        if happening.seconds is not None:
            said["duration"] = str(happening.seconds)
        if happening.is_caller_gone:
            said["hangup"] = "caller"
        if happening.message_seconds is not None:
            said |= {"wav": "rec-1", "duration": str(happening.message_seconds)}
        return self.given(target, said, happening.at)

    def given(self, target: str, fields: Mapping[str, str], at: datetime) -> WebhookRequest:
        return WebhookRequest(target, {}, urlencode({**fields, "at": at.isoformat()}).encode())

    def forgeries(self, target: str) -> Iterable[WebhookRequest]:
        body = self.request(target, Happening()).body
        rest = target.removeprefix(f"/elks/{SECRET}")
        for path in ("/elks", "/elks/", "/elks/guessed", f"/elks/{SECRET[:-1]}", f"/elks/{SECRET}x", "/elks/\ud800"):
            yield WebhookRequest(path + rest, {}, body)

    def heard(self, document: Document, *, on_leg: bool = False) -> Heard:
        assert document.content_type == "application/json"
        actions = list(_actions(json.loads(document.body)))
        for action in actions:
            assert not (on_leg and ("connect" in action or "record" in action)), action
        connect: dict[str, Any] = next((action for action in actions if "connect" in action), {})
        sentences = [action.get("play") or action["ivr"] for action in actions if "play" in action or "ivr" in action]
        assert all(sound.startswith(SOUNDS) for sound in sentences)
        return Heard(
            sentences=len(sentences),
            rings=tuple(connect["connect"].split(",")) if connect else (),
            shows=connect.get("callerid"),
            seconds=connect.get("timeout"),
            waits=sum(action.get("wait", 0) for action in actions),
            asks_key=any("ivr" in action and action["timeout"] for action in actions),
            takes_message=any("record" in action for action in actions),
            hangs_up="hangup" in actions[-1],
            callbacks=_callbacks(actions),
        )


def _actions(action: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield action
    following = action.get("next")
    assert "hangup" not in action or following is None, "nothing can follow"
    if isinstance(following, dict):
        yield from _actions(following)


def _callbacks(actions: list[dict[str, Any]]) -> Mapping[Endpoint, tuple[str, ...]]:
    found: dict[Endpoint, list[str]] = {}
    for url in (url for action in actions for url in _urls(action)):
        target = url.removeprefix(BASE)
        assert target != url, "only our own addresses are called back"
        endpoint = Endpoint(target.partition("?")[0].rpartition("/")[2])
        found.setdefault(endpoint, []).append(target)
    return {endpoint: tuple(dict.fromkeys(targets)) for endpoint, targets in found.items()}


def _urls(action: dict[str, Any]) -> Iterator[str]:
    yield from action.get("status", [])
    yield from action.get("whisper", [])
    yield from (action[name] for name in (*ANY_KEY, "record") if name in action)
    if isinstance(action.get("next"), str):
        yield action["next"]

"""The provider's webhooks and the fail-safe, free of any web framework.

A handler reads, calls one use case, renders. Whatever raises in one, the caller is given the fail-safe: never an error.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callrouter import calls, clock
from callrouter.domain.call import RunningCall
from callrouter.domain.phrases import FAREWELL
from callrouter.domain.routing import Goodbye
from callrouter.domain.whisper import ACCEPT_KEY, DEFAULT_LANGUAGE, taken
from callrouter.sealing import BrokenSealError, Sealer
from callrouter.telephony.provider import Document, Endpoint, Provider, Webhook, WebhookRequest
from callrouter.telephony.token import Token, unseal
from callrouter.web.conditions import ClockWatch
from callrouter.web.metrics import DECISIONS, FAIL_SAFES, REFUSED

log = logging.getLogger(__name__)

_LATEST = timedelta(days=7)
"""A callback that claims to be later than this is not believed: one clock is wrong, and it may be the provider's."""

FORBIDDEN = Document(b"The request is not signed by our telephony provider.\n", "text/plain; charset=utf-8")
NOTED = Document(b"", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, free of any web framework."""

    status: int
    document: Document


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said next, in which call; None: in one that is over, or that nobody knows."""

    document: Document
    call: RunningCall | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice webhooks of one provider."""

    provider: Provider
    service: calls.Service
    sealer: Sealer
    last_words: Document
    """What is answered when even the fail-safe breaks: made at the start, while all was well."""

    clock: ClockWatch = field(default_factory=ClockWatch)
    on_no_memory: Callable[[], None] = lambda: None
    """What lacks memory in one request lacks it in the next: somebody should put another process in our place."""

    def handle(self, path: str, request: WebhookRequest) -> Response:
        """Answer the webhook at *path*, one of the provider's."""
        endpoint = self.provider.paths[path]
        webhook = self.provider.verified(request)
        if webhook is None:
            REFUSED.inc()
            return Response(403, FORBIDDEN)
        if endpoint in INSTRUCTING:
            return Response(200, self._instruct(endpoint, webhook))
        if endpoint in SCREENING:
            return Response(200, self._screen(endpoint, webhook))
        self.note(endpoint, NOTING[endpoint], webhook)
        return Response(204, NOTED)

    def _instruct(self, endpoint: Endpoint, webhook: Webhook) -> Document:
        """What the caller's leg does next. The one blanket except of the voice path."""
        began = clock.monotonic()
        try:
            answer = INSTRUCTING[endpoint](self, webhook, _instant(webhook))
        except Exception as error:  # noqa: BLE001 - the caller is on the line, whatever this is
            self._tell(webhook, endpoint, "the fail-safe answers", error)
            FAIL_SAFES.inc()
            return self._fail_safe(webhook, f"{type(error).__name__} in {endpoint}")
        _told(webhook, endpoint, answer, began)
        return answer.document

    def _screen(self, endpoint: Endpoint, webhook: Webhook) -> Document:
        """What whoever picked up hears. In doubt they are connected, unless they declined: a voicemail beats nobody."""
        began = clock.monotonic()
        try:
            answer = SCREENING[endpoint](self, webhook, _instant(webhook))
        except Exception as error:  # noqa: BLE001 - two people are on the line, whatever this is
            self._tell(webhook, endpoint, "connected unscreened", error)
            FAIL_SAFES.inc()
            return self.provider.render_pick_up(taken(DEFAULT_LANGUAGE) if webhook.key in ("", ACCEPT_KEY) else None)
        _told(webhook, endpoint, answer, began)
        return answer.document

    def _fail_safe(self, webhook: Webhook, reason: str) -> Document:
        document = self.last_words
        try:
            fail_safe = calls.fail_safely(self.service, webhook.called, _instant(webhook))
            document = self.provider.render_fail_safe(fail_safe)
        except Exception:  # the caller is on the line still
            log.exception("the fail-safe itself is broken", extra={"call": webhook.call_id})
        try:
            calls.record_fail_safe(self.service, webhook.inbound(), reason, _instant(webhook))
        except Exception:  # the answer goes out, recorded or not
            log.exception("the fail-safe was not recorded", extra={"call": webhook.call_id})
        return document

    def note(self, endpoint: Endpoint, handler: "Noting", webhook: Webhook) -> None:
        """Keep what the provider tells; nobody waits for the answer, and telling it again would not help.

        Raises MemoryError: another process can keep it. Not of what a caller waits at.
        """
        if webhook.happened_at and not webhook.carried_at:
            self.clock.heard(webhook.happened_at)
        try:
            handler(self, webhook, _instant(webhook))
        except Exception as error:  # as above; a status callback must never be retried for ever
            self._tell(webhook, endpoint, "what was told is not kept", error)
            if isinstance(error, MemoryError) and endpoint in NOTING:
                raise

    def _tell(self, webhook: Webhook, endpoint: Endpoint, what: str, error: Exception) -> None:
        """One line for what was foreseen; the whole story of what was not."""
        is_foreseen = isinstance(error, calls.NoScheduleError | BrokenSealError)
        about = {"call": webhook.call_id, "endpoint": endpoint}
        log.error("%s: %s: %s", what, type(error).__name__, error, exc_info=None if is_foreseen else error, extra=about)
        if isinstance(error, MemoryError):
            self.on_no_memory()


Instructing = Callable[[Voice, Webhook, datetime], Answer]
Noting = Callable[[Voice, Webhook, datetime], None]


def incoming(voice: Voice, webhook: Webhook, at: datetime) -> Answer:
    """A call comes in."""
    reply = calls.answer(voice.service, webhook.inbound(), at)
    decision = reply.call.decision
    DECISIONS.labels(decision.state, decision.decided_by).inc()
    return Answer(voice.provider.render(reply.step, reply.call), reply.call)


def attempt_ended(voice: Voice, webhook: Webhook, at: datetime) -> Answer:
    """An attempt is over."""
    reply = calls.attempt_ended(voice.service, _token(voice, webhook).call, webhook.dial_ended(), at)
    return Answer(voice.provider.render(reply.step, reply.call), reply.call)


def menu_answered(voice: Voice, webhook: Webhook, at: datetime) -> Answer:
    """The caller pressed a key in the menu, or none."""
    reply = calls.menu_answered(voice.service, _token(voice, webhook).call, webhook.key, at)
    return Answer(voice.provider.render(reply.step, reply.call), reply.call)


def skipped(voice: Voice, webhook: Webhook, _at: datetime) -> Answer:
    """The caller pressed a key during an announcement."""
    reply = calls.skipped(_token(voice, webhook).call)
    return Answer(voice.provider.render(reply.step, reply.call), reply.call)


def message_left(voice: Voice, webhook: Webhook, _at: datetime) -> Answer:
    """A recording ended. Not to the fail-safe if it cannot be kept: that may ask for a message, again and again."""
    voice.note(Endpoint.MESSAGE, keep_message, webhook)
    return Answer(voice.provider.render_goodbye(Goodbye((FAREWELL,))))


def keep_message(voice: Voice, webhook: Webhook, at: datetime) -> None:
    """Log the recording, if there is one."""
    if left := webhook.message_left():
        calls.message_left(voice.service, left, at)


def whisper(voice: Voice, webhook: Webhook, _at: datetime) -> Answer:
    """Somebody picked up a screened leg."""
    token = _token(voice, webhook)
    prompt = calls.whispered(voice.service, token.call)
    return Answer(voice.provider.render_whisper(prompt, token.call, token.phone or 0), token.call)


def key_pressed(voice: Voice, webhook: Webhook, at: datetime) -> Answer:
    """They pressed a key."""
    token = _token(voice, webhook)
    taken = calls.key_pressed(voice.service, token.call, token.phone or 0, webhook.key, at)
    return Answer(voice.provider.render_pick_up(taken), token.call)


def leg_changed(voice: Voice, webhook: Webhook, at: datetime) -> None:
    """One phone of an attempt rings, was picked up, or is done."""
    token, update = _token(voice, webhook), webhook.leg_update()
    if update and token.phone is not None:
        calls.leg_changed(voice.service, token.call, token.phone, update, _happened(webhook, at))


def call_ended(voice: Voice, webhook: Webhook, at: datetime) -> None:
    """The number's own status callback."""
    if ended := webhook.call_ended():
        calls.call_ended(voice.service, ended, _happened(webhook, at))


INSTRUCTING: Mapping[Endpoint, Instructing] = {
    Endpoint.INCOMING: incoming,
    Endpoint.NEXT: attempt_ended,
    Endpoint.MENU: menu_answered,
    Endpoint.SKIP: skipped,
    Endpoint.MESSAGE: message_left,
}
"""The caller hears the answer."""
SCREENING: Mapping[Endpoint, Instructing] = {Endpoint.WHISPER: whisper, Endpoint.ACCEPT: key_pressed}
"""Whoever picked up hears it."""
NOTING: Mapping[Endpoint, Noting] = {
    Endpoint.LEG: leg_changed,
    Endpoint.ENDED: call_ended,
    Endpoint.RECORDING: keep_message,
}
"""Nobody does."""


def _token(voice: Voice, webhook: Webhook) -> Token:
    """The call that a callback carries; BrokenSealError where it carries none of ours."""
    return unseal(voice.sealer, webhook.sealed)


def _happened(webhook: Webhook, heard_at: datetime) -> datetime:
    """When it happened: as the provider says, unless its clock or ours is plainly wrong."""
    at = webhook.happened_at
    return at if at and heard_at - _LATEST <= at <= heard_at else heard_at


def _instant(webhook: Webhook) -> datetime:
    return webhook.carried_at or clock.now()


def _told(webhook: Webhook, endpoint: Endpoint, answer: Answer, began: float) -> None:
    """One line a webhook that was answered: in which call, what holds there, and how long it took."""
    about: dict[str, object] = {"call": webhook.call_id, "endpoint": endpoint}
    if answer.call:
        decision = answer.call.decision
        about |= {"unit": decision.unit, "state": decision.state, "decided_by": decision.decided_by}
        about |= {"reason": decision.reason, "destination": decision.destination}
    log.info("answered", extra=about | {"ms": round((clock.monotonic() - began) * 1000, 1)})

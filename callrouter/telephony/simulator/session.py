"""What both ends of one call share: the clock, the notes, and the way to the service."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from callrouter.telephony.simulator.agenda import Agenda, Interruption
from callrouter.telephony.simulator.courier import Courier, Delivery, Webhook
from callrouter.telephony.simulator.faults import AFTER_NEXT, Faults
from callrouter.telephony.simulator.journal import Entry, EntryKind, Exchange, Journal, ServiceError
from callrouter.telephony.simulator.params import INSTANT_FIELD, Form, instant
from callrouter.telephony.simulator.phones import Phone
from callrouter.telephony.simulator.transport import Response
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.simulator.verbs import Document

MOST_REQUESTS = 500
LONGEST_CALL_SECONDS = 4 * 3600


class HungUp(Interruption):
    """This party put the phone down, or the other one did."""


class ServiceLost(Interruption):
    """The service gave no instructions that can be followed, and the fallback neither."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Where the provider's documents leave room; a service must live with every value.

    *ring_buffer*: seconds added to a Dial's timeout. *unbridged_status*: the parent's CallStatus in the action
    of a Dial with answerOnBridge that connected nobody. *tells_bridged*: whether DialBridged is sent at all.
    *late_action*: seconds from a caller's hang-up to the action's request (the status callback overtakes it).
    """

    ring_buffer: float = 5.0
    unbridged_status: str = "ringing"
    tells_bridged: bool = True
    late_action: float = 0.0


@dataclass(frozen=True, slots=True)
class NumberConfig:
    """What is configured for one of our numbers; addresses may carry a fragment of overrides."""

    voice_url: str
    fallback_url: str | None = None
    status_callback: str | None = None


@dataclass(slots=True)
class Session:
    """One call's share of the network. Requests take no virtual time."""

    agenda: Agenda
    courier: Courier
    account_sid: str
    config: NumberConfig
    own_numbers: frozenset[str]
    phones: Mapping[str, Phone]
    faults: Faults
    habits: Habits
    chance: random.Random
    journal: Journal = field(default_factory=Journal)
    rings: Counter[str] = field(default_factory=Counter)
    _counts: Counter[str] = field(default_factory=Counter)
    _held: list[tuple[str, Webhook]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The virtual instant."""
        return self.agenda.now

    def sid(self, prefix: str) -> str:
        """A new identifier: two letters and 32 hexadecimal digits."""
        return f"{prefix}{self.chance.getrandbits(128):032x}"

    def note(self, kind: EntryKind, who: str = "", detail: str = "") -> None:
        """One line of the timeline, now."""
        self.journal.timeline.append(Entry(self.now, kind, who, detail))

    def instructions(self, kind: str, url: str, form: Form, method: str = "POST", *, whisper: bool = False) -> Document:
        """Ask the service what to do; the document's errors are noted."""
        if len(self.journal.requests) >= MOST_REQUESTS:
            raise self.too_long(f"the call has made {MOST_REQUESTS} requests and goes on", url)
        loss = self.faults.loss(kind, self._count(kind), self.chance)
        webhook = replace(self._webhook(url, form, method), loss=loss)
        delivery = self._send(kind, webhook)
        answer = delivery.answer
        if not isinstance(answer, Response) or answer.status // 100 != 2:
            return Document(url, (), delivery.errors)
        document = read(answer.body, answer.headers.get("content-type", ""), url, whisper=whisper)
        self.journal.errors.extend(document.errors)
        return document

    def too_long(self, sentence: str, url: str = "") -> ServiceLost:
        """Note a call that does not end; what to throw for it."""
        self.journal.errors.append(ServiceError(0, sentence, url=url))
        return ServiceLost(sentence)

    def announce(self, kind: str, url: str, form: Form) -> None:
        """A request whose answer is ignored (the caller has gone); errors are noted all the same."""
        self._count(kind)
        self._send(kind, self._webhook(url, form))

    def tell(self, kind: str, url: str, form: Form, method: str = "POST") -> None:
        """A callback, delivered as the faults will have it."""
        webhook = self._webhook(url, form, method)
        webhook = replace(webhook, blanks_as_percent=kind == "recording-status")
        for delay in self.faults.deliveries(kind, self._count(kind), self.chance):
            if delay == AFTER_NEXT:
                self._held.append((kind, webhook))
            else:
                self.agenda.after(delay, lambda: self._deliver(kind, webhook))

    def deliver_held(self) -> None:
        """What was overtaken arrives, with whatever came last."""
        held, self._held = self._held, []
        at = self.journal.requests[-1].at if self.journal.requests else self.now
        for kind, webhook in held:
            self._send_callback(kind, webhook, at)

    def _deliver(self, kind: str, webhook: Webhook) -> None:
        self._send_callback(kind, webhook, self.now)
        self.deliver_held()

    def _send_callback(self, kind: str, webhook: Webhook, at: datetime) -> None:
        """Whenever it was that it speaks of, it comes at *at*."""
        webhook = replace(webhook, form={**webhook.form, INSTANT_FIELD: instant(at)})
        answer = self._send(kind, webhook).answer
        if isinstance(answer, Response) and answer.status == 200 and "content-type" not in answer.headers:
            sentence = "a callback was answered with 200 and no Content-Type; 204, or one with a type, is expected"
            self.journal.errors.append(ServiceError(15003, sentence, fatal=False, url=webhook.url))

    def _count(self, kind: str) -> int:
        self._counts[kind] += 1
        return self._counts[kind] - 1

    def _webhook(self, url: str, form: Form, method: str = "POST") -> Webhook:
        stamped = {**form, INSTANT_FIELD: instant(self.now)}
        return Webhook(url, stamped, token=f"{self.chance.getrandbits(128):032x}", method=method)

    def _send(self, kind: str, webhook: Webhook) -> Delivery:
        delivery = self.courier.send(webhook)
        status = delivery.answer.status if isinstance(delivery.answer, Response) else None
        exchange = Exchange(self.now, kind, webhook.url, webhook.form, status, delivery.attempts)
        self.journal.requests.append(exchange)
        self.journal.errors.extend(delivery.errors)
        return delivery


def spoken_seconds(text: str) -> float:
    """How long a text takes to say: 150 words a minute, at least a second."""
    return max(1.0, len(text.split()) * 0.4)

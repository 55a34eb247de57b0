"""One party's end of a call: it hears what a document says, and presses keys."""

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Literal
from urllib.parse import urljoin

from callrouter.telephony.simulator.agenda import Signal, Steps, Wait
from callrouter.telephony.simulator.params import Form, Parties, gathered
from callrouter.telephony.simulator.session import Session, spoken_seconds
from callrouter.telephony.simulator.verbs import (
    Dial,
    Document,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

PLAY_SECONDS = 8.0
THINKING_SECONDS = 0.5
"""From the end of a prompt, or the key before, to the next key."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What will be pressed in a <Gather>, and how long after it began (None: after its prompts)."""

    keys: str = ""
    after: float | None = None


Following = Document | Literal[False] | None


class Line:
    """Plays documents to one party. Subclasses say who it is, and what else it can be asked to do."""

    def __init__(self, session: Session, parties: Parties, who: str) -> None:
        self.session = session
        self.who = who
        self.parties = parties
        self._pressed: deque[str] = deque()
        self._key = Signal(session.agenda)
        self._listening = False

    # What a subclass answers.

    def fetch(self, kind: str, url: str, extra: Form, method: str = "POST") -> Document:
        """The next document; raises ServiceLost when there is none."""
        raise NotImplementedError

    def hear(self, verb: Say | Play) -> None:
        """Note what this party hears."""
        raise NotImplementedError

    def next_keys(self) -> Keys:
        """What this party presses in the <Gather> that begins now."""
        raise NotImplementedError

    # What both ends share.

    def press(self, keys: str) -> None:
        """Press keys; only a <Gather> that has begun hears them."""
        if self._listening and keys:
            self.session.note("pressed", self.who, keys)
            self._pressed.extend(keys)
            self._key.fire()

    def play(self, document: Document) -> Steps[bool]:
        """Play a document and those it leads to: True at the end of the last one, False at a hang-up."""
        following: Following = document
        while isinstance(following, Document):
            following = yield from self._through(following)
        return following is None

    def _through(self, document: Document) -> Steps[Following]:
        for place, verb in enumerate(document.verbs):
            following = yield from self.perform(verb, document, first=place == 0)
            if following is not None:
                return following
        return None

    def perform(self, verb: Verb, document: Document, *, first: bool) -> Steps[Following]:  # noqa: ARG002 - for Dial
        """Do one verb: the next document, False for a hang-up, or None to go on in this one."""
        match verb:
            case Say() | Play() | Pause():
                yield from self.speak(verb)
            case Gather():
                return (yield from self.gather(verb, document))
            case Redirect():
                return self.fetch("redirect", address(verb.url, document.url), {}, verb.method)
            case Hangup() | Reject():
                return False
            case Dial() | Record():
                raise NotImplementedError
        return None

    def speak(self, verb: Say | Play | Pause) -> Steps[bool]:
        """Let the party hear it; True if a key cut it short."""
        if not isinstance(verb, Pause):
            self.hear(verb)
        return (yield Wait(_seconds(verb), self._key if self._listening else None))

    def gather(self, verb: Gather, document: Document) -> Steps[Document | None]:
        """Prompts, keys, and the action's document; None without input."""
        self._pressed.clear()
        self._key.clear()
        self._listening = verb.hears_keys
        plan = self.next_keys()
        if plan.after is not None:
            self._plan(plan.keys, plan.after)
        for prompt in verb.prompts:
            if (yield from self.speak(prompt)):
                break
        if plan.after is None:
            self._plan(plan.keys, THINKING_SECONDS)
        digits, finished_on = yield from self._collect(verb)
        self._listening = False
        if not digits and not verb.on_empty:
            return None
        url = address(verb.action or "", document.url)
        return self.fetch("gather-action", url, gathered(digits, finished_on), verb.method)

    def _plan(self, keys: str, after: float) -> None:
        for place, key in enumerate(keys):
            self.session.agenda.after(after + THINKING_SECONDS * place, partial(self.press, key))

    def _collect(self, verb: Gather) -> Steps[tuple[str, str]]:
        digits = ""
        while verb.num_digits is None or len(digits) < verb.num_digits:
            if not self._pressed:
                self._key.clear()
                if not (yield Wait(verb.timeout, self._key)):
                    break
            key = self._pressed.popleft()
            if digits and key == verb.finish_on_key:
                return digits, key
            digits += key
        return digits, ""


def _seconds(verb: Say | Play | Pause) -> float:
    match verb:
        case Pause(length):
            return float(length)
        case Say(text=text, loop=loop):
            return spoken_seconds(text) * max(1, loop)
        case Play(loop=loop):
            return PLAY_SECONDS * max(1, loop)


def address(url: str, document_url: str) -> str:
    """*url* as the document means it: relative to its own address; absolute ones stay untouched."""
    return url if "://" in url else urljoin(document_url.partition("#")[0], url)

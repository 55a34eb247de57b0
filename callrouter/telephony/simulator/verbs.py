"""What a TwiML document asks for, as values."""

from dataclasses import dataclass

from callrouter.telephony.simulator.journal import ServiceError


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text."""

    text: str
    voice: str = ""
    language: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play a sound file, or keys."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    length: int = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys during the prompts, and *timeout* seconds after; *num_digits* None: any number of them."""

    action: str | None
    method: str
    timeout: int
    num_digits: int | None
    finish_on_key: str
    hears_keys: bool
    on_empty: bool
    prompts: tuple[Say | Play | Pause, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """One number to ring; *url* is the whisper."""

    number: str
    url: str | None = None
    method: str = "POST"
    status_callback: str | None = None
    status_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring numbers, all at once; times in seconds."""

    numbers: tuple[Number, ...]
    action: str | None = None
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str | None = None
    answer_on_bridge: bool = False
    ring_tone: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Take a message; times in seconds."""

    action: str | None
    method: str
    timeout: int
    max_length: int
    finish_on_key: str
    beep: bool
    status_callback: str | None
    status_method: str
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document; an empty address is the current one."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end."""


@dataclass(frozen=True, slots=True)
class Reject:
    """The end, unanswered."""

    reason: str


Verb = Say | Play | Pause | Gather | Dial | Record | Redirect | Hangup | Reject


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be done, where it came from, and what was wrong with it."""

    url: str
    verbs: tuple[Verb, ...] = ()
    errors: tuple[ServiceError, ...] = ()

    @property
    def is_refused(self) -> bool:
        """The provider would give it up."""
        return any(error.fatal for error in self.errors)

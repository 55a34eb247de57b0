"""What whoever picks up a screened call hears: where the call comes from, and which key takes it.

The key comes before the caller's number: it must be heard within four seconds, or a person hangs up.
"""

from callrouter.domain.call import Caller
from callrouter.domain.message import Message, Spoken
from callrouter.domain.speech import digits_apart

ACCEPT_KEY = "1"
DEFAULT_LANGUAGE = "sv"

LONGEST_TITLE_BEFORE_THE_KEY = 30
"""Characters, spoken in some two seconds; a longer title comes after the key."""

_PROMPT = {
    "sv": "Samtal från {title}. Tryck 1 för att ta samtalet.",
    "en": "Call from {title}. Press 1 to take the call.",
}
_KEY_FIRST = {
    "sv": "Tryck 1 för att ta samtalet från {title}.",
    "en": "Press 1 to take the call from {title}.",
}
_CALLER = {"sv": "Uppringare: {who}.", "en": "The caller is {who}."}
_WITHHELD = {"sv": "hemligt nummer", "en": "a withheld number"}
_UNKNOWN = {"sv": "okänt nummer", "en": "an unknown number"}
_TEST = {
    "sv": "Provsamtal från {title}. Tryck 1 för att visa att du hör det.",
    "en": "Test call from {title}. Press 1 to show that you hear it.",
}
_PROVED = {"sv": "Tack, provet är klart.", "en": "Thank you, the test is done."}
_TAKEN = {"sv": "Samtalet är kopplat.", "en": "You are connected."}


def whisper(title: str, caller: Caller | None, language: str) -> Message:
    """The prompt for a call to the unit called *title*; without *caller*, the unit alone is named."""
    known = language if language in _PROMPT else "en"
    prompts = _PROMPT if len(title) <= LONGEST_TITLE_BEFORE_THE_KEY else _KEY_FIRST
    sentences = [prompts[known].format(title=title)]
    if caller:
        sentences.append(_CALLER[known].format(who=_spoken(caller, known)))
    return Message("whisper", (Spoken(known, " ".join(sentences)),))


def taken(language: str) -> Message:
    """The confirmation that the call was taken."""
    known = language if language in _TAKEN else "en"
    return Message("taken", (Spoken(known, _TAKEN[known]),))


def proof_asked(title: str, language: str) -> Message:
    """The prompt of a test call: whoever is rung knows at once that nobody waits."""
    known = language if language in _TEST else "en"
    return Message("test-call", (Spoken(known, _TEST[known].format(title=title)),))


def proved(language: str) -> Message:
    """The thanks for the key that was pressed in a test call."""
    known = language if language in _PROVED else "en"
    return Message("proved", (Spoken(known, _PROVED[known]),))


def _spoken(caller: Caller, language: str) -> str:
    if caller.number:
        return digits_apart(caller.number.e164, language)
    return (_WITHHELD if caller.is_withheld else _UNKNOWN)[language]

"""The words of the log as the pages say them. The Swedish ones are the glossary's, and a test holds them to it."""

from collections.abc import Mapping

from callrouter.domain.ending import END_UNKNOWN
from callrouter.domain.words import CallBackResult, DecidedBy, Disposition, Origin, Outcome, Retained, Role, State
from callrouter.web.texts import Text

_RETAINED: Mapping[str, Text] = {
    Retained.NUMBERS: Text("nummer", "numbers"),
    Retained.NOTES: Text("anteckningar", "notes"),
    Retained.RECORDINGS: Text("inspelningar", "recordings"),
    Retained.EVENTS: Text("händelser", "events"),
    Retained.CALLS: Text("samtal", "calls"),
}
_DISPOSITION: Mapping[str, Text] = {
    Disposition.ANSWERED: Text("besvarat", "answered"),
    Disposition.MESSAGE: Text("meddelande lämnat", "message left"),
    Disposition.ABANDONED: Text("övergivet", "abandoned"),
    Disposition.UNANSWERED: Text("obesvarat", "unanswered"),
    Disposition.BLOCKED: Text("spärrat", "blocked"),
    Disposition.IN_PROGRESS: Text("pågår", "in progress"),
    Disposition.UNKNOWN: Text("okänt", "unknown"),
}
_DESTROYED: Mapping[str, Text] = {
    "provider-records": Text("operatörens uppgifter", "provider's records"),
    "follow-ups": Text("uppföljningar", "follow-ups"),
    "strays": Text("rester", "strays"),
    "erasure": Text("radering", "erasure"),
}
"""What the destruction protocol names besides (docs/privacy.md)."""

WORDS: Mapping[str, Mapping[str, Text]] = {
    "state": {
        State.OPEN: Text("öppet", "open"),
        State.CLOSED: Text("stängt", "closed"),
    },
    "decided_by": {
        DecidedBy.HOURS: Text("öppettider", "opening hours"),
        DecidedBy.SEASON: Text("säsong", "season"),
        DecidedBy.DAY_BEFORE: Text("dag före röd dag", "day before a red day"),
        DecidedBy.HOLIDAY: Text("helgdag", "holiday"),
        DecidedBy.EXCEPTION: Text("avvikande dag", "exception"),
        DecidedBy.OVERRIDE: Text("manuell styrning", "override by hand"),
        DecidedBy.ALWAYS: Text("dygnet runt", "around the clock"),
        DecidedBy.FAIL_SAFE: Text("nödkoppling", "fail-safe"),
        DecidedBy.BLOCK: Text("spärr", "block"),
        DecidedBy.FROM_PROVIDER: Text("från operatören", "from the provider"),
    },
    "disposition": _DISPOSITION,
    "ending": {**_DISPOSITION, END_UNKNOWN: Text("slutet okänt", "end unknown")},
    "sought_disposition": {
        **_DISPOSITION,
        Disposition.IN_PROGRESS: Text("pågår eller slutet okänt", "in progress or end unknown"),
    },
    "outcome": {
        Outcome.ANSWERED: Text("besvarade", "answered"),
        Outcome.DECLINED: Text("tackade nej", "declined"),
        Outcome.SCREENED_OUT: Text("ej bekräftat", "picked up, never confirmed"),
        Outcome.NO_ANSWER: Text("inget svar", "no answer"),
        Outcome.BUSY: Text("upptaget", "busy"),
        Outcome.FAILED: Text("misslyckades", "failed"),
        Outcome.CANCELLED: Text("avbruten", "stopped ringing"),
        Outcome.DROPPED: Text("tappat", "dropped"),
    },
    "origin": {
        Origin.REAL: Text("riktigt", "real"),
        Origin.PHONE_NETWORK: Text("simulerat", "simulated"),
        Origin.TEST_CALL: Text("provsamtal", "test call"),
    },
    "call_back": {
        CallBackResult.REACHED: Text("fick tag i personen", "reached the person"),
        CallBackResult.NO_ANSWER: Text("inget svar", "no answer"),
        CallBackResult.WRONG_NUMBER: Text("fel nummer", "wrong number"),
        CallBackResult.SETTLED: Text("klart på annat sätt", "settled otherwise"),
    },
    "role": {
        Role.ADMINISTRATOR: Text("administratör", "administrator"),
        Role.REVIEWER: Text("granskare", "reviewer"),
        Role.CONTRACTOR: Text("bevakningsföretag", "security contractor"),
    },
    "retained": _RETAINED,
    "destroyed": {**_RETAINED, **_DESTROYED},
}
"""By the name of the column, then by its value."""


def word(column: str, value: str | None) -> Text:
    """What *value* of *column* is called; a word of a later release as it stands, none as a dash."""
    if value is None:
        return Text("–", "–")
    return WORDS[column].get(value) or Text(value, value)

"""What somebody types who has called back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from callrouter.calls.discretion import Hidden
from callrouter.calls.writing import NotKeptError, Reason, written
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.review import LONGEST_NOTE
from callrouter.domain.until import NotATimeError, read_until
from callrouter.domain.words import CallBackResult
from callrouter.web.texts import Text

NO_RESULT = Text("Välj hur det gick.", "Say how it went.")
NO_TIME = Text("Ange en tid, till exempel 2026-12-24 18:00.", "Give a time, such as 2026-12-24 18:00.")
PAST = Text("Den tiden har redan varit.", "That time is past.")
NOTES: Mapping[Reason, Text] = {
    Reason.LONG: Text("Skriv högst 2 000 tecken.", "Write at most 2,000 characters."),
    Reason.TELLS_NUMBER: Text(
        "Skriv inte numret i anteckningen: det har sin egen plats, där det kan gallras.",
        "Leave the number out of the note: it has its own place, where it can be forgotten.",
    ),
}


@dataclass(frozen=True, slots=True)
class Refused(Exception):  # noqa: N818 - a person is told so, no program
    """What was typed cannot be kept."""

    text: Text


@dataclass(frozen=True, slots=True)
class CalledBack:
    """How it went; when to try again, where nobody answered; what is to be remembered."""

    result: CallBackResult
    again_at: datetime | None
    note: str | None


def read_outcome(form: Mapping[str, str], zone: tzinfo, at: datetime, caller: Hidden) -> CalledBack:
    """Read the form, at *at* (aware), about a *caller* whose number does not belong in a note.

    Raises:
        Refused: what it says cannot be kept.
    """
    result = form.get("result", "")
    if result not in results_of(caller.number):
        raise Refused(NO_RESULT)
    again = _again(form.get("again", ""), zone, at) if result == CallBackResult.NO_ANSWER else None
    return CalledBack(CallBackResult(result), again, _note(form.get("note", ""), caller))


def results_of(number: PhoneNumber | str | None) -> tuple[CallBackResult, ...]:
    """How it may have gone: without a *number* none was wrong."""
    return tuple(each for each in CallBackResult if number or each is not CallBackResult.WRONG_NUMBER)


def _again(typed: str, zone: tzinfo, at: datetime) -> datetime | None:
    if not typed.strip():
        return None
    try:
        again = read_until(typed, zone, at)
    except NotATimeError as error:
        raise Refused(NO_TIME) from error
    if again <= at:
        raise Refused(PAST)
    return again


def _note(typed: str, caller: Hidden) -> str | None:
    if not typed.strip():
        return None
    try:
        return written(typed, LONGEST_NOTE, caller)
    except NotKeptError as error:
        if error.reason is Reason.EMPTY:
            return None
        raise Refused(NOTES[error.reason]) from error

"""What research is told of one call, and no more: times to the hour, seconds in steps, a pseudonym for the caller."""

import hashlib
import hmac
from datetime import datetime, tzinfo
from typing import Any

QUASI = ("unit", "year", "quarter", "week", "weekday", "hour", "state", "disposition")
"""What somebody who knows of a call could know of it: by these it might be found again (quasi-identifiers)."""

TOLD = ("caller", "answered_by", "phones_rung", "seconds_to_answer", "talked_seconds")
"""What else is told of it. Not whether it is a redial: that says to which unit and when its caller called before."""

NONE = "none"
"""The unit of a number that nobody claims; the state where nobody decided."""

MOST_PHONES = 5
ANSWER_STEP, LONGEST_ANSWER = 5, 120
TALK_STEP, LONGEST_TALK = 30, 1800

_WEEKS_OF_A_QUARTER = 13
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_PSEUDONYM_LETTERS = 16


def quasi(call: Any, zone: tzinfo) -> tuple[str, ...]:
    """The QUASI of *call*, a row of the log, by the clocks of *zone*; the year and the week are those of ISO 8601."""
    local: datetime = call.received_at.astimezone(zone)
    year, week, weekday = local.isocalendar()
    quarter = min(4, (week - 1) // _WEEKS_OF_A_QUARTER + 1)
    when = (str(year), str(quarter), str(week), str(weekday), str(local.hour))
    return (call.unit or NONE, *when, call.state or NONE, call.disposition)


def told(call: Any, key: bytes) -> tuple[str, ...]:
    """What else is TOLD of *call*; its caller has the same pseudonym wherever *key* is the same."""
    return (
        pseudonym(call.key, key) if call.key else "",
        _answered_by(call),
        str(min(len(call.legs), MOST_PHONES)),
        _stepped(call.seconds_to_answer, ANSWER_STEP, LONGEST_ANSWER),
        _stepped(call.talked_seconds, TALK_STEP, LONGEST_TALK),
    )


def pseudonym(caller_key: str, key: bytes) -> str:
    """A name in letters alone: no digits of a number can stand in it, not even by chance."""
    hashed = hmac.new(key, caller_key.encode(), hashlib.sha256).hexdigest()
    return hashed[:_PSEUDONYM_LETTERS].translate(_LETTERS)


def _answered_by(call: Any) -> str:
    if not call.answered_destination:
        return "nobody"
    return "company" if call.answered_company else "desk"


def _stepped(seconds: int | None, step: int, longest: int) -> str:
    """*seconds* to the nearest *step*, at most *longest*."""
    return "" if seconds is None else str(min(longest, step * round(seconds / step)))

"""Calls: a page of them, and one with all that happened in it."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from callrouter.calllog.export import as_json, event_as_json
from callrouter.calllog.queries import events_of, one_call
from callrouter.calllog.searching import page
from callrouter.calllog.seen import seen_json, seen_steps
from callrouter.domain.call_filter import CallFilter, Sight
from callrouter.domain.until import YEARS
from callrouter.web.api.asked import CallAsked, CallsAsked, cursor_in
from callrouter.web.api.shapes import Call, Calls, CallStory
from callrouter.web.problems import ProblemError, Wrong
from callrouter.web.site import Site

_USUAL = 50
_UNTOLD = ("decided_by", "reviewed", "category", "follow_up")
"""What a company is not told of its calls, and so may not ask either: which calls were found would tell it."""

_LEFT_OUT = "left out: this token is not told it"

_EARLIEST, _LATEST = (datetime(year, 1, 1, tzinfo=UTC) for year in (YEARS.start, YEARS.stop))


def calls(site: Site, sight: Sight, asked: CallsAsked) -> Calls:
    """The newest calls that are asked for, or those that follow the cursor."""
    wanted, cursor = _wanted(asked, sight), cursor_in(asked.cursor)
    with site.database.reading() as connection:
        found = page(connection, wanted, asked.limit or _USUAL, cursor, sight)
    return Calls(
        calls=[msgspec.convert(told(call, sight), Call) for call in found.calls],
        older=str(found.older) if found.older else None,
        newer=str(found.newer) if found.newer else None,
    )


def call(site: Site, sight: Sight, asked: CallAsked) -> CallStory:
    """One call. One that *sight* does not reach is not there."""
    with site.database.reading() as connection:
        row = one_call(connection, asked.day, asked.call_id, sight)
        events = events_of(connection, asked.day, asked.call_id) if row else []
    if row is None:
        raise ProblemError(404, f"There is no call {asked.call_id} of {asked.day} that this token may see.")
    steps = seen_steps([event_as_json(event, show_numbers=False) for event in events], sight)
    timeline = [step["facts"] | {"at": step["at"], "kind": step["kind"]} for step in steps]
    return msgspec.convert(told(row, sight) | {"timeline": timeline}, CallStory)


def told(row: Row[Any], sight: Sight) -> dict[str, Any]:
    """A row of the log as the API tells it: numbers masked, and what *sight* does not reach left out."""
    return seen_json({"day": row.day} | as_json(row, show_numbers=False), sight)


def _wanted(asked: CallsAsked, sight: Sight) -> CallFilter:
    if asked.answered and not (asked.destination or asked.company or asked.person):
        raise ProblemError.of("answered", "true", "destination, company or person beside it: by whom?")
    by_name = {each.name: getattr(asked, each.name) for each in fields(CallFilter) if hasattr(asked, each.name)}
    if sight.company is not None:
        _require_own(asked, sight.company)
        by_phone = asked.destination or asked.company or asked.person
        by_name["company"] = sight.company if by_phone else None  # whom else a call was offered to is not told
    near = {"since": _near(asked.since), "until": _near(asked.until), "unit": asked.unit or sight.unit}
    yes = {"answered": bool(asked.answered), "has_follow_up": bool(asked.follow_up)}
    return CallFilter(**by_name | near | yes | {"is_reviewed": asked.reviewed})


def _require_own(asked: CallsAsked, company: str) -> None:
    """Refuse what the token of a *company* may not ask.

    Raises:
        ProblemError: it asks of another company, or what its own is not told.
    """
    if asked.company not in (None, company):
        raise ProblemError.of("company", asked.company, f"'{company}', whose calls alone this token sees")
    wrong = [Wrong(name, str(found), _LEFT_OUT) for name in _UNTOLD if (found := getattr(asked, name)) is not None]
    if wrong:
        raise ProblemError(400, f"Of its calls a company is not told {', '.join(_UNTOLD)}: see errors.", wrong)


def _near(at: datetime | None) -> datetime | None:
    """*at* within the years that databases and clocks agree about: no call was ever received beyond them."""
    return at and min(max(at, _EARLIEST), _LATEST)

"""Searching the call log: page by page, newest first, and counting. At once, however many calls there are.

No search looks at more than LOOKED_AT calls in one go. Where more would have to be looked at, it says so, and goes on
from there when it is asked for the next page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from callrouter.calllog.conditions import asked, in_period, same_call
from callrouter.calllog.cursor import Cursor
from callrouter.calllog.tables import CallerRow, CallRow
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight

COUNTED = 10_000
"""Up to here calls are counted."""

COUNTED_AT_A_GLANCE = 1_000
"""The same where ten counts stand on one page: at a million calls ten of the others took a second."""

LOOKS = (500, 1_500, 6_000, 12_000)
"""So many calls are looked at, one time after the other, until a page is full."""

LOOKED_AT = sum(LOOKS)


@dataclass(frozen=True, slots=True)
class Page:
    """Some calls, newest first: the columns of `call`, and the caller's numbers where they are kept.

    *newer*, *older*: where it goes on, None at the ends. With *older* and fewer calls than were asked for, the search
    has looked back to there, and no further.
    """

    calls: Sequence[Row[Any]]
    newer: Cursor | None
    older: Cursor | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many calls were found; not *is_exact*: there are more, or may be more."""

    found: int
    is_exact: bool

    def __str__(self) -> str:
        """Write `312`, or `10,000+`."""
        return f"{self.found:,}" + "+" * (not self.is_exact)


def page(
    connection: Connection,
    wanted: CallFilter,
    size: int = 50,
    cursor: Cursor | None = None,
    sight: Sight = EVERYTHING,
    looks: Sequence[int] = LOOKS,
) -> Page:
    """The newest *size* calls that are *wanted*, or those that follow *cursor* in its direction."""
    search = _Search(wanted, sight, is_newer=bool(cursor and cursor.is_newer))
    found: list[Row[Any]] = []
    place = cursor
    for look in (size + 1,) if search.is_plain else looks:
        found += connection.execute(search.calls(search.picked(place, look, size + 1 - len(found)))).all()
        if len(found) > size:
            place = Cursor(found[size - 1].received_at, found[size - 1].call_id, search.is_newer)
            break
        place = search.end_of_look(connection, place, look)
        if place is None:
            break
    back = Cursor(found[0].received_at, found[0].call_id, not search.is_newer) if cursor and found else None
    return Page(found[:size][::-1], place, back) if search.is_newer else Page(found[:size], back, place)


def count(connection: Connection, wanted: CallFilter, sight: Sight = EVERYTHING, most: int = COUNTED) -> Count:
    """How many calls are *wanted*: exactly up to *most*, as far as that takes no more than twice as many looks.

    What all calls of a month or a year come to is no search: the tally has it ready.
    """
    search = _Search(wanted, sight)
    look = most + 1 if search.is_plain else most * LOOKED_AT // COUNTED
    picked = search.picked(None, look, most + 1).subquery()
    number = connection.execute(select(func.count()).select_from(picked)).scalar_one()
    if number > most:
        return Count(most, is_exact=False)
    return Count(number, is_exact=search.end_of_look(connection, None, look) is None)


class _Search:
    """The statements of one search, in one direction."""

    def __init__(self, wanted: CallFilter, sight: Sight, *, is_newer: bool = False) -> None:
        self._lead, self._picks = asked(wanted, sight)
        self._period = tuple(in_period(wanted, self._lead.received_at))
        self.is_newer = is_newer
        self.is_plain = self._lead.is_once and not self._picks
        """Whether each call that the lead gives is wanted, and comes once."""

    def picked(self, place: Cursor | None, look: int, most: int) -> Select[date, str, datetime]:
        """Of the next *look* calls from *place* on the keys of those that are wanted: *most*, at most."""
        if self.is_plain:
            return self._seen(place, min(look, most))
        seen = self._seen(place, look).subquery("seen")
        keys = select(seen.c.day, seen.c.call_id, seen.c.received_at).distinct()
        if self._picks:
            keys = keys.join_from(seen, CallRow, same_call(seen.c, CallRow)).where(*self._picks)
        return keys.order_by(*self._order(seen.c)).limit(most)

    def calls(self, picked: Select[date, str, datetime]) -> Select[Any]:
        """Their rows, and the callers' numbers: looked up for these alone."""
        keys = picked.subquery("picked")
        columns = (CallRow.__table__, CallerRow.number, CallerRow.forwarded_from)
        calls = select(*columns).join_from(keys, CallRow, same_call(keys.c, CallRow))
        with_numbers = calls.join(CallerRow, same_call(CallerRow, keys.c), isouter=True)
        return with_numbers.order_by(*self._order(keys.c))

    def end_of_look(self, connection: Connection, place: Cursor | None, look: int) -> Cursor | None:
        """Where the search has come to after *look* calls from *place* on; None: there are no more.

        Asked where fewer were found than looked at: of a plain search, that has come to the end.
        """
        if self.is_plain:
            return None
        columns = (self._lead.received_at.label("received_at"), self._lead.call_id.label("call_id"))
        seen = self._seen(place, look).with_only_columns(*columns).subquery("seen")
        last = select(seen, func.count().over().label("seen")).order_by(*self._order(seen.c, is_reversed=True)).limit(1)
        row = connection.execute(last).one_or_none()
        return Cursor(row.received_at, row.call_id, self.is_newer) if row and row.seen == look else None

    def _seen(self, place: Cursor | None, look: int) -> Select[date, str, datetime]:
        """The next *look* calls that the lead gives."""
        ahead = self._lead.calls.where(*self._period, *self._beyond(place))
        return ahead.order_by(*self._order(self._lead)).limit(look)

    def _beyond(self, place: Cursor | None) -> Sequence[ColumnElement[bool]]:
        if place is None:
            return ()
        at, call_id = self._lead.received_at, self._lead.call_id
        if self.is_newer:
            return at >= place.received_at, or_(at > place.received_at, call_id > place.call_id)
        return at <= place.received_at, or_(at < place.received_at, call_id < place.call_id)

    def _order(self, calls: Any, *, is_reversed: bool = False) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        if self.is_newer is not is_reversed:
            return calls.received_at.asc(), calls.call_id.asc()
        return calls.received_at.desc(), calls.call_id.desc()

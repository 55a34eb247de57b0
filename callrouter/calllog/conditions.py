"""What a search asks of the calls. One condition leads: an index gives its calls, newest first; the others pick.

What usually holds of the fewest calls leads. So no engine is left to guess, and none sorts or reads a table for a page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from callrouter.calllog.tables import NOT_REAL, CallerRow, CallRow, FollowUpRow, LegRow
from callrouter.domain.call_filter import CallFilter, Sight, SoughtCaller
from callrouter.domain.words import DecidedBy, Disposition, Origin

Clause = ColumnElement[bool]

KEY = (CallRow.day, CallRow.call_id, CallRow.received_at)
"""What a call is found and ordered by."""

_USUAL = (DecidedBy.HOURS, DecidedBy.SEASON, DecidedBy.ALWAYS, Disposition.ANSWERED)
"""Words that hold of many calls: those of one unit are fewer."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A condition of which an index gives the *calls*, by the instant and the id that they are ordered by.

    Not *is_whole*: it gives others too, the clause is to be asked of each. Not *is_once*: it may give a call twice.
    """

    clause: Clause
    calls: Select[date, str, datetime]
    received_at: InstrumentedAttribute[Any] = CallRow.received_at
    call_id: InstrumentedAttribute[Any] = CallRow.call_id
    is_whole: bool = True
    is_once: bool = True


def asked(wanted: CallFilter, sight: Sight) -> tuple[Lead, list[Clause]]:
    """What leads, and what picks among its calls; all but the period."""
    bounds, asked_for = [*_bounds(wanted, sight)], [*_narrow(wanted), *_offered_to(wanted), *_wide(wanted)]
    with_index = [*asked_for, *bounds] if wanted.caller else [*bounds, *asked_for]
    first, *others = with_index or [_own(true())]
    own = [] if first.is_whole else [first.clause]
    return first, [*own, *(other.clause for other in others), *_without_index(wanted, sight)]


def is_wanted(wanted: CallFilter, sight: Sight) -> Clause:
    """All that is asked, of a row of `call`: for whoever reads the calls in another order."""
    first, picks = asked(wanted, sight)
    return and_(*in_period(wanted, CallRow.received_at), first.clause, *picks)


def in_period(wanted: CallFilter, received_at: InstrumentedAttribute[Any]) -> Iterator[Clause]:
    """What the period asks."""
    if wanted.since is not None:
        yield received_at >= wanted.since
    if wanted.until is not None:
        yield received_at < wanted.until


def same_call(table: Any, call: Any) -> Clause:
    """Whether a row of *table* is of the *call*."""
    return and_(table.day == call.day, table.call_id == call.call_id)


def _narrow(wanted: CallFilter) -> Iterator[Lead]:
    """What holds of few calls."""
    if wanted.has_follow_up:
        yield _followed_up()
    if wanted.caller:
        yield _by(wanted.caller)
    if wanted.category is not None:
        yield _equal("category", wanted.category)
    if wanted.is_reviewed:
        yield _own(CallRow.reviewed_at.is_not(None))
    if wanted.origin not in (None, Origin.REAL):
        yield _equal("origin", wanted.origin, literal_column(NOT_REAL))
    if _has_both(wanted):
        yield _of_unit_and_disposition(wanted)
    yield from (_equal(column, word) for column, word in _words(wanted) if word not in _USUAL)


def _has_both(wanted: CallFilter) -> bool:
    """Whether an outcome is asked of one unit: that has an index of its own, for it is what a unit looks at."""
    return wanted.unit is not None and wanted.disposition is not None


def _bounds(wanted: CallFilter, sight: Sight) -> Iterator[Lead]:
    """What somebody may see at all. It leads: how far a search has looked, and where to, would tell of other calls.

    But where one caller's are asked for: they are few, and looked at to the end.
    """
    if sight.company is not None:
        yield _offered({"company": sight.company})
    if sight.unit is not None:
        is_asked = _has_both(wanted) and wanted.unit == sight.unit
        yield _of_unit_and_disposition(wanted) if is_asked else _equal("unit", sight.unit)


def _offered_to(wanted: CallFilter) -> Iterator[Lead]:
    """Whose phones were rung."""
    if wanted.offered_to:
        yield _offered(wanted.offered_to, answered=wanted.answered)


def _wide(wanted: CallFilter) -> Iterator[Lead]:
    """What holds of many calls."""
    if wanted.unit is not None and not _has_both(wanted):
        yield _equal("unit", wanted.unit)
    yield from (_equal(column, word) for column, word in _words(wanted) if word in _USUAL)
    if wanted.is_reviewed is False:
        yield _own(CallRow.reviewed_at.is_(None))


def _without_index(wanted: CallFilter, sight: Sight) -> Iterator[Clause]:
    """What holds of so many calls that an index would be no help."""
    if sight.without_units:
        yield or_(CallRow.unit.is_(None), CallRow.unit.not_in(sorted(sight.without_units)))
    if wanted.state is not None:
        yield CallRow.state == wanted.state
    if wanted.origin is Origin.REAL:
        yield CallRow.origin == wanted.origin


def _of_unit_and_disposition(wanted: CallFilter) -> Lead:
    return _own(and_(CallRow.unit == wanted.unit, CallRow.disposition == wanted.disposition))


def _words(wanted: CallFilter) -> Iterator[tuple[str, str]]:
    if wanted.decided_by is not None:
        yield "decided_by", wanted.decided_by
    if wanted.disposition is not None and not _has_both(wanted):
        yield "disposition", wanted.disposition


def _equal(column: str, value: str, *in_index: Clause) -> Lead:
    """A column of the call that has an index; *in_index*: of which rows."""
    return _own(getattr(CallRow, column) == value, *in_index)


def _own(clause: Clause, *in_index: Clause) -> Lead:
    """What an index of `call` knows."""
    return Lead(clause, select(*KEY).where(clause, *in_index))


def _by(caller: SoughtCaller) -> Lead:
    """One caller's calls. They are few, so they may be sorted."""
    of_key = and_(CallerRow.key == caller.key, CallerRow.key_id == caller.key_id)
    theirs = or_(of_key, CallerRow.number == caller.number.e164) if caller.number else of_key
    own = same_call(CallerRow, CallRow)
    there = exists().where(own, theirs).correlate(CallRow)  # an export joins the callers itself
    return Lead(there, select(*KEY).join_from(CallerRow, CallRow, own).where(theirs))


def _followed_up() -> Lead:
    """The calls with an open follow-up. They are few, so they may be sorted."""
    is_open = FollowUpRow.done_at.is_(None)
    once = select(FollowUpRow.day, FollowUpRow.call_id).where(is_open).distinct().subquery("followed_up")
    calls = select(*KEY).join_from(once, CallRow, same_call(once.c, CallRow))
    return Lead(exists().where(same_call(FollowUpRow, CallRow), is_open), calls)


def _offered(to: Mapping[str, str], *, answered: bool = False) -> Lead:
    """Calls of which a phone of *to* was rung, or took the call: a call comes once for each such phone."""
    by, name = next(iter(to.items()))
    legs = select(LegRow.day, LegRow.call_id, LegRow.received_at).where(getattr(LegRow, by) == name)
    is_whole = len(to) == 1 and not answered
    clause = _took(to) if answered else _rang(to)
    return Lead(clause, legs, LegRow.received_at, LegRow.call_id, is_whole=is_whole, is_once=False)


def _rang(to: Mapping[str, str]) -> Clause:
    """The names are hidden from their indexes: those have all legs of a company, the key those of the call."""
    leg = aliased(LegRow)
    return exists().where(same_call(leg, CallRow), *(func.coalesce(getattr(leg, by), "") == to[by] for by in to))


def _took(to: Mapping[str, str]) -> Clause:
    return and_(*(getattr(CallRow, f"answered_{by}") == name for by, name in to.items()))

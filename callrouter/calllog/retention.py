"""Retention: what is older than decided goes, class by class, in portions so small that no call waits for them.

Each portion is a transaction of its own and is told in the protocol by the same. So a run can be stopped, killed and
repeated at any time: the next one goes on where it ended.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import Connection

from callrouter import clock
from callrouter.calllog import destroying, overdue
from callrouter.calllog.copies import Account, Copies
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import BROKEN_OFF, Order, Protocol
from callrouter.calllog.erasure import finish_erasures, tell_unfinished
from callrouter.calllog.holds import held_among
from callrouter.calllog.overdue import Find, Old, Overdue, Units
from callrouter.calllog.projection import lock
from callrouter.domain.retention import Due
from callrouter.domain.words import Retained

PROVIDER_RECORDS = "provider-records"
"""What the protocol calls the provider's records of calls: they go by the rule for numbers, which stand in them."""

_REST = 4
"""Times as long as a portion took: four fifths of the time are the calls'."""

_SHORTEST_REST_SECONDS = 0.01
Tell = Callable[[int, int], None]
"""Told how many kinds of things are looked at, of how many."""

OnGone = Callable[[int], None]
"""Told how much has gone just now."""


@dataclass(frozen=True, slots=True)
class Step:
    """How one kind of thing goes: found, deleted at the provider if it is there too, then here, a portion at once."""

    what: str
    find: Find
    destroy: Callable[[Connection, Sequence[Old], datetime], Units]
    portion: int
    at_provider: Callable[[Copies, Old], bool] | None = None

    def overdue(self, order: Order) -> Overdue:
        """What the order is about."""
        return self.find(order.before).of(order.unit)


STEPS: Mapping[Retained, tuple[Step, ...]] = {
    Retained.NUMBERS: (
        Step(Retained.NUMBERS, overdue.numbers, destroying.empty_numbers, 25),
        Step(PROVIDER_RECORDS, overdue.provider_records, destroying.note_forgotten, 20, Copies.record_is_gone),
    ),
    Retained.NOTES: (
        Step(Retained.NOTES, overdue.notes, destroying.delete_notes, 50),
        Step("follow-ups", overdue.follow_ups, destroying.delete_follow_ups, 50),
    ),
    Retained.RECORDINGS: (
        Step(Retained.RECORDINGS, overdue.recordings, destroying.note_deleted_recordings, 20, Copies.recording_is_gone),
    ),
    Retained.EVENTS: (Step(Retained.EVENTS, overdue.events, destroying.delete_events, 5, Copies.legs_are_gone),),
    Retained.CALLS: (
        Step(Retained.CALLS, overdue.calls, destroying.delete_calls, 5, Copies.all_is_gone),
        Step("strays", overdue.stray_events, destroying.delete_strays, 20),
        Step("strays", overdue.stray_callers, destroying.delete_strays, 20),
    ),
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a run would destroy of one kind and unit, and how much of it legal holds keep."""

    order: Order
    unit: str | None
    count: int
    held: int


def foresee(database: Database, dues: Iterable[Due], tell: Tell = lambda _done, _total: None) -> list[Foreseen]:
    """What a run would do now, kind by kind and unit by unit. It may take minutes."""
    found, orders = [], list(_orders(dues))
    for done, (order, step) in enumerate(orders):
        tell(done, len(orders))
        with database.reading_at_length() as connection:
            old = step.overdue(order)
            count, held = old.count(connection), old.count(connection, held=True)
        found += [Foreseen(order, unit, count[unit], held[unit]) for unit in sorted(count | held, key=str)]
    return found


@dataclass(slots=True)
class Run:
    """One run, by *by* at *at*. *stop* ends it after the portion under way, or after *seconds*."""

    database: Database
    account: Account | None
    by: str
    at: datetime
    stop: Event
    seconds: float = float("inf")
    on_gone: OnGone = lambda _count: None

    def destroy(self, dues: Iterable[Due]) -> Protocol:
        """Destroy what is due; returns what went. What could not go yet stands in the protocol as outstanding.

        Raises:
            SQLAlchemyError: the database does not take it now; what went before that is told in the protocol.
        """
        protocol, copies = Protocol(self.by, self.at), Copies(self.database, self.account)
        until = clock.monotonic() + self.seconds
        erased = finish_erasures(self.database, copies, self.at, lambda: self._is_over(until))
        tell_unfinished(self.database, erased, protocol, copies.trouble or BROKEN_OFF)
        for order, step in _orders(dues):
            self._go_through(order, step, protocol, copies, until)
            self._finish(order, step, protocol, copies)
        protocol.trouble = copies.trouble
        if protocol.destroyed:
            self.database.cut_log()
        return protocol

    def _is_over(self, until: float) -> bool:
        return self.stop.is_set() or clock.monotonic() >= until

    def _go_through(self, order: Order, step: Step, protocol: Protocol, copies: Copies, until: float) -> None:
        last: Old | None = None
        while not self._is_over(until):
            with self.database.reading() as connection:
                some = step.overdue(order).next(connection, last, step.portion)
            if not some:
                return
            gone = [old for old in some if step.at_provider is None or step.at_provider(copies, old)]
            took = self._destroy_some(order, step, gone, protocol) if gone else 0.0
            last = some[-1]
            if not gone and copies.has_given_up:
                if not copies.go_on_elsewhere():
                    return
                last = _anywhere(some[0], order)
            self.stop.wait(max(_SHORTEST_REST_SECONDS, _REST * took))

    def _destroy_some(self, order: Order, step: Step, some: Sequence[Old], protocol: Protocol) -> float:
        """Destroy what nobody holds, now that it is locked; returns the seconds that it took."""
        with self.database.writing() as connection:
            began = clock.monotonic()
            lock(connection, [(old.day, old.call_id) for old in some])
            held = held_among(connection, {old.call_id for old in some})
            counts = step.destroy(connection, [old for old in some if old.call_id not in held], self.at)
            protocol.add(connection, order, counts)
        self.on_gone(counts.total())
        return clock.monotonic() - began

    def _finish(self, order: Order, step: Step, protocol: Protocol, copies: Copies) -> None:
        """What is still there is outstanding, whatever the reason."""
        with self.database.reading_at_length() as connection:
            old = step.overdue(order)
            held, left = old.count(connection, held=True), old.count(connection)
        with self.database.writing() as connection:
            protocol.finish(connection, order, held, left, copies.trouble or BROKEN_OFF)


def _anywhere(first: Old, order: Order) -> Old:
    """A place among all that the order is about, of which *first* is the first."""
    days = max((order.before.date() - first.day).days, 1)
    return replace(first, day=first.day + timedelta(secrets.randbelow(days)), call_id=f"CA{secrets.token_hex(16)}")


def _orders(dues: Iterable[Due]) -> Iterator[tuple[Order, Step]]:
    known = list(dues)
    for what, steps in STEPS.items():
        for due in (due for due in known if due.what is what):
            for step in steps:
                yield Order(step.what, due.before, due.decision, due.decided_on, due.unit), step

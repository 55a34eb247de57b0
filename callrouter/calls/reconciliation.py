"""Reconciliation: the provider's list of calls and ours must agree, leg by leg and message by message.

It only ever adds events, named by what they say: run twice, by two at once, or cut off and run again, it comes to the
same.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from threading import Event

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.heard import Heard, Limits, calls_within, heard_of
from callrouter.calllog.projection import project
from callrouter.calllog.writes import write_entries
from callrouter.calls.comparison import Finding, ListedCall, compare, is_known
from callrouter.calls.service import kept
from callrouter.domain.call import Caller
from callrouter.domain.ending import LONGEST_CALL
from callrouter.domain.listed import Arrival
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import ask_menu
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.words import Discrepancy, Origin
from callrouter.sealing import Pseudonymizer
from callrouter.telephony.provider import CallList, Direction, FinishedCall, StoredRecording

SETTLING = timedelta(minutes=10)
"""What ended more lately is left alone: callbacks about it may still be on their way."""

_CLOCKS_DIFFER = timedelta(minutes=1)
_AT_ONCE = 100
_DAY = timedelta(days=1)

OnDay = Callable[[int, int], None]
"""Told how many days are done, of how many."""


@dataclass(slots=True)
class Reconciled:
    """What came of a run. *calls*, *legs* and *messages*: how many were held against the log.

    *others*: calls that are none of ours. *until*: the day that was not reached; None: all were.
    """

    findings: list[Finding] = field(default_factory=list)
    calls: int = 0
    legs: int = 0
    messages: int = 0
    others: int = 0
    until: date | None = None

    @property
    def left(self) -> list[Finding]:
        """What nothing was added for: somebody must look."""
        return [each for each in self.findings if not each.is_mended]

    @property
    def mended(self) -> list[Finding]:
        """What was put right or, on a dry run, would be."""
        return [each for each in self.findings if each.is_mended]


@dataclass(slots=True)
class Reconciliation:
    """One run over whole UTC days, at *at* (aware). *stop* ends it after the calls under way."""

    database: Database
    provider: CallList
    schedule: Schedule
    callers: Pseudonymizer
    at: datetime
    stop: Event = field(default_factory=Event)
    origin: Origin = Origin.REAL
    is_dry: bool = False
    _result: Reconciled = field(default_factory=Reconciled, init=False)

    def run(self, first: date, last: date, on_day: OnDay = lambda _done, _of: None) -> Reconciled:
        """Reconcile the calls that began on the days from *first* to *last*, day by day.

        Raises:
            ProviderUnavailableError: the list is not to be had now; what was done stays.
            ProviderRefusedError: the provider will not give it.
            SQLAlchemyError: the database does not take it now.
        """
        days = [first + number * _DAY for number in range((last - first).days + 1)]
        for done, day in enumerate(days):
            on_day(done, len(days))
            if not self._reconcile(day):
                self._result.until = day
                return self._result
        on_day(len(days), len(days))
        return self._result

    def _reconcile(self, day: date) -> bool:
        """One day; whether all of it was done."""
        start = datetime.combine(day, time(), UTC)
        with self.database.reading() as connection:
            limits = Limits.of(connection)
        listed: dict[str, ListedCall] = {}
        for each in self.provider.finished_calls(Span(start, start + _DAY)):
            if self.stop.is_set():
                return False
            self._sort(each, listed, limits)
        for recording in self.provider.recordings(Span(start, start + _DAY)):
            if self.stop.is_set():
                return False
            self._file(recording, listed, limits)
        waiting = list(listed.values())
        for some in (waiting[at : at + _AT_ONCE] for at in range(0, len(waiting), _AT_ONCE)):
            if self.stop.is_set():
                return False
            self._hold_against(some, limits)
        if not limits.keep_out(start):
            self._find_unlisted(start, {each.call_id for each in waiting if each.call})
        return True

    def _sort(self, each: FinishedCall, listed: dict[str, ListedCall], limits: Limits) -> None:
        """Put it with the call that it is of. What we made ourselves is no business of the log."""
        call_id = each.parent_id if each.direction is Direction.LEG else each.call_id
        is_settled = each.ended_at is None or each.ended_at <= self.at - SETTLING
        if call_id is None or each.direction is Direction.OUTBOUND or not is_settled:
            return
        if limits.keep_out(each.started_at):
            return
        of_call = listed.setdefault(call_id, ListedCall(call_id))
        if each.direction is Direction.LEG:
            of_call.legs.append(each)
        else:
            of_call.call = each

    def _file(self, each: StoredRecording, listed: dict[str, ListedCall], limits: Limits) -> None:
        """Put a message with the call that it was left in. What else is recorded is none of ours."""
        is_settled = each.began_at + timedelta(seconds=each.seconds) <= self.at - SETTLING
        if each.is_message and is_settled and not limits.keep_out(each.began_at):
            listed.setdefault(each.call_id, ListedCall(each.call_id)).messages.append(each)

    def _hold_against(self, some: Sequence[ListedCall], limits: Limits) -> None:
        keys = [(each.started_at.astimezone(UTC).date(), each.call_id) for each in some]
        with self.database.reading() as connection:
            heard = heard_of(connection, keys)
        entries = [entry for each in some for entry in self._entry(each, heard, limits)]
        if entries and not self.is_dry:
            write_entries(self.database, self.callers, entries)
            project(self.database, {(event.day, event.call_id) for entry in entries for event in entry.events})

    def _entry(self, listed: ListedCall, heard: Mapping[str, Heard], limits: Limits) -> Iterator[Entry]:
        """What is to be added of one call, if anything."""
        known, call = heard.get(listed.call_id), listed.call
        unit = self.schedule.unit_by_number(call.to) if call else None
        if (known is None and unit is None) or (known and not known.events):
            self._result.others += known is None
            return
        self._result.calls += call is not None
        self._result.legs += len(listed.legs)
        self._result.messages += len(listed.messages)
        told = known.events if known else ()
        caller = self._caller(call, unit, limits) if call else Caller()
        day = known.day if known else listed.started_at.astimezone(UTC).date()
        compared = compare(listed, day, told, self._arrival(listed, unit, caller), self.schedule)
        self._result.findings += compared.findings
        if compared.events:
            is_new = not is_known(told) and not (known and known.has_caller)
            who = caller if is_new else Caller()
            yield Entry(tuple(compared.events), who.number, who.key)

    def _arrival(self, listed: ListedCall, unit: Unit | None, caller: Caller) -> Arrival:
        local = listed.started_at.astimezone(self.schedule.zone).isoformat()
        return Arrival(unit.name if unit else None, caller, self.origin, local)

    def _caller(self, call: FinishedCall, unit: Unit | None, limits: Limits) -> Caller:
        """Who called, as far as it may be kept."""
        caller = Caller(PhoneNumber.parse(call.from_), is_withheld=not call.from_)
        if limits.may_be_erased(call.started_at) or _leads_to_discretion(self.schedule, unit):
            return Caller(is_withheld=caller.is_withheld)
        return kept(lambda number: self.callers.key(number.e164), unit, caller)

    def _find_unlisted(self, day: datetime, listed: Collection[str]) -> None:
        """Calls that we answered and the provider does not have. Those at midnight may stand on the day beside.

        What began longer ago than the longest call, and is not on the list, is not on its way there.
        """
        end = min(day + _DAY, self.at - LONGEST_CALL)
        with self.database.reading() as connection:
            ours = calls_within(connection, Span(day + _CLOCKS_DIFFER, end - _CLOCKS_DIFFER), self.origin)
        self._result.findings += (
            Finding(Discrepancy.NOT_LISTED, call_id, at) for call_id, at in ours if call_id not in listed
        )


def _leads_to_discretion(schedule: Schedule, unit: Unit | None) -> bool:
    """Whether a key of the unit's menu leads where numbers may not be kept: nobody knows which one was pressed."""
    return bool(unit and unit.menu and not ask_menu(schedule, unit.menu).keeps_caller)

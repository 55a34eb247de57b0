"""The contract ledger: what became of each call that a company was offered, and what a month of them amounts to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from callrouter.domain.leg import LegRecord
from callrouter.domain.measures import Level, Share, Times
from callrouter.domain.period import Period
from callrouter.domain.record import CallRecord
from callrouter.domain.schedule import Destination, Schedule, ServiceTarget
from callrouter.domain.tally import seconds_taken
from callrouter.domain.words import Outcome

OUTCOMES = (
    Outcome.ANSWERED,
    Outcome.DROPPED,
    Outcome.DECLINED,
    Outcome.SCREENED_OUT,
    Outcome.NO_ANSWER,
    Outcome.BUSY,
    Outcome.FAILED,
    Outcome.CANCELLED,
)
"""Of a company's phones in one call the one that came furthest stands for all; cancelled: the caller went first."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A party of the contract says that a call should not count as it does; *settled_at* is None while it is open.

    One that ended without a *result* was withdrawn.
    """

    id: int
    company: str
    reason: str
    who: str
    at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    result: str | None = None

    @property
    def state(self) -> str:
        """`open`, `settled` or `withdrawn`."""
        if self.settled_at is None:
            return "open"
        return "withdrawn" if self.result is None else "settled"


@dataclass(frozen=True, slots=True)
class Line:
    """One call at a company: a line of its statement.

    *local_time* (aware) is the arrival. *outcome*: None where nobody ever told. *seconds*: from the first ring at the
    company until the caller was put through; None unless answered. *promise*: what the contract promised then.
    """

    day: date
    call_id: str
    local_time: datetime
    unit: str | None
    outcome: Outcome | None
    seconds: int | None
    talked_seconds: int
    promise: ServiceTarget | None
    disputes: tuple[Dispute, ...] = ()

    @property
    def is_within(self) -> bool | None:
        """Whether it was answered as fast as promised; None where nothing was."""
        if self.promise is None:
            return None
        return self.seconds is not None and self.seconds <= self.promise.seconds

    @property
    def started_minutes(self) -> int:
        """Of the talk, each begun minute whole."""
        return -(-self.talked_seconds // 60)


@dataclass(frozen=True, slots=True)
class Statement:
    """All calls that *company* was offered in *period* (local dates of arrival), the oldest first, and their sums.

    A dispute changes no sum. *schedule_version*: the schedule whose contracts say what was promised.
    """

    company: str
    period: Period
    origin: str
    schedule_version: str | None
    lines: Sequence[Line]

    @property
    def offered(self) -> int:
        """How many calls."""
        return len(self.lines)

    @property
    def outcomes(self) -> Counter[Outcome | None]:
        """How many calls ended how; together all of them."""
        return Counter(line.outcome for line in self.lines)

    @property
    def answer_rate(self) -> Share:
        """Answered of offered."""
        return Share(self.outcomes[Outcome.ANSWERED], self.offered)

    @property
    def taken(self) -> Times:
        """From the first ring at the company until answered."""
        return Times(Counter(line.seconds for line in self.lines if line.seconds is not None))

    @property
    def levels(self) -> list[Level]:
        """Each promise, and of the calls offered under it the share that was answered in time."""
        promised: dict[ServiceTarget | None, list[Line]] = {}
        for line in self.lines:
            promised.setdefault(line.promise, []).append(line)
        return [Level(promise, _within(lines)) for promise, lines in promised.items() if promise]

    @property
    def talked_seconds(self) -> int:
        """Of all answered calls."""
        return sum(line.talked_seconds for line in self.lines)

    @property
    def started_minutes(self) -> int:
        """The same in minutes, each begun one whole, call by call."""
        return sum(line.started_minutes for line in self.lines)

    @property
    def disputed(self) -> list[Line]:
        """The calls that are or were disputed."""
        return [line for line in self.lines if line.disputes]


def line_of(record: CallRecord, company: str, schedule: Schedule | None, disputes: Iterable[Dispute] = ()) -> Line:
    """What *record* is to *company*, which it was offered."""
    legs = [leg for leg in record.legs if leg.company == company]
    is_answered = record.answered_by is not None and record.answered_by.company == company
    return Line(
        day=record.day,
        call_id=record.call_id,
        local_time=local_arrival(record),
        unit=record.unit,
        outcome=Outcome.ANSWERED if is_answered else _furthest(legs),
        seconds=seconds_taken(record, legs) if is_answered else None,
        talked_seconds=(record.talked_seconds or 0) if is_answered else 0,
        promise=_promise(schedule, company, legs[0]) if schedule else None,
        disputes=tuple(disputes),
    )


def local_arrival(record: CallRecord) -> datetime:
    """When the call arrived, by the clocks of its schedule; UTC where nothing was decided."""
    return datetime.fromisoformat(record.local_time) if record.local_time else record.received_at.astimezone(UTC)


def _furthest(legs: Sequence[LegRecord]) -> Outcome | None:
    told = {leg.outcome for leg in legs}
    return next((outcome for outcome in OUTCOMES[1:] if outcome in told), None)


def _promise(schedule: Schedule, company: str, first: LegRecord) -> ServiceTarget | None:
    """What the contract in force at the first ring promised."""
    destination = schedule.destinations.get(first.destination, Destination(first.destination))
    contracts = (each for each in destination.contracts if each.span.covers(first.started_at))
    return next((each.answer_within for each in contracts if each.company == company), None)


def _within(lines: Sequence[Line]) -> Share:
    return Share(sum(bool(line.is_within) for line in lines), len(lines))

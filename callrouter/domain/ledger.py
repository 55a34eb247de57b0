"""The contract ledger: what became of each call that a company was offered, and what a month of them amounts to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

from callrouter.domain.destination import Contract, ServiceTarget
from callrouter.domain.leg import Rung
from callrouter.domain.measures import Level, Share, Times
from callrouter.domain.period import Period
from callrouter.domain.record import CallRecord
from callrouter.domain.schedule import Schedule
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


def local_arrival(received_at: datetime, local_time: str | None) -> str:
    """When a call arrived, by the clocks of its schedule, as ISO 8601; UTC where nothing was decided."""
    return local_time or received_at.astimezone(UTC).isoformat()


class Offer(NamedTuple):
    """A call that a company was offered, as far as its line tells of it; *legs* are the company's own phones.

    *arrived*: as `local_arrival` says.
    """

    day: date
    call_id: str
    unit: str | None
    received_at: datetime
    arrived: str
    is_answered: bool
    seconds_to_answer: int | None
    talked_seconds: int | None
    legs: Sequence[Rung]

    @classmethod
    def of(cls, record: CallRecord, company: str) -> "Offer":
        """What *record* is to *company*."""
        return cls(
            record.day,
            record.call_id,
            record.unit,
            record.received_at,
            local_arrival(record.received_at, record.local_time),
            record.answered_by is not None and record.answered_by.company == company,
            record.seconds_to_answer,
            record.talked_seconds,
            [leg for leg in record.legs if leg.company == company],
        )


class Line(NamedTuple):
    """One call at a company: a line of its statement.

    *arrived*: as `local_arrival` says; a file has thousands, and no use for more. *outcome*: None where nobody
    ever told. *seconds*: from the first ring at the company until the caller was put through; None unless answered.
    *promise*: what the contract promised then.
    """

    day: date
    call_id: str
    arrived: str
    unit: str | None
    outcome: Outcome | None
    seconds: int | None
    talked_seconds: int
    promise: ServiceTarget | None
    disputes: tuple[Dispute, ...] = ()

    @property
    def local_time(self) -> datetime:
        """The arrival (aware)."""
        return datetime.fromisoformat(self.arrived)

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


@dataclass(frozen=True)
class Statement:
    """All calls that *company* was offered in *period* (local dates of arrival), the oldest first, and their sums.

    A dispute changes no sum. *schedule_version*: the schedule whose contracts say what was promised; *promises*: all
    that they promised in the period, called for or not. *gone_before*: calls of earlier dates of the period have been
    destroyed, and are not in it. *without_events*: the calls, by day and id, of which the events alone have
    been: nobody can compute their lines again. Thousands of lines are added up once, so it has no slots.
    """

    company: str
    period: Period
    origin: str
    schedule_version: str | None
    lines: Sequence[Line]
    promises: Sequence[ServiceTarget] = ()
    gone_before: date | None = None
    without_events: frozenset[tuple[date, str]] = frozenset()

    @property
    def offered(self) -> int:
        """How many calls."""
        return len(self.lines)

    @cached_property
    def outcomes(self) -> Counter[Outcome | None]:
        """How many calls ended how; together all of them."""
        return Counter(line.outcome for line in self.lines)

    @property
    def answer_rate(self) -> Share:
        """Answered of offered."""
        return Share(self.outcomes[Outcome.ANSWERED], self.offered)

    @cached_property
    def taken(self) -> Times:
        """From the first ring at the company until answered."""
        return Times(Counter(line.seconds for line in self.lines if line.seconds is not None))

    @cached_property
    def levels(self) -> list[Level]:
        """Each promise, and of the calls offered under it the share that was answered in time."""
        promised: dict[ServiceTarget | None, list[Line]] = {promise: [] for promise in self.promises}
        for line in self.lines:
            promised.setdefault(line.promise, []).append(line)
        return [Level(promise, _within(lines)) for promise, lines in promised.items() if promise]

    @cached_property
    def talked_seconds(self) -> int:
        """Of all answered calls."""
        return sum(line.talked_seconds for line in self.lines)

    @cached_property
    def started_minutes(self) -> int:
        """The same in minutes, each begun one whole, call by call."""
        return sum(line.started_minutes for line in self.lines)

    def has_events(self, line: Line) -> bool:
        """Whether the *line* can be computed again, from the events of its call."""
        return (line.day, line.call_id) not in self.without_events

    @cached_property
    def disputed(self) -> list[Line]:
        """The calls that are or were disputed."""
        return [line for line in self.lines if line.disputes]


Contracts = Mapping[str, Sequence[Contract]]
"""Those of one company, by their destination."""


def contracts_of(schedule: Schedule | None, company: str) -> Contracts:
    """The contracts of *company*; none without a schedule."""
    every = schedule.destinations.values() if schedule else ()
    return {each.name: [one for one in each.contracts if one.company == company] for each in every}


def line_of(offer: Offer, contracts: Contracts, disputes: Iterable[Dispute] = ()) -> Line:
    """What the *offer* is to the company with the *contracts*, which it was made to."""
    day, call_id, unit, received_at, arrived, is_answered, seconds_to_answer, talked_seconds, legs = offer
    promise, said = _promise(contracts, legs[0]), tuple(disputes)
    if not is_answered:
        return Line(day, call_id, arrived, unit, _furthest(legs), None, 0, promise, said)
    seconds = seconds_taken(received_at, seconds_to_answer, legs)
    return Line(day, call_id, arrived, unit, Outcome.ANSWERED, seconds, talked_seconds or 0, promise, said)


def promises(schedule: Schedule, company: str, period: Period) -> list[ServiceTarget]:
    """What contracts of *company* that were in force at any time of the *period* promised, each once."""
    asked = period.span(schedule.zone)
    own = (each for some in contracts_of(schedule, company).values() for each in some)
    then = (each for each in own if asked.covers(each.span.start) or each.span.covers(asked.start))
    return list(dict.fromkeys(each.answer_within for each in then if each.answer_within))


def _furthest(legs: Sequence[Rung]) -> Outcome | None:
    told = {leg.outcome for leg in legs}
    return next((outcome for outcome in OUTCOMES[1:] if outcome in told), None)


def _promise(contracts: Contracts, first: Rung) -> ServiceTarget | None:
    """What the contract in force at the first ring promised."""
    for each in contracts.get(first.destination, ()):
        if each.span.covers(first.started_at):
            return each.answer_within
    return None


def _within(lines: Sequence[Line]) -> Share:
    return Share(sum(bool(line.is_within) for line in lines), len(lines))

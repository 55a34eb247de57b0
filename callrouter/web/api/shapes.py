"""What is answered: the shape of every answer. What stands in none of them never leaves, whatever the log learns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct, field

Masked = Annotated[str, Meta(description="A number with its middle hidden.", examples=["+467******50"])]
Word = Annotated[str, Meta(description="A word of the glossary.")]


_OLDER = "`cursor` of the next page; null at the end. With fewer calls than were asked for: look on there."
_DISPOSITION = (
    "A word of the glossary. `in-progress`: nobody has told of an end; "
    "of a call that came four hours ago or earlier it was lost, and the call is not in progress."
)


class Shape(Struct, frozen=True, kw_only=True):
    """An answer, or a part of one."""


class AnsweredBy(Shape, frozen=True, kw_only=True):
    """Who took the call; a front desk has neither company nor person."""

    destination: str
    company: str | None
    person: str | None


class Leg(Shape, frozen=True, kw_only=True):
    """A phone that was rung."""

    to: Masked | None
    destination: str | None
    company: str | None
    person: str | None
    outcome: Word | None
    rang_seconds: int | None
    talked_seconds: int | None
    from_provider: Annotated[bool, Meta(description="Its end is known from the provider's list alone.")]


class Call(Shape, frozen=True, kw_only=True):
    """One call."""

    day: date
    call_id: str
    unit: str | None
    to: Masked | None
    caller: Annotated[str, Meta(description="The caller's number, masked; null where it is not kept.")] | None = field(
        name="from"
    )
    received_at: datetime
    state: Word | None
    decided_by: Word | None
    reason: str | None
    line: int | None
    schedule_version: str | None
    redial: bool | None
    disposition: Annotated[Word, Meta(description=_DISPOSITION)]
    answered_by: AnsweredBy | None
    seconds_to_answer: int | None
    talked_seconds: int | None
    origin: Word
    legs: Sequence[Leg]
    reviewed_at: datetime | None
    category: str | None


class Calls(Shape, frozen=True, kw_only=True):
    """Some calls, newest first."""

    calls: Sequence[Call]
    older: Annotated[str, Meta(description=_OLDER)] | None
    newer: Annotated[str, Meta(description="`cursor` of the page before; null at the beginning.")] | None


class Phone(Shape, frozen=True, kw_only=True):
    """A phone that the provider was told to ring."""

    to: Masked | None
    person: str | None = None


class Step(Shape, frozen=True, kw_only=True):
    """One thing that happened in a call; what its kind has nothing to say of is null."""

    at: datetime
    kind: Word
    attempt: str | None = None
    destination: str | None = None
    company: str | None = None
    phones: Sequence[Phone] | None = None
    to: Masked | None = None
    status: Word | None = None
    outcome: Word | None = None
    seconds: int | None = None
    key: str | None = None


class CallStory(Call, frozen=True, kw_only=True):
    """One call, with all that happened in it."""

    timeline: Sequence[Step]


class Window(Shape, frozen=True, kw_only=True):
    """Open from *start* until *end*."""

    start: datetime
    end: datetime | None
    reasons: Sequence[str]


class Deviation(Shape, frozen=True, kw_only=True):
    """A date with other hours than the week has."""

    date: date
    hours: Sequence[str]
    usual: Sequence[str]
    decided_by: Word
    reason: str


class Place(Shape, frozen=True, kw_only=True):
    """A place in line; no number: nobody is on call, and it is skipped."""

    number: Masked | None
    person: str | None
    rota: str | None = None
    on_call_until: datetime | None = None


class Stop(Shape, frozen=True, kw_only=True):
    """A destination that the call comes to."""

    destination: str
    company: str | None
    together: bool
    seconds: int
    rounds: int
    accept_key: bool
    rings: Sequence[Place]


class Explained(Shape, frozen=True, kw_only=True):
    """What is decided about a call that arrives at an instant, and who rings as long as nobody answers."""

    at: datetime
    local_time: str
    state: Word
    decided_by: Word
    reason: str
    line: int | None
    destination: str
    route: Sequence[Stop]
    rings_for_seconds: int
    takes_message: bool
    next_change: datetime | None


class UnitHours(Shape, frozen=True, kw_only=True):
    """A unit's hours in the period, and what is decided at the instant that was asked for."""

    unit: str
    name: str
    numbers: Annotated[Sequence[str], Meta(description="The unit's own numbers: those that people call.")]
    windows: Sequence[Window]
    deviations: Sequence[Deviation]
    explained: Explained | None = None


class Schedule(Shape, frozen=True, kw_only=True):
    """The schedule in force: hours from a date through another."""

    schedule_version: str
    timezone: str
    loaded_at: datetime | None
    errors: Annotated[int, Meta(description="Of a newer file that is not in force because of them.")]
    first: date = field(name="from")
    last: date = field(name="to")
    units: Sequence[UnitHours]


class Override(Shape, frozen=True, kw_only=True):
    """What somebody decided by hand."""

    state: Word | None
    destination: str | None
    start: datetime
    end: datetime | None
    who: str
    why: str


class UnitStatus(Shape, frozen=True, kw_only=True):
    """How a unit stands now."""

    unit: str
    name: str
    state: Word
    decided_by: Word
    reason: str
    until: Annotated[datetime, Meta(description="When the state changes; null: never.")] | None
    overrides: Sequence[Override]


class Status(Shape, frozen=True, kw_only=True):
    """How everything stands now."""

    at: datetime
    timezone: str
    units: Sequence[UnitStatus]
    calls_in_progress: Sequence[Call]
    well: Annotated[Mapping[str, bool], Meta(description="The parts of the service: whether each is as it should be.")]

"""Who is on call at an instant: rotas, shifts, hand-offs and swaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span, require_aware
from callrouter.domain.wallclock import instant_of, wall_time


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be rung."""

    name: str
    number: PhoneNumber


@dataclass(frozen=True, slots=True)
class Shift:
    """A span during which one person is on call."""

    span: Span
    person: Person


@dataclass(frozen=True, slots=True)
class Swap:
    """A person who takes over from whoever would be on call during a span."""

    span: Span
    person: Person


@dataclass(frozen=True, slots=True)
class RotaBlock:
    """A list of people who follow each other, from its first hand-off until the next block.

    *start* is naive local time; hand-off k is start + k shifts on the wall clock. Nobody in *people*:
    nobody is on call.
    """

    start: datetime
    shift: timedelta
    people: tuple[Person, ...]
    swaps: tuple[Swap, ...] = ()

    def __post_init__(self) -> None:
        if self.shift <= timedelta(0):
            raise ValueError(f"a shift must last longer than {self.shift}")

    def hand_off(self, index: int, zone: tzinfo) -> datetime:
        """Return the instant at which shift number *index* (from 0) begins."""
        return instant_of(self.start + index * self.shift, zone)

    def shift_number(self, at: datetime, zone: tzinfo) -> int:
        """Return the number of the shift that *at* lies in; negative before the block begins."""
        index = (wall_time(at, zone) - self.start) // self.shift
        # In a repeated hour the clock shows a time before a hand-off that has already been.
        while self.hand_off(index + 1, zone) <= at:
            index += 1
        return index

    def on_call(self, at: datetime, zone: tzinfo) -> Person | None:
        """Say who is on call at *at*, an instant of this block."""
        if not self.people:
            return None
        for swap in self.swaps:
            if swap.span.covers(at):
                return swap.person
        return self.people[self.shift_number(at, zone) % len(self.people)]


@dataclass(frozen=True, slots=True)
class Rota:
    """A timetable of people; its blocks are in the order of their starts."""

    name: str
    zone: tzinfo
    blocks: tuple[RotaBlock, ...]

    @property
    def people(self) -> frozenset[Person]:
        """Everybody who is ever on call."""
        regular = (person for block in self.blocks for person in block.people)
        stand_ins = (swap.person for block in self.blocks for swap in block.swaps)
        return frozenset((*regular, *stand_ins))

    def on_call(self, at: datetime) -> Person | None:
        """Say who is on call at *at* (aware); None: nobody, for the rota has not begun or has nobody.

        Raises:
            ValueError: *at* is naive.
        """
        at = require_aware(at)
        block = self._block(at)
        return block.on_call(at, self.zone) if block else None

    def shifts(self, start: datetime, end: datetime) -> Iterator[Shift]:
        """Return the shifts from *start* until *end* (aware), in order, the first and last cut to fit.

        A swap in the middle of a shift parts it. Where nobody is on call there is a hole.

        Raises:
            ValueError: an instant is naive.
        """
        return self._shifts(require_aware(start), require_aware(end))

    def _shifts(self, at: datetime, end: datetime) -> Iterator[Shift]:
        while at < end:
            until = min(self.next_change(at) or end, end)
            person = self.on_call(at)
            if person is not None:
                yield Shift(Span(at, until), person)
            at = until

    def _block(self, at: datetime) -> RotaBlock | None:
        begun = (block for block in reversed(self.blocks) if block.hand_off(0, self.zone) <= at)
        return next(begun, None)

    def next_change(self, at: datetime) -> datetime | None:
        """Return the first instant after *at* (aware) at which another shift, swap or block begins."""
        starts = [block.hand_off(0, self.zone) for block in self.blocks]
        block = self._block(at)
        if block:
            starts.append(block.hand_off(block.shift_number(at, self.zone) + 1, self.zone))
            starts += [edge for swap in block.swaps for edge in (swap.span.start, swap.span.end) if edge]
        return min((start for start in starts if start > at), default=None)

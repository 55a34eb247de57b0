"""Where a call can go, as schedule.yaml has it: whom to ring and how, by which contract, and what comes then."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from callrouter.domain.message import Message
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span

Target = PhoneNumber | Person | Rota
"""One entry of a `ring` list. A rota stands for whoever is on duty when it rings."""


@dataclass(frozen=True, slots=True)
class ServiceTarget:
    """A promise such as `80% 30s`: this share of the calls answered within these seconds."""

    share: float
    seconds: int


@dataclass(frozen=True, slots=True)
class Contract:
    """A company that answers for a destination during a period."""

    company: str
    span: Span
    ring: tuple[Target, ...]
    answer_within: ServiceTarget | None = None


@dataclass(frozen=True, slots=True)
class Lineup:
    """Who stands in line at a destination at one instant, and for which company."""

    company: str | None
    ring: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """A hunt group: whom to ring, how, and where the call goes when nobody answers.

    *title*: what people call it; given none, its name.
    """

    name: str
    ring: tuple[Target, ...] = ()
    contracts: tuple[Contract, ...] = ()
    together: bool = False
    seconds: int = 25
    rounds: int = 1
    accept_key: bool = False
    show_caller: bool = False
    message: Message | None = None
    voicemail: bool = False
    then: str | None = None
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or self.name)

    def lineup(self, at: datetime) -> Lineup:
        """Whom to ring at *at*: the contract in force, or the destination's own list."""
        for contract in self.contracts:
            if contract.span.covers(at):
                return Lineup(contract.company, contract.ring)
        return Lineup(None, self.ring)

    @property
    def targets(self) -> tuple[Target, ...]:
        """Whoever may ever be rung here, by its own list or by any contract."""
        return (*self.ring, *(target for contract in self.contracts for target in contract.ring))

    @property
    def numbers(self) -> frozenset[PhoneNumber]:
        """Every number that may ever be rung here."""
        return frozenset(number for target in self.targets for number in _numbers(target))


def _numbers(target: Target) -> tuple[PhoneNumber, ...]:
    match target:
        case PhoneNumber():
            return (target,)
        case Person():
            return (target.number,)
        case Rota():
            return tuple(person.number for person in target.people)
        case _:
            assert_never(target)

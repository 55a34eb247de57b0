"""Everything that stands in schedule.yaml, as frozen values. The loader has proved what routing relies on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, tzinfo

from callrouter.domain.destination import Destination, ServiceTarget
from callrouter.domain.hours import OpeningHours
from callrouter.domain.message import Message
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import Retained

_LANGUAGE_OF = {"SE": "sv", "NO": "nb", "DK": "da", "FI": "fi", "DE": "de", "FR": "fr", "ES": "es", "PL": "pl"}


@dataclass(frozen=True, slots=True)
class Menu:
    """Keys 1-9 that give a call to another unit while this one is open."""

    message: Message
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the services behind the reception, with its own numbers and hours.

    *recordings_kept*: how long a message left here may be kept, such as `7 days`; None: the unit does not say.
    *missed_call*: who is told of calls missed here; nobody: whoever is told of all others.
    """

    name: str
    title: str
    numbers: tuple[PhoneNumber, ...]
    hours: OpeningHours
    open: str
    closed: str
    is_alarm: bool = False
    closed_message: Message | None = None
    menu: Menu | None = None
    keeps_numbers: bool = True
    recordings_kept: str | None = None
    missed_call: tuple[str | PhoneNumber, ...] = ()
    line: int | None = None


def same_hours(units: Iterable[Unit]) -> Sequence[Sequence[Unit]]:
    """Those that have the same hours, together: what follows from hours alone is reckoned once for all of them."""
    found: list[list[Unit]] = []
    for unit in units:
        alike = next((some for some in found if some[0].hours == unit.hours), None)
        if alike is None:
            found.append([unit])
        else:
            alike.append(unit)
    return found


@dataclass(frozen=True, slots=True)
class Notify:
    """Who is told what: mail addresses and numbers for SMS; reports by mail alone."""

    missed_call: tuple[str | PhoneNumber, ...] = ()
    hand_over: tuple[str | PhoneNumber, ...] = ()
    reports: tuple[str, ...] = ()
    warnings: tuple[str | PhoneNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What the calls are judged against, and the words the reviewers file them under."""

    targets: tuple[ServiceTarget, ...] = (ServiceTarget(0.80, 30), ServiceTarget(0.985, 60))
    categories: tuple[str, ...] = ()

    def category(self, name: str) -> str:
        """The category called *name*, in whatever case, as the file writes it.

        Raises:
            KeyError: there is none.
        """
        return {known.casefold(): known for known in self.categories}[name.casefold()]


@dataclass(frozen=True, slots=True)
class TestCall:
    """A weekly call that proves a destination is answered: weekday 0 is Monday, local time."""

    __test__ = False  # not a test class, whatever its name tells pytest

    destination: str
    weekdays: tuple[int, ...]
    at: time


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one class of data is kept (such as `6 months`), and the decision that says so."""

    what: Retained
    keep: str
    decision: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """One version of schedule.yaml; *version* is the SHA-256 of its bytes, in hex."""

    version: str
    zone: tzinfo
    units: Mapping[str, Unit]
    destinations: Mapping[str, Destination]
    messages: Mapping[str, Message] = field(default_factory=dict)
    rotas: Mapping[str, Rota] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    notify: Notify = field(default_factory=Notify)
    review: Review = field(default_factory=Review)
    test_calls: tuple[TestCall, ...] = ()
    retention: tuple[Retention, ...] = ()
    countries: tuple[str, ...] = ("SE",)
    _by_number: Mapping[PhoneNumber, Unit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = {number: unit for unit in self.units.values() for number in unit.numbers}
        object.__setattr__(self, "_by_number", numbers)

    @property
    def companies(self) -> list[str]:
        """Those that a contract is with, by name."""
        return sorted({contract.company for place in self.destinations.values() for contract in place.contracts})

    def unit(self, name: str) -> Unit:
        """The unit called *name*.

        Raises:
            KeyError: there is none.
        """
        return self.units[name]

    def unit_by_number(self, number: PhoneNumber | str | None) -> Unit | None:
        """The unit that *number* (E.164 where it is text) belongs to, if any."""
        known = PhoneNumber.parse(number) if isinstance(number, str) else number
        return self._by_number.get(known) if known else None

    def owners(self, unit: str | None) -> tuple[str | PhoneNumber, ...]:
        """Who is told of a call that was missed at *unit*, or at none: its own owners, else those of all."""
        known = self.units.get(unit or "")
        return (known and known.missed_call) or self.notify.missed_call

    @property
    def notified(self) -> frozenset[str]:
        """All whom it names to be told anything: mail addresses, and numbers (E.164)."""
        told = self.notify
        owners = (address for unit in self.units.values() for address in unit.missed_call)
        named = (*told.missed_call, *told.hand_over, *told.reports, *told.warnings, *owners)
        return frozenset(each if isinstance(each, str) else each.e164 for each in named)

    @property
    def own_numbers(self) -> tuple[PhoneNumber, ...]:
        """The numbers that callers dial, unit by unit."""
        return tuple(self._by_number)

    @property
    def numbers(self) -> frozenset[PhoneNumber]:
        """Every number that may be dialled: nothing that does not stand here ever is."""
        return frozenset(number for destination in self.destinations.values() for number in destination.numbers)

    @property
    def discreet_units(self) -> frozenset[str]:
        """The units that keep no caller's number."""
        return frozenset(name for name, unit in self.units.items() if not unit.keeps_numbers)

    @property
    def language(self) -> str:
        """The language of whoever is rung: that of the first country."""
        return _LANGUAGE_OF.get(self.countries[0], "en") if self.countries else "en"

    @property
    def first_unit(self) -> Unit:
        """The unit that takes calls to a number nobody claims."""
        return next(iter(self.units.values()))


def title_of(schedule: Schedule | None, name: str) -> str:
    """What people call the unit or destination *name*, for no two share one; as it stands where it is not there."""
    known = schedule and (schedule.units.get(name) or schedule.destinations.get(name))
    return known.title if known else name

"""Which calls are meant: a search of the log, as a value."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import require_aware
from callrouter.domain.words import DecidedBy, Disposition, Origin, State

_KEY_SHOWN = 8
"""Characters of a caller key by which people tell two of them apart."""


@dataclass(frozen=True, slots=True)
class SoughtCaller:
    """One caller: by the keyed hash of their number, made with the key *key_id*.

    *number* finds also the calls that were kept before the key was changed, as far as their numbers were.
    """

    key: str
    key_id: str
    number: PhoneNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which calls are meant: those that are all that is asked for. What is None is not asked.

    *since*, *until*: received from then (aware), until just before then. *destination*, *company*, *person*: one of
    their phones was rung; with *answered* they took the call.
    """

    since: datetime | None = None
    until: datetime | None = None
    unit: str | None = None
    disposition: Disposition | None = None
    state: State | None = None
    decided_by: DecidedBy | None = None
    destination: str | None = None
    company: str | None = None
    person: str | None = None
    answered: bool = False
    caller: SoughtCaller | None = None
    origin: Origin | None = None
    is_reviewed: bool | None = None
    category: str | None = None
    has_follow_up: bool = False

    def __post_init__(self) -> None:
        for at in (self.since, self.until):
            if at is not None:
                require_aware(at)
        if self.answered and not self.offered_to:
            raise ValueError("answered by whom? Give a destination, a company or a person")

    @property
    def offered_to(self) -> dict[str, str]:
        """Whose phone was rung: the narrowest of person, company and destination first, as far as they are asked."""
        asked = {"person": self.person, "company": self.company, "destination": self.destination}
        return {by: name for by, name in asked.items() if name is not None}

    def told(self) -> dict[str, Any]:
        """All that is asked, as JSON values with nothing personal in them: of a caller the start of their key."""
        asked = {each.name: getattr(self, each.name) for each in fields(self)}
        unasked = {"answered": False, "has_follow_up": False}
        return {name: _told(value) for name, value in asked.items() if value is not unasked.get(name)}


@dataclass(frozen=True, slots=True)
class Sight:
    """Which calls somebody may see at all, whatever they ask for: all, or those that were offered to one *company*.

    *unit*: those to one unit alone. *without_units*: calls to these are left out.
    """

    company: str | None = None
    unit: str | None = None
    without_units: frozenset[str] = frozenset()


EVERYTHING = Sight()


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.key[:_KEY_SHOWN] if isinstance(value, SoughtCaller) else value

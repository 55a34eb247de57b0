"""What the provider says of our account as a whole: whom it may ring, how much at once, where its calls are handled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from callrouter.domain.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Country:
    """A country as the provider knows it, with how its numbers begin (`+46`).

    *may_be_rung*: its ordinary numbers. *may_be_costly*: those too that cost much, or that fraudsters profit from.
    """

    name: str
    codes: tuple[str, ...]
    may_be_rung: bool
    may_be_costly: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many calls the account may have at once, *why*, and what to do where that is too few.

    *most* None: as many as come. *is_certain*: the provider's answer says so; otherwise it must be asked.
    """

    most: int | None
    why: str
    advice: str = ""
    is_certain: bool = True


class Standing(Protocol):
    """Raises as `Account` does."""

    @property
    def region(self) -> str | None:
        """Where this account is asked; None: the provider has no regions."""

    def region_of(self, number: PhoneNumber) -> str | None:
        """Where calls to our *number* are handled; elsewhere its set-up here means nothing."""

    def countries(self) -> Iterator[Country]:
        """All countries that the provider knows."""

    def capacity(self) -> Capacity:
        """How many calls the account may have at once."""

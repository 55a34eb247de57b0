"""A number of ours, set up so that its calls come here: what was different before, and what still is."""

from collections.abc import Iterator
from dataclasses import dataclass

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.provider import Account, NumberSetup


@dataclass(frozen=True, slots=True)
class Difference:
    """An address of a number that is not as it should be; empty: there is none."""

    what: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What is said of a number, as it is *now*. *before*: what differed; *after*: what still does, once changed."""

    now: NumberSetup
    before: tuple[Difference, ...]
    after: tuple[Difference, ...] | None

    @property
    def number(self) -> PhoneNumber:
        """Whose set-up it is."""
        return self.now.number

    @property
    def left(self) -> tuple[Difference, ...]:
        """What differs now."""
        return self.before if self.after is None else self.after

    @property
    def is_in_force(self) -> bool:
        """Whether calls to the number come to us now."""
        return not self.left and self.now.overruled_by is None


def inspect(account: Account, number: PhoneNumber, fallback_url: str | None = None) -> Provisioned:
    """Compare the set-up of *number* with what it should be; without *fallback_url* any fallback will do.

    Raises:
        ProviderUnavailableError, ProviderRefusedError: as `Account` says.
    """
    found = account.setup(number)
    return Provisioned(found, tuple(_differences(found, account.intended(number, fallback_url))), None)


def provision(account: Account, number: PhoneNumber, fallback_url: str | None = None) -> Provisioned:
    """Set *number* up where it is not as it should be, and read it back.

    Raises:
        ProviderUnavailableError, ProviderRefusedError: as `Account` says.
    """
    known = inspect(account, number, fallback_url)
    if not known.before:
        return known
    found = account.configure(number, fallback_url)
    left = tuple(_differences(found, account.intended(number, fallback_url)))
    return Provisioned(found, known.before, left)


def addresses(setup: NumberSetup) -> dict[str, str]:
    """Where calls to a number are told, by what people call it."""
    return {"voice URL": setup.voice_url, "fallback URL": setup.fallback_url, "status URL": setup.status_url}


def _differences(found: NumberSetup, expected: NumberSetup) -> Iterator[Difference]:
    there = addresses(found)
    for what, wanted in addresses(expected).items():
        is_left_alone = what == "fallback URL" and not wanted
        if there[what] != wanted and not is_left_alone:
            yield Difference(what, there[what], wanted)

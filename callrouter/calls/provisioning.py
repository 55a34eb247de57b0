"""A number of ours, set up so that its calls come here: what was different before, and what still is."""

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
    """What is said of a number. *before*: what differed; *after*: what still does, None where nothing was changed.

    *overruled_by*: what makes the provider ignore all of it; *fallback_url*: what answers when we are gone, or empty.
    """

    number: PhoneNumber
    before: tuple[Difference, ...]
    after: tuple[Difference, ...] | None
    overruled_by: str | None
    fallback_url: str

    @property
    def is_in_force(self) -> bool:
        """Whether calls to the number come to us now."""
        left = self.before if self.after is None else self.after
        return not left and self.overruled_by is None


def inspect(account: Account, number: PhoneNumber, fallback_url: str | None = None) -> Provisioned:
    """Compare the set-up of *number* with what it should be; without *fallback_url* any fallback will do.

    Raises:
        ProviderUnavailableError, ProviderRefusedError: as `Account` says.
    """
    found = account.setup(number)
    return _said(found, _differences(found, account.intended(number, fallback_url)), None)


def provision(account: Account, number: PhoneNumber, fallback_url: str | None = None) -> Provisioned:
    """Set *number* up where it is not as it should be, and read it back.

    Raises:
        ProviderUnavailableError, ProviderRefusedError: as `Account` says.
    """
    known = inspect(account, number, fallback_url)
    if not known.before:
        return known
    found = account.configure(number, fallback_url)
    return _said(found, known.before, _differences(found, account.intended(number, fallback_url)))


def _said(found: NumberSetup, before: tuple[Difference, ...], after: tuple[Difference, ...] | None) -> Provisioned:
    return Provisioned(found.number, before, after, found.overruled_by, found.fallback_url)


def _differences(found: NumberSetup, expected: NumberSetup) -> tuple[Difference, ...]:
    pairs = [("voice URL", found.voice_url, expected.voice_url), ("status URL", found.status_url, expected.status_url)]
    if expected.fallback_url:
        pairs.insert(1, ("fallback URL", found.fallback_url, expected.fallback_url))
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])

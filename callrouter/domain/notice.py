"""Notices: who is told what by mail or SMS, and how often that is tried."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import NoticeKind

TRIES = 12
"""The last of them comes some 34 hours after the first: a mail server may be away over a night and a day."""

MOST_LETTERS = 5
SPELL = timedelta(minutes=10)
"""So many letters about missed calls one address gets in that time; calls beyond that share one."""

_FIRST_PAUSE = timedelta(minutes=1)

Address = str | PhoneNumber
"""A mail address, or a number for SMS."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that one *address* is told once: *about* names it among all of its *kind*, for ever.

    *facts*: what its text is made of when it is sent; nothing of a caller's stands in them.
    """

    kind: NoticeKind
    about: str
    address: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_mail(self) -> bool:
        """Whether it is a mail; else an SMS."""
        return "@" in self.address

    @property
    def name(self) -> str:
        """The same for the same notice, whoever sends it: a mail that comes twice is known by it."""
        return sha256(f"{self.kind}\n{self.about}\n{self.address}".encode()).hexdigest()[:32]


def name_of(notices: Sequence[Notice]) -> str:
    """The same for the same notices in one letter."""
    if len(notices) == 1:
        return notices[0].name
    return sha256("\n".join(sorted(each.name for each in notices)).encode()).hexdigest()[:32]


def to_all(kind: NoticeKind, about: str, addresses: Iterable[Address], facts: Mapping[str, Any]) -> Iterator[Notice]:
    """The notice to each of the *addresses*."""
    for address in addresses:
        yield Notice(kind, about, address.e164 if isinstance(address, PhoneNumber) else address, facts)


def warning(subject: str, addresses: Iterable[Address], sv: str, en: str, at: datetime, zone: tzinfo) -> list[Notice]:
    """A warning about *subject* (`certificate`, …) to each of them, in both languages: once a local day, the first.

    Its first line is what a mail is headed by, and all that an SMS says.
    """
    about = f"{subject}:{at.astimezone(zone):%Y-%m-%d}"
    return list(to_all(NoticeKind.WARNING, about, addresses, {"sv": sv, "en": en}))


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many tries in vain, each time twice as long; None: that was the last one."""
    return _FIRST_PAUSE * 2 ** (attempts - 1) if attempts < TRIES else None

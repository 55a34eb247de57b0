"""The people at both ends of a call: what those who are rung do, and what those who call do."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Unit
from callrouter.telephony.simulator import (
    Caller,
    Phone,
    Reaction,
    Ring,
    answers,
    answers_and_drops,
    busy,
    declines,
    failed,
    silent,
    voicemail,
)

VOICEMAIL = "voicemail"
_DROPPED_SECONDS = 2
_CLEARLY_TALKED = 10
_CITIZENS = [f"+4670174{last:04}" for last in range(605, 700)]
"""Numbers reserved for fiction by the Swedish regulator (PTS)."""

CALLERS = len(_CITIZENS)
"""Every call has the same caller as the one that many numbers before it, and no other in between."""

_NOBODY = ("anonymous", "Restricted", "unavailable", "", "+266696687", "7378742833", "86282452253")
_ODD = ("464", "112", "client:anna", "sip:anna@example.se", "+46", "+467017406050000000", "sip:" + "x" * 400)


@dataclass(frozen=True, slots=True)
class Manner:
    """What a phone does at one ring, by its name."""

    name: str
    phone: Phone


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever has a phone: the nth ring of a call meets the nth of *manners*; the last one stays."""

    manners: tuple[Manner, ...]

    def __call__(self, ring: Ring) -> Reaction:
        """What the phone does."""
        reaction = self.manner(ring.nth).phone(ring)
        return _clear_cut(reaction) if ring.screened else reaction

    def manner(self, nth: int) -> Manner:
        """How the *nth* ring (from 1) is met."""
        return self.manners[min(nth, len(self.manners)) - 1]


def _clear_cut(reaction: Reaction) -> Reaction:
    """The same, with a talk that nobody can mistake for a dropped one, or the other way round.

    Behind a whisper the provider does not tell when the caller was put through, only when the phone was picked up.
    """
    if reaction.talks is None:
        return reaction
    return replace(reaction, talks=0 if reaction.talks <= _DROPPED_SECONDS else max(_CLEARLY_TALKED, reaction.talks))


_Draw = Callable[[random.Random], Phone]

# Talks last whole seconds: the provider tells whole ones, and two of them are the border between dropped and answered.
_MANNERS: Mapping[str, tuple[_Draw, int]] = {
    "answers": (lambda c: answers(c.uniform(1, 30), c.randint(3, 600)), 45),
    "answers late": (lambda c: answers(c.uniform(20, 60), c.randint(3, 600)), 6),
    "presses twice": (lambda c: answers(c.uniform(1, 20), c.randint(3, 90), "11"), 2),
    "presses another key": (lambda c: answers(c.uniform(1, 20), c.randint(3, 90), c.choice("023456789*#")), 3),
    "drops": (lambda c: answers_and_drops(c.uniform(1, 20), c.randint(0, 2)), 5),
    "declines": (lambda c: declines(c.uniform(1, 15)), 6),
    "busy": (lambda c: busy(c.uniform(0, 3)), 8),
    "silent": (lambda _: silent(), 13),
    "failed": (lambda c: failed(c.uniform(0, 3)), 4),
    VOICEMAIL: (lambda c: voicemail(c.uniform(5, 25), c.randint(3, 60)), 8),
}
_MOODS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "usual": (tuple(_MANNERS), 70),
    "nobody answers": (("silent", "busy", "declines", "failed", VOICEMAIL), 20),
    "all lines fail": (("failed",), 4),
    "nobody is there": (("silent",), 6),
}


def owners(numbers: Iterable[PhoneNumber], chance: random.Random) -> dict[str, Owner]:
    """Somebody for each of *numbers*, drawn in their order, in the mood of the day."""
    moods = list(_MOODS.values())
    names, _ = chance.choices(moods, [weight for _, weight in moods])[0]
    return {number.e164: Owner(tuple(_manner(names, chance) for _ in range(3))) for number in sorted(numbers)}


def _manner(names: tuple[str, ...], chance: random.Random) -> Manner:
    name = chance.choices(names, [_MANNERS[name][1] for name in names])[0]
    return Manner(name, _MANNERS[name][0](chance))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the network says of who calls, and the number that may be kept of it."""

    text: str
    number: str | None


def shown(call: int, chance: random.Random) -> Shown:
    """Who makes call number *call*: usually a number, sometimes withheld, or something that is no number at all."""
    if chance.random() < 0.88:
        number = _CITIZENS[call % CALLERS]
        return Shown(number, number)
    return Shown(chance.choice(_NOBODY if chance.random() < 0.6 else _ODD), None)


def caller(unit: Unit, chance: random.Random) -> Caller:
    """What the caller does: stays, or goes at any moment; presses keys; leaves a message, or says nothing."""
    keys = (*unit.menu.keys, "0", "") if unit.menu else ("", "1")
    return Caller(
        hangs_up_after=_patience(chance),
        keys=tuple(chance.choice(keys) for _ in range(3)),
        press_after=chance.choice((None, None, 0.5, 3.0)),
        message=chance.choice((0, 0, 1, 8, 45, 400)),
        ends_message=chance.choice(("hangup", "hangup", "#", "")),
        forwarded_from=chance.choice(_CITIZENS) if chance.random() < 0.05 else None,
    )


def _patience(chance: random.Random) -> float | None:
    """Seconds until the caller hangs up, whatever goes on."""
    draw = chance.random()
    if draw < 0.6:
        return None
    if draw < 0.62:
        return 0.0
    return chance.uniform(0, 15) if draw < 0.72 else chance.uniform(0, 240)

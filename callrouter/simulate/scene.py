"""Scenes: everything that is drawn for one call before it is played, from (seed, number) alone."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule, Unit
from callrouter.simulate import mishaps, people
from callrouter.simulate.moments import Moments
from callrouter.telephony.simulator import Caller, Faults, Habits

_UNCLAIMED = tuple(f"+46406280{last:03}" for last in range(400, 500))
_UNCLAIMED_SHARE = 0.015
_REDIAL_SHARE = 0.06
_LATEST_REDIAL_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Scene:
    """One call before it is played.

    *unit* is None for a number of ours that no unit claims. *kept_number*: what the log may know of the caller.
    *seed* is what the network draws from while it plays. *redial_of*: the call by the same caller, to the same number,
    minutes before it.
    """

    number: int
    seed: str
    at: datetime
    to: str
    unit: Unit | None
    from_: str
    kept_number: str | None
    caller: Caller
    phones: Mapping[str, people.Owner]
    faults: Faults
    habits: Habits
    redial_of: int | None = None


class Scenes:
    """The calls of a year to *units* (default: all, and now and then to a number that no unit claims).

    *last_resort* has a phone, too.
    """

    def __init__(
        self,
        schedule: Schedule,
        year: int,
        seed: int,
        units: Sequence[str] = (),
        last_resort: PhoneNumber | None = None,
    ) -> None:
        self.schedule = schedule
        self.year = year
        self.seed = seed
        self._units = [schedule.unit(name) for name in units] or list(schedule.units.values())
        self._meets_unclaimed = not units
        self._unclaimed = [n for n in _UNCLAIMED if schedule.unit_by_number(PhoneNumber(n)) is None]
        self._numbers = schedule.numbers | ({last_resort} if last_resort else set())
        self._moments = Moments(schedule, year)

    def scene(self, number: int) -> Scene:
        """Draw call *number* (from 1); the same every time."""
        drawn = self._drawn(number)
        chance = random.Random(f"{drawn.seed}:redial")
        if number <= people.CALLERS or chance.random() >= _REDIAL_SHARE:
            return drawn
        before = self.scene(number - people.CALLERS)
        return replace(
            drawn,
            at=before.at + timedelta(seconds=chance.uniform(10, _LATEST_REDIAL_SECONDS)),
            to=before.to,
            unit=before.unit,
            from_=before.from_,
            kept_number=before.kept_number,
            redial_of=before.number,
        )

    def with_those_before(self, number: int) -> list[int]:
        """The calls that must be played for call *number* to be what it was: those that it redials, and itself.

        The service remembers for minutes who called: the caller's last call is played, too, redialled or not.
        """
        chain = [number]
        while chain[0] > people.CALLERS and (len(chain) == 1 or self.scene(chain[0]).redial_of):
            chain.insert(0, chain[0] - people.CALLERS)
        return chain

    def _drawn(self, number: int) -> Scene:
        seed = f"{self.seed}:{number}"
        chance = random.Random(seed)
        unit = chance.choice(self._units)
        is_unclaimed = self._meets_unclaimed and chance.random() < _UNCLAIMED_SHARE
        shown = people.shown(number, chance)
        return Scene(
            number=number,
            seed=seed,
            at=self._moments.pick(unit, chance),
            to=chance.choice(self._unclaimed if is_unclaimed else [n.e164 for n in unit.numbers]),
            unit=None if is_unclaimed else unit,
            from_=shown.text,
            kept_number=shown.number,
            caller=people.caller(unit, chance),
            phones=people.owners(self._numbers, chance),
            faults=mishaps.drawn(chance),
            habits=_habits(chance),
        )


def _habits(chance: random.Random) -> Habits:
    """What the provider's documents leave open."""
    return Habits(
        ring_buffer=chance.choice((0.0, 5.0)),
        unbridged_status=chance.choice(("ringing", "in-progress")),
        tells_bridged=chance.random() < 0.8,
        late_action=chance.choice((0.0, 0.0, 0.0, 2.0)),
    )

"""Scenes: everything that is drawn for one call before it is played, from (seed, number) alone."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule, Unit
from callrouter.simulate import mishaps, people
from callrouter.simulate.moments import Moments
from callrouter.telephony.simulator import Caller, Faults, Habits

_UNCLAIMED = tuple(f"+46406280{last:03}" for last in range(400, 500))
_UNCLAIMED_SHARE = 0.015


@dataclass(frozen=True, slots=True)
class Scene:
    """One call before it is played.

    *unit* is None for a number of ours that no unit claims. *kept_number*: what the log may know of the caller.
    *seed* is what the network draws from while it plays.
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
        """Draw call *number*; the same every time."""
        seed = f"{self.seed}:{number}"
        chance = random.Random(seed)
        unit = chance.choice(self._units)
        is_unclaimed = self._meets_unclaimed and chance.random() < _UNCLAIMED_SHARE
        shown = people.shown(chance)
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

"""A seeded log of calls, day by day, as rows: exactly what the product itself would have made of the same calls.

`tests/bench/test_generated_calls.py` holds it to that: the events alone, put through the real projection, give the same
rows and the same counts. A unit's state is that of its hours; the rule that is named is the same for all of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Any

from bench import town
from bench.counting import Counts, counts_of_day
from bench.plots import CALL_CONSTANTS, LEG, LEG_CONSTANTS, LOCAL, MESSAGE, Plot, plot
from callrouter.domain.tally import RULES
from callrouter.domain.words import State
from callrouter.sealing import Pseudonymizer

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "call_event": ("day", "call_id", "id", "kind", "at", "facts"),
    "caller": ("day", "call_id", "number", "key", "key_id"),
    "call": ("day", "call_id", "received_at", "local_time", "ended_at", "legs", "tallied", *CALL_CONSTANTS),
    "leg": ("day", "call_id", "received_at", "started_at", "answered_at", *LEG_CONSTANTS),
    "recording": ("day", "call_id", "sid", "left_at", "seconds"),
    "tally": ("origin", "unit", "by", "grain", "start", "value", "counts"),
}
"""What each row of a table has, in its order; all else is NULL. Instants are text, and UTC."""

PSEUDONYMIZER = Pseudonymizer("the secret of these measurements, longer than 32")

Rows = dict[str, list[tuple[Any, ...]]]

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_CLOCK = tuple(f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86_400))
_CALLS_A_CALLER = 10 / 3
_FICTION = (*(f"+467017406{n:02}" for n in range(5, 100)), *(f"+463139006{n:02}" for n in range(100)))
_FICTION += (*(f"+468465004{n:02}" for n in range(100)), *(f"+464062804{n:02}" for n in range(100)))


@dataclass(frozen=True, slots=True)
class Plan:
    """*calls* calls on the *days* local days before *until*.

    *events*: `all` that the product tells of a call, a `few` of them, or `none`; and those of the last *event_days*
    alone, as a rule of retention leaves them. *ways*: so many ways the calls of a unit go while it is open, or closed.
    """

    calls: int
    until: date
    days: int = 3653
    events: str = "few"
    event_days: int = 36_530
    ways: int = 40
    seed: int = 1

    @property
    def first(self) -> date:
        """The first day that has calls."""
        return self.until - self.days * _DAY

    def has_events(self, day: date) -> bool:
        """Whether the calls of *day* still have their events."""
        return self.events != "none" and day >= self.until - self.event_days * _DAY


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour in which *calls* calls come, in local time, and the texts that its instants are put together from."""

    local: datetime
    calls: int

    def days(self) -> tuple[str, str]:
        """The day (UTC) that the hour lies in, and the next one."""
        day = self.local.astimezone(UTC).date()
        return day.isoformat(), (day + _DAY).isoformat()


def days_of(plan: Plan) -> Iterator[tuple[date, list[Hour]]]:
    """The local days of *plan*, with their hours; a change of clocks makes 23 or 25 of them."""
    days = [plan.first + number * _DAY for number in range(plan.days)]
    total = sum(town.hour_weight(local) for day in days for local in _hours(day))
    made, weight = 0, 0.0
    for day in days:
        hours = []
        for local in _hours(day):
            weight += town.hour_weight(local)
            wanted = round(plan.calls * weight / total)
            hours.append(Hour(local, wanted - made))
            made = wanted
        yield day, hours


def _hours(day: date) -> Iterator[datetime]:
    zone = town.schedule().zone
    at = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    while (local := at.astimezone(zone)).date() == day:
        yield local
        at += _HOUR


class Generator:
    """Makes the rows of a plan; the same plan gives the same rows, whichever day is asked for first."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._plots: list[Plot] = []
        self._ways: dict[tuple[int, State], int] = {}
        rng = Random(plan.seed)
        for number, unit in enumerate(town.schedule().units.values()):
            for state in State:
                self._ways[number, state] = len(self._plots)
                at, few = town.an_hour_in(unit, state), plan.events != "all"
                self._plots += [plot(town.schedule(), unit, at, rng, few=few) for _ in range(plan.ways)]
        self._callers = max(10, round(plan.calls / _CALLS_A_CALLER / town.UNITS))

    def day(self, day: date, hours: list[Hour]) -> tuple[Rows, Counts]:
        """The rows of the local *day* but its counts, in the order the calls came; and its counts."""
        rows: Rows = {table: [] for table in COLUMNS}
        rng = Random(f"{self._plan.seed} {day}")
        played: Counter[tuple[int, int]] = Counter()
        for hour in hours:
            units = rng.choices(range(town.UNITS), cum_weights=town.unit_weights(), k=hour.calls)
            seconds = sorted(rng.choices(range(3600), k=hour.calls))
            call = _Calls(rows, hour, rng, tells=self._plan.has_events(day))
            for unit, second in zip(units, seconds, strict=True):
                state = town.state_at(unit, hour.local.weekday(), hour.local.hour)
                way = self._ways[unit, state] + int(rng.random() * self._plan.ways)
                played[way, hour.local.hour] += 1
                call.add(self._plots[way], second, self._number(unit, rng))
        return rows, counts_of_day(day, ((self._plots[way], hour, n) for (way, hour), n in played.items()))

    def _number(self, unit: int, rng: Random) -> str:
        """Who calls: few often, most now and then. A number of fiction with digits behind it: longer than any is."""
        index = unit * self._callers + int(self._callers * rng.random() ** 2)
        return f"{_FICTION[index // 10_000 % len(_FICTION)]}{index % 10_000:04}"


class _Calls:
    """Adds the calls of one hour to *rows*; *tells*: with their events."""

    def __init__(self, rows: Rows, hour: Hour, rng: Random, *, tells: bool) -> None:
        self._rows = rows
        self._rng = rng
        self._tells = tells
        self._days = hour.days()
        self._begins = hour.local.astimezone(UTC).hour * 3600
        self._local, self._offset = hour.local.isoformat()[:13], hour.local.isoformat()[-6:]

    def add(self, way: Plot, second: int, number: str) -> None:
        """Add a call that goes its *way*, *second* seconds into the hour."""
        rows, rng, begins = self._rows, self._rng, self._begins + second
        name, fraction = f"{rng.getrandbits(128):032x}", f".{rng.randrange(1, 1_000_000):06}"
        call_id, day = "CA" + name, self._days[0]
        moments = [self._at(begins + s, fraction) for s in way.moments]
        received, local = moments[0], f"{self._local}{_CLOCK[second][2:]}{fraction}{self._offset}"
        legs = way.legs % tuple([f"{moments[m][:10]}T{moments[m][11:]}+00:00" for m in way.leg_instants])
        rows["call"].append((day, call_id, received, local, moments[way.ended], legs, RULES, *way.call))
        for started, answered, known in way.leg_rows:
            answered_at = None if answered is None else moments[answered]
            rows["leg"].append((day, call_id, received, moments[started], answered_at, *known))
        for left_at, seconds in way.recordings:
            rows["recording"].append((day, call_id, "RE" + name, moments[left_at], seconds))
        if way.caller != "withheld":
            kept = number if way.caller == "number" else None
            rows["caller"].append((day, call_id, kept, PSEUDONYMIZER.key(number), PSEUDONYMIZER.key_id))
        if self._tells:
            self._tell(way, call_id, {LOCAL: local, LEG: "CB" + name, MESSAGE: "RE" + name}, moments)

    def _tell(self, way: Plot, call_id: str, own: Mapping[str, str], moments: list[str]) -> None:
        events, day = self._rows["call_event"], self._days[0]
        for event in way.events:
            said, facts = call_id + event.said, event.facts
            if event.own:
                said, facts = said.replace(event.own, own[event.own]), facts.replace(event.own, own[event.own])
            id_ = blake2b(said.encode(), digest_size=8).hexdigest()
            events.append((day, call_id, id_, event.kind, moments[event.moment], facts))

    def _at(self, second: int, fraction: str) -> str:
        """The instant *second* seconds into the day (UTC), as the drivers of both engines take it."""
        return f"{self._days[second // 86_400]} {_CLOCK[second % 86_400]}{fraction}"

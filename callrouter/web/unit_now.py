"""A unit as the pages show it now: open or closed, why, until when, and who gets the next call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callrouter.domain.control import Control, Override
from callrouter.domain.days import DayPlan
from callrouter.domain.rules import DayRules
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.standing import Standing, standing
from callrouter.domain.wallclock import wall_time
from callrouter.domain.words import DecidedBy, State
from callrouter.schedule.preview.day_words import special_name
from callrouter.schedule.preview.explain import Explanation, Stop, explain
from callrouter.web.texts import Text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit at an instant. *plan* is that of the day whose rule decides, *override* the one that decides, if any."""

    unit: Unit
    standing: Standing
    plan: DayPlan
    day_name: Text
    override: Override | None

    @property
    def is_open(self) -> bool:
        """Whether it takes its calls itself."""
        return self.standing.decision.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Way:
    """Where the phones ring, one place after the other, for a call that nobody answers; how it ends."""

    stops: tuple[Stop, ...]
    takes_message: bool


def unit_now(schedule: Schedule, unit: Unit, at: datetime, control: Control) -> UnitNow:
    """Say how *unit* stands at *at* (aware)."""
    stands = standing(schedule, unit, at, control)
    today = wall_time(at, schedule.zone).date()
    day, plan = today, unit.hours.rules.plan(today)
    if not _decides(plan, stands):
        # In the small hours it may still be open by yesterday's rule.
        before = unit.hours.rules.plan(today - _DAY)
        day, plan = (today - _DAY, before) if _decides(before, stands) else (day, plan)
    is_by_hand = stands.decision.decided_by is DecidedBy.OVERRIDE
    return UnitNow(
        unit=unit,
        standing=stands,
        plan=plan,
        day_name=day_name(unit.hours.rules, day, plan),
        override=control.override(unit.name, at) if is_by_hand else None,
    )


def ways(schedule: Schedule, units: Iterable[UnitNow], at: datetime, control: Control) -> Mapping[str, Way]:
    """The way of a call from each destination that *units* give theirs to: many units share one."""
    by_destination = {now.standing.decision.destination: now.unit for now in units}
    return {name: _way(explain(schedule, unit, at, control)) for name, unit in by_destination.items()}


def day_name(rules: DayRules, day: date, plan: DayPlan) -> Text:
    """What makes a day differ from the usual week: `julafton`, `dagen före julafton`; nothing for a usual one."""
    name = special_name(rules, day, plan)
    match plan.decided_by:
        case DecidedBy.DAY_BEFORE:
            eve = name.removeprefix("day before ")
            return Text(f"dagen före {eve}", f"the day before {eve}")
        case DecidedBy.SEASON:
            period = name.removeprefix("season ")
            return Text(f"säsong {period}", f"season {period}")
        case DecidedBy.EXCEPTION if name == "exception":
            return Text("avvikande öppettider", "exceptional hours")
        case _:
            return Text(name, name)


def _way(found: Explanation) -> Way:
    return Way(tuple(stop for stop in found.stops if stop.rings), found.takes_message)


def _decides(plan: DayPlan, stands: Standing) -> bool:
    decision = stands.decision
    return (plan.reason, plan.line) == (decision.reason, decision.line)

"""What calls are judged against: the targets of the schedule, and what contracts promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.period import Period
from callrouter.domain.schedule import Review, Schedule


@dataclass(frozen=True, slots=True)
class Goals:
    """The targets for all calls, and each company's promise."""

    targets: Sequence[ServiceTarget] = Review().targets
    promises: Mapping[str, ServiceTarget] = field(default_factory=dict)

    @classmethod
    def at_end(cls, schedule: Schedule | None, period: Period, now: datetime) -> Self:
        """Those in force at the end of *period*, or *now* if that is to come; without a schedule the usual ones."""
        if schedule is None:
            return cls()
        end = period.span(schedule.zone).end or now
        return cls.of(schedule, min(end - datetime.resolution, now))

    @classmethod
    def of(cls, schedule: Schedule, at: datetime) -> Self:
        """Those in force at *at*; no promise of a company whose contracts promise different things."""
        contracts = [c for d in schedule.destinations.values() for c in d.contracts if c.span.covers(at)]
        said = {c.company: {each.answer_within for each in contracts if each.company == c.company} for c in contracts}
        promises = {company: target for company, (target, *others) in said.items() if target and not others}
        return cls(schedule.review.targets, promises)

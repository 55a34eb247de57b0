"""What a year of calls came to, in numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Self

from callrouter.simulate.people import VOICEMAIL
from callrouter.simulate.play import THE_LOG_AGREES, Judged, Violation

Who = tuple[str, str | None]
"""Destination and company."""


@dataclass(slots=True)
class Tally:
    """Counts of all that was played; *violations* in the order of the calls."""

    calls: int = 0
    requests: int = 0
    dispositions: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    decided_by: Counter[str] = field(default_factory=Counter)
    answered_by: Counter[Who] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    mishaps: Counter[str] = field(default_factory=Counter)
    redials: int = 0
    machines: int = 0
    unknown_outcomes: int = 0
    log_lines: int = 0
    violations: list[Violation] = field(default_factory=list)

    @classmethod
    def of(cls, calls: Iterable[Judged]) -> Self:
        """What *calls* came to."""
        tally = cls()
        for judged in calls:
            tally.add(judged)
        return tally

    def include(self, other: Self) -> None:
        """Count what another tally has counted, too."""
        for counted in fields(self):
            setattr(self, counted.name, getattr(self, counted.name) + getattr(other, counted.name))
        self.violations.sort(key=lambda violation: violation.number or 0)

    def add(self, judged: Judged) -> None:
        """Count one call."""
        call, scene = judged.performance.call, judged.performance.scene
        self.calls += 1
        self.requests += sum(exchange.attempts for exchange in call.requests)
        self.units[scene.unit.name if scene.unit else "no unit"] += 1
        self.outcomes.update(leg.outcome for leg in call.legs)
        self.mishaps.update(judged.performance.mishaps)
        self.log_lines += judged.performance.log_lines
        self.redials += scene.redial_of is not None
        self.machines += any(
            leg.outcome == "answered" and manner == VOICEMAIL for leg, manner in judged.performance.met
        )
        self.violations.extend(judged.violations)
        for row in judged.rows:
            self.dispositions[row.disposition] += 1
            self.decided_by[row.decided_by or "nobody"] += 1
            self.unknown_outcomes += sum(leg.outcome is None for leg in row.legs)
            if row.answered_destination:
                self.answered_by[row.answered_destination, row.answered_company] += 1

    @property
    def disagreements(self) -> int:
        """In how many calls the log and the network do not agree."""
        return len({violation.number for violation in self.violations if violation.promise == THE_LOG_AGREES})

    def as_json(self) -> Mapping[str, object]:
        """The same for machines."""
        answered = self.answered_by.most_common()
        return {
            "calls": self.calls,
            "requests": self.requests,
            "dispositions": dict(self.dispositions.most_common()),
            "answered_by": [{"destination": who[0], "company": who[1], "calls": count} for who, count in answered],
            "answered_by_a_voicemail": self.machines,
            "redials": self.redials,
            "units": dict(self.units.most_common()),
            "decided_by": dict(self.decided_by.most_common()),
            "outcomes": dict(self.outcomes.most_common()),
            "unknown_outcomes": self.unknown_outcomes,
            "events_in_log_lines_at_first": self.log_lines,
            "faults": dict(self.mishaps.most_common()),
            "disagreements": self.disagreements,
            "violations": [
                {"call": violation.number, "promise": violation.promise, "what": violation.sentence}
                for violation in self.violations
            ],
        }

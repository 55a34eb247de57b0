"""Figures for machines: JSON objects whose keys are the words of the glossary, and the same as flat rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from callrouter.calllog.overview import Overview
from callrouter.calllog.reports import Asked
from callrouter.domain.destination import ServiceTarget
from callrouter.domain.goals import Goals
from callrouter.domain.measures import Level, Share, Times
from callrouter.domain.report import Figures, GroupBy, busiest
from callrouter.domain.tally import ALL_UNITS
from callrouter.domain.words import Outcome

_BUSIEST = 5


def asked_data(asked: Asked) -> dict[str, Any]:
    """Of which calls the figures speak."""
    return {
        "from": str(asked.period.first),
        "to": str(asked.period.last),
        "unit": None if asked.unit == ALL_UNITS else asked.unit,
        "origin": asked.origin,
    }


def figures_data(figures: Figures, targets: Sequence[ServiceTarget]) -> dict[str, Any]:
    """The figures of some calls."""
    return {
        "offered": figures.offered,
        "answered": figures.answered,
        "answer_rate": _rounded(figures.answer_rate.value),
        "answered_by_desk": figures["by-desk"],
        "answered_by_company": figures["by-company"],
        "answered_by_nobody": figures.by_nobody,
        "abandoned": figures.abandoned.part,
        "messages": figures["message"],
        "unanswered": figures["unanswered"],
        "unknown": figures["unknown"],
        "blocked": figures["blocked"],
        "redials": figures["redial"],
        "open": figures["open"],
        "closed": figures["closed"],
        "seconds_to_answer": times_data(figures.to_answer),
        "abandoned_after": times_data(figures.gave_up),
        "service_levels": [level_data(figures.level(target)) for target in targets],
        "talked_seconds": figures.talked_seconds,
        "mean_talked_seconds": _rounded(figures.mean_talk),
    }


def offer_data(figures: Figures, promise: ServiceTarget | None = None) -> dict[str, Any]:
    """The figures of what was offered to a destination, company or person, and whether a *promise* was kept."""
    return {
        "offered": figures.offered,
        "answered": figures.answered,
        "answer_rate": _rounded(figures.answer_rate.value),
        "seconds_from_first_ring": times_data(figures.taken),
        "service_levels": [level_data(figures.kept(promise))] if promise else [],
        "legs": {outcome.value: figures.legs.get(outcome, 0) for outcome in Outcome},
        "talked_seconds": figures.talked_seconds,
        "mean_talked_seconds": _rounded(figures.mean_talk),
    }


def group_data(by: GroupBy, key: str, figures: Figures, goals: Goals) -> dict[str, Any]:
    """One group under its key."""
    promise = goals.promises.get(key) if by is GroupBy.COMPANY else None
    data = offer_data(figures, promise) if by.is_offer else figures_data(figures, goals.targets)
    return {by.value: key} | data


def group_rows(by: GroupBy, groups: Mapping[str, Figures], goals: Goals) -> tuple[list[str], list[list[Any]]]:
    """The heads and the rows of a table: a group a row; no heads without any."""
    rows = [flat(group_data(by, key, figures, goals)) for key, figures in groups.items()]
    return (list(rows[0]), [list(row.values()) for row in rows]) if rows else ([], [])


def overview_data(shown: Overview, goals: Goals) -> dict[str, Any]:
    """All that the overview shows."""
    callers, targets = shown.callers, goals.targets
    return asked_data(shown.asked) | {
        "figures": figures_data(shown.total, targets),
        "compared": asked_data(shown.compared) if shown.compared else None,
        "before": figures_data(shown.before, targets) if shown.before else None,
        "calls_per_hour": {
            state: {"offered": pace.calls, "hours": _rounded(pace.hours), "per_hour": _rounded(pace.per_hour)}
            for state, pace in shown.paces.items()
        },
        "callers": callers
        and {
            "known": callers.callers,
            "repeated": callers.repeated,
            "share": _rounded(callers.share.value),
            "their_calls": callers.calls,
            "calls_of_unknown": callers.unknown,
            "calls_destroyed_before": shown.gone_before and str(shown.gone_before),
        },
        "busiest": [{"hour": hour, "offered": offered} for hour, offered in busiest(shown.heat, _BUSIEST)],
        "units": [group_data(GroupBy.UNIT, unit, figures, goals) for unit, figures in shown.units.items()],
    }


def times_data(times: Times) -> dict[str, Any]:
    """Percentiles by nearest rank; *n* says of how many."""
    ranks = {"median": 50, "p90": 90, "p95": 95}
    return {"n": times.n, "mean": _rounded(times.mean)} | {name: times.percentile(r) for name, r in ranks.items()}


def level_data(level: Level) -> dict[str, Any]:
    """What was promised, and what was reached."""
    reached: Share = level.reached
    return {
        "target": level.target.share,
        "within_seconds": level.target.seconds,
        "answered_within": reached.part,
        "offered": reached.n,
        "reached": _rounded(reached.value),
        "met": level.is_met,
    }


def flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same in one row: the keys of what lies within are joined by a line below, levels named by their seconds."""
    return dict(_flat(data))


def _flat(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}_")
        elif isinstance(value, list):
            for level in value:
                yield f"{before}within_{level['within_seconds']}_s", level["reached"]
        else:
            yield before + key, value


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

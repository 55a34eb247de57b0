"""Reports: the figures of a period, all together or told apart."""

from datetime import datetime

import msgspec

from callrouter.calllog.report_data import figures_data, group_data
from callrouter.calllog.reports import Asked, groups, looked_up, total
from callrouter.domain.call_filter import Sight
from callrouter.domain.goals import Goals
from callrouter.domain.period import Period
from callrouter.domain.schedule import Schedule
from callrouter.domain.tally import ALL_UNITS
from callrouter.domain.until import YEARS
from callrouter.domain.words import Origin
from callrouter.web.api.asked import ReportsAsked
from callrouter.web.api.figures import Figures, OfferFigures, Reports
from callrouter.web.problems import ProblemError
from callrouter.web.site import Site, visit

_WITHIN = f"a date of the years {YEARS[0]} to {YEARS[-1]}"


def reports(site: Site, sight: Sight, asked: ReportsAsked) -> Reports:
    """What the counts of the period say; what a unit's token may see of them is that unit's."""
    if sight.unit is not None and asked.unit not in (None, sight.unit):
        raise ProblemError(404, f"This token may see no unit called '{asked.unit}', but {sight.unit}.")
    unit = asked.unit or sight.unit
    about = Asked(_period(site, asked), asked.origin or Origin.REAL, unit or ALL_UNITS)
    goals = _goals(site.loaded().schedule, about.period)
    with site.database.reading() as connection:
        about = looked_up(connection, about)
        figures = total(connection, about)
        apart = groups(connection, about, asked.by) if asked.by else {}
    told = {key: group_data(asked.by, key, each, goals) for key, each in apart.items()} if asked.by else None
    is_offer = bool(asked.by and asked.by.is_offer)
    return Reports(
        first=about.period.first,
        last=about.period.last,
        unit=unit,
        origin=about.origin,
        figures=msgspec.convert(figures_data(figures, goals.targets), Figures),
        groups=None if is_offer else msgspec.convert(told, dict[str, Figures] | None),
        offers=msgspec.convert(told, dict[str, OfferFigures] | None) if is_offer else None,
    )


def _period(site: Site, asked: ReportsAsked) -> Period:
    today = visit().at.astimezone(site.zone).date()
    last = asked.last or max(today, asked.first or today)
    first = asked.first or last.replace(day=1)
    for name, day in (("to", last), ("from", first)):
        if day.year not in YEARS:
            raise ProblemError.of(name, day, _WITHIN)
    if last < first:
        raise ProblemError.of("to", last, f"a date from {first} on")
    return Period(first, last)


def _goals(schedule: Schedule | None, period: Period) -> Goals:
    """What holds at the end of the period, or now."""
    if schedule is None:
        return Goals()
    end = period.span(schedule.zone).end or visit().at
    return Goals.of(schedule, min(end - datetime.resolution, visit().at))

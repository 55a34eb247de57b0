"""How everything stands now: what a wallboard shows, and what a monitor asks."""

import msgspec

from callrouter.calllog.present import in_progress
from callrouter.domain.call_filter import Sight
from callrouter.domain.control import Override as Decided
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.standing import standing
from callrouter.web.api.asked import Nothing
from callrouter.web.api.calls import told
from callrouter.web.api.schedule import rules_of, units_seen
from callrouter.web.api.shapes import Call, Override, Status, UnitStatus
from callrouter.web.site import Site, visit


def status(site: Site, sight: Sight, _asked: Nothing) -> Status:
    """Open or closed and why, what is decided by hand, the calls in progress, and whether the service is well."""
    rules, at = rules_of(site), visit().at
    with site.database.reading() as connection:
        going_on = in_progress(connection, at, sight)
    return Status(
        at=at,
        timezone=str(rules.zone),
        units=[_unit(site, rules, unit) for unit in units_seen(rules, sight)],
        calls_in_progress=[msgspec.convert(told(call, sight), Call) for call in going_on],
        well={name: bool(condition()["ok"]) for name, condition in site.conditions.items()},
    )


def _unit(site: Site, rules: Schedule, unit: Unit) -> UnitStatus:
    at, control = visit().at, site.control()
    stands = standing(rules, unit, at, control)
    decision = stands.decision
    return UnitStatus(
        unit=unit.name,
        name=unit.title,
        state=decision.state,
        decided_by=decision.decided_by,
        reason=decision.reason,
        until=stands.until and stands.until.astimezone(rules.zone),
        overrides=[_override(each) for each in control.overrides if each.unit == unit.name and each.span.covers(at)],
    )


def _override(made: Decided) -> Override:
    return Override(
        state=made.state,
        destination=made.destination,
        start=made.span.start,
        end=made.span.end,
        who=made.who,
        why=made.why,
    )

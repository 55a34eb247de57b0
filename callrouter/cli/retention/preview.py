"""`callrouter retention preview`: what a run would delete now."""

import json
from datetime import tzinfo

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.retention import Foreseen, foresee
from callrouter.cli.by_hand import schedule_in_force
from callrouter.cli.columns import print_rows
from callrouter.cli.problems import explained
from callrouter.cli.schedule.words import in_moment
from callrouter.domain.retention import due
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Retained
from callrouter.settings import storage_settings

_COLUMNS = ("what", "unit", "older than", "decision", "to delete", "held")


@click.command("preview")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def command(*, is_json: bool) -> None:
    """Tell what is older than decided, class by class and unit by unit. Deletes nothing."""
    with explained("It is not known what would be deleted"):
        schedule = schedule_in_force()
        preview(Database(storage_settings().database_url), schedule, is_json=is_json)


def preview(database: Database, schedule: Schedule, *, is_json: bool) -> None:
    """Print what a run would delete now, and what nobody has decided about."""
    dues = due(schedule, clock.now())
    found = foresee(database, dues)
    undecided = [what.value for what in Retained if what not in {due.what for due in dues if due.unit is None}]
    if is_json:
        for each in found:
            click.echo(json.dumps(_as_json(each, schedule.zone), ensure_ascii=False))
        for what in undecided:
            click.echo(json.dumps({"what": what, "decision": None}))
        return
    if found:
        print_rows(_COLUMNS, (_cells(each, schedule.zone) for each in found))
    else:
        click.echo("Nothing is older than decided.", err=True)
    if undecided:
        click.echo(f"Kept for ever, for nobody has decided otherwise: {', '.join(undecided)}.", err=True)


def _as_json(each: Foreseen, zone: tzinfo) -> dict[str, object]:
    order = each.order
    return {
        "what": order.what,
        "unit": each.unit,
        "before": order.before.astimezone(zone).isoformat(),
        "decision": order.decision,
        "decided_on": order.decided_on.isoformat() if order.decided_on else None,
        "count": each.count,
        "held": each.held,
    }


def _cells(each: Foreseen, zone: tzinfo) -> tuple[str, ...]:
    order = each.order
    decision = f"{order.decision} ({order.decided_on})" if order.decided_on else order.decision
    return order.what, each.unit or "-", in_moment(order.before, zone), decision, str(each.count), str(each.held)

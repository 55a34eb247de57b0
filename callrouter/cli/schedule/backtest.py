"""`callrouter schedule backtest`: what another schedule would have made of the calls that were."""

import json

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.gone import calls_gone_since
from callrouter.calllog.windows import logged_period
from callrouter.calls.backtest import backtest
from callrouter.cli.log_export import shown
from callrouter.cli.origin import of_origin
from callrouter.cli.period import Dates, of_period, typed_period
from callrouter.cli.problems import explained
from callrouter.cli.progress import progress
from callrouter.cli.schedule.backtested import Tested, as_json, told
from callrouter.cli.schedule.files import loaded, opened
from callrouter.cli.schedule.words import say
from callrouter.domain.words import Origin
from callrouter.settings import storage_settings


@click.command("backtest")
@click.argument("new")
@of_period
@click.option("--unit", help="Only calls that were for this unit.")
@of_origin
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
def command(*, new: str, dates: Dates, unit: str | None, origin: str, is_json: bool) -> None:
    """Replay the logged calls against the schedule file NEW (`-`: standard input).

    It tells which would have gone elsewhere: calls and minutes that move between the desk and a company, by unit,
    weekday and hour, and which rules say so. What was decided by hand then is followed; blocked callers stay blocked.
    """
    file = opened(new)
    schedule = loaded(file, clock.now())
    with explained("The log cannot be read"), progress("Replaying") as show:
        database = Database(storage_settings().database_url)
        with database.reading() as connection:
            period = typed_period(dates, logged_period(connection), schedule.zone)
            gone = calls_gone_since(connection, period[0])
        found = backtest(database, schedule, period, shown(show, period), unit=unit, origin=Origin(origin))
    tested = Tested(file, schedule, period, found, gone)
    say([json.dumps(as_json(tested), ensure_ascii=False)] if is_json else told(tested))

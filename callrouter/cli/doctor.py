"""`callrouter doctor`: whether the service can do its work, and what to do where it cannot."""

import json
import sys
from collections.abc import Sequence
from functools import partial

import click

from callrouter.checks import outside
from callrouter.checks.finding import Check, Finding, Level, examine
from callrouter.checks.provider import AtProvider
from callrouter.checks.standing import Standing
from callrouter.cli.at_provider import account_of_settings, accounts_of_settings
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.doctor import database, here, mail
from callrouter.telephony.provider import Account

_COLUMNS = ("", "check", "found", "what to do")
_COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.ERROR: "red"}


@click.command("doctor")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
@click.option("--mail-to", metavar="ADDRESS", help="Send a test mail there.")
@click.pass_context
def command(ctx: click.Context, *, is_json: bool, mail_to: str | None) -> None:
    """Look at all that the service needs, and say what to do. Changes nothing.

    Run it as the service's user, with the service's settings. Each check has a limit: nothing hangs. Exits with 1 if
    there is an error; warnings alone exit with 0.
    """
    found = list(examine(_checks(ctx, mail_to)))
    if is_json:
        for finding in found:
            click.echo(json.dumps(_as_object(finding), ensure_ascii=False))
    else:
        print_rows(_COLUMNS, map(_row, found), (_row(each, coloured=True) for each in found))
    if any(finding.level is Level.ERROR for finding in found):
        sys.exit(1)


def _checks(ctx: click.Context, mail_to: str | None) -> tuple[Check, ...]:
    def elsewhere() -> Sequence[Account]:
        return accounts_of_settings(ctx)[1:]

    provider = AtProvider(partial(account_of_settings, ctx), schedule_if_any, elsewhere)
    return (
        Check("settings", here.settings),
        Check("schedule", here.schedule),
        Check("database", database.database),
        Check("jobs", database.jobs),
        Check("spool", here.spool),
        Check("disk", here.disk),
        Check("lasting", here.lasting),
        Check("back-up", here.back_up),
        Check("time zones", here.time_zones),
        Check("clock", provider.clocks, 30.0),
        Check("public URL", outside.address),
        Check("certificate", outside.certificate),
        Check("numbers", provider.numbers, 60.0),
        *Standing(provider.account, schedule_if_any, elsewhere).checks(),
        Check("mail", partial(mail.mail, schedule_if_any, mail_to), 30.0),
    )


def _as_object(finding: Finding) -> dict[str, str]:
    return {"check": finding.check, "level": finding.level, "found": finding.found, "advice": finding.advice}


def _row(finding: Finding, *, coloured: bool = False) -> tuple[str, ...]:
    level = click.style(finding.level, fg=_COLOURS[finding.level], bold=True) if coloured else finding.level
    return level, finding.check, finding.found, finding.advice

"""`callrouter reconcile`: hold the log against the provider's list of calls, and add what is missing."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from threading import Event
from typing import Any

import click

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calls.comparison import Finding
from callrouter.calls.reconciliation import Reconciled, Reconciliation
from callrouter.cli.at_provider import account_of_settings
from callrouter.cli.by_hand import control_database, schedule_in_force
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress
from callrouter.cli.schedule.words import say
from callrouter.cli.stoppable import stoppable
from callrouter.domain.counted import counted
from callrouter.domain.words import Discrepancy
from callrouter.jobs.reconcile import DAYS, summary
from callrouter.sealing import Pseudonymizer
from callrouter.settings import os_user, privacy_key
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError

_DIFFERS = 3
_WOULD_ADD = 4
_WORDS = {
    Discrepancy.CALL_MISSING: "the call was missing",
    Discrepancy.CALL_UNFINISHED: "the call had no end",
    Discrepancy.LEG_MISSING: "a leg was missing",
    Discrepancy.LEG_UNFINISHED: "a leg had no end",
    Discrepancy.MESSAGE_MISSING: "a message was missing",
    Discrepancy.OUTCOME: "a leg ended otherwise",
    Discrepancy.SECONDS: "a leg lasted otherwise",
    Discrepancy.NOT_LISTED: "the provider does not have the call",
}


def _day(_ctx: click.Context, _param: click.Parameter, typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise click.BadParameter(f"expected a date such as 2026-11-23, got {typed!r}.") from error


@click.command("reconcile")
@click.option("--from", "first", callback=_day, metavar="DATE", help=f"The first UTC day. Default: {DAYS} days ago.")
@click.option("--to", "last", callback=_day, metavar="DATE", help="The last UTC day. Default: today.")
@click.option("--dry-run", is_flag=True, help="Only tell in what list and log differ.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a difference, then one that sums up.")
@click.pass_context
def command(ctx: click.Context, *, first: date | None, last: date | None, dry_run: bool, is_json: bool) -> None:
    """Hold the log against the provider's list of calls, leg by leg, and add what is missing.

    It only adds, so it may be stopped (Ctrl-C) and run again at any time. Exit code 0: they agree now; 1: the provider
    or the database could not be asked; 3: something differs that somebody must look at; 4 (--dry-run): something would
    be added; 5: it was stopped before the end.
    """
    keep_private()
    at = clock.now()
    until = last or at.astimezone(UTC).date()
    since = first or until - timedelta(days=DAYS)
    if since > until:
        raise Problem(f"--to: {until} is before {since}.")
    with explained("Nothing more was added"):
        account, schedule = _account(ctx), schedule_in_force()
        database, callers, stop = control_database(), Pseudonymizer(privacy_key()), Event()
        run = Reconciliation(database, account, schedule, callers, at, stop, is_dry=dry_run)
        done = _run(run, since, until)
        if done.mended and not dry_run:
            _audit(database, done, since, until)
    _tell(done, is_json=is_json, is_dry=dry_run)
    sys.exit(_exit_code(done, is_dry=dry_run))


def _account(ctx: click.Context) -> Account:
    account = account_of_settings(ctx)
    if account is None:
        raise Problem("Set TWILIO_ACCOUNT_SID and CALLROUTER_PUBLIC_URL: this needs the settings of the service.")
    return account


def _run(run: Reconciliation, since: date, until: date) -> Reconciled:
    try:
        with stoppable(run.stop), progress("Days") as tell:
            return run.run(since, until, tell)
    except (ProviderRefusedError, ProviderUnavailableError) as error:
        raise Problem(f"{error}. What was added before that stays; run it again.") from error


def _audit(database: Database, done: Reconciled, since: date, until: date) -> None:
    facts = {"from": since.isoformat(), "to": until.isoformat(), "added": len(done.mended)}
    with database.writing() as connection:
        append(connection, Deed(os_user(), "reconcile", "calls", facts, clock.now()))


def _tell(done: Reconciled, *, is_json: bool, is_dry: bool) -> None:
    if is_json:
        for each in done.findings:
            click.echo(json.dumps(_as_json(each)))
        click.echo(json.dumps(_summed_up(done, is_dry=is_dry)))
        return
    say(_lines(done, is_dry=is_dry))


def _lines(done: Reconciled, *, is_dry: bool) -> Iterator[str]:
    for each in sorted(done.findings, key=lambda finding: (finding.at, finding.call_id)):
        yield _line(each, is_dry=is_dry)
    yield f"{summary(done)}."
    if done.others:
        yield f"Left alone: {counted(done.others, 'call')} to numbers that no unit has."
    if is_dry and done.mended:
        yield click.style("Nothing was added: this was a dry run.", fg="yellow")


def _line(each: Finding, *, is_dry: bool) -> str:
    said = f"{each.at:%Y-%m-%d %H:%M} UTC  {each.call_id}  {_WORDS[each.what]}"
    if each.leg:
        said += f" ({each.leg})"
    if each.there and each.here:
        said += f": {each.there} by the provider, {each.here} here"
    elif each.there:
        said += f": {each.there}"
    if not each.is_mended:
        return click.style(said, fg="red")
    return f"{said}; " + click.style("to be added" if is_dry else "added", fg="yellow" if is_dry else "green")


def _as_json(each: Finding) -> dict[str, Any]:
    return {
        "what": each.what,
        "call_id": each.call_id,
        "leg": each.leg,
        "at": each.at.isoformat(),
        "provider": each.there,
        "log": each.here,
        "filled": each.is_mended,
    }


def _summed_up(done: Reconciled, *, is_dry: bool) -> dict[str, Any]:
    return {
        "calls": done.calls,
        "legs": done.legs,
        "messages": done.messages,
        "filled": len(done.mended),
        "differ": len(done.left),
        "others": done.others,
        "stopped_before": done.until.isoformat() if done.until else None,
        "dry_run": is_dry,
    }


def _exit_code(done: Reconciled, *, is_dry: bool) -> int:
    if done.until:
        return 5
    if done.left:
        return _DIFFERS
    return _WOULD_ADD if is_dry and done.mended else 0

"""`callrouter provision`: our numbers at the provider, set up so that their calls come here."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calls.provisioning import Difference, Provisioned, inspect, provision
from callrouter.cli.at_provider import account_of_settings
from callrouter.cli.by_hand import control_database, schedule_if_any
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import say
from callrouter.domain.phone import PhoneNumber
from callrouter.settings import os_user
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError

_NOT_IN_FORCE = 3
_WOULD_CHANGE = 4


def _number(_ctx: click.Context, _param: click.Parameter, typed: tuple[str, ...]) -> tuple[PhoneNumber, ...]:
    numbers = [PhoneNumber.parse("".join(text.split())) for text in typed]
    if not all(numbers):
        raise click.BadParameter("expected numbers with a country code, such as +46846500400.")
    return tuple(number for number in numbers if number)


def _address(_ctx: click.Context, _param: click.Parameter, typed: str | None) -> str | None:
    if typed is not None and not typed.startswith("https://"):
        raise click.BadParameter(f"expected an address that begins with https://, got {typed!r}.")
    return typed


@click.command("provision")
@click.option("--number", "numbers", multiple=True, required=True, callback=_number, help="Ours; may be repeated.")
@click.option("--fallback-url", callback=_address, help="Where the fallback document is. Default: what is set stays.")
@click.option("--dry-run", is_flag=True, help="Only tell what is not as it should be.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a number.")
@click.pass_context
def command(
    ctx: click.Context, *, numbers: tuple[PhoneNumber, ...], fallback_url: str | None, dry_run: bool, is_json: bool
) -> None:
    """Set up our numbers at the provider, and read them back: voice, fallback and status URL.

    What is as it should be is left alone. Exit code 0: calls to all of them come to us; 1: the provider could not be
    asked; 3: something still keeps them away; 4 (--dry-run): something would be changed.
    """
    keep_private()
    account = _account(ctx)
    with explained("Nothing was changed"):
        database = None if dry_run else control_database()
    done = []
    for number in numbers:
        done.append(_one(account, number, fallback_url, database))
        _tell(done[-1], is_json=is_json)
    if any(each.overruled_by or each.after for each in done):
        sys.exit(_NOT_IN_FORCE)
    if dry_run and any(each.before for each in done):
        sys.exit(_WOULD_CHANGE)


def _account(ctx: click.Context) -> Account:
    with explained("The provider cannot be asked"):
        account = account_of_settings(ctx)
    if account is None:
        raise Problem("Set TWILIO_ACCOUNT_SID and CALLROUTER_PUBLIC_URL: this needs the settings of the service.")
    return account


def _one(account: Account, number: PhoneNumber, fallback_url: str | None, database: Database | None) -> Provisioned:
    """Set up one number; without *database*, only look."""
    try:
        if database is None:
            return inspect(account, number, fallback_url)
        done = provision(account, number, fallback_url)
    except (ProviderRefusedError, ProviderUnavailableError) as error:
        raise Problem(f"{number.e164}: {error}.") from error
    if done.after is not None:
        facts = {"changed": [difference.what for difference in done.before]}
        deed = Deed(os_user(), "provision", f"number {number.e164}", facts, clock.now())
        unaudited = f"{number.e164} was set up, but the audit log could not be written"
        with explained(unaudited), database.writing() as connection:
            append(connection, deed)
    return done


def _tell(done: Provisioned, *, is_json: bool) -> None:
    if is_json:
        click.echo(json.dumps(_as_json(done)))
    else:
        say(_told(done))


def _told(done: Provisioned) -> Iterator[str]:
    number = done.number.e164
    yield f"{number}: {_verdict(done)}"
    yield from (line for difference in done.before for line in _compared(difference))
    if done.after:
        yield _warning("  The provider did not take it over; read back:")
        yield from (line for difference in done.after for line in _compared(difference))
    if done.overruled_by:
        yield _warning(f"  The provider ignores these addresses: the number belongs to the {done.overruled_by}.")
        yield _warning("  Take it away from there in the provider's console, then run this again.")
    if not done.fallback_url:
        yield _warning("  It has no fallback URL: `callrouter fallback` makes the document; then --fallback-url.")
    schedule = schedule_if_any()
    if schedule and schedule.unit_by_number(done.number) is None:
        yield _warning("  No unit of the schedule has this number.")


def _verdict(done: Provisioned) -> str:
    if not done.before:
        return click.style("as it should be", fg="green")
    if done.after is None:
        return click.style("would be changed", fg="yellow")
    return click.style("set up", fg="green") if not done.after else click.style("not set up", fg="red")


def _compared(difference: Difference) -> Iterator[str]:
    yield f"  {difference.what}"
    yield f"    found     {difference.found or 'none'}"
    yield f"    expected  {difference.expected}"


def _warning(line: str) -> str:
    return click.style(line, fg="yellow")


def _as_json(done: Provisioned) -> dict[str, Any]:
    def listed(differences: tuple[Difference, ...] | None) -> list[dict[str, str]] | None:
        if differences is None:
            return None
        return [{"what": each.what, "found": each.found, "expected": each.expected} for each in differences]

    said = {"number": done.number.e164, "in_force": done.is_in_force, "overruled_by": done.overruled_by}
    return said | {
        "fallback_url": done.fallback_url or None,
        "before": listed(done.before),
        "after": listed(done.after),
    }

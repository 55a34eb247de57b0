"""`callrouter provision`: our numbers at the provider, set up so that their calls come here."""

import json
import sys
from collections.abc import Sequence

import click

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calls.provisioning import Provisioned, inspect, provision
from callrouter.cli.at_provider import accounts_of_settings
from callrouter.cli.by_hand import control_database, schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.provisioned import COLUMNS, Done, as_json, coloured, rows
from callrouter.domain.phone import PhoneNumber
from callrouter.settings import os_user
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError

_NOT_ASKED = 1
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
@click.option("--json", "is_json", is_flag=True, help="One JSON object a number and region.")
@click.pass_context
def command(
    ctx: click.Context, *, numbers: tuple[PhoneNumber, ...], fallback_url: str | None, dry_run: bool, is_json: bool
) -> None:
    """Set up our numbers at the provider, in all regions of the settings, and read them back.

    Voice, fallback and status URL: what is as it should be is left alone. Exit code 0: calls to all of them come to us;
    1: the provider could not be asked about all; 3: something still keeps calls away; 4 (--dry-run): something would be
    changed.
    """
    keep_private()
    accounts = _accounts(ctx)
    with explained("Nothing was changed"):
        database = None if dry_run else control_database()
    done = [_one(account, number, fallback_url, database) for number in numbers for account in accounts]
    if is_json:
        for each in done:
            click.echo(json.dumps(as_json(each), ensure_ascii=False))
    else:
        said = list(rows(done, schedule_if_any(), is_dry=dry_run))
        print_rows(COLUMNS, said, map(coloured, said))
    sys.exit(_exit_code(done, is_dry=dry_run))


def _exit_code(done: Sequence[Done], *, is_dry: bool) -> int:
    said = [each.said for each in done if each.said]
    if len(said) < len(done):
        return _NOT_ASKED
    if any(each.now.overruled_by or each.after for each in said):
        return _NOT_IN_FORCE
    return _WOULD_CHANGE if is_dry and any(each.before for each in said) else 0


def _accounts(ctx: click.Context) -> tuple[Account, ...]:
    with explained("The provider cannot be asked"):
        accounts = accounts_of_settings(ctx)
    if not accounts:
        raise Problem("Set TWILIO_ACCOUNT_SID and CALLROUTER_PUBLIC_URL: this needs the settings of the service.")
    return accounts


def _one(account: Account, number: PhoneNumber, fallback_url: str | None, database: Database | None) -> Done:
    """Set up one number in one region; without *database*, only look. A region that is away keeps no other from it."""
    try:
        said = provision(account, number, fallback_url) if database else inspect(account, number, fallback_url)
    except (ProviderRefusedError, ProviderUnavailableError) as error:
        return Done(number, account.region, error=str(error))
    if database and said.after is not None:
        _audit(database, said, account.region)
    return Done(number, account.region, said)


def _audit(database: Database, said: Provisioned, region: str | None) -> None:
    facts = {"changed": [difference.what for difference in said.before]} | ({"region": region} if region else {})
    deed = Deed(os_user(), "provision", f"number {said.number.e164}", facts, clock.now())
    unaudited = f"{said.number.e164} was set up, but the audit log could not be written"
    with explained(unaudited), database.writing() as connection:
        append(connection, deed)

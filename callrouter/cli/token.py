"""`callrouter token`: which programs may read through the API. None may by default."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from callrouter import clock
from callrouter.cli.by_hand import control_database, end_of, schedule_if_any
from callrouter.cli.people import changing, say_done
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import say
from callrouter.domain.call_filter import Sight
from callrouter.domain.words import Scope
from callrouter.people import api_tokens
from callrouter.people.api_tokens import ApiToken
from callrouter.schedule.format.problems import nearest


@click.group("token")
def command() -> None:
    """Say which programs may read through the API, and what.

    A token is shown once, when it is made. Whoever has it can read: give each program its own, with an end.
    """


@command.command("add")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice([s.value for s in Scope]), help="What it may read; again."
)
@click.option("--company", help="Only calls that were offered to this company of the schedule's contracts.")
@click.option("--unit", help="Only what concerns this unit.")
@click.option("--until", help="When it ends: a date (all of that day), or a date and a time. Default: when revoked.")
def add(*, name: str, scopes: tuple[str, ...], company: str | None, unit: str | None, until: str | None) -> None:
    """Make a token for the program NAME, and print it. Nobody can ask for it again."""
    failed = "No token was made"
    _require_unit(unit, failed)
    ends_at, sight = _end(until), Sight(company=company, unit=unit)
    with changing(failed) as (connection, by):
        token = api_tokens.add(connection, name, [Scope(each) for each in scopes], sight, ends_at, by)
    say_done(f"{name} reads with this token, which is shown once:")
    click.echo(token)


@command.command("list")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, is_json: bool) -> None:
    """List the tokens by name: how each begins, what it may read, and when it was used last."""
    with explained("The tokens cannot be read"), control_database().reading() as connection:
        found = api_tokens.tokens(connection)
    if not found and not is_json:
        click.echo(f"There is no token: add one with `callrouter token add NAME --scope {Scope.STATUS}`.", err=True)
    width, now = max((len(token.name) for token in found), default=0), clock.now()
    say(json.dumps(_as_json(each), ensure_ascii=False) if is_json else _line(each, width, now) for each in found)


@command.command("revoke")
@click.argument("name")
def revoke(*, name: str) -> None:
    """Let the token NAME open nothing any more, at once."""
    with changing("The token was not revoked") as (connection, by):
        token = api_tokens.revoke(connection, name, by)
    say_done(f"{token.name} ({token.prefix}…) opens nothing any more.")


def _end(until: str | None) -> datetime | None:
    schedule = schedule_if_any()
    return end_of(until, schedule.zone if schedule else UTC, clock.now()) if until else None


def _require_unit(unit: str | None, failed: str) -> None:
    schedule = schedule_if_any() if unit is not None else None
    if schedule and unit is not None and unit not in schedule.units:
        known = ", ".join(schedule.units)
        raise Problem(
            f"{failed}. No unit is called '{unit}'{nearest(unit, schedule.units) or '.'}\nThe units are: {known}."
        )


def _line(token: ApiToken, width: int, now: datetime) -> str:
    return f"{token.name:<{width}}  {token.prefix}…  {', '.join(_said(token, now))}"


def _said(token: ApiToken, now: datetime) -> Iterator[str]:
    yield " ".join(sorted(token.scopes))
    if token.sight.company:
        yield f"calls of {token.sight.company}"
    if token.sight.unit:
        yield f"unit {token.sight.unit}"
    if token.revoked_at:
        yield f"revoked {_day(token.revoked_at)}"
    elif token.ends_at:
        yield f"{'until' if token.is_good(now) else 'ended'} {_day(token.ends_at)}"
    yield f"used {_day(token.used_at)}" if token.used_at else "never used"


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _as_json(token: ApiToken) -> dict[str, Any]:
    ends = {"ends_at": token.ends_at, "revoked_at": token.revoked_at, "used_at": token.used_at}
    return {
        "name": token.name,
        "prefix": token.prefix,
        "scopes": sorted(token.scopes),
        "company": token.sight.company,
        "unit": token.sight.unit,
        "made_at": token.made.at.isoformat(),
        "made_by": token.made.who,
        **{name: at.isoformat() if at else None for name, at in ends.items()},
    }

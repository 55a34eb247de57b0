"""`callrouter user`: who may sign in to the pages. Nobody may by default."""

import json
from collections.abc import Callable
from datetime import UTC
from typing import Any

import click

from callrouter.cli.by_hand import control_database, schedule_if_any
from callrouter.cli.people import changing, say_done
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import say
from callrouter.domain.words import Role
from callrouter.people import links, users
from callrouter.people.users import User
from callrouter.settings import public_url

_HERE = "http://127.0.0.1:8000"
_ROLES = click.Choice([role.value for role in Role])


@click.group("user")
def command() -> None:
    """Say who may sign in to the pages, and as what.

    A new user gets a link, good once and for a day, at which they set a password of at least 12 characters.
    """


def _fitted(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what a user may do."""
    company = click.option("--company", help="Whose calls a contractor sees: a company of the schedule's contracts.")
    return click.option("--role", required=True, type=_ROLES, help="What they may do.")(company(command))


_url = click.option("--url", help=f"Where the pages are. Default: CALLROUTER_PUBLIC_URL, else {_HERE}.")


@command.command("add")
@click.argument("name")
@_fitted
@_url
def add(*, name: str, role: str, company: str | None, url: str | None) -> None:
    """Add the user NAME, and print the link at which they set a password."""
    _require_known(company, "No user was added")
    with changing("No user was added") as (connection, by):
        user = users.add(connection, name, Role(role), company, by)
        secret = links.made(connection, user.name, by)
    _tell_link(user, secret, url)


@command.command("list")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, is_json: bool) -> None:
    """List the users by name."""
    with explained("The users cannot be read"), control_database().reading() as connection:
        found = users.users(connection)
    if not found and not is_json:
        click.echo("There is no user: add one with `callrouter user add NAME --role administrator`.", err=True)
    width = max((len(user.name) for user in found), default=0)
    say(json.dumps(_as_json(user), ensure_ascii=False) if is_json else _line(user, width) for user in found)


@command.command("change")
@click.argument("name")
@_fitted
def change(*, name: str, role: str, company: str | None) -> None:
    """Give the user NAME another role. They are signed out everywhere."""
    _require_known(company, "The user was not changed")
    with changing("The user was not changed") as (connection, by):
        user = users.change(connection, name, Role(role), company, by)
    say_done(f"{user.name} is {user.role.value} from now on, and signed out everywhere.")


@command.command("disable")
@click.argument("name")
def disable(*, name: str) -> None:
    """Let the user NAME sign in no more. They are signed out everywhere."""
    with changing("The user was not disabled") as (connection, by):
        user = users.disable(connection, name, by)
    say_done(f"{user.name} can sign in no more, and is signed out everywhere.")


@command.command("enable")
@click.argument("name")
def enable(*, name: str) -> None:
    """Let the disabled user NAME sign in again."""
    with changing("The user was not enabled") as (connection, by):
        user = users.enable(connection, name, by)
    say_done(f"{user.name} can sign in again.")


@command.command("reset")
@click.argument("name")
@_url
def reset(*, name: str, url: str | None) -> None:
    """Print a new link at which the user NAME sets a password. The old password holds until then."""
    with changing("No link was made") as (connection, by):
        secret = links.made(connection, name, by)
        user = users.required(connection, name)
    _tell_link(user, secret, url)


def _require_known(company: str | None, failed: str) -> None:
    """Refuse a company that no contract names: its user would see no call. Without a schedule, any will do."""
    schedule = schedule_if_any() if company else None
    if schedule and company not in schedule.companies:
        known = ", ".join(schedule.companies)
        names = f"The companies are: {known}." if known else "It has no contracts."
        raise Problem(f"{failed}. The schedule has no contract with a company called {company}. {names}")


def _tell_link(user: User, secret: str, url: str | None) -> None:
    with explained("It is not known where the pages are"):
        known = url or public_url()
    say_done(f"{user.name} sets a password here, once, within {links.LASTS.total_seconds() / 3600:.0f} hours:")
    click.echo(f"  {(known or _HERE).rstrip('/')}/welcome/{secret}")
    if known is None:
        click.echo(
            f"If the pages are not at {_HERE}, put where they are in its place; --url says it beforehand.", err=True
        )


def _line(user: User, width: int) -> str:
    what = user.role.value + (f" of {user.company}" if user.company else "")
    note = "" if user.has_password else "  (has no password yet)"
    if user.disabled_at:
        note = f"  (disabled since {user.disabled_at.astimezone(UTC):%Y-%m-%d})"
    return f"{user.name:<{width}}  {what}{note}"


def _as_json(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role,
        "company": user.company,
        "has_password": user.has_password,
        "disabled_at": user.disabled_at.isoformat() if user.disabled_at else None,
    }

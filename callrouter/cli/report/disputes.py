"""`callrouter report dispute`, `withdraw`, `settle`: a company's call that its statement should not count so."""

import click

from callrouter import clock
from callrouter.calllog import disputes
from callrouter.cli.by_hand import control_database, one_line
from callrouter.cli.call_named import call_named
from callrouter.cli.numbers import hidden, require_discreet
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import say
from callrouter.domain.control import LONGEST_WHY
from callrouter.domain.ledger import Dispute
from callrouter.settings import os_user


@click.command("dispute")
@click.argument("call")
@click.option("--company", required=True, help="The company whose statement it is.")
@click.option("--reason", required=True, help=f"Why, for both sides to read: at most {LONGEST_WHY} characters.")
def dispute(*, call: str, company: str, reason: str) -> None:
    """Mark CALL (its id, or the start of it) as disputed in a company's statement. It changes no sum."""
    why = _said("--reason", reason)
    with explained("The call was not marked"), control_database().writing() as connection:
        found = call_named(connection, call)
        call_id = found.call_id
        require_discreet("--reason", why, hidden(connection, (found.day, call_id)))
        said = Dispute(0, company, why, os_user(), clock.now())
        try:
            number = disputes.dispute(connection, (found.day, call_id), said)
        except disputes.NotOfferedError as error:
            raise Problem(f"Call {call_id} was not offered to a company called '{company}'.") from error
        except disputes.DisputedAlreadyError as error:
            known = f"by dispute {error.open.id}: {error.open.reason}"
            raise Problem(f"Call {call_id} is disputed already, {known}") from error
    say([f"Dispute {number}: call {call_id} is marked in the statement of {company}."])
    say([f'Once the parties agree: callrouter report settle {number} --result "…"'])


@click.command("withdraw")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--company", required=True, help="The company whose statement it is.")
def withdraw(*, number: int, company: str) -> None:
    """Take dispute NUMBER of a company back; the call stays marked, as withdrawn."""
    with explained("The dispute was not withdrawn"), control_database().writing() as connection:
        if not disputes.withdraw(connection, number, company, os_user(), clock.now()):
            raise Problem(
                f"'{company}' has no open dispute {number}; `callrouter report contract` shows those of a month."
            )
    say([f"Dispute {number} is withdrawn."])


@click.command("settle")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--result", required=True, help=f"What the parties agreed on: at most {LONGEST_WHY} characters.")
def settle(*, number: int, result: str) -> None:
    """Say how dispute NUMBER ended; the call stays marked, with the result."""
    said = _said("--result", result)
    with explained("The dispute was not settled"), control_database().writing() as connection:
        if known := disputes.dispute_numbered(connection, number):
            require_discreet("--result", said, hidden(connection, known[0]))
        if not disputes.settle(connection, number, said, os_user(), clock.now()):
            raise Problem(f"No dispute {number} is open; `callrouter report contract` shows those of a month.")
    say([f"Dispute {number} is settled."])


def _said(option: str, text: str) -> str:
    line = one_line(option, text, LONGEST_WHY)
    if not line:
        raise Problem(f"{option}: expected a text, got nothing.")
    return line

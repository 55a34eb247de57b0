"""The command line: one module a command."""

import click

from callrouter import __version__
from callrouter.cli.lazy import LazyGroup


def _without_colours(ctx: click.Context, _option: click.Parameter, said: str | None) -> None:
    """Whoever wants none says so to every program alike: https://no-color.org."""
    if said:
        ctx.color = False


_programs = LazyGroup(
    "callrouter",
    package="callrouter.cli",
    table={
        "serve": "Start the service.",
        "clock": "Run the jobs as a process of their own.",
        "call": "Play a whole call against the running service, through the built-in phone network.",
        "simulate": "Play a seeded year of calls with faults, and check that nobody is lost and the log is right.",
        "report": "Tell how the calls of a period were answered; state what a company was offered.",
        "log": "Find calls, newest first; `log show CALL` tells one with every attempt.",
        "research": "Give calls to those who study them, with nobody in them who stands out.",
        "review": "Mark a call as reviewed: its category, and a note.",
        "follow-up": "Keep what is still to be done about a call: by whom, until when.",
        "audit": "Read who did what, and verify that nobody changed it.",
        "schedule": "Check the schedule, and ask it: who answers when, and what a change changes.",
        "override": "Hold a unit open or closed by hand, or send its calls elsewhere, for a time.",
        "block": "Keep a caller out of a unit for a time.",
        "user": "Say who may sign in to the pages, and as what.",
        "token": "Say which programs may read through the API, and what.",
        "hold": "Keep a call from being deleted, whatever is decided.",
        "retention": "Delete what is older than decided, and show what was.",
        "subject": "Tell or erase everything that is kept about one number.",
        "doctor": "Look at all that the service needs, and say what to do.",
        "provision": "Set up our numbers at the provider, and read them back.",
        "fallback": "Print the static document for the provider's fallback URL.",
        "reconcile": "Hold the log against the provider's list of calls, and add what is missing.",
        "jobs": "See what runs by the clock, and run it by hand.",
        "outbox": "See who is told what by mail and SMS, and send again what failed.",
        "db": "Prepare, check, back up and restore the database.",
    },
    help_="callrouter: the right phone rings, at any hour, and every call is on record.",
)
_plain = click.option(
    "--no-color",
    envvar="NO_COLOR",
    is_flag=False,
    flag_value="yes",
    hidden=True,
    expose_value=False,
    callback=_without_colours,
)
main = _plain(click.version_option(__version__, prog_name="callrouter")(_programs))

"""What `callrouter user` and `callrouter token` share: how they change who gets in, and how they tell of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection

from callrouter import clock
from callrouter.cli.by_hand import control_database
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import say
from callrouter.people.api_tokens import TokenError
from callrouter.people.users import By, UserError
from callrouter.settings import os_user


@contextmanager
def changing(failed: str) -> Iterator[tuple[Connection, By]]:
    """A writing transaction, and who writes: the user of the operating system, whom nobody can feign."""
    keep_private()
    with explained(failed), control_database().writing() as connection:
        try:
            yield connection, By(os_user(), clock.now())
        except (UserError, TokenError) as error:
            raise Problem(f"{failed}. {error}") from error


def say_done(sentence: str) -> None:
    """Tell that it is done."""
    say([click.style(sentence, fg="green", bold=True)])

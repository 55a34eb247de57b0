"""`callrouter review`: say that somebody has looked at a call, and what they found."""

import click

from callrouter import clock
from callrouter.calllog.review import add_note, mark_reviewed, mark_unreviewed
from callrouter.cli.by_hand import control_database, schedule_in_force
from callrouter.cli.call_named import call_named
from callrouter.cli.numbers import hidden
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import say
from callrouter.cli.written import written
from callrouter.domain.review import LONGEST_NOTE, Act
from callrouter.domain.schedule import Review
from callrouter.schedule.format.problems import nearest
from callrouter.settings import os_user


@click.command("review")
@click.argument("call")
@click.option("--category", help="What it was about: one of the categories of the schedule's `review`.")
@click.option("--note", help=f"What is to be remembered of it, at most {LONGEST_NOTE} characters.")
@click.option("--undo", is_flag=True, help="As if nobody had looked at it: no category either. Notes stay.")
def command(*, call: str, category: str | None, note: str | None, undo: bool) -> None:
    """Mark CALL (its id, or the start of it) as reviewed, by the user of the operating system.

    Who did what, and when, stands in the audit log, without the text of the note.
    """
    if undo and (category or note):
        raise Problem("--undo takes the review back; it goes with neither --category nor --note.")
    with explained("The call was not reviewed"):
        filed = None if category is None else _known(schedule_in_force().review, category)
        with control_database().writing() as connection:
            found = call_named(connection, call)
            key, act = (found.day, found.call_id), Act(os_user(), clock.now())
            if undo and not mark_unreviewed(connection, key, act):
                raise Problem(f"Call {found.call_id} was not reviewed.")
            if not undo:
                mark_reviewed(connection, key, act, filed)
            if note:
                add_note(connection, key, act, written("--note", note, LONGEST_NOTE, hidden(connection, key)))
    did = "is not reviewed any more" if undo else f"is reviewed by {act.who}" + (f": {filed}" if filed else "")
    say([click.style(f"Call {found.call_id} {did}.", fg="green", bold=True)])


def _known(review: Review, name: str) -> str:
    try:
        return review.category(name)
    except KeyError:
        known = ", ".join(review.categories)
        has = f"The categories are: {known}." if known else "The schedule has none: write them under `review`."
        raise Problem(f"No category is called '{name}'{nearest(name, review.categories) or '.'}\n{has}") from None

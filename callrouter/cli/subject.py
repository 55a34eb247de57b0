"""`callrouter subject`: everything about one number, for access requests, disclosure and erasure."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import click

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.subject import Person
from callrouter.cli.by_hand import control_database, schedule_in_force
from callrouter.cli.numbers import caller_number
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import say
from callrouter.cli.subject_document import Request, erased, everything
from callrouter.cli.subject_swedish import NONE, in_swedish
from callrouter.domain.disclosure import disclosed
from callrouter.domain.schedule import title_of
from callrouter.sealing import Pseudonymizer
from callrouter.settings import os_user, privacy_key


@click.command("subject")
@click.argument("number")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked.")
@click.option("--disclose", is_flag=True, help="For anybody else: what secrecy may cover is masked, with the reason.")
@click.option("--erase", "is_erasure", is_flag=True, help="Erase the number, as far as no hold forbids it.")
@click.option(
    "--language", type=click.Choice(["sv", "en"]), default="en", show_default=True, help="The language of the text."
)
@click.option("--why", help="The reason of an erasure: the decision or request, without the number.")
def command(  # noqa: PLR0913 - one argument an option
    *, number: str, is_json: bool, show_numbers: bool, disclose: bool, is_erasure: bool, language: str, why: str | None
) -> None:
    """Tell everything that is kept about NUMBER: calls, recordings, notes, follow-ups, holds and blocks.

    Why it is kept and for how long, too, as an access request must be answered (GDPR art. 15). Who asked is audited.
    """
    if is_erasure and (disclose or show_numbers):
        raise Problem("--erase goes with --why and --json alone: look first, then erase.")
    with explained("Nothing more was erased" if is_erasure else "It is not known what is kept"):
        schedule, keys, database = schedule_in_force(), Pseudonymizer(privacy_key()), control_database()
        e164 = caller_number(number, schedule.countries[0]).e164
        person = Person(e164, keys.key(e164), keys.key_id)
        request = Request(person, schedule, clock.now(), show_numbers, disclose)
        answer = erased(database, request, why) if is_erasure else _told(database, request)
    if is_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    elif language == "sv" and not is_erasure:
        say(_lines(in_swedish(answer, partial(title_of, schedule)), NONE))
    else:
        say(_lines(_in_english(answer)))


def _told(database: Database, request: Request) -> dict[str, Any]:
    """What is known, once it is on record who asked."""
    with database.reading() as connection:
        answer = everything(connection, request)
    facts = {"calls": len(answer["calls"]), "show_numbers": request.show_numbers}
    action = "disclose" if request.is_disclosure else "look up"
    with database.writing() as connection:
        append(connection, Deed(os_user(), action, f"caller {request.person.key[:8]}", facts, request.at))
    return disclosed(answer) if request.is_disclosure else answer


def _in_english(value: Any) -> Any:
    """*value* as it is read, its names apart from whatever stands under them."""
    if isinstance(value, Mapping):
        return {str(inner).replace("_", " "): _in_english(item) for inner, item in value.items()}
    if isinstance(value, list):
        return [_in_english(item) for item in value]
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _lines(value: Any, none: str = "none", indent: int = 0) -> Iterator[str]:
    """*value* as indented lines, whatever is in it: nothing is left out because nobody thought of it."""
    pad = "  " * indent
    if isinstance(value, Mapping):
        for name, item in value.items():
            if item is not None:
                yield from _entry(f"{pad}{name}", item, none, indent)
    else:
        for number, item in enumerate(value, 1):
            yield from _entry(f"{pad}{number}.", item, none, indent)


def _entry(label: str, item: Any, none: str, indent: int) -> Iterator[str]:
    if isinstance(item, Mapping | list) and item:
        yield label
        yield from _lines(item, none, indent + 1)
    else:
        yield f"{label}: {none if item in ([], {}) else item}"

"""`callrouter report contract`: what a company was offered in a month, and what became of each call."""

import json
from collections.abc import Iterator
from datetime import UTC

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.ledger import companies, statement
from callrouter.calllog.statement import NOT_TOLD, statement_csv, statement_data
from callrouter.calllog.statement_page import LANGUAGES, statement_page
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.origin import of_origin
from callrouter.cli.problems import Problem, explained
from callrouter.cli.report.wish import month_called
from callrouter.cli.report.words import bar, footnote, percent, promised, seconds_at, talk, verdict
from callrouter.cli.schedule.words import say
from callrouter.domain.counted import counted
from callrouter.domain.ledger import OUTCOMES, Line, Statement
from callrouter.domain.measures import Share
from callrouter.domain.words import Origin
from callrouter.schedule.format.problems import nearest
from callrouter.settings import storage_settings

_BAR = 24


@click.command("contract")
@click.option("--company", required=True, help="The company, by its name in the schedule.")
@click.option("--month", required=True, help="The month, by the local date of each call's arrival: 2026-11.")
@of_origin
@click.option("--json", "form", flag_value="json", help="One JSON object, with every call.")
@click.option("--csv", "form", flag_value="csv", help="CSV: a row a call.")
@click.option("--html", "form", flag_value="html", help="A page to print, complete in itself.")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True, help="The page's language.")
def contract(*, company: str, month: str, origin: str, form: str | None, language: str) -> None:
    """State what a company was offered in a month: answered, not answered and why, how soon, and the talk time.

    Both sides can recompute each line from the events of its call: `callrouter log show CALL --json`.
    """
    period, schedule = month_called(month), schedule_if_any()
    with explained("The statement cannot be made"), Database(storage_settings().database_url).reading() as connection:
        made = statement(connection, company, period, schedule, origin)
        known = [] if made.lines else companies(connection)
    if known and company not in known:
        raise Problem(
            f"No company is called '{company}'{nearest(company, known) or '.'}\nIn the log are: {', '.join(known)}."
        )
    match form:
        case "json":
            click.echo(json.dumps(statement_data(made), ensure_ascii=False))
        case "csv":
            click.echo(statement_csv(made), nl=False)
        case "html":
            at = clock.now().astimezone(schedule.zone if schedule else UTC)
            click.echo(statement_page(made, at, language), nl=False)
        case _:
            say(_told(made))


def _told(made: Statement) -> Iterator[str]:
    lines = [
        click.style(f"{made.company}, calls from {made.period}", bold=True)
        + (f", origin {made.origin}" if made.origin != Origin.REAL else ""),
        *_gone(made),
        f"  {'offered':<14}{made.offered:>7}",
        *_outcomes(made),
        *_times(made),
        f"  talked {talk(made.talked_seconds)} (h:mm:ss), {counted(made.started_minutes, 'started minute')}",
        *(_disputed(line) for line in made.disputed),
    ]
    yield from lines
    yield from footnote(lines)
    yield "Call by call: --csv, --json, or --html to print."


def _gone(made: Statement) -> Iterator[str]:
    if made.gone_before:
        yield f"  not whole: calls from before {made.gone_before} were destroyed: callrouter retention protocol"
    if made.without_events:
        yield (
            f"  not to be recomputed: the events of {len(made.without_events)} of {counted(made.offered, 'call')} were"
            " destroyed: callrouter retention protocol"
        )


def _outcomes(made: Statement) -> Iterator[str]:
    for outcome in (*OUTCOMES, None):
        count = made.outcomes[outcome]
        if count:
            share, name = Share(count, made.offered), outcome or NOT_TOLD
            drawn = bar(count, made.offered, _BAR)
            yield f"  {name:<14}{count:>7}  {percent(share, places=1):>8}  {drawn}"


def _times(made: Statement) -> Iterator[str]:
    for level in made.levels:
        share = percent(level.reached, places=1)
        counts = f"({level.reached.part} of {level.reached.n} offered)"
        yield f"  promised {promised(level.target)}: {share} {verdict(level)} {counts}"
    if not made.levels:
        yield "  the contract promises no time to answer"
    ranks = ", ".join(f"{word} {seconds_at(made.taken, rank)}" for word, rank in (("median", 50), ("p90", 90)))
    yield f"  answered after   {ranks} from the first ring (n = {made.taken.n})"


def _disputed(line: Line) -> str:
    last = line.disputes[-1]
    state = last.state + (f": {last.result}" if last.result else "")
    return f"  dispute {last.id}, {state}: call {line.call_id}, {line.local_time:%Y-%m-%d %H:%M:%S}: {last.reason}"

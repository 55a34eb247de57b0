"""`callrouter simulate`: a seeded year of calls with faults, played in virtual time and judged call by call."""

import json
import os  # how many processors there are
import secrets
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from callrouter import clock
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.files import ScheduleFile, opened, unit_called
from callrouter.cli.simulated import progress, replayed, summary
from callrouter.domain.schedule import Schedule
from callrouter.schedule import ScheduleErrors, load
from callrouter.simulate import Scenes, Stage, Tally, Year, play, play_year

_SEEDS = 1_000_000
_CALLS_WORTH_A_PROCESS = 250


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be played; *command* plays the same again."""

    year: Year
    scenes: Scenes
    command: str


@click.command("simulate")
@click.option("--year", type=click.IntRange(1970, 2199), help="The year the calls are spread over. Default: this one.")
@click.option("--calls", default=1000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many calls.")
@click.option(
    "--seed", type=click.IntRange(0), help="What everything is drawn from. Default: a new one, which is told."
)
@click.option("--units", help="Only calls to these units, with commas between them. Default: all.")
@click.option("--schedule", help="A schedule file, `-` for standard input. Default: the one of CALLROUTER_SCHEDULE.")
@click.option("--only", type=click.IntRange(1), help="Play this one call (its number), and tell what happened.")
@click.option("--json", "is_json", is_flag=True, help="The summary as one JSON object.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked.")
def command(  # noqa: PLR0913 - one argument an option
    *,
    year: int | None,
    calls: int,
    seed: int | None,
    units: str | None,
    schedule: str | None,
    only: int | None,
    is_json: bool,
    show_numbers: bool,
) -> None:
    """Play a year of calls against the service in this process, with faults on, and check every one of them.

    No caller who stays is left without a human, a message or words; no number rings that is not in the schedule; the
    log says what the network saw. Nothing is kept. Exits with 1 if any of that was not so.
    """
    file = opened(schedule)
    seed = secrets.randbelow(_SEEDS) if seed is None else seed
    year = year or clock.now().year
    names = tuple(name.strip() for name in (units or "").split(",") if name.strip())
    drawn_from = Year(file.content, year, seed, names)
    scenes = _scenes(file, drawn_from)
    options = f" --units {','.join(names)}" * bool(names) + f" --schedule {schedule}" * bool(schedule)
    asked = Asked(drawn_from, scenes, f"callrouter simulate --year {year} --seed {seed}{options}")
    with explained("The calls were not played"), TemporaryDirectory(prefix="callrouter-") as home:
        if only:
            is_fine = _replay(asked, Path(home), only, show_numbers=show_numbers)
        else:
            is_fine = _play_all(asked, Path(home), calls, is_json=is_json, show_numbers=show_numbers)
    raise SystemExit(0 if is_fine else 1)


def _scenes(file: ScheduleFile, year: Year) -> Scenes:
    """Read the schedule as the service will.

    Raises:
        Problem: the service would refuse it, or a unit is unknown.
    """
    try:
        schedule: Schedule = load(file.content)
    except ScheduleErrors as error:
        raise Problem("\n".join(map(file.told, error.errors))) from error
    for name in year.units:
        unit_called(schedule, name)
    return year.scenes()


def _play_all(asked: Asked, home: Path, calls: int, *, is_json: bool, show_numbers: bool) -> bool:
    """Play all calls and tell what they came to; whether every promise was kept."""
    tally, began = Tally(), clock.monotonic()
    processes = max(1, min(os.cpu_count() or 1, calls // _CALLS_WORTH_A_PROCESS))
    with progress(calls) as told:
        for some in play_year(asked.year, home, calls, processes):
            tally.include(some)
            told(tally)
    took, year = clock.monotonic() - began, asked.year
    if is_json:
        named = {"year": year.year, "seed": year.seed, "schedule_version": asked.scenes.schedule.version}
        click.echo(json.dumps({**named, "seconds": round(took, 1), **tally.as_json()}, ensure_ascii=False))
    else:
        for line in summary(tally, asked.scenes, asked.command, took, show_numbers=show_numbers):
            click.echo(line)
    return not tally.violations


def _replay(asked: Asked, home: Path, number: int, *, show_numbers: bool) -> bool:
    """Play one call and tell it; whether every promise was kept."""
    with Stage(asked.year.schedule_text, home) as stage:
        *_, judged = play(stage, asked.scenes, asked.scenes.with_those_before(number), at_once=1)
        row = stage.row(judged.performance.call.sid)
    for line in replayed(judged, row, asked.scenes.schedule, show_numbers=show_numbers):
        click.echo(line)
    return not judged.violations

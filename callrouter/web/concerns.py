"""What somebody should look at: the schedule, the log, the parts of the service that are not as they should be."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from callrouter.calllog.job_concerns import JobConcern
from callrouter.domain.destination import Destination
from callrouter.domain.oncall import Rota
from callrouter.domain.ringing import rings_nobody
from callrouter.domain.schedule import Schedule
from callrouter.domain.sentence import Sentence
from callrouter.schedule.store import Loaded
from callrouter.swedish import said
from callrouter.web.health import Condition
from callrouter.web.texts import Text

_AHEAD = timedelta(days=3)
"""So far ahead a time in which nobody is rung is urgent: somebody must act before it comes."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at, and what is to be known of it; *since* (aware), where that is known.

    An urgent one is about calls or their log now. What is *of_the_text* of the schedule is mended in its editor.
    """

    text: Text
    details: tuple[Sentence, ...] = ()
    is_urgent: bool = True
    since: datetime | None = None
    of_the_text: bool = False


def concerns(
    loaded: Loaded, conditions: Mapping[str, Condition], jobs: Sequence[JobConcern], at: datetime
) -> list[Concern]:
    """All of them at *at* (aware), the urgent ones first; *jobs*: what they found."""
    told = {name: condition() for name, condition in conditions.items()}
    problems = {problem.sentence for problem in (*loaded.errors, *loaded.warnings)}
    found = [*_of_the_schedule(loaded, told.get("schedule")), *_of_the_service(told), *_of_jobs(jobs, problems)]
    found += _of_those_who_ring(loaded.schedule, at) if loaded.schedule else ()
    if jobs_now := told.get("jobs"):
        found += _of_the_scheduler(jobs_now, {each.job for each in jobs if each.about.startswith("run")})
    return sorted(found, key=lambda concern: not concern.is_urgent)


def _of_jobs(jobs: Sequence[JobConcern], problems: AbstractSet[Sentence]) -> Iterator[Concern]:
    """What jobs found and has not been told: the morning's look at the schedule finds the same *problems*."""
    for job in jobs:
        text, *details = job.said
        new = tuple(each for each in details if not problems & {value for _, value in each.values})
        if new or not details:
            yield Concern(Text(said(text, "sv"), said(text, "en")), new, since=job.since)


def _of_the_scheduler(told: Mapping[str, Any], known: AbstractSet[str]) -> Iterator[Concern]:
    """What went wrong in this process and is nowhere else to be read."""
    errors = {job: error for job, error in told.get("errors", {}).items() if job not in known}
    if errors:
        text = Text("Ett återkommande jobb har misslyckats.", "A recurring job has failed.")
        yield Concern(
            text, tuple(Sentence.of("{job}: {why}", job=job, why=Sentence(error)) for job, error in errors.items())
        )
    elif not told["ok"] and not told.get("errors"):
        yield Concern(Text("Återkommande jobb körs inte.", "Recurring jobs are not run."))


def _of_the_schedule(loaded: Loaded, told: Mapping[str, Any] | None) -> Iterator[Concern]:
    errors, warnings = ([problem.sentence for problem in of] for of in (loaded.errors, loaded.warnings))
    if loaded.schedule is None:
        text = Text(
            "Inget schema gäller: alla samtal går till sista utväg.",
            "No schedule is in force: all calls go to the last resort.",
        )
        yield Concern(text, tuple(errors), of_the_text=True)
    elif errors:
        text = Text(
            "Schemat har fel. Den senaste fungerande versionen gäller.",
            "The schedule has errors. Its last good version is in force.",
        )
        yield Concern(text, tuple(errors), of_the_text=True)
    if loaded.schedule and not errors and told and not told["ok"]:
        text = Text(
            "Schemat följs inte just nu: en ändring märks inte.",
            "The schedule is not followed: a change is not noticed.",
        )
        yield Concern(text)
    if warnings:
        text = Text("Att se över i schemat", "To look over in the schedule")
        yield Concern(text, tuple(warnings), is_urgent=False, of_the_text=True)


def _of_those_who_ring(schedule: Schedule, at: datetime) -> Iterator[Concern]:
    """Where no phone rings, now or soon: a gap between contracts, or in a rota."""
    found = [(each.title, _silent_from(each, at)) for each in schedule.destinations.values()]
    if silent := [Sentence(title) for title, since in found if since == at]:
        yield Concern(Text("Här ringer ingen telefon just nu:", "No phone rings here right now:"), tuple(silent))
    ahead = [(title, since.astimezone(schedule.zone)) for title, since in found if since and since > at]
    if soon := [f"{title}: {since:%Y-%m-%d %H:%M}" for title, since in ahead]:
        text = Text("Här ringer snart ingen telefon:", "No phone will ring here soon:")
        yield Concern(text, tuple(map(Sentence, soon)))


def _silent_from(destination: Destination, at: datetime) -> datetime | None:
    """From when on, *at* or soon, nobody is rung: that changes where a contract begins or ends, or a shift does."""
    until, rotas = at + _AHEAD, [each for each in destination.targets if isinstance(each, Rota)]
    spans = [each.span for each in destination.contracts] + [s.span for rota in rotas for s in rota.shifts(at, until)]
    edges = {edge for span in spans for edge in (span.start, span.end) if edge and at < edge < until}
    return next((edge for edge in (at, *sorted(edges)) if rings_nobody(destination, edge)), None)


def _of_the_service(told: Mapping[str, Mapping[str, Any]]) -> Iterator[Concern]:
    for name, text in _PARTS.items():
        if name in told and not told[name]["ok"]:
            yield Concern(text, tuple(_details(told[name])))


def _details(told: Mapping[str, Any]) -> Iterator[Sentence]:
    """What is not as usual, of what /readyz tells."""
    for name, text in _TELLING.items():
        if value := told.get(name):
            yield Sentence.of(text.english, what=Sentence(value) if isinstance(value, str) else value)


_PARTS = {
    "recorder": Text(
        "Loggen skrivs inte som den ska. Samtalen besvaras, och händelserna väntar på disk.",
        "The log is not written as it should be. Calls are answered; events wait on disk.",
    ),
    "control": Text(
        "Manuella styrningar kan inte läsas just nu. De senast kända gäller.",
        "Overrides cannot be read right now. Those last known are in force.",
    ),
    "versions": Text(
        "Processerna besvarar samtal efter olika versioner av schemat.",
        "The processes answer calls by different versions of the schedule.",
    ),
    "tables": Text(
        "Loggens tabeller är av en senare version än tjänsten. Gör färdigt uppgraderingen.",
        "The log's tables are of a later release than the service. Finish the upgrade.",
    ),
    "disk": Text(
        "Diskutrymmet tar slut. Snart kan ingenting skrivas.", "The disk is filling up. Soon nothing can be written."
    ),
    "clock": Text(
        "Klockan går fel mot operatörens. Öppettiderna följer vår klocka.",
        "The clock is off against the provider's. Opening hours follow our clock.",
    ),
    "log": Text("Tjänstens loggrader skrivs inte.", "The service's log lines are not written."),
    "tasks": Text("Beställt arbete följs inte.", "Tasks are not followed."),
    "metrics": Text("Mätvärdena är gamla.", "The metrics are old."),
}
_TELLING = {
    "error": Sentence("{what}"),
    "waiting": Sentence("events that wait in memory: {what}"),
    "spool_files": Sentence("files that wait on disk: {what}"),
    "damaged_spool_files": Sentence("damaged files on disk: {what}"),
    "in_log_lines_alone": Sentence("events in log lines alone: {what}"),
    "blocks_of_another_key": Sentence("blocks made with another privacy key, which hold nobody: {what}"),
}

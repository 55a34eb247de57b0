"""What somebody should look at: the schedule, the log, the parts of the service that are not as they should be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callrouter.calllog.job_runs import JobRun
from callrouter.schedule.store import Loaded
from callrouter.web.health import Condition
from callrouter.web.texts import Text


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at; *details* as the part itself tells them. An urgent one is about calls or their log now."""

    text: Text
    details: tuple[str, ...] = ()
    is_urgent: bool = True


def concerns(loaded: Loaded, conditions: Mapping[str, Condition]) -> list[Concern]:
    """All of them, the urgent ones first."""
    told = {name: condition() for name, condition in conditions.items()}
    found = [*_of_the_schedule(loaded, told.get("schedule")), *_of_the_service(told)]
    return sorted(found, key=lambda concern: not concern.is_urgent)


def of_jobs(runs: Sequence[JobRun]) -> list[Concern]:
    """What jobs found that somebody should look at, as their results say it."""
    text = Text("Jobbet {job} varnar", "The job {job} warns")
    filled = [Text(text.sv.format(job=run.job), text.en.format(job=run.job)) for run in runs]
    return [Concern(said, ((run.result or "").partition(": ")[2],)) for said, run in zip(filled, runs, strict=True)]


def _of_the_schedule(loaded: Loaded, told: Mapping[str, Any] | None) -> Iterator[Concern]:
    errors, warnings = ([str(problem) for problem in of] for of in (loaded.errors, loaded.warnings))
    if loaded.schedule is None:
        text = Text(
            "Inget schema gäller: alla samtal går till sista utväg.",
            "No schedule is in force: all calls go to the last resort.",
        )
        yield Concern(text, tuple(errors))
    elif errors:
        text = Text(
            "Schemat har fel. Den senaste fungerande versionen gäller.",
            "The schedule has errors. Its last good version is in force.",
        )
        yield Concern(text, tuple(errors))
    if loaded.schedule and not errors and told and not told["ok"]:
        text = Text(
            "Schemat följs inte just nu: en ändring märks inte.",
            "The schedule is not followed: a change is not noticed.",
        )
        yield Concern(text)
    if warnings:
        text = Text("Att se över i schemat", "To look over in the schedule")
        yield Concern(text, tuple(warnings), is_urgent=False)


def _of_the_service(told: Mapping[str, Mapping[str, Any]]) -> Iterator[Concern]:
    for name, text in _PARTS.items():
        if name in told and not told[name]["ok"]:
            yield Concern(text, tuple(_details(told[name])))


def _details(told: Mapping[str, Any]) -> Iterator[str]:
    """What is not as usual, as /readyz names it."""
    for name, value in told.items():
        if name == "errors" and isinstance(value, dict):
            yield from (f"{job}: {error}" for job, error in value.items())
        elif name in _TELLING and value:
            yield f"{name.replace('_', ' ')}: {value}"


_PARTS = {
    "recorder": Text(
        "Loggen skrivs inte som den ska. Samtalen besvaras, och händelserna väntar på disk.",
        "The log is not written as it should be. Calls are answered; events wait on disk.",
    ),
    "control": Text(
        "Manuella styrningar kan inte läsas just nu. De senast kända gäller.",
        "Overrides cannot be read right now. Those last known are in force.",
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
    "jobs": Text("Ett återkommande jobb har misslyckats.", "A recurring job has failed."),
}
_TELLING = ("error", "waiting", "spool_files", "damaged_spool_files", "in_log_lines_alone", "blocks_of_another_key")

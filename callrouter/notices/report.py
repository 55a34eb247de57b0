"""The report of a week or a month as a letter: few figures, and where the others are."""

from datetime import date, datetime

from sqlalchemy import Connection

from callrouter.calllog.reports import Asked, groups, looked_up, total
from callrouter.domain.destination import ServiceTarget
from callrouter.domain.goals import Goals
from callrouter.domain.measures import Share
from callrouter.domain.period import Period
from callrouter.domain.report import Figures, GroupBy
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Origin
from callrouter.notices.letter import Letter
from callrouter.notices.wording import calls, language_of


def letter(
    connection: Connection, schedule: Schedule, origin: Origin, when: tuple[date, date, datetime], link: str | None
) -> Letter:
    """The figures of all calls from the first to the last date of *when*, as they are at its instant (aware)."""
    first, last, at = when
    asked = looked_up(connection, Asked(Period(first, last), origin.value))
    goals = Goals.at_end(schedule, asked.period, at)
    language, figures = language_of(schedule), total(connection, asked)
    period = f"{first} – {last}"
    units = groups(connection, asked, GroupBy.UNIT)
    lines = [_line(language, _title(schedule, name), each) for name, each in units.items()]
    subject = f"{'Samtalsrapport' if language == 'sv' else 'Call report'} {period}"
    told = (_sentence(language, figures), *(_level(language, figures, target) for target in goals.targets))
    paragraphs = (subject, "\n".join(told), "\n".join(lines)) if figures.offered else (subject, calls(language, 0))
    return Letter(subject, tuple(filter(None, paragraphs)), subject, language, link)


def _title(schedule: Schedule, name: str) -> str:
    unit = schedule.units.get(name)
    return unit.title if unit else name or "–"


def _sentence(language: str, figures: Figures) -> str:
    offered, share, nobody = figures.offered, _percent(figures.answer_rate), figures.by_nobody
    middle = figures.to_answer.percentile(50)
    if language == "sv":
        median = "" if middle is None else f" Mediansvarstid: {middle} s."
        return f"{calls(language, offered)}, {share} besvarade, {nobody} missade.{median}"
    median = "" if middle is None else f" Median time to answer: {middle} s."
    return f"{calls(language, offered)}, {share} answered, {nobody} missed.{median}"


def _level(language: str, figures: Figures, target: ServiceTarget) -> str:
    level = figures.level(target)
    share, aim = _percent(level.reached), f"{target.share * 100:g}%"
    if language == "sv":
        met = "uppfyllt" if level.is_met else "ej uppfyllt"
        return f"Inom {target.seconds} s: {share} (mål {aim}, {met})."
    met = "met" if level.is_met else "not met"
    return f"Within {target.seconds} s: {share} (target {aim}, {met})."


def _line(language: str, title: str, figures: Figures) -> str:
    share = _percent(figures.answer_rate)
    return f"{title}: {calls(language, figures.offered)}, {share} {'besvarade' if language == 'sv' else 'answered'}"


def _percent(share: Share) -> str:
    return "–" if share.value is None else f"{share.value * 100:.1f}%"

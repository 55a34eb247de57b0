"""Titles of charts: what they show in a sentence, where it is safe to say; else what they are about.

Safe is a fact of the period that one call more or less would not turn round: there are enough calls, and what is said
to be the most is more than all else.
"""

from collections.abc import Mapping, Sequence

from callrouter.domain.measures import FEW, Level, Times
from callrouter.domain.period import Period
from callrouter.domain.report import Figures, RepeatCallers
from callrouter.web.figures import Figured
from callrouter.web.texts import Text

_A_FORTNIGHT = 14
"""Days: in a shorter period »on Mondays« would mean one Monday."""


def of_ends(figured: Figured, total: Figures) -> str:
    """How many were answered."""
    if total.answer_rate.is_thin:
        return Text("Så slutade samtalen", "How the calls ended").said(figured.language)
    text = Text("{share} av samtalen besvarades", "{share} of the calls were answered")
    return text.said(figured.language, share=figured.share(total.answer_rate))


def of_levels(figured: Figured, levels: Sequence[Level]) -> str:
    """How many targets are met."""
    met = sum(bool(level.is_met) for level in levels)
    if not levels or any(level.reached.is_thin for level in levels):
        return Text("Svarstid mot mål", "Time to answer against targets").said(figured.language)
    if met == len(levels):
        return Text("Målen för svarstid nås", "The targets for answering are met").said(figured.language)
    if not met:
        text = Text("Målen för svarstid nås inte", "The targets for answering are missed")
        return text.said(figured.language)
    text = Text("{met} av {n} mål för svarstid nås", "{met} of {n} targets for answering are met")
    return text.said(figured.language, met=met, n=len(levels))


def of_heat(figured: Figured, heat: Mapping[str, int], period: Period) -> str:
    """When most calls come."""
    top = outstanding(heat)
    if top is None or period.days < _A_FORTNIGHT:
        return Text("När samtalen kom", "When the calls came").said(figured.language)
    return Text("Flest samtal kom på {when}", "Most calls came on {when}").said(
        figured.language, when=figured.hour_of_week(top)
    )


def of_trend(figured: Figured, counts: Mapping[str, int], *, by_month: bool) -> str:
    """On which day or in which month most calls came; *counts* by its name."""
    top = outstanding(counts)
    if top is None:
        by_day, monthly = Text("Samtal dag för dag", "Calls by day"), Text("Samtal månad för månad", "Calls by month")
        return (monthly if by_month else by_day).said(figured.language)
    on_day = Text("Flest samtal kom {when}: {n}", "Most calls came on {when}: {n}")
    in_month = Text("Flest samtal kom i {when}: {n}", "Most calls came in {when}: {n}")
    return (in_month if by_month else on_day).said(figured.language, when=top, n=figured.count(counts[top]))


def of_units(figured: Figured, counts: Mapping[str, int]) -> str:
    """Which unit most calls came to."""
    top = outstanding(counts)
    if top is None:
        return Text("Samtal per enhet", "Calls by unit").said(figured.language)
    text = Text("Flest samtal kom till {unit}: {n}", "Most calls came to {unit}: {n}")
    return text.said(figured.language, unit=top, n=figured.count(counts[top]))


def of_companies(figured: Figured, counts: Mapping[str, int]) -> str:
    """Which company was offered most."""
    top = outstanding(counts)
    if top is None:
        return Text("Samtal per företag", "Calls by company").said(figured.language)
    text = Text("{company} erbjöds {n} samtal", "{company} was offered {n} calls")
    return text.said(figured.language, company=top, n=figured.count(counts[top]))


def of_waits(figured: Figured, to_answer: Times) -> str:
    """How long those waited who were answered."""
    if to_answer.is_thin(50):
        return Text("Hur länge de som ringde väntade", "How long callers waited").said(figured.language)
    text = Text(
        "Hälften av de besvarade fick svar inom {seconds} s", "Half of those answered had an answer within {seconds} s"
    )
    return text.said(figured.language, seconds=to_answer.percentile(50))


def of_callers(figured: Figured, callers: RepeatCallers) -> str:
    """How many called again."""
    if callers.share.is_thin:
        return Text("De som ringde igen", "Who called again").said(figured.language)
    text = Text("{share} av uppringarna ringde igen", "{share} of the callers called again")
    return text.said(figured.language, share=figured.share(callers.share))


def outstanding(counts: Mapping[str, int]) -> str | None:
    """The key with the most calls: enough of them, and two more than any other has; None if there is no such."""
    first, second = ([*sorted(counts.values(), reverse=True), 0, 0])[:2]
    if len(counts) < 2 or first < FEW or first - second < 2:
        return None
    return max(counts, key=lambda key: counts[key])

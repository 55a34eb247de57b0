"""A company's statement as a page to print: one file of HTML, without scripts, that asks nothing of any other host."""

from datetime import datetime
from functools import partial

from callrouter.calllog.statement_words import MONTHS, WORDS
from callrouter.domain.ledger import OUTCOMES, Statement
from callrouter.domain.measures import FEW, Share
from callrouter.domain.period import Period
from callrouter.domain.visible import visible

LANGUAGES = tuple(WORDS)


def statement_page(statement: Statement, made_at: datetime, language: str = "sv") -> str:
    """The page in one of LANGUAGES; *made_at* (aware) tells from when: what is told or settled later is not in it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("callrouter.calllog"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=visible,
    )
    return environment.get_template("statement.html").render(
        statement=statement,
        made_at=made_at,
        language=language,
        words=WORDS[language],
        period=_spoken(statement.period, language),
        outcomes=OUTCOMES,
        share=partial(_percent, language=language),
        clock=_clock,
        when=_when,
        few=FEW,
        of=Share,
    )


def _spoken(period: Period, language: str) -> str:
    """Write `november 2026`, or the dates where it is no month."""
    if period == Period.month(period.first.year, period.first.month):
        return f"{MONTHS[language][period.first.month - 1]} {period.first.year}"
    return f"{period.first}–{period.last}"


def _when(at: datetime) -> str:
    """Write `2026-10-25 02:30:05 +01:00`: a paper that leaves the house says of each time which one it is."""
    return f"{at:%Y-%m-%d %H:%M:%S} {at.isoformat()[-6:]}"


def _percent(share: Share, *, language: str) -> str:
    if share.value is None:
        return "–"
    text = f"{share.value * 100:.1f}"
    return f"{text.replace('.', ',')} %" if language == "sv" else f"{text} %"


def _clock(seconds: int) -> str:
    """Write hours, minutes and seconds: `3:05:09`."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"

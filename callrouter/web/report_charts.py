"""The charts of a report: figures into drawings, with the words of the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.measures import Level, Share
from callrouter.domain.reopening import WEEKDAYS
from callrouter.domain.report import Figures, busiest
from callrouter.domain.words import Disposition
from callrouter.web import findings
from callrouter.web.charts.bars import bar
from callrouter.web.charts.columns import Column, Mark, columns
from callrouter.web.charts.heat import heat
from callrouter.web.charts.scale import labelled
from callrouter.web.charts.svg import Said
from callrouter.web.figures import Figured
from callrouter.web.report import WAITS_UNTIL, WAITS_WIDTH, Report, Wait, waits
from callrouter.web.texts import Language, Text

_ENDS: tuple[tuple[str, Text], ...] = (
    ("by-desk", Text("Besvarade av receptionen", "Answered by the desk")),
    ("by-company", Text("Besvarade av ett företag", "Answered by a company")),
    (Disposition.MESSAGE, Text("Meddelande lämnat", "Message left")),
    (Disposition.ABANDONED, Text("Övergivna: den som ringde lade på", "Abandoned: the caller hung up")),
    (Disposition.UNANSWERED, Text("Obesvarade", "Unanswered")),
    (Disposition.UNKNOWN, Text("Okänt", "Unknown")),
)
_TREND = Text(
    "{n} samtal. Full del av stapeln: besvarade. Streckad del: inte besvarade.",
    "{n} calls. The full part of a column: answered. The hatched part: not answered.",
)
_COLUMN = Text("{when}: {n} samtal, {answered} besvarade", "{when}: {n} calls, {answered} answered")
_WAITS = Text(
    "{answered} besvarade samtal (fulla) och {abandoned} övergivna (streckade), efter sekunder från ankomst.",
    "{answered} answered calls (full) and {abandoned} abandoned ones (hatched), by seconds from arrival.",
)
_WAIT = Text(
    "{seconds} s: {answered} besvarade, {abandoned} övergivna",
    "{seconds} s: {answered} answered, {abandoned} abandoned",
)
_HEAT = Text("{n} samtal, per timme och veckodag. Mest: {most}.", "{n} calls, by hour and weekday. Most: {most}.")
_LEGEND = Text("färgen börjar vid", "the shade begins at")
_BUSIEST = 3
_MOST_LABELS = 6


class Row(NamedTuple):
    """A row of a table with bars: what it is, the bar, and its figures, as they are written; there may be hundreds.

    *key*: what the log calls it.
    """

    key: str
    label: str
    drawing: Markup
    figures: Figures
    offered: str
    answered: str
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of *report* in a language; each method gives one, each property its rows."""

    report: Report
    figured: Figured
    titles: Mapping[str, str]

    @property
    def total(self) -> Figures:
        """Of all calls that are asked for."""
        return self.report.shown.total

    def ends(self) -> list[tuple[str, int, str, Markup]]:
        """How the calls ended: what, how many, their share, a bar. Nobody asks for what is unknown of nothing."""
        shown = [each for each in _ENDS if each[0] != Disposition.UNKNOWN or self.total[each[0]]]
        return [
            (text.said(self.figured.language), count, self.figured.share(Share(count, offered)), bar(count, offered))
            for measure, text in shown
            for count, offered in [(self.total[measure], self.total.offered)]
        ]

    def levels(self) -> list[tuple[Level, Markup]]:
        """Each target, and how far it is reached."""
        found = [self.total.level(target) for target in self.report.goals.targets]
        return [(level, _level_bar(level)) for level in found]

    def units(self) -> list[Row]:
        """Each unit: how many calls, and how many of them were answered."""
        return self._rows(self.report.shown.units, self.titles)

    def companies(self) -> list[Row]:
        """Each company: how many calls it was offered, how many it answered, and whether its promise is kept."""
        return self._rows(self.report.companies, {}, self.report.goals.promises)

    def _rows(
        self,
        groups: Mapping[str, Figures],
        titles: Mapping[str, str],
        promises: Mapping[str, ServiceTarget] | None = None,
    ) -> list[Row]:
        most = max((each.offered for each in groups.values()), default=0)
        promised, figured = promises or {}, self.figured
        return [
            Row(
                key,
                titles.get(key, key) or Text("Nummer utan enhet", "Number without a unit").said(figured.language),
                bar(each.offered, most, full=each.answered),
                each,
                figured.count(each.offered),
                figured.share(each.answer_rate, 0),
                each.kept(promised[key]) if key in promised else None,
            )
            for key, each in sorted(groups.items(), key=lambda item: (-item[1].offered, item[0]))
        ]

    def counts(self, rows: list[Row]) -> dict[str, int]:
        """How many calls each of *rows* has, by its label."""
        return {row.label: row.figures.offered for row in rows}

    def heat(self) -> Markup:
        """When the calls came."""
        shown, language = self.report.shown, self.figured.language
        top = [f"{self.figured.hour_of_week(key)} ({offered})" for key, offered in busiest(shown.heat, _BUSIEST)]
        said = _HEAT.said(language, n=self.figured.count(self.total.offered), most=", ".join(top) or "–")
        return heat(Said("heat", self.heat_title(), said), shown.heat, self.weekdays(), _LEGEND.said(language))

    def weekdays(self) -> list[str]:
        """In short: `mån`."""
        return [day[:3] for day in WEEKDAYS[self.figured.language]]

    def hours(self) -> list[tuple[str, list[str]]]:
        """Each hour, and its calls by weekday, as they are written."""
        heat_, count = self.report.shown.heat, self.figured.count
        return [
            (
                f"{hour:02}–{(hour + 1) % 24:02}",
                [count(heat_.get(f"{day}-{hour:02}", 0)) for day in range(1, 8)],
            )
            for hour in range(24)
        ]

    def last_month(self) -> str:
        """The month of a statement: the last one of the period."""
        return f"{self.report.shown.asked.period.last:%Y-%m}"

    def heat_title(self) -> str:
        """What it shows."""
        return findings.of_heat(self.figured, self.report.shown.heat, self.report.shown.asked.period)

    def trend(self) -> Markup:
        """How many calls came, day by day or month by month."""
        figures = list(self.report.trend.values())
        named, places = self.trend_names(), labelled(len(figures), _MOST_LABELS)
        said = _TREND.said(self.figured.language, n=self.figured.count(self.total.offered))
        shown = [
            Column(each.answered, each.by_nobody, self._short(key) if place in places else "", self._column(name, each))
            for place, (key, name, each) in enumerate(zip(self.report.trend, named, figures, strict=True))
        ]
        return columns(Said("trend", self.trend_title(), said), shown)

    def trend_title(self) -> str:
        """What it shows."""
        counts = {name: each.offered for name, each in zip(self.trend_names(), self.report.trend.values(), strict=True)}
        return findings.of_trend(self.figured, counts, by_month=self.report.by_month)

    def trend_names(self) -> list[str]:
        """The days, or months, in words."""
        name = self.figured.month if self.report.by_month else self.figured.long_day
        return [name(_first_day(key)) for key in self.report.trend]

    def waits(self) -> Markup:
        """How long callers waited until they were answered, or gave up."""
        language = self.figured.language
        shown = [
            Column(each.answered, each.abandoned, _every_half_minute(each), _wait_said(language, each))
            for each in waits(self.total)
        ]
        told = {"answered": self.figured.count(self.total.to_answer.n), "abandoned": self.total.gave_up.n}
        marks = [
            Mark(target.seconds / WAITS_WIDTH, f"{target.seconds} s")
            for target in self.report.goals.targets
            if target.seconds <= WAITS_UNTIL
        ]
        return columns(Said("waits", self.waits_title(), _WAITS.said(language, **told)), shown, marks, at_edges=True)

    def waits_title(self) -> str:
        """What it shows."""
        return findings.of_waits(self.figured, self.total.to_answer)

    def _short(self, key: str) -> str:
        return key if self.report.by_month else self.figured.day(_first_day(key))

    def _column(self, name: str, figures: Figures) -> str:
        told = {"when": name, "n": figures.offered, "answered": figures.answered}
        return _COLUMN.said(self.figured.language, **told)


def seconds_said(wait: Wait) -> str:
    """Write `10–19`, or `120–` without an end."""
    return f"{wait.from_seconds}–{wait.before_seconds - 1 if wait.before_seconds else ''}"


def _every_half_minute(wait: Wait) -> str:
    return f"{wait.from_seconds}" if wait.from_seconds % 30 == 0 else ""


def _wait_said(language: Language, wait: Wait) -> str:
    return _WAIT.said(language, seconds=seconds_said(wait), answered=wait.answered, abandoned=wait.abandoned)


def _level_bar(level: Level) -> Markup:
    return bar(level.reached.value or 0, 1, mark=level.target.share)


def _first_day(key: str) -> date:
    return date.fromisoformat(key if len(key) > 7 else f"{key}-01")

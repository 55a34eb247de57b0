"""How the figures of reports are written on pages: shares, seconds, talk time. `~` stands before what may be chance."""

from dataclasses import dataclass
from datetime import date

from callrouter.domain.measures import FEW, Share, Times
from callrouter.domain.period import Period
from callrouter.domain.reopening import MONTHS, WEEKDAYS
from callrouter.web.texts import Language, Text

NOTHING = "–"
_THIN = "~"
_HOURS_OF_WEEKDAY = Text("{weekday}ar kl. {hours}", "{weekday}s {hours}")


@dataclass(frozen=True, slots=True)
class Figured:
    """How figures are written in *language*."""

    language: Language

    def decimal(self, value: float, places: int = 1) -> str:
        """Write `12,5`, in English `12.5`; thousands apart by a narrow blank."""
        text = f"{value:,.{places}f}".replace(",", "\u202f")
        return text.replace(".", ",") if self.language is Language.SWEDISH else text

    def share(self, share: Share, places: int = 1) -> str:
        """Write `83,1 %`, `~67,0 %` of few, or a dash of nothing."""
        if share.value is None:
            return NOTHING
        return f"{_THIN * share.is_thin}{self.decimal(share.value * 100, places)} %"

    def seconds(self, times: Times, rank: int) -> str:
        """Write a percentile: `41 s`, `~41 s`, or a dash."""
        found = times.percentile(rank)
        return NOTHING if found is None else f"{_THIN * times.is_thin(rank)}{found} s"

    def talk(self, seconds: int) -> str:
        """Write hours, minutes and seconds: `3:05:09`."""
        minutes, rest = divmod(seconds, 60)
        return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"

    def count(self, number: int) -> str:
        """Write `12 345`."""
        return f"{number:,}".replace(",", "\u202f")

    def change(self, now: int, before: int) -> str:
        """Write `+12 %`, `~+12 %` where either is few; nothing where there was nothing before."""
        if not before:
            return ""
        return _THIN * (min(now, before) < FEW) + f"{100 * now / before - 100:+.0f} %".replace("-", "\u2212")

    def points(self, now: Share, before: Share) -> str:
        """Write `-1,2`, in points of a hundred, `~-1,2` where either is of few; nothing where one is of nothing."""
        if now.value is None or before.value is None:
            return ""
        points = 100 * (now.value - before.value)
        thin = _THIN * (now.is_thin or before.is_thin)
        return thin + ("+" if points >= 0 else "\u2212") + self.decimal(abs(points))

    def day(self, day: date) -> str:
        """Write `6 nov`, `6 Nov`."""
        return f"{day.day} {MONTHS[self.language][day.month - 1][:3]}"

    def long_day(self, day: date) -> str:
        """Write `fredag 6 november`."""
        return f"{WEEKDAYS[self.language][day.weekday()]} {day.day} {MONTHS[self.language][day.month - 1]}"

    def month(self, day: date) -> str:
        """Write `november 2026`."""
        return f"{MONTHS[self.language][day.month - 1]} {day.year}"

    def period(self, period: Period) -> str:
        """Write `november 2026`, `2026`, or its dates."""
        first = period.first
        if period == Period.year(first.year):
            return str(first.year)
        if period == Period.month(first.year, first.month):
            return self.month(first)
        return str(first) if period.days == 1 else f"{first} – {period.last}"

    def hour_of_week(self, key: str) -> str:
        """Write `måndagar kl. 15–16` of `1-15`."""
        weekday, _, hour = key.partition("-")
        hours = f"{hour}–{(int(hour) + 1) % 24:02}"
        return _HOURS_OF_WEEKDAY.said(self.language, weekday=WEEKDAYS[self.language][int(weekday) - 1], hours=hours)

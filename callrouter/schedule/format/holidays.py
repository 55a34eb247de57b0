"""Red days and other days with names, as dates, from the `holidays` package (pinned, and checked before use).

Red are the public holidays and the de facto ones (in Sweden the eves of midsummer, Christmas and New Year).
Sundays are not: the week says what they are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from callrouter.domain.days import DayPlan, Holidays, SpecialDay, WallRange, in_words
from callrouter.domain.sentence import SaidError, Sentence
from callrouter.domain.words import DecidedBy
from callrouter.schedule.format.problems import Findings, similar
from callrouter.schedule.format.readers import Named, Placed
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.shape import InHolidays

KNOWN_YEARS = range(2005, 2041)
YEARS = range(KNOWN_YEARS[0] - 1, KNOWN_YEARS[-1] + 2)  # with a day to both sides: eves, tails past midnight
"""The years whose holidays are known; one more at each end, for the day before."""

_DAY_BEFORE = ("day before", "dag före", "dagen före")
_RED_CATEGORIES = ("public", "de_facto")
_SUFFIX = re.compile(r"\s*\([^)]*\)$")
_LOWER_CASE_LANGUAGES = ("sv", "da", "nb", "nn", "no", "fi", "is")
_THREE_YEARS = timedelta(days=3 * 366)
_KNOWN = {
    "SE": {
        date(2008, 5, 1): True,  # Ascension Day and the first of May at once
        date(2014, 6, 6): True,
        date(2024, 2, 29): False,
        date(2026, 4, 4): False,  # Easter Saturday has a name, but is not red
        date(2026, 6, 19): True,  # midsommarafton, de facto
        date(2026, 12, 24): True,
        date(2026, 12, 26): True,
        date(2027, 5, 6): True,
    }
}

DaySetting = Named[Placed[tuple[WallRange, ...] | str]]


class HolidayDataError(SaidError, ValueError):
    """The holidays of a country cannot be had, or those of this installation are wrong; *sentence* says so."""


@dataclass(frozen=True, slots=True)
class DayName:
    """What a date is called, and whether that makes it red."""

    name: str
    is_red: bool


@cache
def day_names(country: str) -> Mapping[date, tuple[DayName, ...]]:
    """Return the names of the special dates of *country* (ISO 3166) in its language, without suffixes.

    Raises:
        HolidayDataError: the country is unknown, or known dates come out wrong.
    """
    names: dict[date, dict[str, bool]] = {}
    for day, said, is_red in _package_days(country):
        of_day = names.setdefault(day, {})
        of_day[said] = of_day.get(said, False) or is_red
    found = {day: tuple(DayName(*entry) for entry in said.items()) for day, said in names.items()}
    _check(country, found)
    return found


def holidays_of(values: Values, at: date, found: Findings) -> Holidays | None:
    """Return the holidays that a schedule's settings make of its country's dates; *at* is today."""
    country = values.get(InHolidays.country)
    if country is None:
        return None
    try:
        names = day_names(country.value)
    except HolidayDataError as error:
        found.error(country.node, error.sentence)
        return None
    settings = {entry.name.casefold(): entry for entry in (values.get(InHolidays.days) or {}).values()}
    before = next((settings.pop(key) for key in _DAY_BEFORE if key in settings), None)
    _refuse_unknown(settings, names, at, found)
    days = {day: _special(said, settings, country.node.line) for day, said in names.items()}
    special = {day: value for day, value in days.items() if value}
    if before is None or before.value is None or isinstance(before.value.value, str):
        return Holidays(special)
    return Holidays(special, before.value.value, before.key.line)


def _package_days(country: str) -> Iterator[tuple[date, str, bool]]:
    import holidays

    try:
        entity = holidays.country_holidays(country)
    except NotImplementedError:
        countries = sorted(holidays.list_supported_countries(include_aliases=False))
        raise HolidayDataError(
            "no holidays are known of '{country}'; expected one of {known}", country=country, known=countries
        ) from None
    language = entity.default_language
    for category in entity.supported_categories:
        days = holidays.country_holidays(country, years=YEARS, categories=(category,), language=language)
        for day in days:
            for name in days.get_list(day):
                yield day, _shown(name, language), category in _RED_CATEGORIES


def _shown(name: str, language: str | None) -> str:
    bare = _SUFFIX.sub("", name)
    return bare.lower() if language in _LOWER_CASE_LANGUAGES else bare


def _check(country: str, names: Mapping[date, tuple[DayName, ...]]) -> None:
    for day, is_red in _KNOWN.get(country, {}).items():
        if any(name.is_red for name in names.get(day, ())) != is_red:
            expected = "red" if is_red else "not red"
            raise HolidayDataError(
                "the installed holiday data are wrong: {day} must be {expected}", day=day, expected=Sentence(expected)
            )


def _refuse_unknown(
    settings: Mapping[str, DaySetting], names: Mapping[date, tuple[DayName, ...]], at: date, found: Findings
) -> None:
    coming = [name.name for day in sorted(names) if at <= day <= at + _THREE_YEARS for name in names[day]]
    known = {name.casefold(): name for name in coming}
    for wanted, entry in settings.items():
        if wanted not in known:
            text = "no day is called '{name}' in the next three years; the names are: {names}{hint}"
            hint = similar(wanted, known)
            found.error(entry.key, text, name=entry.name, names=list(known.values()), hint=hint)


def _special(names: tuple[DayName, ...], settings: Mapping[str, DaySetting], line: int) -> SpecialDay | None:
    """Say what a date with these names becomes: a red name beats others, closed beats hours beats normal."""
    options = [option for name in names if (option := _option(name, settings, line))]
    red = [option for option in options if option.is_red]
    return min(red or options, key=_openness, default=None)


def _option(name: DayName, settings: Mapping[str, DaySetting], line: int) -> SpecialDay | None:
    setting = settings.get(name.name.casefold())
    if setting is None:
        plan = DayPlan((), DecidedBy.HOLIDAY, f"red day: {name.name}", line)
        return SpecialDay(name.name, plan, is_red=True) if name.is_red else None
    value = setting.value.value if setting.value else ()
    if isinstance(value, str):  # normal
        return SpecialDay(name.name, None, is_red=False)
    reason = f"named day {name.name}: {in_words(value)}"
    return SpecialDay(name.name, DayPlan(value, DecidedBy.HOLIDAY, reason, setting.key.line), name.is_red)


def _openness(day: SpecialDay) -> int:
    if day.plan is None:
        return 2
    return 1 if day.plan.ranges else 0

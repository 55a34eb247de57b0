"""Red days, eves and other days with names: known dates, and what a schedule makes of them."""

from datetime import date, timedelta

import pytest

from callrouter.domain.days import in_words
from callrouter.domain.words import DecidedBy
from callrouter.schedule.format.holidays import day_names
from tests.schedule.files import SHORT, changed, errors, schedule

YEARS = range(2005, 2036)


def easter(year: int) -> date:
    """The Gregorian computus (Meeus), so that the package's dates have another witness."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def weekday_from(first: date, weekday: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def red_days(year: int) -> set[date]:
    """Lag (1989:253) om allmänna helgdagar, without Sundays that have no name, and three eves."""
    sunday = easter(year)
    midsummer = weekday_from(date(year, 6, 20), 5)
    fixed = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}
    return {date(year, month, day) for month, day in fixed} | {
        *(sunday + timedelta(days=days) for days in (-2, 0, 1, 39, 49)),
        *(midsummer - timedelta(days=1), midsummer),
        weekday_from(date(year, 10, 31), 5),
    }


@pytest.mark.parametrize("year", YEARS)
def test_every_red_day_of_a_swedish_year(year: int) -> None:
    names = day_names("SE")
    assert {day for day, said in names.items() if day.year == year and any(n.is_red for n in said)} == red_days(year)


@pytest.mark.parametrize("year", YEARS)
def test_every_eve_of_a_swedish_year_has_its_name(year: int) -> None:
    sunday, pentecost = easter(year), easter(year) + timedelta(days=49)
    midsummer = weekday_from(date(year, 6, 20), 5)
    expected = {
        date(year, 1, 5): "trettondagsafton",
        sunday - timedelta(days=3): "skärtorsdagen",
        sunday - timedelta(days=1): "påskafton",
        date(year, 4, 30): "valborgsmässoafton",
        pentecost - timedelta(days=1): "pingstafton",
        midsummer - timedelta(days=1): "midsommarafton",
        weekday_from(date(year, 10, 31), 5) - timedelta(days=1): "allahelgonsafton",
        date(year, 12, 24): "julafton",
        date(year, 12, 31): "nyårsafton",
    }
    names = day_names("SE")
    assert {day: name for day, name in expected.items() if name in {n.name for n in names[day]}} == expected


def plan(days: str, day: date) -> tuple[str, DecidedBy, str]:
    """Return the hours, the kind of rule and its words, in a week of every day 08-16."""
    text = changed(
        SHORT,
        ("units:", f"holidays: {{country: SE{days and f', days: {{{days}}}'}}}\nunits:"),
        ("mon-fri: 10:00-15:00", "mon-sun: 08:00-16:00"),
    )
    found = schedule(text).unit("centre").hours.rules.plan(day)
    return in_words(found.ranges), found.decided_by, found.reason


USUAL = "mon-sun 08:00-16:00 (from 2020-01-01)"
RED_AND_HALF, SINGLE_RED = date(2025, 6, 6), date(2026, 6, 6)


@pytest.mark.parametrize(
    ("days", "day", "hours", "kind", "reason"),
    [
        ("", date(2026, 12, 25), "closed", DecidedBy.HOLIDAY, "red day: juldagen"),
        ("", date(2026, 6, 19), "closed", DecidedBy.HOLIDAY, "red day: midsommarafton"),
        ("", date(2026, 4, 2), "08:00-16:00", DecidedBy.HOURS, USUAL),
        ("", date(2026, 4, 4), "08:00-16:00", DecidedBy.HOURS, USUAL),
        ("", date(2026, 11, 22), "08:00-16:00", DecidedBy.HOURS, USUAL),  # a Sunday
        (
            "SKÄRTORSDAGEN: 10-12",
            date(2026, 4, 2),
            "10:00-12:00",
            DecidedBy.HOLIDAY,
            "named day skärtorsdagen: 10:00-12:00",
        ),
        ("Julafton: 10-12", date(2026, 12, 24), "10:00-12:00", DecidedBy.HOLIDAY, "named day julafton: 10:00-12:00"),
        (
            "valborgsmässoafton: closed",
            date(2026, 4, 30),
            "closed",
            DecidedBy.HOLIDAY,
            "named day valborgsmässoafton: closed",
        ),
        ("nationaldagen: normal", SINGLE_RED, "08:00-16:00", DecidedBy.HOURS, f"nationaldagen as usual: {USUAL}"),
        # Two names: a red day beats a half-day name, closed beats hours beats normal.
        ("dag före pingstafton: 10-12", RED_AND_HALF, "closed", DecidedBy.HOLIDAY, "red day: nationaldagen"),
        (
            "dag före pingstafton: 10-12, nationaldagen: 9-10",
            RED_AND_HALF,
            "09:00-10:00",
            DecidedBy.HOLIDAY,
            "named day nationaldagen: 09:00-10:00",
        ),
        (
            "dag före pingstafton: 10-12, nationaldagen: normal",
            RED_AND_HALF,
            "10:00-12:00",
            DecidedBy.HOLIDAY,
            "named day dag före pingstafton: 10:00-12:00",
        ),
        ("nationaldagen: normal", RED_AND_HALF, "08:00-16:00", DecidedBy.HOURS, f"nationaldagen as usual: {USUAL}"),
        # The day before.
        (
            "day before: 10-13",
            date(2026, 12, 23),
            "10:00-13:00",
            DecidedBy.DAY_BEFORE,
            "day before julafton: 10:00-13:00",
        ),
        (
            "dag före: 10-13",
            date(2026, 6, 18),
            "10:00-13:00",
            DecidedBy.DAY_BEFORE,
            "day before midsommarafton: 10:00-13:00",
        ),
        ("day before: closed", date(2026, 12, 23), "closed", DecidedBy.DAY_BEFORE, "day before julafton: closed"),
        ("day before: normal", date(2026, 12, 23), "08:00-16:00", DecidedBy.HOURS, USUAL),
        ("day before: 10-13", date(2026, 12, 25), "closed", DecidedBy.HOLIDAY, "red day: juldagen"),
        ("day before: 10-13, nationaldagen: normal", date(2026, 6, 5), "08:00-16:00", DecidedBy.HOURS, USUAL),
        (
            "day before: 10-13, nationaldagen: 9-10",
            date(2026, 6, 5),
            "10:00-13:00",
            DecidedBy.DAY_BEFORE,
            "day before nationaldagen: 10:00-13:00",
        ),
        (
            "day before: 10-13, trettondagsafton: normal",
            date(2026, 1, 5),
            "08:00-16:00",
            DecidedBy.HOURS,
            f"trettondagsafton as usual: {USUAL}",
        ),
    ],
)
def test_what_a_schedule_makes_of_a_day(days: str, day: date, hours: str, kind: DecidedBy, reason: str) -> None:
    assert plan(days, day) == (hours, kind, reason)


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        ("", "closed"),
        ("första maj: normal", "closed"),
        ("första maj: 10-12", "closed"),
        ("första maj: 10-12, kristi himmelsfärdsdag: 9-10", "10:00-12:00"),
        ("första maj: normal, kristi himmelsfärdsdag: 9-10", "09:00-10:00"),
        ("första maj: normal, kristi himmelsfärdsdag: normal", "08:00-16:00"),
        ("första maj: closed, kristi himmelsfärdsdag: 9-10", "closed"),
    ],
)
def test_two_red_names_on_one_date(days: str, hours: str) -> None:
    text = changed(
        SHORT,
        ("units:", f"holidays: {{country: SE{days and f', days: {{{days}}}'}}}\nunits:"),
        ("2020-01-01\n        mon-fri: 10:00-15:00", "2005-01-01\n        mon-sun: 08:00-16:00"),
    )
    assert in_words(schedule(text).unit("centre").hours.rules.plan(date(2008, 5, 1)).ranges) == hours


def test_the_day_before_is_a_day_that_the_hours_open() -> None:
    text = changed(SHORT, ("units:", "holidays: {country: SE, days: {day before: 10-13}}\nunits:"))
    hours = schedule(text).unit("centre").hours.rules
    assert hours.plan(date(2026, 6, 18)).decided_by is DecidedBy.DAY_BEFORE
    assert hours.plan(date(2027, 3, 27)).ranges == ()  # Saturday before Easter Sunday


def test_a_unit_may_ignore_holidays() -> None:
    text = changed(
        SHORT,
        ("units:", "holidays: {country: SE, days: {day before: 10-13, skärtorsdagen: closed}}\nunits:"),
        ("    open:", "    holidays: ignore\n    open:"),
    )
    hours = schedule(text).unit("centre").hours.rules
    for day in (date(2026, 12, 24), date(2026, 12, 23), date(2026, 4, 2)):
        assert in_words(hours.plan(day).ranges) == "10:00-15:00"


def test_a_name_that_does_not_occur_is_refused_with_the_names() -> None:
    text = changed(SHORT, ("units:", "holidays: {country: SE, days: {skärtorsdag: closed}}\nunits:"))
    (told,) = errors(text)
    assert told.startswith("line 3: holidays > days > skärtorsdag: no day is called 'skärtorsdag' in the next three")
    assert "långfredagen, påskafton, påskdagen" in told
    assert told.endswith("; did you mean 'skärtorsdagen'?")


def test_a_country_without_holidays_is_refused() -> None:
    (told,) = errors(changed(SHORT, ("units:", "holidays: {country: AC}\nunits:")))
    assert told.startswith("line 3: holidays > country: no holidays are known of 'AC'; expected one of AD, AE,")


def test_other_countries_have_their_own_names() -> None:
    text = changed(
        SHORT,
        ("units:", "holidays: {country: NO, days: {grunnlovsdag: 9-10}}\nmessages: {}\nunits:"),
    )
    assert errors(text)[0].startswith("line 4: messages: ")
    norway = schedule(text.replace("messages: {}\n", "")).unit("centre").hours.rules
    assert in_words(norway.plan(date(2028, 5, 17)).ranges) == "09:00-10:00"
    assert in_words(norway.plan(date(2026, 12, 31)).ranges) == "10:00-15:00"

"""An independent witness: opening-hours-py (a Rust evaluator of the OpenStreetMap grammar), point by point.

It follows the wall clock inside the repeated hour of an autumn night, where our state changes once: that hour is
left out. And there a rule for a date cuts the tail of the night before, so tails and exceptions come apart.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import opening_hours
from hypothesis import given, settings
from hypothesis import strategies as st

from callrouter.domain.days import WEEKDAYS
from callrouter.domain.hours import OpeningHours
from tests.schedule.files import SHORT, changed, schedule

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES_OF_A_YEAR = 365 * 24 * 60
DAYS = st.integers(0, 364).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
INSTANTS = st.integers(0, MINUTES_OF_A_YEAR).map(lambda minutes: FIRST + timedelta(minutes=minutes))


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def ranges(draw: st.DrawFn) -> str:
    cuts = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True)))
    return ",".join(f"{clock(start)}-{clock(end)}" for start, end in zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def tails(draw: st.DrawFn) -> str:
    start = draw(st.integers(12 * 60, 1439))
    return f"{clock(start)}-{clock(draw(st.integers(1, 11 * 60)))}"


def ours(week: dict[int, str], seasons: str = "", exceptions: str = "") -> OpeningHours:
    lines = "".join(f"        {WEEKDAYS[day]}: {text}\n" for day, text in week.items())
    extra = f"    seasons: [{seasons}]\n" * bool(seasons) + f"    exceptions: [{exceptions}]\n" * bool(exceptions)
    text = changed(SHORT, ("        mon-fri: 10:00-15:00\n", lines), ("    open: desk\n", f"{extra}    open: desk\n"))
    return schedule(text).unit("centre").hours


def theirs(*rules: str) -> opening_hours.OpeningHours:
    return opening_hours.OpeningHours("; ".join(rules) or "off", timezone=STOCKHOLM)


def week_of(week: dict[int, str]) -> str:
    names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    return ", ".join(f"{names[day]} {text}" for day, text in week.items()) or "off"


def is_repeated(at: datetime) -> bool:
    local = at.astimezone(STOCKHOLM)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def agree(mine: OpeningHours, other: opening_hours.OpeningHours, instants: list[datetime]) -> None:
    compiled = mine.compiled(FIRST)
    for at in instants:
        if not is_repeated(at):
            expected = other.is_open(at.astimezone(STOCKHOLM))
            assert mine.is_open(at) is expected, at
            assert compiled.is_open(at) is expected, at


@given(
    st.dictionaries(st.integers(0, 6), ranges(), max_size=7),
    st.dictionaries(st.integers(0, 6), ranges(), min_size=1, max_size=7),
    st.tuples(DAYS, DAYS).map(sorted),
    st.dictionaries(DAYS, ranges() | st.just("closed"), max_size=4),
    st.lists(INSTANTS, min_size=40, max_size=40),
)
@settings(max_examples=40)
def test_weeks_seasons_and_exceptions(
    week: dict[int, str],
    summer: dict[int, str],
    period: list[date],
    one_off: dict[date, str],
    instants: list[datetime],
) -> None:
    first, last = period
    days = ", ".join(f"{WEEKDAYS[day]}: '{text}'" for day, text in summer.items())
    seasons = f"{{period: {first:%m-%d}..{last:%m-%d}, {days}}}"
    exceptions = ", ".join(f"{{period: {day}, hours: '{text}'}}" for day, text in one_off.items())
    span = f"{first:%b %d}-{last:%b %d}"
    other = theirs(
        week_of(week),
        f"{span} off",
        *(f"{span} {rule}" for rule in week_of(summer).split(", ")),
        *(f"{day:%Y %b %d} {'off' if text == 'closed' else text}" for day, text in one_off.items()),
    )
    noons = [datetime(day.year, day.month, day.day, 11, tzinfo=UTC) for day in (*period, *one_off)]
    agree(ours(week, seasons, exceptions), other, instants + noons)


@given(
    st.dictionaries(st.integers(0, 6), tails(), min_size=1, max_size=7),
    st.lists(INSTANTS, min_size=60, max_size=60),
)
@settings(max_examples=30)
def test_tails_past_midnight(week: dict[int, str], instants: list[datetime]) -> None:
    spring, autumn = (datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 28), (10, 24)))
    nights = [start + timedelta(minutes=17 * step) for start in (spring, autumn) for step in range(200)]
    agree(ours(week), theirs(week_of(week)), instants + nights)

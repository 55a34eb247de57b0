"""Schedule files made by Hypothesis: all kinds of rules for the days around a change of the clocks."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

NIGHTS = {
    "Europe/Stockholm": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Santiago": (date(2026, 4, 5), date(2026, 9, 6)),
}
NUMBERS = [f"+46 8 465 004 {number}" for number in range(10, 20)]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NIGHT = date(2026, 10, 25)


def around(night: date) -> st.SearchStrategy[date]:
    return st.integers(-4, 4).map(lambda step: night + timedelta(days=step))


@st.composite
def hours_of_a_day(draw: st.DrawFn, *, past_midnight: bool) -> str:
    """Ranges that do not overlap; the last one may run past midnight."""
    cuts = sorted(draw(st.sets(st.integers(0, 95), max_size=4)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    words = [f"{clock(start)}-{clock(end)}" for start, end in pairs]
    if pairs and past_midnight and draw(st.booleans()):
        start = pairs[-1][0]
        words[-1] = f"{clock(start)}-{clock(draw(st.integers(0, max(start - 1, 0))) if start else 96)}"
    return ", ".join(words) or "closed"


def clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@st.composite
def week(draw: st.DrawFn, *, past_midnight: bool) -> list[str]:
    days = draw(st.lists(st.sampled_from(WEEKDAYS), unique=True))
    return [f"{day}: {draw(hours_of_a_day(past_midnight=past_midnight))}" for day in days]


def block(head: str, lines: list[str]) -> list[str]:
    return [f"      - {head}", *(f"        {line}" for line in lines)]


@st.composite
def unit(draw: st.DrawFn, number: str, night: date, *, past_midnight: bool) -> list[str]:
    """The lines of one unit that is open around *night*."""
    lines = [f"    numbers: [{number}]", "    open: desk", f"    closed: {draw(st.sampled_from(['guard', 'desk']))}"]
    if draw(st.integers(0, 9)) == 0:
        lines.append("    hours: always")
    else:
        lines.append("    hours:")
        lines += block("from: 2020-01-01", draw(week(past_midnight=past_midnight)))
        lines += block(f"from: {draw(around(night))}", draw(week(past_midnight=past_midnight)))
    if draw(st.booleans()):
        first = draw(around(night))
        last = first + timedelta(days=draw(st.integers(0, 9)))
        lines += ["    seasons:", *block(f"period: {first}..{last}", draw(week(past_midnight=past_midnight)))]
    if days := draw(st.sets(around(night), max_size=3)):
        lines.append("    exceptions:")
        for day in sorted(days):
            hours = draw(hours_of_a_day(past_midnight=past_midnight))
            lines += block(f"period: {day}", [f"hours: {hours}", "why: Personalmöte"])
    if draw(st.booleans()):
        lines.append("    holidays: ignore")
    return lines


@st.composite
def destination(draw: st.DrawFn, then: str | None) -> list[str]:
    """The lines of one destination: numbers, a person and a rota in any order, with or without a contract."""
    ring = ", ".join(draw(st.lists(st.sampled_from([*NUMBERS, "anna", "rota"]), min_size=1, max_size=4, unique=True)))
    lines = [
        f"    together: {draw(st.sampled_from(['yes', 'no']))}",
        f"    seconds: {draw(st.integers(5, 60))}",
        f"    rounds: {draw(st.integers(1, 3))}",
        f"    ring: [{ring}]",
    ]
    if draw(st.booleans()):
        lines += ["    contracts:", *block("period: 2026-10-26..", ["company: Ny Vakt AB", f"ring: [{NUMBERS[0]}]"])]
    return [*lines, *([f"    then: {then}"] if then else [])]


@st.composite
def rota(draw: st.DrawFn, night: date) -> list[str]:
    """The lines of a rota; it may begin late, and somebody may swap."""
    people = draw(st.lists(st.sampled_from(["anna", "bo"]), min_size=1, max_size=3))
    start = datetime(night.year, night.month, night.day, draw(st.integers(0, 23)))  # noqa: DTZ001 - wall clock
    lines = block(
        f"start: {start:%Y-%m-%d %H:%M}", [f"shift: {draw(st.sampled_from(['12 hours', '1 day', '1 week']))}"]
    )
    lines.append(f"        people: [{', '.join(people)}]")
    if draw(st.booleans()):
        swap = f"{{period: {night} 01:00..{night} 09:30, person: bo}}"
        lines += ["        swaps:", f"          - {swap}"]
    return lines


@st.composite
def schedule_texts(draw: st.DrawFn, zone: str = "Europe/Stockholm", *, past_midnight: bool = True) -> str:
    """Files without errors, in *zone*, whose rules change around the night NIGHTS[zone][1]."""
    night = NIGHTS[zone][1]
    last = draw(st.sampled_from([None, "message"]))
    lines = ["version: 1", f"timezone: {zone}", "holidays: {country: SE, days: {day before: 10:00-13:00}}", "units:"]
    lines += ["  centre:", *draw(unit("+46 8 465 004 00", night, past_midnight=past_midnight))]
    lines += ["  field:", *draw(unit("+46 8 465 004 01", night, past_midnight=past_midnight))]
    lines += ["destinations:", "  desk:", *draw(destination("guard")), "  guard:", *draw(destination(last))]
    lines += ["  message: {message: sorry}", "rotas:", "  rota:", *draw(rota(night))]
    lines += ["people: {anna: +46 31 390 06 31, bo: +46 31 390 06 32}", "messages: {sorry: {sv: Tyvärr.}}"]
    return "\n".join(lines)

"""Which calls a report is asked for: the period and the unit, as they stand in the address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from callrouter.domain.period import Period
from callrouter.domain.tally import ALL_UNITS
from callrouter.domain.until import YEARS
from callrouter.web.texts import Text

THIS_MONTH, LAST_MONTH, THIS_YEAR = "this-month", "last-month", "this-year"
NAMED: Mapping[str, Text] = {
    THIS_MONTH: Text("Denna månad", "This month"),
    LAST_MONTH: Text("Förra månaden", "Last month"),
    THIS_YEAR: Text("I år", "This year"),
}
LONGEST_DAYS = 3660
NO_DATES = Text(
    "Ange två datum, till exempel 2026-11-01 och 2026-11-30. Här visas denna månad.",
    "Give two dates, such as 2026-11-01 and 2026-11-30. This month is shown.",
)
BACKWARDS = Text(
    "Perioden slutar före sin början. Här visas denna månad.", "The period ends before it begins. This month is shown."
)
TOO_LONG = Text(
    "Perioden får vara högst tio år. Här visas denna månad.", "A period has ten years at most. This month is shown."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A period, by its name if it has one; a unit, or all. *error*: why it is not the one that was typed."""

    period: Period
    named: str | None
    unit: str = ALL_UNITS
    error: Text | None = None

    @property
    def address(self) -> dict[str, str]:
        """The same in an address."""
        period = {"period": self.named} if self.named else {"from": str(self.period.first), "to": str(self.period.last)}
        return period if self.unit == ALL_UNITS else {**period, "unit": self.unit}


def wish(typed: Mapping[str, str], today: date, units: Collection[str]) -> Wish:
    """What *typed*, the values of an address, ask for. A unit that is none of *units*: a LookupError."""
    unit = typed.get("unit") or ALL_UNITS
    if unit not in units and unit != ALL_UNITS:
        raise LookupError(unit)
    if typed.get("from") or typed.get("to"):
        return _of_dates(typed.get("from", ""), typed.get("to", ""), today, unit)
    name = typed.get("period", "")
    name = name if name in NAMED else THIS_MONTH
    return Wish(named_period(name, today), name, unit)


def named_period(name: str, today: date) -> Period:
    """The period called *name*, seen from *today*."""
    if name == THIS_YEAR:
        return Period.year(today.year)
    day = today.replace(day=1) - timedelta(days=1) if name == LAST_MONTH else today
    return Period.month(day.year, day.month)


def month_called(text: str) -> Period | None:
    """The month that *text* such as `2026-11` names; None if it names none."""
    first = _date(f"{text}-01")
    return Period.month(first.year, first.month) if first and first.isoformat()[:7] == text else None


def _of_dates(first_typed: str, last_typed: str, today: date, unit: str) -> Wish:
    first, last = _date(first_typed), _date(last_typed)
    if first is None or last is None:
        error = NO_DATES
    elif last < first:
        error = BACKWARDS
    elif (last - first).days >= LONGEST_DAYS:
        error = TOO_LONG
    else:
        return Wish(Period(first, last), None, unit)
    return Wish(named_period(THIS_MONTH, today), THIS_MONTH, unit, error)


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year in YEARS else None

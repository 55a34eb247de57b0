"""The tally: what one finished call adds to the counts of its day, month and year. Reports are sums of these.

Every measure is a whole number that is added up, so counts of any period, unit and day are merged by addition. Seconds
are counted second by second (`answered-in-12`: so many calls were answered after 12 seconds): any percentile and any
service level follow exactly.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache

from callrouter.domain.leg import Rung
from callrouter.domain.record import CallRecord
from callrouter.domain.words import Disposition, Outcome

RULES = 1
"""The version of what is counted. Raised, every call is counted anew; a migration must empty the table first."""

ALL_UNITS = "*"
"""The unit of a cell that counts the calls of all."""

NO_UNIT = ""
"""The unit of a cell that counts calls to a number no unit claims."""

LONGEST_COUNTED_SECONDS = 3600
"""Longer waits are counted as this long."""

ANSWERED_IN = "answered-in-"
GAVE_UP_IN = "gave-up-in-"
TAKEN_IN = "taken-in-"
LEG = "leg-"


class Grain(StrEnum):
    """The length of the period that a cell counts: a local date, or the calendar month or year that begins on it."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    def start(self, day: date) -> date:
        """The first date of the period that *day* lies in."""
        if self is Grain.DAY:
            return day
        return day.replace(day=1) if self is Grain.MONTH else day.replace(month=1, day=1)

    def next_start(self, day: date) -> date:
        """The first date of the period after."""
        return self.start(self.start(day) + _LONGEST[self])


_LONGEST = {Grain.DAY: timedelta(days=1), Grain.MONTH: timedelta(days=31), Grain.YEAR: timedelta(days=366)}


class By(StrEnum):
    """What a cell tells apart: nothing, the hour (`1-08`: Monday 8 to 9), the state, or whom the call was offered."""

    ALL = "all"
    HOUR = "hour"
    STATE = "state"
    DESTINATION = "destination"
    COMPANY = "company"
    PERSON = "person"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One place where counts are kept; *value* is empty where *by* tells nothing apart."""

    origin: str
    unit: str
    by: By
    grain: Grain
    start: date
    value: str = ""


def tally(record: CallRecord) -> dict[Cell, Counter[str]]:
    """What *record* adds to which cells: nothing while the call is in progress. Cells may share a counter."""
    if record.disposition is Disposition.IN_PROGRESS:
        return {}
    local = datetime.fromisoformat(record.local_time) if record.local_time else record.received_at.astimezone(UTC)
    counts = dict(_counts(record, local))
    return {
        Cell(record.origin, unit, by, grain, grain.start(local.date()), value): counted
        for (by, value), counted in counts.items()
        for unit in (ALL_UNITS, record.unit or NO_UNIT)
        for grain in Grain
    }


def seconds_counted(counts: Mapping[str, int], measure: str) -> dict[int, int]:
    """How many calls took how many seconds, by the *measure* (such as ANSWERED_IN) of some merged counts."""
    seconds = _seconds(measure)
    return {seconds[name]: count for name, count in counts.items() if name in seconds}


@cache
def _seconds(measure: str) -> Mapping[str, int]:
    """The seconds that a name means: a report has hundreds of counts with a hundred names, and reads each again."""
    return {f"{measure}{seconds}": seconds for seconds in range(LONGEST_COUNTED_SECONDS + 1)}


def seconds_taken(received_at: datetime, seconds_to_answer: int | None, legs: Sequence[Rung]) -> int | None:
    """From the first ring of *legs* until a call was answered by one of them: what a contract promises.

    By which of the phones of a place may never have been told; then the call's own seconds tell.
    """
    took = rang = None
    for leg in legs:  # one nearly always, of thousands of calls
        if took is None and leg.outcome == Outcome.ANSWERED:
            took = leg.answered_at
        if rang is None or leg.started_at < rang:
            rang = leg.started_at
    if took is None and seconds_to_answer is not None:
        took = received_at + timedelta(seconds=seconds_to_answer)
    return max(0, round((took - rang).total_seconds())) if took and rang else None


def _counts(record: CallRecord, local: datetime) -> Iterator[tuple[tuple[By, str], Counter[str]]]:
    whole = _of_call(record)
    yield (By.ALL, ""), whole
    yield (By.HOUR, f"{local.isoweekday()}-{local.hour:02}"), whole
    if record.state:
        yield (By.STATE, record.state), whole
    for by in (By.DESTINATION, By.COMPANY, By.PERSON):
        for value in sorted({named for leg in record.legs if (named := getattr(leg, by.value))}):
            yield (by, value), _of_offer(record, by, value)


def _of_call(record: CallRecord) -> Counter[str]:
    """What the call is to its unit. A blocked caller was turned away, so the call was not offered to anybody."""
    counted: Counter[str] = Counter({record.disposition.value: 1})
    if record.disposition is not Disposition.BLOCKED:
        counted["offered"] = 1
    if record.state:
        counted[record.state] += 1
    if record.is_redial:
        counted["redial"] = 1
    if record.answered_by:
        counted["by-company" if record.answered_by.company else "by-desk"] = 1
        counted += _talk(record)
    if record.disposition is Disposition.ABANDONED and record.ended_at:
        counted[GAVE_UP_IN + _whole((record.ended_at - record.received_at).total_seconds())] += 1
    return counted


def _of_offer(record: CallRecord, by: By, value: str) -> Counter[str]:
    """What the call is to one destination, company or person that it was offered to, and what became of each leg."""
    legs = [leg for leg in record.legs if getattr(leg, by.value) == value]
    counted: Counter[str] = Counter({"offered": 1})
    counted.update(f"{LEG}{leg.outcome}" for leg in legs if leg.outcome)
    if record.answered_by and getattr(record.answered_by, by.value) == value:
        counted["answered"] = 1
        counted += _talk(record)
        if (taken := seconds_taken(record.received_at, record.seconds_to_answer, legs)) is not None:
            counted[TAKEN_IN + _whole(taken)] += 1
    return counted


def _talk(record: CallRecord) -> Counter[str]:
    counted: Counter[str] = Counter({"talked-seconds": record.talked_seconds or 0})
    if record.seconds_to_answer is not None:
        counted[ANSWERED_IN + _whole(record.seconds_to_answer)] += 1
    return counted


def _whole(seconds: float) -> str:
    return str(min(max(0, round(seconds)), LONGEST_COUNTED_SECONDS))

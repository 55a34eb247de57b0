"""Dates and periods as they are typed in forms and addresses."""

from datetime import date, datetime, timedelta, tzinfo

from callrouter.domain.wallclock import instant_of, midnight
from callrouter.web.refused import Refused
from callrouter.web.texts import Text

_DAY = timedelta(days=1)
_NO_DATE = Text("Ange ett datum, till exempel 2026-11-30.", "Give a date, such as 2026-11-30.")
BACKWARDS = Text("Perioden slutar innan den börjar.", "The period ends before it begins.")


def typed_days(first: str, last: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From the midnight at which *first* begins to that at which *last* ends; an empty one is None.

    Raises:
        Refused: one of them is no date, or they are the wrong way round.
    """
    start, end = _date(first), _date(last)
    if start and end and end < start:
        raise Refused(BACKWARDS)
    since = instant_of(midnight(start), zone) if start else None
    return since, instant_of(midnight(end + _DAY), zone) if end else None


def _date(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(_NO_DATE) from None
    if not 1970 <= day.year <= 2999:
        raise Refused(_NO_DATE)
    return day

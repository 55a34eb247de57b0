"""The next opening as a closed unit says it, such as »Vi öppnar igen i morgon, tisdag, klockan tio«."""

from datetime import datetime, tzinfo

from callrouter.domain.message import Message, Spoken
from callrouter.domain.schedule import Unit
from callrouter.domain.wallclock import wall_time

WEEKDAYS = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_SWEDISH_HOURS = (
    *("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva"),
    *("tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"),
    *("tjugo", "tjugoett", "tjugotvå", "tjugotre"),
)
_WITHIN_A_WEEK = 7


def reopening(unit: Unit, languages: tuple[str, ...], at: datetime, zone: tzinfo) -> Message | None:
    """When *unit*, closed at *at*, opens again, in those of *languages* that have words for it; None: never."""
    opens = unit.hours.next_change(at)
    if opens is None:
        return None
    now, then = wall_time(at, zone), wall_time(opens, zone)
    known = [language for language in dict.fromkeys(languages) if language in WEEKDAYS]
    return Message("reopening", tuple(Spoken(language, _sentence(language, now, then)) for language in known or ["sv"]))


def _sentence(language: str, now: datetime, then: datetime) -> str:
    day, clock = _day(language, now, then), _clock(language, then)
    return f"Vi öppnar igen {day} klockan {clock}." if language == "sv" else f"We open again {day} at {clock}"


def _day(language: str, now: datetime, then: datetime) -> str:
    """The day as people say it: today, tomorrow with its weekday, a weekday, else with its date."""
    days = (then.date() - now.date()).days
    weekday = WEEKDAYS[language][then.weekday()]
    is_swedish = language == "sv"
    if days == 0:
        return "i dag" if is_swedish else "today"
    if days == 1:
        return f"i morgon, {weekday}," if is_swedish else f"tomorrow, {weekday},"
    if days < _WITHIN_A_WEEK:
        return f"på {weekday}" if is_swedish else f"on {weekday}"
    month = MONTHS[language][then.month - 1]
    return f"{weekday} den {then.day} {month}" if is_swedish else f"on {weekday} {then.day} {month}"


def _clock(language: str, then: datetime) -> str:
    if language == "sv":
        hour = _SWEDISH_HOURS[then.hour]
        return hour if then.minute == 0 else f"{hour} och {then.minute:02}"
    hour = f"{then.hour % 12 or 12}" if then.minute == 0 else f"{then.hour % 12 or 12}:{then.minute:02}"
    return f"{hour} {'a.m.' if then.hour < 12 else 'p.m.'}"

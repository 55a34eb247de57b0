"""The kinds of text that settings have, each with its sentence for editors and its JSON Schema."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from callrouter.domain.days import MINUTES_A_DAY, DatePeriod, WallRange, YearlyPeriod
from callrouter.domain.message import LANGUAGES
from callrouter.domain.sentence import Sentence
from callrouter.domain.words import Retained
from callrouter.schedule.format import dates, text, times
from callrouter.schedule.format.phones import Phone, country, looks_like_number, phone
from callrouter.schedule.format.problems import similar
from callrouter.schedule.format.readers import AtPlace, Json, Word
from callrouter.schedule.format.text import Unreadable

NAME_PATTERN = r"^[^+\d\s]"
_DAY_OF_YEAR = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_DATE = rf"\d{{4}}-{_DAY_OF_YEAR}"
_CLOCK = r"(([01]?\d|2[0-3])([:.][0-5]\d)?|24([:.]00)?)"
_RANGE = rf"{_CLOCK}\s*[-–—−]\s*{_CLOCK}"
_RANGES = rf"{_RANGE}(\s*,\s*{_RANGE})*"
_NUMBER: Json = {"type": ["string", "integer"], "pattern": r"^\s*\+[0-9 ()./–-]+$"}
_STRING: Json = {"type": "string", "minLength": 1}

_COUNTRIES = {"se": "sv", "dk": "da", "gb": "en"}  # often mistaken for languages


def _one(*words: str) -> Json:
    return {"enum": list(words)}


def _whole(least: int, most: int) -> Word[int]:
    schema: Json = {"type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": r"^\s*\d+\s*$"}
    expected = Sentence.of("a whole number from {least} to {most}", least=least, most=most)
    return Word(text.whole(least, most), expected, schema)


def _one_minute_hole(ranges: tuple[WallRange, ...] | None) -> Sentence | None:
    if ranges and any(wall.end % MINUTES_A_DAY == MINUTES_A_DAY - 1 for wall in ranges):
        return Sentence("an end at 23:59 leaves the last minute of the day closed; write 24:00")
    return None


def _day_value(value: str) -> tuple[WallRange, ...] | str:
    word = text.tidy(value)
    if word.casefold() in (NORMAL, "som vanligt"):
        return NORMAL
    if hint := similar(word, (NORMAL,)):
        raise Unreadable(
            "'{word}' is unknown here; expected times such as 10:00-13:00, closed or normal{hint}", word=word, hint=hint
        )
    return times.ranges(value)


def _notice_day_value(value: tuple[WallRange, ...] | str) -> Sentence | None:
    return None if isinstance(value, str) else _one_minute_hole(value)


def _ring_entry(value: str) -> Phone | str:
    return phone(value) if looks_like_number(value) else text.name(value)


def _address(value: str) -> Phone | str:
    return _mail(value) if "@" in text.filled(value) else phone(value)


def _mail(value: str) -> str:
    word = text.filled(value)
    local, _, host = word.rpartition("@")
    if not local or "." not in host.strip(".") or any(c in word for c in " ,;<>"):
        raise Unreadable("'{word}' is no mail address; expected e.g. drift@example.se", word=word)
    return word


def language_or_play(value: str) -> str:
    """Read the key of a message's part: a language, or `play`."""
    word = text.tidy(value)
    if word != "play" and word not in LANGUAGES:
        hint = Sentence.of("; did you mean '{name}'?", name=_COUNTRIES[word]) if word in _COUNTRIES else ""
        said = "'{word}' is no language that can be spoken; expected {known}, or play{hint}"
        raise Unreadable(said, word=word, known=list(LANGUAGES), hint=hint)
    return word


def menu_key(value: str) -> str:
    """Read a key of the menu."""
    if text.tidy(value) not in tuple("123456789"):
        raise Unreadable("'{word}' is no key of a menu; expected 1 to 9", word=text.tidy(value))
    return text.tidy(value)


def zone(value: str) -> ZoneInfo:
    """Read the name of a time zone."""
    word = text.filled(value)
    try:
        return ZoneInfo(word)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = similar(word, available_timezones())
        raise Unreadable(
            "there is no time zone '{word}'; expected e.g. Europe/Stockholm{hint}", word=word, hint=hint
        ) from None


NORMAL = "normal"
ZONE = Word(zone, "a time zone such as Europe/Stockholm", _STRING)
NAME = AtPlace(Word(text.name, "a name", {"type": "string", "pattern": NAME_PATTERN, "maxLength": text.LONGEST_NAME}))
NOTE = Word(text.note, "a short text", _STRING | {"maxLength": text.LONGEST_NOTE}, is_prose=True)
TITLE = Word(text.title, "a short name", _STRING | {"maxLength": text.LONGEST_NAME}, is_prose=True)
PROSE = Word(text.prose, "a text", _STRING, is_prose=True)
YES_NO = Word(text.truth, "yes or no", {"enum": ["yes", "no", "true", "false", "on", "off", "ja", "nej", True, False]})
RANGES = Word(
    times.ranges,
    "times such as 10:00-15:00, or closed",
    {"type": "string", "pattern": rf"^\s*({_RANGES}|[Cc]losed|[Ss]tängt)\s*$"},
    notice=_one_minute_hole,
)
DAY_VALUE: AtPlace[tuple[WallRange, ...] | str] = AtPlace(
    Word[tuple[WallRange, ...] | str](
        _day_value,
        "times such as 10:00-13:00, closed or normal",
        {"type": "string", "pattern": rf"^\s*({_RANGES}|[Cc]losed|[Ss]tängt|[Nn]ormal|[Ss]om vanligt)\s*$"},
        notice=_notice_day_value,
    )
)
PHONE = AtPlace(Word(phone, "a number such as +46 8 465 004 00", _NUMBER))
RING_ENTRY: AtPlace[Phone | str] = AtPlace(
    Word(
        _ring_entry,
        "a number, or the name of a person or a rota",
        {"anyOf": [_NUMBER, {"type": "string", "pattern": NAME_PATTERN, "maxLength": text.LONGEST_NAME}]},
    )
)
_MAIL_PATTERN = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
ADDRESS: AtPlace[Phone | str] = AtPlace(
    Word(
        _address,
        "a mail address or a number",
        {"anyOf": [_NUMBER, {"type": "string", "pattern": _MAIL_PATTERN}]},
    )
)
MAIL = AtPlace(Word(_mail, "a mail address", {"type": "string", "pattern": _MAIL_PATTERN}))
COUNTRY = Word(country, "a country such as SE", {"type": "string", "pattern": "^[A-Za-z]{2}$"})
DATE = AtPlace(Word(dates.day, "a date such as 2026-11-23", {"type": "string", "pattern": rf"^\s*{_DATE}\s*$"}))
MOMENT = Word(
    dates.moment,
    "a date with a time, such as 2026-11-23 08:00",
    {"type": "string", "pattern": rf"^\s*{_DATE}[ T]\s*{_CLOCK}\s*$"},
)
DATES = AtPlace(
    Word(
        dates.dates,
        "a period such as 2026-12-28..2026-12-30",
        {"type": "string", "pattern": rf"^\s*{_DATE}(\s*\.\.(\s*{_DATE})?)?\s*$"},
    )
)
SEASON_PERIOD: AtPlace[DatePeriod | YearlyPeriod] = AtPlace(
    Word(
        dates.season,
        "a period such as 06-15..08-15",
        {
            "type": "string",
            "pattern": rf"^\s*({_DAY_OF_YEAR}(\s*\.\.\s*{_DAY_OF_YEAR})?|{_DATE}(\s*\.\.(\s*{_DATE})?)?)\s*$",
        },
    )
)
MOMENTS = AtPlace(
    Word(
        dates.moments,
        "a period such as 2026-12-24 08:00..2026-12-25 08:00",
        {"type": "string", "pattern": rf"^\s*{_DATE}([ T]\s*{_CLOCK})?(\s*\.\.(\s*{_DATE}([ T]\s*{_CLOCK})?)?)?\s*$"},
    )
)
SHIFT = Word(dates.shift, "a length such as 1 week", {"type": "string", "pattern": r"^\s*\d+\s*[A-Za-z]+\s*$"})
KEEP = Word(dates.keep, "a time such as 6 months", {"type": "string", "pattern": r"^\s*\d+\s*[A-Za-zåäö]+\s*$"})
TARGET = Word(
    text.target,
    "a share and seconds, such as 80% 30s",
    {"type": "string", "pattern": r"^\s*\d{1,3}([.,]\d+)?\s*%\s*\d+\s*s\s*$"},
)
TEST_TIME = Word(
    times.weekly_time, "a weekday with a time, such as mon 09:30", {"type": "string", "pattern": rf"\s{_CLOCK}\s*$"}
)
SECONDS = _whole(5, 120)
ROUNDS = _whole(1, 5)
VERSION = Word(text.choice({"1": 1}), "1", {"enum": [1, "1"]})
IGNORE = Word(text.choice({"ignore": True, "ignorera": True}), "ignore", _one("ignore", "ignorera"))
ALWAYS = Word(text.choice({"always": True, "alltid": True}), "always", _one("always", "alltid"))
ACCEPT = Word(text.choice({"key": True}), "key", _one("key"))
CALLER_ID = Word(text.choice({"own": False, "caller": True}), "own or caller", _one("own", "caller"))
PRIVACY = Word(text.choice({"full": True, "hash": False}), "full or hash", _one("full", "hash"))
RETAINED = Word(
    text.choice({what.value: what for what in Retained}),
    "numbers, notes, recordings, events or calls",
    _one(*Retained),
)

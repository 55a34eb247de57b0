"""The settings of a unit: names, what may stand there, and a sentence about each."""

from callrouter.schedule.format import words
from callrouter.schedule.format.readers import ListOf, MapOf
from callrouter.schedule.format.records import Field, Record
from callrouter.schedule.format.weeks import Hours, WeekReader


class InVersion:
    """The settings of a version of the hours, beside its weekdays."""

    since = Field("from", words.DATE, "the first day on which this week holds", required=True)


class InSeason:
    """The settings of a season, beside its weekdays."""

    period = Field("period", words.SEASON_PERIOD, "the days, every year: 06-15..08-15", required=True)


class InException:
    """The settings of an exception."""

    period = Field("period", words.DATES, "the dates, both included: 2026-12-28..2026-12-30", required=True)
    hours = Field("hours", words.RANGES, "open at these times, or closed", required=True)
    why = Field("why", words.NOTE, "the reason, shown beside the decision")


class InMenu:
    """The settings of a unit's menu."""

    message = Field("message", words.NAME, "the message that says the keys", required=True)
    keys = Field(
        "keys",
        MapOf(words.menu_key, words.NAME, "keys with units, such as {1: reception}", "^[1-9]$"),
        "the unit that each key from 1 to 9 leads to",
        required=True,
    )


class InUnit:
    """The settings of a unit."""

    name = Field("name", words.TITLE, "what people call it; default: its name in this file")
    numbers = Field(
        "numbers",
        ListOf(words.PHONE, "the numbers that belong to this unit"),
        "calls to these numbers belong to this unit",
        required=True,
    )
    hours = Field(
        "hours",
        Hours(WeekReader((InVersion.since,), "a version that begins with 'from: YYYY-MM-DD'")),
        "always, or versions of the week; a day that is not listed is closed",
        required=True,
    )
    seasons = Field(
        "seasons",
        ListOf(WeekReader((InSeason.period,), "a season with its period"), "seasons, each with its period"),
        "weeks that replace the hours every year",
    )
    exceptions = Field(
        "exceptions",
        ListOf(
            Record((InException.period, InException.hours, InException.why), "a period and its hours"),
            "exceptions, each with a period and hours",
        ),
        "one-off hours, which beat everything else",
    )
    holidays = Field("holidays", words.IGNORE, "ignore: open on red days too")
    open = Field("open", words.NAME, "the destination while the unit is open", required=True)
    closed = Field("closed", words.NAME, "the destination while it is closed; none: an alarm unit")
    message = Field("message", words.NAME, "the message played before a call is sent to 'closed'")
    menu = Field(
        "menu",
        Record((InMenu.message, InMenu.keys), "a message and keys"),
        "keys that lead to other units while this one is open",
    )
    privacy = Field("privacy", words.PRIVACY, "hash: the caller's number is never stored")
    recordings = Field("recordings", words.KEEP, "how long a message left here is kept at most: 7 days")
    missed_call = Field(
        "missed-call",
        ListOf(words.ADDRESS, "mail addresses and numbers"),
        "who is told of calls missed here; default: those under notify",
    )


UNIT = Record(
    (
        *(InUnit.name, InUnit.numbers, InUnit.hours, InUnit.seasons, InUnit.exceptions, InUnit.holidays),
        *(InUnit.open, InUnit.closed, InUnit.message, InUnit.menu, InUnit.privacy, InUnit.recordings),
        InUnit.missed_call,
    ),
    "a unit with numbers, hours and open",
)

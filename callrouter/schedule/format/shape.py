"""The settings of the whole file: names, what may stand there, and a sentence about each.

The errors, and the JSON Schema for editors, both come from here, unit_shape.py and ring_shape.py.
"""

from callrouter.schedule.format import words
from callrouter.schedule.format.readers import AtPlace, ListOf, MapOf
from callrouter.schedule.format.records import Field, Record
from callrouter.schedule.format.ring_shape import DESTINATION, ROTA
from callrouter.schedule.format.text import filled, name
from callrouter.schedule.format.unit_shape import UNIT


class InHolidays:
    """The settings of the holidays."""

    country = Field("country", AtPlace(words.COUNTRY), "the country whose red days are closed: SE", required=True)
    days = Field(
        "days",
        MapOf(filled, words.DAY_VALUE, "names of days with their hours"),
        "days that differ: hours, closed or normal",
    )


class InTestCall:
    """The settings of a test call."""

    destination = Field("destination", words.NAME, "the destination to test", required=True)
    at = Field("at", words.TEST_TIME, "weekday and local time: mon 09:30", required=True)


class InRetention:
    """The settings of a retention rule."""

    what = Field("what", words.RETAINED, "what is deleted", required=True)
    keep = Field("keep", words.KEEP, "how long it is kept: 6 months", required=True)
    decision = Field("decision", words.NOTE, "the decision that says so", required=True)
    date = Field("date", words.DATE, "the day of the decision", required=True)


class InNotify:
    """The settings of who is told."""

    _reader = ListOf(words.ADDRESS, "mail addresses and numbers")
    missed_call = Field("missed-call", _reader, "who is told of a call that nobody answered")
    hand_over = Field("hand-over", _reader, "who gets the list of what happened while closed")
    reports = Field("reports", ListOf(words.MAIL, "mail addresses"), "who gets the figures of each week and month")
    warnings = Field("warnings", _reader, "who is told when something is about to break")


class InReview:
    """The settings of the review."""

    targets = Field("targets", ListOf(words.TARGET, "shares of calls: 80% 30s"), "share of calls answered within")
    categories = Field("categories", ListOf(words.NOTE, "words to file calls under"), "words to file calls under")


class InFile:
    """The settings of the whole file."""

    version = Field("version", words.VERSION, "the version of this format", required=True)
    timezone = Field("timezone", words.ZONE, "the zone of all times: Europe/Stockholm", required=True)
    countries = Field(
        "countries",
        ListOf(words.COUNTRY, "countries such as SE"),
        "countries whose numbers may be rung; default: those of the units' own numbers",
    )
    holidays = Field(
        "holidays",
        Record((InHolidays.country, InHolidays.days), "a country, and days that differ"),
        "red days are closed",
    )
    units = Field(
        "units",
        MapOf(name, UNIT, "units, each under its name", words.NAME_PATTERN),
        "the services behind the numbers",
        required=True,
    )
    destinations = Field(
        "destinations",
        MapOf(name, DESTINATION, "destinations, each under its name", words.NAME_PATTERN),
        "whom to ring, and where a call goes next",
        required=True,
    )
    rotas = Field(
        "rotas",
        MapOf(name, ROTA, "rotas, each under its name", words.NAME_PATTERN),
        "timetables of people on call",
    )
    people = Field(
        "people",
        MapOf(name, words.PHONE, "people with their numbers", words.NAME_PATTERN),
        "people and their numbers",
    )
    messages = Field(
        "messages",
        MapOf(
            name,
            MapOf(words.language_or_play, AtPlace(words.PROSE), "a text for each language"),
            "messages, each under its name",
            words.NAME_PATTERN,
        ),
        "what callers hear",
    )
    notify = Field(
        "notify",
        Record((InNotify.missed_call, InNotify.hand_over, InNotify.reports, InNotify.warnings), "who is told of what"),
        "who is told: mail addresses, and numbers for SMS",
    )
    review = Field(
        "review",
        Record((InReview.targets, InReview.categories), "targets and categories"),
        "what the calls are judged against",
    )
    test_calls = Field(
        "test-calls",
        ListOf(Record((InTestCall.destination, InTestCall.at), "a destination and a time"), "test calls"),
        "calls that prove the lines are answered",
    )
    retention = Field(
        "retention",
        ListOf(
            Record(
                (InRetention.what, InRetention.keep, InRetention.decision, InRetention.date),
                "what is kept, how long, by which decision",
            ),
            "rules of what is kept how long",
        ),
        "nothing is deleted without a decision",
    )


FILE = Record(
    (
        *(InFile.version, InFile.timezone, InFile.countries, InFile.holidays, InFile.units, InFile.destinations),
        *(InFile.rotas, InFile.people, InFile.messages, InFile.notify, InFile.review),
        *(InFile.test_calls, InFile.retention),
    ),
    "settings such as 'version: 1', one a line",
)

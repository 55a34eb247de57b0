"""Every setting of schedule.yaml: what it is called, what may stand there, and a sentence about it.

The errors and the JSON Schema both come from here.
"""

from callrouter.domain.days import WeekEntry
from callrouter.schedule import words
from callrouter.schedule.readers import AtPlace, ListOf, MapOf
from callrouter.schedule.records import Field, Record
from callrouter.schedule.text import name
from callrouter.schedule.weeks import HOURS, SEASON


class InException:
    """The settings of an exception."""

    period = Field("period", words.DATES, "the dates, both included: 2026-12-28..2026-12-30", required=True)
    hours = Field("hours", words.RANGES, "open at these times, or closed", required=True)
    why = Field("why", words.PROSE, "shown beside the decision")


class InMenu:
    """The settings of a unit's menu."""

    message = Field("message", words.NAME, "the message that says the keys", required=True)
    keys = Field(
        "keys",
        MapOf(words.menu_key, words.NAME, "keys and units, such as {1: reception}", "^[1-9]$"),
        "the unit that each key 1-9 leads to",
        required=True,
    )

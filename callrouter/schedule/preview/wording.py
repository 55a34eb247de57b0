"""The words of a difference, in English for the command line, in both languages for the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from callrouter.domain.reopening import WEEKDAYS

Labels = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language; `{…}` stands for a value.

    *labels*: settings by the kind of their part and their name in the file; *words*: what settings say; *begins*: how
    the name of a rule begins.
    """

    weekdays: tuple[str, ...]
    kinds: Mapping[str, str]
    new: str
    gone: str
    labels: Labels
    words: Mapping[str, str]
    begins: Mapping[str, str]
    nobody: str
    no_company: str
    nothing: str
    open: str
    instead: str
    on_call: str
    to: str
    since: str
    until: str
    every: str
    day: str
    weekday: str
    except_: str
    more_days: str
    more_times: str
    and_: str
    alike: str

    def in_day(self, day: date) -> str:
        """Write `Thursday 2026-12-24`."""
        return f"{self.weekdays[day.weekday()]} {day}"

    def in_moment(self, at: datetime, zone: tzinfo) -> str:
        """Write `Thursday 2026-12-24 10:00`."""
        local = at.astimezone(zone)
        return f"{self.in_day(local.date())} {local.strftime('%H:%M:%S' if local.second else '%H:%M')}"

    def listed(self, words: Sequence[str]) -> str:
        """Write `a, b and c`."""
        return f" {self.and_} ".join(filter(None, (", ".join(words[:-1]), words[-1])))

    def rule(self, name: str) -> str:
        """What the rule behind a day is called: `no longer julafton`."""
        for begin, said in self.begins.items():
            if name.startswith(begin):
                return said + self.rule(name.removeprefix(begin))
        return name


_ENGLISH_LABELS: Labels = {
    ("unit", "name"): "its title",
    ("unit", "numbers"): "its numbers",
    ("unit", "open"): "when open, calls go to",
    ("unit", "closed"): "when closed, calls go to",
    ("unit", "message"): "message when closed",
    ("unit", "privacy"): "callers' numbers are kept",
    ("unit", "recordings"): "messages are kept for",
    ("unit", "missed-call"): "told of missed calls",
    ("destination", "name"): "its title",
    ("destination", "together"): "phones ring",
    ("destination", "seconds"): "each rings for",
    ("destination", "accept"): "whoever answers must press 1",
    ("destination", "caller-id"): "the phone shows the number of",
    ("destination", "message"): "the caller hears",
    ("destination", "voicemail"): "the caller may leave a message",
    ("destination", "then"): "when nobody answers",
    ("message", "order"): "heard in the order",
    ("file", "unclaimed numbers"): "calls to numbers of no unit go to",
    ("file", "timezone"): "all times are those of",
}

_SWEDISH_LABELS: Labels = {
    ("unit", "name"): "namn",
    ("unit", "numbers"): "nummer",
    ("unit", "open"): "öppet: samtalen går till",
    ("unit", "closed"): "stängt: samtalen går till",
    ("unit", "message"): "stängt-meddelande",
    ("unit", "menu"): "meny",
    ("unit", "menu message"): "menyns meddelande",
    ("unit", "privacy"): "uppringarnas nummer sparas",
    ("unit", "recordings"): "meddelanden sparas i",
    ("unit", "missed-call"): "får veta om missade samtal",
    ("destination", "name"): "namn",
    ("destination", "together"): "telefonerna ringer",
    ("destination", "seconds"): "var och en ringer i",
    ("destination", "rounds"): "varv",
    ("destination", "accept"): "den som svarar måste trycka 1",
    ("destination", "caller-id"): "telefonen visar numret som tillhör",
    ("destination", "message"): "den som ringer hör",
    ("destination", "voicemail"): "den som ringer kan lämna ett meddelande",
    ("destination", "then"): "om ingen svarar",
    ("message", "order"): "hörs i ordningen",
    ("person", "number"): "nummer",
    ("file", "unclaimed numbers"): "samtal till nummer utan enhet går till",
    ("file", "timezone"): "alla tider gäller",
    ("file", "countries"): "länder",
}

ENGLISH = Wording(
    weekdays=WEEKDAYS["en"],
    kinds={
        "unit": "Unit",
        "destination": "Destination",
        "rota": "Rota",
        "person": "Person",
        "message": "Message",
        "file": "Settings of the whole file",
    },
    new="is new",
    gone="is gone",
    labels=_ENGLISH_LABELS,
    words={},
    begins={},
    nobody="nobody",
    no_company="no company",
    nothing="none",
    open="open {hours}",
    instead="{new} instead of {old}",
    on_call="on call",
    to="to",
    since="from",
    until="until",
    every="every {days}",
    day="day",
    weekday="weekday",
    except_="except",
    more_days="{count} more days",
    more_times="and {count} more times",
    and_="and",
    alike="the hidden digits differ",
)

SWEDISH = Wording(
    weekdays=WEEKDAYS["sv"],
    kinds={
        "unit": "Enhet",
        "destination": "Svarsställe",
        "rota": "Jourschema",
        "person": "Person",
        "message": "Meddelande",
        "file": "Inställningar för hela filen",
    },
    new="är ny",
    gone="är borttagen",
    labels=_SWEDISH_LABELS,
    words={
        "yes": "ja",
        "no": "nej",
        "closed": "stängt",
        "own": "oss",
        "caller": "den som ringer",
        "full": "ja",
        "hash": "nej",
        "all at once": "alla på en gång",
        "one after another": "en efter en",
        "company": "företag",
        "rings": "ringer",
        "on call": "i tjänst",
    },
    begins={
        "no longer ": "inte längre ",
        "day before ": "dagen före ",
        "season ": "säsong ",
        "exception": "avvikande dag",
    },
    nobody="ingen",
    no_company="inget företag",
    nothing="inget",
    open="öppet {hours}",
    instead="{new} i stället för {old}",
    on_call="i tjänst",
    to="till",
    since="från",
    until="till",
    every="varje {days}",
    day="dag",
    weekday="vardag",
    except_="utom",
    more_days="{count} dagar till",
    more_times="och {count} gånger till",
    and_="och",
    alike="de dolda siffrorna skiljer sig",
)

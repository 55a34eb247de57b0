"""The words of the printed statement, in the languages of those who read it."""

from collections.abc import Mapping
from typing import Any

_SWEDISH_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december"
_ENGLISH_MONTHS = "January February March April May June July August September October November December"

MONTHS = {"sv": tuple(_SWEDISH_MONTHS.split()), "en": tuple(_ENGLISH_MONTHS.split())}

_SWEDISH = {
    "title": "Avtalsredovisning",
    "for": "Samtal som erbjudits",
    "sums": "Sammanställning",
    "calls": "Samtal för samtal",
    "offered": "Erbjudna samtal",
    "share": "Andel",
    "count": "Antal",
    "how it ended": "Hur samtalen slutade",
    "answered": "Besvarade",
    "dropped": "Tappade (högst 2 s samtal)",
    "declined": "Tackade nej",
    "screened-out": "Ej bekräftade (telefonsvarare)",
    "no-answer": "Inget svar",
    "busy": "Upptaget",
    "failed": "Gick inte att ringa",
    "cancelled": "Uppringaren lade på först",
    "not-told": "Utfall okänt",
    "line": {
        "answered": "besvarat",
        "dropped": "tappat",
        "declined": "tackade nej",
        "screened-out": "ej bekräftat",
        "no-answer": "inget svar",
        "busy": "upptaget",
        "failed": "gick inte att ringa",
        "cancelled": "uppringaren lade på",
        "not-told": "okänt",
    },
    "promise": "Avtalat",
    "within": "inom",
    "reached": "Uppnått",
    "met": "uppfyllt",
    "missed": "ej uppfyllt",
    "no promise": "Avtalet anger ingen svarstid.",
    "time to answer": "Svarstid från första ringsignalen",
    "median": "Median",
    "p90": "90:e percentilen",
    "talk": "Samtalstid",
    "started minutes": "Påbörjade minuter",
    "disputed": "Bestridda samtal",
    "arrival": "Inkom",
    "unit": "Enhet",
    "call": "Samtal",
    "outcome": "Utfall",
    "answer": "Svarstid",
    "late": "efter avtalad tid",
    "dispute": "Bestridande",
    "open": "bestritt",
    "settled": "avgjort",
    "withdrawn": "återtaget",
    "no calls": "Företaget erbjöds inga samtal under perioden.",
    "gone": "Ofullständig: samtal från före {date} är gallrade enligt beslut och räknas inte här.",
    "none left": "Inga samtal finns kvar.",
    "without events": (
        "Händelserna i {n} av {m} samtal är gallrade enligt beslut: de raderna kan ingen längre räkna fram ur loggen."
    ),
    "few": "Få samtal: andelar och percentiler säger lite.",
    "recompute": (
        "Så räknas det. Ett samtal hör till det datum då det kom in, enligt klockan på platsen. Det räknas en gång, "
        "hur många av företagets telefoner som än ringde. Svarstiden går från den första ringsignalen hos företaget "
        "tills uppringaren kopplades fram. Andelen inom avtalad tid är andelen av alla erbjudna samtal, också av dem "
        "där uppringaren lade på. Ett bestritt samtal räknas som de andra tills parterna har enats."
    ),
    "from events": "Varje rad kan räknas fram ur samtalets händelser i loggen.",
    "made": "Framtagen",
    "schedule": "Avtal enligt schemaversion",
    "origin": "Provsamtal eller simulerade samtal",
}

_ENGLISH = {
    "title": "Contract statement",
    "for": "Calls offered to",
    "sums": "Sums",
    "calls": "Call by call",
    "offered": "Calls offered",
    "share": "Share",
    "count": "Count",
    "how it ended": "How the calls ended",
    "answered": "Answered",
    "dropped": "Dropped (talked 2 s at most)",
    "declined": "Declined",
    "screened-out": "Screened out (voicemail)",
    "no-answer": "No answer",
    "busy": "Busy",
    "failed": "Could not be rung",
    "cancelled": "The caller hung up first",
    "not-told": "Outcome not told",
    "line": {
        "answered": "answered",
        "dropped": "dropped",
        "declined": "declined",
        "screened-out": "screened out",
        "no-answer": "no answer",
        "busy": "busy",
        "failed": "could not be rung",
        "cancelled": "the caller hung up",
        "not-told": "not told",
    },
    "promise": "Promised",
    "within": "within",
    "reached": "Reached",
    "met": "met",
    "missed": "missed",
    "no promise": "The contract promises no time to answer.",
    "time to answer": "Time to answer from the first ring",
    "median": "Median",
    "p90": "90th percentile",
    "talk": "Talk time",
    "started minutes": "Started minutes",
    "disputed": "Disputed calls",
    "arrival": "Arrived",
    "unit": "Unit",
    "call": "Call",
    "outcome": "Outcome",
    "answer": "Answered after",
    "late": "later than promised",
    "dispute": "Dispute",
    "open": "disputed",
    "settled": "settled",
    "withdrawn": "withdrawn",
    "no calls": "The company was offered no calls in this period.",
    "gone": "Not whole: calls from before {date} have been destroyed by decision, and are not counted here.",
    "none left": "No calls are left.",
    "without events": (
        "The events of {n} of {m} calls have been destroyed by decision: nobody can compute those lines from the log."
    ),
    "few": "Few calls: shares and percentiles say little.",
    "recompute": (
        "How it is counted. A call belongs to the date on which it arrived, by the local clock. It counts once, "
        "however many phones of the company rang. The time to answer runs from the first ring at the company until the "
        "caller was put through. The share within the promised time is one of all calls offered, also of those whose "
        "caller went. A disputed call counts like any other until the parties have agreed."
    ),
    "from events": "Each line can be computed from the events of its call in the log.",
    "made": "Made",
    "schedule": "Contracts by schedule version",
    "origin": "Test calls or simulated calls",
}

WORDS: Mapping[str, Mapping[str, Any]] = {"sv": _SWEDISH, "en": _ENGLISH}

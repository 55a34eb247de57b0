"""What the audit log and the parts of the service tell of themselves, by the names they have there, in words.

What a later release tells is shown as it stands.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from callrouter.swedish import heard
from callrouter.web.site import visit
from callrouter.web.texts import Text
from callrouter.web.words import WORDS, word

_ANSWERS = {True: Text("ja", "yes"), False: Text("nej", "no")}

NAMES: Mapping[str, Text] = {
    # Of deeds.
    "added": Text("tillagda", "added"),
    "before": Text("före", "before"),
    "by": Text("med", "by"),
    "call back": Text("återuppringning", "call-back"),
    "caller": Text("uppringare", "caller"),
    "calls": Text("samtal", "calls"),
    "category": Text("kategori", "category"),
    "changed": Text("ändrat", "changed"),
    "company": Text("företag", "company"),
    "decided by": Text("avgjort av", "decided by"),
    "decision": Text("beslut", "decision"),
    "destination": Text("svarsställe", "destination"),
    "destroyed": Text("gallrat", "destroyed"),
    "disposition": Text("utfall", "disposition"),
    "dispute": Text("bestridande", "dispute"),
    "due at": Text("senast", "due"),
    "effect": Text("verkan", "effect"),
    "end": Text("till", "until"),
    "ends at": Text("gäller till", "good until"),
    "error": Text("fel", "error"),
    "file": Text("fil", "file"),
    "follow up": Text("uppföljning", "follow-up"),
    "held": Text("undantagna från gallring", "held"),
    "format": Text("format", "format"),
    "from": Text("från", "from"),
    "hold": Text("gallringsspärr", "hold"),
    "legs": Text("rad per telefon", "a row for each phone"),
    "note": Text("anteckning", "note"),
    "noted": Text("antecknad kontrollsumma", "noted hash"),
    "numbers": Text("nummer i klartext", "numbers in full"),
    "origin": Text("ursprung", "origin"),
    "outstanding": Text("återstår", "outstanding"),
    "recording": Text("inspelning", "recording"),
    "result": Text("resultat", "result"),
    "reviewed": Text("granskat", "reviewed"),
    "role": Text("roll", "role"),
    "scopes": Text("behörigheter", "scopes"),
    "sessions": Text("inloggningar", "sessions"),
    "show numbers": Text("nummer i klartext", "numbers in full"),
    "state": Text("läge", "state"),
    "to": Text("till", "to"),
    "unit": Text("enhet", "unit"),
    "until": Text("till", "until"),
    "version": Text("version", "version"),
    # Of parts of the service.
    "blocks": Text("spärrar", "blocks"),
    "blocks of another key": Text("spärrar med en annan nyckel", "blocks of another key"),
    "damaged spool files": Text("skadade filer på disk", "damaged files on disk"),
    "dropped lines": Text("tappade loggrader", "dropped lines"),
    "errors": Text("fel", "errors"),
    "in log lines alone": Text("händelser bara i loggrader", "events in log lines alone"),
    "is alive": Text("mäts", "measured"),
    "is fresh": Text("uppdaterade", "up to date"),
    "kept": Text("sparat för nästa start", "kept for the next start"),
    "loaded at": Text("inläst", "loaded"),
    "others": Text("andra processer", "other processes"),
    "off seconds": Text("sekunder före operatören", "seconds ahead of the provider"),
    "overrides": Text("manuella styrningar", "overrides"),
    "read at": Text("läst", "read"),
    "revision": Text("tabellernas version", "revision of the tables"),
    "source": Text("kommer från", "comes from"),
    "spool entries": Text("händelser på disk", "events on disk"),
    "spool files": Text("filer på disk", "files on disk"),
    "threads: recorder-database": Text("skriver till databasen", "writes to the database"),
    "threads: recorder-follow-up": Text("räknar ihop samtal", "folds calls"),
    "threads: recorder-spool": Text("skriver till disk", "writes to the disk"),
    "unfolded calls": Text("samtal att räkna ihop", "calls to be folded"),
    "waiting": Text("händelser i minnet", "events in memory"),
    "warnings": Text("att se över", "to look over"),
    "watched": Text("hålls uppdaterat", "kept up to date"),
}

_SUBJECTS: Mapping[str, Text] = {
    "api token": Text("åtkomstnyckel", "API token"),
    "block": Text("spärr", "block"),
    "call": Text("samtal", "call"),
    "caller": Text("uppringare", "caller"),
    "calls": Text("samtal", "calls"),
    "number": Text("nummer", "number"),
    "override": Text("manuell styrning", "override"),
    "part": Text("del av tjänsten:", "part of the service:"),
    "schedule": Text("schema", "schedule"),
    "task": Text("arbete", "task"),
    "user": Text("användare", "user"),
}
PARTS: Mapping[str, Text] = {
    "recorder": Text("Loggen: databas, buffert, trådar", "The log: database, spool, threads"),
    "schedule": Text("Schemat", "The schedule"),
    "control": Text("Manuella styrningar", "Overrides and blocks"),
    "tasks": Text("Beställt arbete", "Tasks"),
    "jobs": Text("Återkommande jobb", "Recurring jobs"),
    "versions": Text("Ett schema i alla processer", "One schedule in all processes"),
    "tables": Text("Loggens tabeller", "The log's tables"),
    "log": Text("Loggrader", "Log lines"),
    "disk": Text("Diskutrymme", "Disk space"),
    "clock": Text("Klockan", "The clock"),
    "metrics": Text("Mätvärden", "Metrics"),
}
_SOURCES: Mapping[str, Text] = {
    "file": Text("filen", "the file"),
    "database": Text("databasen", "the database"),
    "last-good": Text("den sparade kopian", "the kept copy"),
    "nowhere": Text("ingenstans", "nowhere"),
}
_WAYS: Mapping[str, Text] = {
    "password": Text("lösenord", "password"),
    "provider": Text("organisationens konto", "the organisation's account"),
}


def facts_said(facts: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The facts of a deed, or of a part: each name and its values in words; what says nothing is left out."""
    return list(_facts(facts))


def subject_said(subject: str) -> str:
    """What a deed was done to."""
    for kind, text in _SUBJECTS.items():
        if subject == kind or subject.startswith(f"{kind} "):
            name = subject[len(kind) + 1 :]
            said = PARTS[name].said(visit().language) if kind == "part" and name in PARTS else name
            return f"{text.said(visit().language)} {said}".strip()
    return word("destroyed", subject).said(visit().language)


def _facts(facts: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, value in facts.items():
        called = f"{before}{name}".replace("_", " ")
        if isinstance(value, Mapping) and not before and called != "destroyed":
            yield from _facts(value, f"{called}: ")
        elif value is not None and value not in ([], (), {}):
            values = value if isinstance(value, list | tuple) else [value]
            yield _name(called), [_value(called, each) for each in values]


def _name(called: str) -> str:
    """What a fact is called; of one that is told for each of several, before the colon."""
    whole, colon, each = called.partition(": ") if called not in NAMES else (called, "", "")
    return (NAMES[whole].said(visit().language) if whole in NAMES else whole) + colon + each


def _value(name: str, value: Any) -> str:
    language = visit().language
    if isinstance(value, bool):
        return _ANSWERS[value].said(language)
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {part}".strip() for key, part in value.items() if part) or "–"
    if not isinstance(value, str):
        return str(value)
    if name == "version":
        return value[:8]
    known = {"source": _SOURCES, "by": _WAYS, "before": WORDS["role"], "result": WORDS["call_back"]}.get(name)
    text = (known or WORDS.get(name.replace(" ", "_"), {})).get(value)
    return text.said(language) if text else _instant(value) or heard(value, language)


def _instant(value: str) -> str | None:
    """An instant as the pages say it; None where it is none."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return visit().times.when(at) if at.tzinfo else None

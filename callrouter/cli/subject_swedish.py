"""The answer to an access request in Swedish, for whoever it is about: names, words of the log, and reasons."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from callrouter.cli.columns import Titles
from callrouter.domain.disclosure import MASKED, MASKING, PURPOSES, RIGHTS, SOURCE
from callrouter.domain.words import EventKind, LegStatus, Outcome, Retained
from callrouter.swedish import heard
from callrouter.web.words import WORDS

LABELS: Mapping[str, str] = {
    "number": "nummer",
    "caller_key": "uppringarens nyckel",
    "asked_at": "uttaget",
    "calls": "samtal",
    "not_folded": "samtal som ännu inte är sammanställda",
    "blocks": "spärrar",
    "staff": "står i schemat som",
    "hashed_with_another_key": "uppringare vars nyckel gjorts på annat sätt och inte kan jämföras",
    "waiting_in_the_spool": "filer som väntar på att skrivas till loggen",
    "kept": "vad som sparas",
    "recipients": "andra som fått del av uppgifterna",
    "source": "varifrån uppgifterna kommer",
    "rights": "rättigheter",
    "masked": "maskerat",
    "call_id": "samtalets beteckning",
    "unit": "enhet",
    "to": "till",
    "from": "från",
    "forwarded_from": "vidarekopplat från",
    "received_at": "inkom",
    "local_time": "lokal tid",
    "state": "öppet eller stängt",
    "decided_by": "vad som avgjorde",
    "reason": "skäl",
    "line": "rad i schemat",
    "schedule_version": "schemats version",
    "redial": "ringde igen inom tio minuter",
    "disposition": "hur samtalet slutade",
    "answered_by": "besvarades av",
    "seconds_to_answer": "sekunder till svar",
    "talked_seconds": "sekunders samtal",
    "ended_at": "slutade",
    "origin": "ursprung",
    "legs": "telefoner som ringde",
    "destination": "svarsställe",
    "company": "företag",
    "person": "person",
    "outcome": "utfall",
    "rang_seconds": "sekunder det ringde",
    "from_provider": "enligt operatörens lista",
    "reviewed_at": "granskat",
    "reviewed_by": "granskat av",
    "category": "kategori",
    "known_by": "känns igen på",
    "recordings": "inspelningar",
    "notes": "anteckningar",
    "follow_ups": "uppföljningar",
    "call_backs": "återuppringningar",
    "holds": "spärrar mot gallring",
    "disputes": "bestridanden",
    "steps": "förlopp",
    "id": "löpnummer",
    "at": "när",
    "who": "av vem",
    "text": "text",
    "what": "vad",
    "owner": "ansvarig",
    "due_at": "senast",
    "done_at": "klart",
    "done_by": "klart av",
    "result": "resultat",
    "again_at": "nytt försök",
    "why": "varför",
    "lifted_at": "hävt",
    "lifted_by": "hävt av",
    "settled_at": "avgjort",
    "settled_by": "avgjort av",
    "sid": "hos operatören",
    "seconds": "sekunder",
    "left_at": "lämnad",
    "deleted_at": "raderad",
    "start": "från och med",
    "end": "till och med",
    "for": "hur länge",
    "decision": "beslut",
}
"""Every name that the answer has."""

NONE = "inga"

_SAID: Mapping[str, str] = {
    MASKED: "[maskerat]",
    SOURCE: "telefonnätet, vid varje samtal; anteckningar och uppföljningar: den som skrev dem",
    RIGHTS: "Du kan begära att kommunen rättar eller raderar detta, använder det mindre eller inte alls, och du kan"
    " klaga hos Integritetsskyddsmyndigheten. Inget beslut om dig fattas av systemet självt.",
    PURPOSES[Retained.NUMBERS]: "för att ringa upp, för att den som svarar ska se vem som ringer, och för att hålla ute"
    " den som är spärrad",
    PURPOSES[Retained.NOTES]: "för att följa upp det som samtalet gällde",
    PURPOSES[Retained.RECORDINGS]: "för att lyssna på meddelandet som lämnades",
    PURPOSES[Retained.EVENTS]: "för att visa hur samtalet hanterades, försök för försök",
    PURPOSES[Retained.CALLS]: "för att redovisa verksamheten och reglera fakturor från företagen som svarar",
    "until somebody decides how long": "tills någon beslutar hur länge",
    "the telephone provider": "teleoperatören",
    MASKING["number"]: "en enskilds telefonnummer: OSL 21:3, 21:7",
    MASKING["calls.legs.to"]: "telefonnummer till den som ringdes upp: OSL 18:8, 21:7, 39:3",
    MASKING["staff"]: "namn på den som ringdes upp, vilket rör bevakning: OSL 18:8",
    MASKING["calls.notes.text"]: "fritext, prövas innan den lämnas ut: OSL 21:1, 26:1, 35:1",
    MASKING["calls.reason"]: "den som styrde för hand säger varför med egna ord: OSL 21:1, 26:1, 35:1",
    MASKING["calls.recordings.sid"]: "leder till meddelandet, som prövas för sig: OSL 21:1, 26:1, 35:1",
}
"""What we say ourselves. What people wrote stands as it is."""

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    **{column: {value: text.sv for value, text in WORDS[column].items()} for column in ("state", "decided_by")},
    **{column: {value: text.sv for value, text in WORDS[column].items()} for column in ("disposition", "origin")},
    "outcome": {value: text.sv for value, text in WORDS["outcome"].items()} | {Outcome.ANSWERED: "besvarat"},
    "known_by": {"number": "numret", "hash": "nyckeln", "forwarding": "vidarekoppling"},
    "call_backs.result": {value: text.sv for value, text in WORDS["call_back"].items()},
    "kept.what": {value: text.sv for value, text in WORDS["retained"].items()},
}
"""Words of the log, by the name of their field; where the name is not enough, by that of what it stands in too."""

_STEPS: Mapping[str, str] = {
    EventKind.ARRIVED: "inkom",
    EventKind.MENU_KEY: "menyval",
    EventKind.RANG: "ringer upp",
    EventKind.LEG: "telefon",
    EventKind.ACCEPTED: "tog samtalet",
    EventKind.DECLINED: "tackade nej",
    EventKind.DIAL_ENDED: "försöket över",
    EventKind.MESSAGE_ASKED: "ombads lämna meddelande",
    EventKind.MESSAGE_LEFT: "lämnade meddelande",
    EventKind.RECORDED: "inspelningen mottagen",
    EventKind.HUNG_UP: "vi avslutade",
    EventKind.ENDED: "samtalet slut",
    EventKind.LISTED: "i operatörens lista",
}
_DETAILS: Mapping[str, str] = {
    **_COLUMNS["outcome"],
    LegStatus.RINGING: "ringer",
    LegStatus.PICKED_UP: "lyfte",
    LegStatus.ENDED: "slut",
    "completed": "genomfört",
    "canceled": "avbruten",
    "key none": "ingen tangent",
    "from the provider's list": "från operatörens lista",
}
_STEP = re.compile(r"(?P<at>[\d:.]+) (?P<kind>[a-z-]+)(?: \((?P<details>.*)\))?")
_PERIODS = {"day": "dag", "days": "dagar", "week": "vecka", "weeks": "veckor"}
_PERIODS |= {"month": "månad", "months": "månader", "year": "år", "years": "år"}
_STAFF = {"person ": "person ", "destination ": "svarsställe ", "own number of unit ": "eget nummer för enheten "}


def in_swedish(answer: Mapping[str, Any], titles: Titles) -> dict[str, Any]:
    """*answer* as it is read in Swedish; *titles*: what people call units and destinations."""
    swedish = _Swedish(titles)
    return {LABELS.get(name, name): swedish.said(name, "", value) for name, value in answer.items()}


@dataclass(frozen=True, slots=True)
class _Swedish:
    titles: Titles

    def said(self, name: str, within: str, value: Any) -> Any:
        """*value* of the field *name*, which stands in *within*."""
        if isinstance(value, Mapping):
            if name == "masked":
                return {_path(path): _SAID.get(reason, reason) for path, reason in value.items()}
            return {LABELS.get(inner, inner): self.said(inner, name, item) for inner, item in value.items()}
        if isinstance(value, list):
            return [self.said(name, within, item) for item in value]
        if isinstance(value, bool):
            return "ja" if value else "nej"
        return self._text(name, within, value) if isinstance(value, str) else value

    def _text(self, name: str, within: str, value: str) -> str:
        words = _COLUMNS.get(f"{within}.{name}", _COLUMNS.get(name, {}))
        match name:
            case "unit" | "destination":
                return self.titles(value)
            case "reason" if within == "calls":
                return heard(value, "sv") if value != MASKED else _SAID[MASKED]
            case "steps":
                return self._step(value)
            case "staff":
                begun = next((begin for begin in _STAFF if value.startswith(begin)), "")
                return _STAFF[begun] + value.removeprefix(begun) if begun else _SAID.get(value, value)
            case "for" if within == "kept" and value not in _SAID:
                count, period = value.split()
                return f"{count} {_PERIODS[period]}"
        return words.get(value, _SAID.get(value, value))

    def _step(self, step: str) -> str:
        found = _STEP.fullmatch(step)
        if not found:
            return _SAID.get(step, step)
        details = ", ".join(self._detail(each) for each in (found["details"] or "").split(", ") if each)
        return f"{found['at']} {_STEPS.get(found['kind'], found['kind'])}" + f" ({details})" * bool(details)

    def _detail(self, word: str) -> str:
        if word.startswith("key ") and word not in _DETAILS:
            return word.replace("key", "tangent", 1)
        return _DETAILS.get(word, self.titles(word))


def _path(path: str) -> str:
    return " > ".join(LABELS.get(part, part) for part in path.split("."))

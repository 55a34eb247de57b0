"""Twilio's REST interface (2010-04-01), as far as it is asked: strict about everything that it is sent."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Account, Direction
from callrouter.telephony.standing import Country
from callrouter.telephony.twilio.http import Patience
from callrouter.telephony.twilio.rest import TwilioAccount
from callrouter.twilio_settings import Twilio
from tests.telephony.contract.office import (
    SOUND,
    Answer,
    Asked,
    Holder,
    Kept,
    KeptNumber,
    KeptRecording,
    Office,
    Rung,
)
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN

A_PAGE = 3
"""However many are asked for, so few are given at once."""

ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
STATUSES = {outcome: outcome.value for outcome in Outcome} | {
    Outcome.ANSWERED: "completed",
    Outcome.CANCELLED: "canceled",
}
DIRECTIONS = {Direction.INBOUND: "inbound", Direction.LEG: "outbound-dial", Direction.OUTBOUND: "outbound-api"}
TAPED = {"DateCreated>", "DateCreated<", "PageSize", "Page", "PageToken"}
LISTED = {"StartTime>", "StartTime<", "PageSize", "Page", "PageToken"}
SET = {"VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "StatusCallback", "StatusCallbackMethod"}
RING = {"To", "From", "Url", "Method", "StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod", "Timeout"}
SID = "PN" + "7" * 32
Dated = Callable[[datetime, datetime | None], list[Any]]
"""What is listed of a span of whole days."""


@dataclass(frozen=True)
class TwilioDesk:
    host: str = "api.twilio.com"
    token: str = TOKEN

    def answer(self, office: Office, asked: Asked) -> Answer:  # noqa: PLR0911 - as below
        pair = base64.b64encode(f"{ACCOUNT}:{self.token}".encode()).decode()
        host = product_of(asked.path) + self.host.removeprefix("api")
        if asked.headers["Host"] != host:
            return self.minds(office, f"asked {asked.headers['Host']}, expected {host}")
        if asked.headers.get("Authorization") != f"Basic {pair}":
            return error(401, "Authenticate")
        if (asked.method, asked.path) == ("GET", f"{ROOT}.json"):
            return Answer(200, json.dumps(shown_account(office.holder)))
        if not asked.path.startswith(ROOT):
            return self.standing(office, asked)
        if (asked.method, asked.path) == ("POST", f"{ROOT}/Messages.json"):
            return self.text(office, dict(parse_qsl(asked.body)))
        if (asked.method, asked.path) == ("POST", f"{ROOT}/Calls.json"):
            return self.ring(office, parse_qsl(asked.body))
        return self.known(office, asked)

    def known(self, office: Office, asked: Asked) -> Answer:  # noqa: PLR0911 - one for each thing that it offers
        match (asked.method, *asked.path.removeprefix(ROOT + "/").removesuffix(".json").split("/")):
            case ("GET", "Calls"):
                return self.calls(office, asked)
            case ("GET", "Recordings"):
                return self.recordings(office, asked)
            case ("DELETE", "Calls" | "Recordings", sid) if re.fullmatch("(CA|RE)[0-9a-f]{32}", sid):
                return Answer(204) if office.forget(sid) else error(404, "not found")
            case ("GET", "Recordings", name) if re.fullmatch(r"RE[0-9a-f]{32}\.mp3", name):
                known = name.removesuffix(".mp3") in office.recordings
                return Answer(200, SOUND) if known else error(404, "not found")
            case ("GET", "IncomingPhoneNumbers"):
                return self.numbers(office, asked)
            case ("GET" | "POST", "IncomingPhoneNumbers", sid) if sid == SID and office.numbers:
                return self.number(office, asked)
            case _:
                return self.minds(office, f"{asked.method} {asked.path} is none of what it offers")

    def calls(self, office: Office, asked: Asked) -> Answer:
        return self.dated(office, asked, "StartTime", LISTED, lambda *span: list(map(listed, office.started(*span))))

    def recordings(self, office: Office, asked: Asked) -> Answer:
        found = "DateCreated", TAPED
        return self.dated(office, asked, *found, lambda *span: list(map(shown_recording, office.taped(*span))))

    def dated(self, office: Office, asked: Asked, by: str, known: AbstractSet[str], find: Dated) -> Answer:
        """A page of a list that takes whole days."""
        given = dict(parse_qsl(asked.query))
        dates = {name: given[name] for name in (f"{by}>", f"{by}<") if name in given}
        if not given.keys() <= known or not all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in dates.values()):
            return self.minds(office, f"the list takes {sorted(known)} and dates, it got {given}")
        first, last = (dates.get(name) for name in (f"{by}>", f"{by}<"))
        found = find(day(first or "1970-01-01"), day(last) + timedelta(days=1) if last else None)
        page = int(given.get("Page", 0))
        following = urlencode(given | {"Page": str(page + 1), "PageToken": "PA1"})
        key = asked.path.removeprefix(ROOT + "/").removesuffix(".json")
        more = f"{ROOT}/{key}.json?{following}" if len(found) > (page + 1) * A_PAGE else None
        shown = {key.lower(): found[page * A_PAGE : (page + 1) * A_PAGE], "next_page_uri": more, "page": page}
        return Answer(200, json.dumps(shown))

    def standing(self, office: Office, asked: Asked) -> Answer:
        match (asked.method, *asked.path.strip("/").split("/")):
            case ("GET", "v1", "DialingPermissions", "Countries"):
                return listing(asked, "content", [shown_country(each) for each in office.countries])
            case ("GET", "v1", "CustomerProfiles") if "Status=twilio-approved" in asked.query:
                held = office.holder.profiles
                return listing(asked, "results", [{"policy_sid": policy(number)} for number in range(len(held))])
            case ("GET", "v1", "Policies", sid):
                return Answer(200, json.dumps({"sid": sid, "friendly_name": office.holder.profiles[int(sid[2:])]}))
            case ("GET", "v2", "PhoneNumbers", number):
                region = office.regions.get(number.replace("%2B", "+"), "us1")
                return Answer(200, json.dumps({"phone_number": number, "voice_region": region}))
            case _:
                return self.minds(office, f"{asked.method} {asked.path}?{asked.query} is none of what it offers")

    def numbers(self, office: Office, asked: Asked) -> Answer:
        given = dict(parse_qsl(asked.query))
        found = [shown(number, office.numbers[number]) for number in office.numbers if number == given["PhoneNumber"]]
        return Answer(200, json.dumps({"incoming_phone_numbers": found, "next_page_uri": None}))

    def text(self, office: Office, given: Mapping[str, str]) -> Answer:
        if given.keys() != {"To", "From", "Body"}:
            return self.minds(office, f"an SMS takes To, From and Body, it got {sorted(given)}")
        office.texts.append((given["From"], given["To"], given["Body"]))
        return Answer(201, json.dumps({"sid": "SM" + "7" * 32, "status": "queued"}))

    def ring(self, office: Office, said: list[tuple[str, str]]) -> Answer:
        given = dict(said)
        events = [value for name, value in said if name == "StatusCallbackEvent"]
        methods = (given.get("Method"), given.get("StatusCallbackMethod"))
        if given.keys() != RING or events != ["ringing", "answered", "completed"] or methods != ("POST", "POST"):
            return self.minds(office, f"a call takes {sorted(RING)}, it got {sorted(given)}")
        targets = (given[name].removeprefix(BASE).partition("#")[0] for name in ("Url", "StatusCallback"))
        office.rung.append(Rung(given["From"], given["To"], int(given["Timeout"]), *targets))
        return Answer(201, json.dumps({"sid": "CA" + "7" * 32, "status": "queued"}))

    def number(self, office: Office, asked: Asked) -> Answer:
        (number, kept), *_ = office.numbers.items()
        if asked.method == "POST":
            given = dict(parse_qsl(asked.body))
            methods = {given.pop(name, "POST") for name in sorted(SET) if name.endswith("Method")}
            if not given.keys() <= SET or methods != {"POST"}:
                return self.minds(office, f"a number takes {sorted(SET)} with POST, it got {given}")
            kept.method = "POST"
            kept.voice_url = given.get("VoiceUrl", kept.voice_url)
            kept.fallback_url = given.get("VoiceFallbackUrl", kept.fallback_url)
            kept.status_url = given.get("StatusCallback", kept.status_url)
        return Answer(200, json.dumps(shown(number, kept)))

    def minds(self, office: Office, sentence: str) -> Answer:
        office.complaints.append(sentence)
        return error(400, sentence)


def product_of(path: str) -> str:
    known = {"/v1/DialingPermissions": "voice", "/v1/CustomerProfiles": "trusthub", "/v1/Policies": "trusthub"}
    known |= {"/v2/PhoneNumbers": "routes"}
    return next((product for prefix, product in known.items() if path.startswith(prefix)), "api")


def listing(asked: Asked, key: str, found: list[Mapping[str, Any]]) -> Answer:
    """A page as the newer products give it."""
    given = dict(parse_qsl(asked.query))
    page = int(given.get("Page", 0))
    following = urlencode(given | {"Page": str(page + 1), "PageToken": "PA1"})
    url = f"https://{asked.headers['Host']}{asked.path}?{following}" if len(found) > (page + 1) * A_PAGE else None
    shown = found[page * A_PAGE : (page + 1) * A_PAGE]
    return Answer(200, json.dumps({key: shown, "meta": {"key": key, "next_page_url": url, "page": page}}))


def policy(number: int) -> str:
    return f"RN{number:032x}"


def shown_account(holder: Holder) -> Mapping[str, Any]:
    owner = ACCOUNT if holder.is_parent else "AC" + "9" * 32
    said = {"sid": ACCOUNT, "owner_account_sid": owner, "type": holder.kind, "status": holder.status}
    return said | {"date_created": format_datetime(holder.made_at)}


def shown_country(country: Country) -> Mapping[str, Any]:
    return {
        "name": country.name,
        "country_codes": list(country.codes),
        "low_risk_numbers_enabled": country.may_be_rung,
        "high_risk_special_numbers_enabled": False,
        "high_risk_tollfraud_numbers_enabled": country.may_be_costly,
    }


def shown_recording(kept: KeptRecording) -> Mapping[str, Any]:
    return {
        "sid": kept.sid,
        "call_sid": kept.call_id,
        "start_time": format_datetime(kept.began_at),
        "date_created": format_datetime(kept.began_at + timedelta(seconds=kept.seconds)),
        "duration": str(kept.seconds) if kept.is_stored else "-1",
        "status": "completed" if kept.is_stored else "processing",
        "source": "RecordVerb" if kept.is_message else "DialVerb",
    }


def error(status: int, sentence: str) -> Answer:
    return Answer(status, json.dumps({"code": 20000 + status, "message": sentence, "status": status}))


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def listed(call: Kept) -> Mapping[str, Any]:
    return {
        "sid": call.call_id,
        "parent_call_sid": call.parent_id,
        "direction": DIRECTIONS[call.direction],
        "from": call.from_,
        "to": call.to,
        "start_time": format_datetime(call.started_at),
        "end_time": format_datetime(call.ended_at) if call.ended_at else None,
        "status": STATUSES[call.outcome] if call.outcome else "in-progress",
        "duration": None if call.seconds is None else str(call.seconds),
    }


def shown(number: str, kept: KeptNumber) -> Mapping[str, Any]:
    what, _, sid = kept.overruled_by.partition(" ")
    return {
        "sid": SID,
        "phone_number": number,
        "voice_url": kept.voice_url,
        "voice_method": kept.method,
        "voice_fallback_url": kept.fallback_url,
        "voice_fallback_method": kept.method,
        "status_callback": kept.status_url,
        "status_callback_method": kept.method,
        "trunk_sid": sid if what == "trunk" else None,
        "voice_application_sid": sid if what == "application" else "",
    }


@dataclass(frozen=True)
class TwilioAccountLine:
    desk: TwilioDesk = TwilioDesk()
    token: str = TOKEN
    region: str | None = None
    edge: str | None = None

    def account(self, url: str, *, retries: int = 2, timeout_seconds: float = 20.0) -> Account:
        patience = Patience(timeout_seconds, retries, first_pause_seconds=0, jitter_seconds=0)
        return TwilioAccount(Twilio(ACCOUNT, (self.token,), self.region, self.edge), BASE, url, patience)

    def call_id(self, number: int) -> str:
        return f"CA{number:032x}"

    def recording_sid(self, number: int) -> str:
        return f"RE{number:032x}"

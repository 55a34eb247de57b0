"""Twilio's REST interface (2010-04-01), as far as it is asked: strict about everything that it is sent."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from callrouter.domain.words import Outcome
from callrouter.settings import Twilio
from callrouter.telephony.provider import Account, Direction
from callrouter.telephony.twilio.http import Patience
from callrouter.telephony.twilio.rest import TwilioAccount
from tests.telephony.contract.office import SOUND, Answer, Asked, Kept, KeptNumber, Office, Rung
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN

A_PAGE = 3
"""However many are asked for, so few are given at once."""

ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
STATUSES = {outcome: outcome.value for outcome in Outcome} | {
    Outcome.ANSWERED: "completed",
    Outcome.CANCELLED: "canceled",
}
DIRECTIONS = {Direction.INBOUND: "inbound", Direction.LEG: "outbound-dial", Direction.OUTBOUND: "outbound-api"}
LISTED = {"StartTime>", "StartTime<", "PageSize", "Page", "PageToken"}
SET = {"VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "StatusCallback", "StatusCallbackMethod"}
RING = {"To", "From", "Url", "Method", "StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod", "Timeout"}
SID = "PN" + "7" * 32


@dataclass(frozen=True)
class TwilioDesk:
    host: str = "api.twilio.com"

    def answer(self, office: Office, asked: Asked) -> Answer:
        pair = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if asked.headers["Host"] != self.host:
            return self.minds(office, f"asked {asked.headers['Host']}, expected {self.host}")
        if asked.headers.get("Authorization") != f"Basic {pair}":
            return error(401, "Authenticate")
        if (asked.method, asked.path) == ("GET", f"{ROOT}.json"):
            return Answer(200, json.dumps({"sid": ACCOUNT}))
        if (asked.method, asked.path) == ("POST", f"{ROOT}/Messages.json"):
            return self.text(office, dict(parse_qsl(asked.body)))
        if (asked.method, asked.path) == ("POST", f"{ROOT}/Calls.json"):
            return self.ring(office, parse_qsl(asked.body))
        return self.known(office, asked)

    def known(self, office: Office, asked: Asked) -> Answer:
        match (asked.method, *asked.path.removeprefix(ROOT + "/").removesuffix(".json").split("/")):
            case ("GET", "Calls"):
                return self.calls(office, asked)
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
        given = dict(parse_qsl(asked.query))
        dates = {name: given[name] for name in ("StartTime>", "StartTime<") if name in given}
        if not given.keys() <= LISTED or not all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in dates.values()):
            return self.minds(office, f"the list takes {sorted(LISTED)} and dates, it got {given}")
        first, last = (dates.get(name) for name in ("StartTime>", "StartTime<"))
        found = office.started(day(first or "1970-01-01"), day(last) + timedelta(days=1) if last else None)
        page = int(given.get("Page", 0))
        shown = found[page * A_PAGE : (page + 1) * A_PAGE]
        following = urlencode(given | {"Page": str(page + 1), "PageToken": "PA1"})
        more = f"{ROOT}/Calls.json?{following}" if len(found) > (page + 1) * A_PAGE else None
        return Answer(200, json.dumps({"calls": [listed(call) for call in shown], "next_page_uri": more, "page": page}))

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

"""The other provider's account: JSON both ways, instants instead of days, one address for all of a number."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, quote, urlencode
from urllib.request import Request, urlopen

from callrouter import clock
from callrouter.domain.call import RunningCall
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.domain.words import Outcome
from callrouter.sealing import Sealer
from callrouter.telephony.provider import (
    Account,
    Direction,
    Endpoint,
    FinishedCall,
    NumberSetup,
    ProviderRefusedError,
    ProviderUnavailableError,
    RecordingGoneError,
    StoredRecording,
)
from callrouter.telephony.standing import Capacity, Country
from callrouter.telephony.token import Token, seal
from tests.telephony.contract.elks_line import SECRET
from tests.telephony.contract.office import SOUND, Answer, Asked, Kept, KeptRecording, Office, Rung
from tests.telephony.twilio.signing import BASE

PASSING = {429, 500, 502, 503}
KEY = "Bearer a-key-for-tests"


@dataclass(frozen=True)
class ElksAccount:
    url: str
    retries: int
    timeout_seconds: float

    def finished_calls(self, span: Span) -> Iterator[FinishedCall]:
        asked = {"start": span.start.isoformat()} | ({"end": span.end.isoformat()} if span.end else {})
        page: dict[str, Any] = {"next": ""}
        while "next" in page:
            page = self._ask("GET", "/calls", asked | {"page": page["next"]}) or {}
            yield from (finished(call) for call in page["data"] if call["state"] != "ongoing")

    def recordings(self, span: Span) -> Iterator[StoredRecording]:
        asked = {"start": span.start.isoformat()} | ({"end": span.end.isoformat()} if span.end else {})
        for each in (self._ask("GET", "/recordings", asked) or {})["data"]:
            began = datetime.fromisoformat(each["created"])
            if each["done"]:
                yield StoredRecording(each["id"], each["callid"], began, each["duration"], each["action"] == "record")

    @property
    def region(self) -> None:
        """It has none."""

    def region_of(self, number: PhoneNumber) -> None: ...

    def countries(self) -> Iterator[Country]:
        for each in (self._ask("GET", "/countries") or {})["data"]:
            yield Country(each["name"], tuple(each["codes"]), each["allowed"], each["premium"])

    def capacity(self) -> Capacity:
        return Capacity((self._ask("GET", "/me") or {})["channels"], "as agreed")

    def now(self) -> datetime:
        return datetime.fromisoformat((self._ask("GET", "/me") or {})["now"])

    def configure(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        intended = self.intended(number, fallback_url)
        wanted = {"voice_start": intended.voice_url, "whenhangup": intended.status_url}
        if self._ask("POST", where(number), wanted | ({"fallback": fallback_url} if fallback_url else {})) is None:
            raise ProviderRefusedError("there is no such number")
        return self.setup(number)

    def intended(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        start, hangup = (f"{BASE}/elks/{SECRET}/{endpoint}" for endpoint in (Endpoint.INCOMING, Endpoint.ENDED))
        return NumberSetup(number, start, fallback_url or "", hangup)

    def setup(self, number: PhoneNumber) -> NumberSetup:
        kept = self._ask("GET", where(number))
        if kept is None:
            raise ProviderRefusedError("there is no such number")
        return NumberSetup(
            number, kept["voice_start"], kept["fallback"], kept["whenhangup"], kept["overruled_by"] or None
        )

    def as_asked(self, url: str) -> tuple[Mapping[str, str], Mapping[str, str]]:  # noqa: ARG002 - it asks for no proof
        return {}, {}

    def recording(self, recording_sid: str) -> bytes:
        found = self._ask("GET", f"/recordings/{self._named(recording_sid)}")
        if found is None:
            raise RecordingGoneError("there is no such recording")
        return bytes.fromhex(found["sound"])

    def delete_recording(self, recording_sid: str) -> None:
        self._delete("recordings", recording_sid)

    def delete_call(self, call_id: str) -> None:
        self._delete("calls", call_id)

    def send_sms(self, sender: str, to: PhoneNumber, text: str) -> None:
        self._ask("POST", "/sms", {"from": sender, "to": to.e164, "message": text}, retries=0)

    def place_call(self, call: RunningCall, sealer: Sealer) -> None:
        assert call.attempt
        asked = {"from": call.called, "to": call.attempt.phones[0].number.e164, "timeout": str(call.attempt.seconds)}
        token = urlencode({"call": seal(sealer, Token(call, 0))})
        names = {"voice_start": Endpoint.WHISPER, "whenchanges": Endpoint.LEG}
        links = {name: f"{BASE}/elks/{SECRET}/{endpoint}?{token}" for name, endpoint in names.items()}
        self._ask("POST", "/calls", asked | links, retries=0)

    def _delete(self, what: str, name: str) -> None:
        self._ask("DELETE", f"/{what}/{self._named(name)}")

    def _named(self, name: str) -> str:
        if not name.isalnum():
            raise ProviderRefusedError(f"{name!r} is no identifier")
        return name

    def _ask(
        self, method: str, path: str, fields: Mapping[str, str] | None = None, retries: int | None = None
    ) -> dict[str, Any] | None:
        """The answer; None where there is no such thing."""
        said = urlencode(fields or {})
        url, body = (f"{self.url}{path}?{said}", None) if method == "GET" else (self.url + path, said.encode())
        for left in reversed(range((self.retries if retries is None else retries) + 1)):
            try:
                request = Request(url, body, {"Authorization": KEY}, method=method)
                with urlopen(request, timeout=self.timeout_seconds) as answer:
                    return read(answer.read() or b"{}")
            except HTTPError as error:
                error.close()
                if error.code == 404:
                    return None
                if error.code not in PASSING:
                    raise ProviderRefusedError(f"refused with {error.code}") from None
                if not left:
                    raise ProviderUnavailableError(f"answered {error.code}") from None
            except (URLError, TimeoutError) as error:
                if not left:
                    raise ProviderUnavailableError("out of reach") from error
        raise AssertionError("the last try answers or raises")


def where(number: PhoneNumber) -> str:
    return f"/numbers/{quote(number.e164)}"


def finished(call: Mapping[str, Any]) -> FinishedCall:
    return FinishedCall(
        call["id"],
        call["parent"],
        Direction(call["direction"]),
        call["from"],
        call["to"],
        datetime.fromisoformat(call["start"]),
        datetime.fromisoformat(call["stop"]),
        Outcome(call["state"]),
        call["duration"],
    )


@dataclass(frozen=True)
class ElksDesk:
    def answer(self, office: Office, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != KEY:
            return Answer(401)
        if (asked.method, asked.path) == ("POST", "/sms"):
            given = dict(parse_qsl(asked.body))
            office.texts.append((given["from"], given["to"], given["message"]))
            return Answer(200, json.dumps({"id": "s1"}))
        if (asked.method, asked.path) == ("POST", "/calls"):
            given = dict(parse_qsl(asked.body))
            targets = (given[name].removeprefix(BASE) for name in ("voice_start", "whenchanges"))
            office.rung.append(Rung(given["from"], given["to"], int(given["timeout"]), *targets))
            return Answer(200, json.dumps({"id": "c7"}))
        return self.known(office, asked)

    def known(self, office: Office, asked: Asked) -> Answer:  # noqa: PLR0911 - one for each thing that it offers
        match (asked.method, *asked.path.strip("/").split("/")):
            case ("GET", "me"):
                channels = 5 if office.holder.kind == "Trial" else None
                return Answer(200, json.dumps({"now": clock.now().isoformat(), "channels": channels}))
            case ("GET", "countries"):
                return Answer(200, json.dumps({"data": [shown_country(each) for each in office.countries]}))
            case ("GET", "recordings"):
                return self.recordings(office, dict(parse_qsl(asked.query)))
            case ("GET", "calls"):
                return self.calls(office, dict(parse_qsl(asked.query, keep_blank_values=True)))
            case ("GET", "recordings", name):
                return Answer(200, json.dumps({"sound": SOUND.hex()})) if name in office.recordings else Answer(404)
            case ("DELETE", "calls" | "recordings", name):
                return Answer(204 if office.forget(name) else 404)
            case ("GET" | "POST", "numbers", number):
                return self.number(office, number.replace("%2B", "+"), dict(parse_qsl(asked.body)))
            case _:
                office.complaints.append(f"{asked.method} {asked.path}")
                return Answer(400)

    def calls(self, office: Office, given: Mapping[str, str]) -> Answer:
        end = datetime.fromisoformat(given["end"]) if "end" in given else None
        found = office.started(datetime.fromisoformat(given["start"]), end)
        at = int(given["page"] or 0)
        more = {"next": str(at + 2)} if len(found) > at + 2 else {}
        return Answer(200, json.dumps({"data": [listed(call) for call in found[at : at + 2]], **more}))

    def recordings(self, office: Office, given: Mapping[str, str]) -> Answer:
        end = datetime.fromisoformat(given["end"]) if "end" in given else None
        found = office.taped(datetime.fromisoformat(given["start"]), end)
        return Answer(200, json.dumps({"data": [shown_recording(each) for each in found]}))

    def number(self, office: Office, number: str, given: Mapping[str, str]) -> Answer:
        kept = office.numbers.get(number)
        if kept is None:
            return Answer(404)
        kept.voice_url = given.get("voice_start", kept.voice_url)
        kept.status_url = given.get("whenhangup", kept.status_url)
        kept.fallback_url = given.get("fallback", kept.fallback_url)
        shown = {"voice_start": kept.voice_url, "whenhangup": kept.status_url, "fallback": kept.fallback_url}
        return Answer(200, json.dumps(shown | {"overruled_by": kept.overruled_by}))


def listed(call: Kept) -> Mapping[str, Any]:
    return {
        "id": call.call_id,
        "parent": call.parent_id,
        "direction": call.direction,
        "from": call.from_,
        "to": call.to,
        "start": call.started_at.isoformat(),
        "stop": call.ended_at.isoformat() if call.ended_at else None,
        "state": call.outcome or "ongoing",
        "duration": call.seconds,
    }


def shown_country(country: Country) -> Mapping[str, Any]:
    said = {"name": country.name, "codes": country.codes}
    return said | {"allowed": country.may_be_rung, "premium": country.may_be_costly}


def shown_recording(kept: KeptRecording) -> Mapping[str, Any]:
    said = {"id": kept.sid, "callid": kept.call_id, "created": kept.began_at.isoformat(), "duration": kept.seconds}
    return said | {"action": "record" if kept.is_message else "recordcall", "done": kept.is_stored}


def read(answer: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        raise ProviderUnavailableError("what was answered is not the provider's") from error
    return found


@dataclass(frozen=True)
class ElksAccountLine:
    desk: ElksDesk = ElksDesk()

    def account(self, url: str, *, retries: int = 2, timeout_seconds: float = 20.0) -> Account:
        return ElksAccount(url, retries, timeout_seconds)

    def call_id(self, number: int) -> str:
        return f"c{number}"

    def recording_sid(self, number: int) -> str:
        return f"r{number}"

"""The fields of each request, as captures of genuine ones show them (names, presence, empty values)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

API_VERSION = "2010-04-01"
INSTANT_FIELD = "CallrouterAt"
"""The one field the real network does not send: the virtual instant, ISO 8601 in UTC with microseconds."""

_COUNTRIES = {
    "+46": "SE",
    "+47": "NO",
    "+45": "DK",
    "+358": "FI",
    "+44": "GB",
    "+49": "DE",
    "+266": "LS",
    "+1": "US",
}
_SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}
_CALL_TOKEN = "%7B%22parentCallInfoToken%22%3A%22" + "x" * 1100 + "%22%2C%22identityHeaderTokens%22%3A%5B%5D%7D"
GONE = frozenset({"completed", "busy", "no-answer", "canceled", "failed"})

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who talks on one call or leg, in the words of the requests."""

    account_sid: str
    call_sid: str
    from_: str
    to: str
    direction: str

    def fields(self, status: str) -> dict[str, str]:
        """What every request about this call carries."""
        return {
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.call_sid,
            "CallStatus": status,
            "Direction": self.direction,
            **_ends("From", "Caller", self.from_),
            **_ends("To", "Called", self.to),
        }


def _ends(name: str, other: str, number: str) -> dict[str, str]:
    country = next((code for prefix, code in _COUNTRIES.items() if number.startswith(prefix)), "")
    places = {"City": "", "State": "", "Zip": "", "Country": country}
    return {end + place: value for end in (name, other) for place, value in ({"": number} | places).items()}


def instant(at: datetime) -> str:
    """The text of INSTANT_FIELD."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def incoming(forwarded_from: str | None) -> Form:
    """What only the first request of a call carries."""
    forwarded = {"ForwardedFrom": forwarded_from, "CalledVia": forwarded_from} if forwarded_from else {}
    return {"CallToken": _CALL_TOKEN, **forwarded}


def dial_ended(status: str, sid: str, seconds: int | None, *, bridged: bool | None) -> Form:
    """Dial action. *seconds* None: never picked up, so no duration; *bridged* None: not told."""
    duration = {} if seconds is None else {"DialCallDuration": str(seconds)}
    told = {} if bridged is None else {"DialBridged": str(bridged).lower()}
    return {"DialCallStatus": status, **({"DialCallSid": sid} if sid else {}), **duration, **told}


def gathered(digits: str, finished_on: str) -> Form:
    """Gather action (FinishedOnKey and msg are undocumented, and sent)."""
    return {"Digits": digits, "FinishedOnKey": finished_on, "msg": "Gather End"}


def progress(status: str, sequence: int, at: datetime, seconds: int) -> Form:
    """A status callback. Only the last one has durations: seconds since pick-up, and minutes rounded up."""
    fields = {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
        "Timestamp": format_datetime(at.astimezone(UTC)),
    }
    if status not in GONE:
        return fields
    ended = {
        "CallDuration": str(seconds),
        "Duration": str(-(-seconds // 60)),
        "SipResponseCode": _SIP_CODES[status],
    }
    return fields | ended


def recorded(account_sid: str, recording_sid: str, seconds: int) -> dict[str, str]:
    """Record action, without the key that ended it."""
    url = f"https://api.twilio.com/{API_VERSION}/Accounts/{account_sid}/Recordings/{recording_sid}"
    return {"RecordingSid": recording_sid, "RecordingUrl": url, "RecordingDuration": str(seconds)}


def recording_status(parties: Parties, recording: Form, began: datetime, status: str = "completed") -> Form:
    """A recording's callback: no From, no To."""
    return {
        "AccountSid": parties.account_sid,
        "CallSid": parties.call_sid,
        "ErrorCode": "0",
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        "RecordingStartTime": format_datetime(began.astimezone(UTC)),
        "RecordingStatus": status,
        **recording,
    }

"""Twilio's REST interface: its lists of calls and recordings, the set-up of our numbers, deletions.

The SDK takes 0.15 s to import, and this module imports it: it is imported by whoever asks something, when they do.
Sources: twilio.com/docs/voice/api/call-resource, /voice/api/recording, /messaging/api/message-resource,
/phone-numbers/api/incomingphonenumber-resource.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from requests import RequestException
from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from callrouter.domain.call import RunningCall
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span, require_aware
from callrouter.sealing import Sealer
from callrouter.settings import Settings
from callrouter.telephony.provider import (
    Endpoint,
    FinishedCall,
    NumberSetup,
    ProviderRefusedError,
    ProviderUnavailableError,
    StoredRecording,
)
from callrouter.telephony.simulator import Rest
from callrouter.telephony.standing import Capacity, Country
from callrouter.telephony.twilio import resources, signature, standing
from callrouter.telephony.twilio.http import PASSING, Http, Patience
from callrouter.telephony.twilio.links import Links, address
from callrouter.twilio_settings import Twilio

_API = "https://api.twilio.com/2010-04-01/Accounts"

_A_PAGE = 1000
"""The most calls that the provider gives in one answer."""

_GONE, _UNKNOWN = 204, 404

_LONGEST_RECORDING = timedelta(days=1)
"""No call is longer; the list is dated by when a recording is there, and not by when it began."""


@dataclass(frozen=True)
class TwilioAccount:
    """One account of the provider; see `Account` in telephony/provider.py. *api_url*: elsewhere than at Twilio.

    *network*: a connection that asks no other machine, that of the built-in phone network.
    """

    twilio: Twilio
    public_url: str
    api_url: str | None = None
    patience: Patience = field(default_factory=Patience)
    network: Rest | None = None

    @classmethod
    def configured(cls, settings: Settings) -> "TwilioAccount":
        """The account in *settings*."""
        return cls(settings.twilio, settings.public_url)

    def finished_calls(self, span: Span) -> Iterator[FinishedCall]:
        """The list is by whole UTC days: both days of the edges are asked for, and what is outside is left out."""
        first, last = _day(span.start), _day(span.end)
        with _asked("the list of calls"):
            found = self._client.calls.stream(start_time_after=first, start_time_before=last, page_size=_A_PAGE)
            for call in map(resources.finished, found):
                if call and span.covers(call.started_at):
                    yield call

    def recordings(self, span: Span) -> Iterator[StoredRecording]:
        """As the calls: by whole UTC days, of which those outside are left out. One is listed when it is over."""
        first, last = _day(span.start), _day(span.end + _LONGEST_RECORDING if span.end else None)
        with _asked("the list of recordings"):
            found = self._client.recordings.stream(
                date_created_after=first, date_created_before=last, page_size=_A_PAGE
            )
            for recording in map(resources.stored, found):
                if recording and span.covers(recording.began_at):
                    yield recording

    @property
    def region(self) -> str:
        """The United States, unless the settings say otherwise."""
        return self.twilio.region or "us1"

    def region_of(self, number: PhoneNumber) -> str:
        """Calls to a number that was given no region are handled where all others are."""
        with _asked(f"the region of {number}"):
            return self._client.routes.v2.phone_numbers(number.e164).fetch().voice_region or "us1"

    def countries(self) -> Iterator[Country]:
        """Its geographic permissions."""
        with _asked("the geographic permissions"):
            yield from standing.countries(self._client)

    def capacity(self) -> Capacity:
        """By the kind of account, and the profile that the provider has approved of its owner."""
        with _asked("the account's profile"):
            return standing.capacity(self._client)

    def now(self) -> datetime:
        """To the second, as its answers are dated."""
        url = f"{_API}/{self.twilio.account_sid}.json"
        with _asked("the time"):
            answer = self._client.request("GET", url)
            if not answer.ok:
                raise TwilioRestException(answer.status_code, url)
            return parsedate_to_datetime(answer.headers["Date"])

    def setup(self, number: PhoneNumber) -> NumberSetup:
        """In the region of the settings: each has a configuration of its own."""
        with _asked(f"the set-up of {number}"):
            return resources.setup(number, self._found(number))

    def intended(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        """The addresses carry their time-outs and retries."""
        voice, status = (address(self.public_url, endpoint) for endpoint in (Endpoint.INCOMING, Endpoint.ENDED))
        return NumberSetup(number, voice, fallback_url or "", status)

    def configure(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        """A SIP trunk or an application would make all of it idle."""
        intended = self.intended(number, fallback_url)
        with _asked(f"the set-up of {number}"):
            found = self._found(number)
            found.update(
                voice_url=intended.voice_url,
                voice_method="POST",
                voice_fallback_url=intended.fallback_url or values.unset,
                voice_fallback_method="POST",
                status_callback=intended.status_url,
                status_callback_method="POST",
            )
            return resources.setup(number, found.fetch())

    def as_asked(self, url: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Signed as its own requests are."""
        return signature.asked(self.twilio.account_sid, self.twilio.auth_tokens[0], url)

    def _found(self, number: PhoneNumber) -> Any:
        found = self._client.incoming_phone_numbers.list(phone_number=number.e164, limit=1)
        if not found or found[0].phone_number != number.e164:
            raise ProviderRefusedError(f"the account {self.twilio.account_sid} has no number {number}")
        return found[0]

    def recording(self, recording_sid: str) -> bytes:
        """The sound itself is none of the SDK's resources: the same connection asks for it, at an address of ours."""
        sid = resources.sid("RE", recording_sid)
        url = f"{_API}/{self.twilio.account_sid}/Recordings/{sid}.mp3"
        with _asked(f"recording {sid}"):
            return self._http.sound(self._client.get_hostname(url), self._client.auth)

    def delete_recording(self, recording_sid: str) -> None:
        """Its address is built from its identifier alone."""
        self._delete("recording", "Recordings", resources.sid("RE", recording_sid))

    def delete_call(self, call_id: str) -> None:
        """Of a call under way the provider refuses it."""
        self._delete("the record of call", "Calls", resources.sid("CA", call_id))

    def _delete(self, name: str, among: str, sid: str) -> None:
        """204 says that it is gone, 404 that it was. The SDK takes any page that comes for that."""
        url = f"{_API}/{self.twilio.account_sid}/{among}/{sid}.json"
        with _asked(f"to delete {name} {sid}"):
            answer = self._client.request("DELETE", url)
            if answer.ok and answer.status_code != _GONE:
                raise ValueError(f"{answer.status_code} is none of its answers")
            if not answer.ok and answer.status_code != _UNKNOWN:
                raise TwilioRestException(answer.status_code, url)

    def send_sms(self, sender: str, to: PhoneNumber, text: str) -> None:
        """Once: what got no answer may have been sent."""
        with _asked("to send an SMS"):
            self._client_without_retries.messages.create(to=to.e164, from_=sender, body=text)

    def place_call(self, call: RunningCall, sealer: Sealer) -> None:
        """Once, as an SMS. The leg's own addresses serve: no caller is there to be bridged with."""
        if call.attempt is None:
            raise ValueError(f"call {call.call_id} rings nobody")
        links = Links(self.public_url, sealer).of(call)
        with _asked("to make a test call"):
            self._client_without_retries.calls.create(
                to=call.attempt.phones[0].number.e164,
                from_=call.called,
                url=links.to(Endpoint.WHISPER, 0),
                method="POST",
                status_callback=links.to(Endpoint.LEG, 0),
                status_callback_event=["ringing", "answered", "completed"],
                status_callback_method="POST",
                timeout=call.attempt.seconds,
            )

    @cached_property
    def _http(self) -> "Http":
        return Http(self.api_url, self.patience)

    @cached_property
    def _client(self) -> Client:
        twilio, connection = self.twilio, self.network or self._http
        return Client(
            twilio.account_sid, twilio.auth_tokens[0], region=twilio.region, edge=twilio.edge, http_client=connection
        )

    @property
    def _client_without_retries(self) -> Client:
        return replace(self, patience=replace(self.patience, retries=0))._client  # noqa: SLF001 - our own class


def _day(at: datetime | None) -> Any:
    """The UTC date of an instant, by which the lists are asked for; where there is none, no end is named."""
    return require_aware(at).date().isoformat() if at else values.unset


@contextmanager
def _asked(what: str) -> Iterator[None]:
    """Ask the provider *what*, and say in our words what becomes of it."""
    try:
        yield
    except TwilioException as error:
        status = _status(error)
        if status is None:
            raise _none_of_theirs(what, error) from error
        if status in PASSING:
            raise ProviderUnavailableError(f"{what}: the provider answered {status}") from error
        hint = "; is the auth token that of the account and its region?" if status in (401, 403) else ""
        raise ProviderRefusedError(f"{what}: the provider refused it ({status}){hint}") from error
    except RequestException as error:
        raise ProviderUnavailableError(f"{what}: the provider is out of reach ({type(error).__name__})") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # the SDK reads whatever comes
        raise _none_of_theirs(what, error) from error


def _none_of_theirs(what: str, error: Exception) -> ProviderUnavailableError:
    """Something on the way answers in the provider's place, with a page of its own."""
    return ProviderUnavailableError(f"{what}: what was answered is not the provider's ({type(error).__name__})")


def _status(error: TwilioException) -> int | None:
    """The HTTP status; the SDK has three ways to say it."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        return int(error.status)
    return next((answer.status_code for answer in error.args if hasattr(answer, "status_code")), None)

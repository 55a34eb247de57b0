"""The fields of each request are those that captures of genuine ones show."""

from collections.abc import Callable

from callrouter.telephony.simulator import INSTANT_FIELD, Caller, PlayedCall, answers
from tests.telephony.simulator.fake_service import ALL_EVENTS, FakeService, dial

DESK = "+46846500410"
PLACES = {
    end + place for end in ("From", "To", "Caller", "Called") for place in ("", "City", "State", "Zip", "Country")
}
ALWAYS = {"AccountSid", "ApiVersion", "CallSid", "CallStatus", "Direction", INSTANT_FIELD} | PLACES
PROGRESS = {"CallbackSource", "SequenceNumber", "Timestamp"}
ENDED = {"Duration", "CallDuration", "SipResponseCode"}
DIALLED = {"DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged"}
RECORDING = {"RecordingSid", "RecordingUrl", "RecordingDuration"}
Play = Callable[..., PlayedCall]


def test_the_fields_of_a_call(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, number_options=f'{ALL_EVENTS} url="/whisper"')).at("/next", "")
    service.at("/whisper", '<Gather action="/accept" numDigits="1"/><Hangup/>').at("/accept", "")
    play({DESK: answers()})
    legs = service.forms("/leg")
    assert set(service.forms("/voice")[0]) == ALWAYS | {"CallToken"}
    assert set(service.forms("/next")[0]) == ALWAYS | DIALLED
    assert set(service.forms("/whisper")[0]) == ALWAYS
    assert set(service.forms("/accept")[0]) == ALWAYS | {"Digits", "FinishedOnKey", "msg"}
    assert set(legs[0]) == ALWAYS | PROGRESS | {"ParentCallSid"}
    assert set(legs[-1]) == ALWAYS | PROGRESS | ENDED | {"ParentCallSid"}
    assert set(service.forms("/status")[0]) == ALWAYS | PROGRESS | ENDED


def test_the_fields_of_a_message(service: FakeService, play: Play) -> None:
    service.at("/voice", '<Record action="/message" recordingStatusCallback="/recording"/>').at("/message", "")
    play(caller=Caller(message=3))
    stored = {"ErrorCode", "RecordingChannels", "RecordingSource", "RecordingStartTime", "RecordingStatus"}
    assert set(service.forms("/message")[0]) == ALWAYS | RECORDING | {"Digits"}
    expected = RECORDING | stored | {"AccountSid", "CallSid", INSTANT_FIELD}
    assert set(service.forms("/recording")[0]) == expected


def test_a_forwarded_call_says_from_where(service: FakeService, play: Play) -> None:
    service.at("/voice", "")
    play(caller=Caller(forwarded_from="+46846500402"))
    form = service.forms("/voice")[0]
    assert form["ForwardedFrom"] == form["CalledVia"] == "+46846500402"


def test_the_values_of_an_incoming_call(service: FakeService, play: Play) -> None:
    service.at("/voice", "")
    play()
    form = service.forms("/voice")[0]
    assert (form["From"], form["Caller"], form["FromCountry"]) == ("+46701740650", "+46701740650", "SE")
    assert (form["To"], form["Called"], form["ToCountry"]) == ("+46846500401", "+46846500401", "SE")
    assert (form["CallStatus"], form["Direction"], form["ApiVersion"]) == ("ringing", "inbound", "2010-04-01")
    assert len(form["CallSid"]) == 34
    assert len(form["CallToken"]) > 1000
    assert "%22" in form["CallToken"], "percent signs inside: whoever decodes twice breaks the signature"

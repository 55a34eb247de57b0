"""What holds for every call, whatever the phones, the caller and the faults do."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from callrouter.telephony.simulator import (
    Caller,
    Faults,
    NumberConfig,
    Phone,
    PhoneNetwork,
    PlayedCall,
    WsgiTransport,
    answers,
    answers_and_drops,
    busy,
    declines,
    failed,
    silent,
    voicemail,
)
from callrouter.telephony.simulator.tables import ELEMENTS
from callrouter.telephony.simulator.twiml import read
from tests.telephony.simulator.fake_service import ALL_EVENTS, ORIGIN, SCREENED, WHISPER, FakeService, dial

NUMBERS = [f"+468465004{number}" for number in range(10, 15)]
PHONES = st.sampled_from(
    [answers(), answers(after=1, talks=3), answers_and_drops(), declines(), busy(), silent(), voicemail(), failed()]
)
CALLERS = st.builds(
    Caller,
    hangs_up_after=st.none() | st.floats(0, 200),
    message=st.sampled_from([0, 1, 30]),
    ends_message=st.sampled_from(["hangup", "#", ""]),
)
FAULTS = st.builds(
    Faults,
    drop=st.sampled_from([0, 0.3]),
    duplicate=st.sampled_from([0, 0.3]),
    delay=st.sampled_from([0, 0.5]),
    reorder=st.sampled_from([0, 0.3]),
    lose_answer=st.sampled_from([0, 0.3]),
    lose_request=st.sampled_from([0, 0.3]),
)
DOCUMENTS = st.lists(
    st.builds(
        dial,
        *[st.sampled_from(NUMBERS)] * 2,
        number_options=st.sampled_from([ALL_EVENTS, f"{ALL_EVENTS} {SCREENED}"]),
    ),
    min_size=1,
    max_size=4,
)


def play(service: FakeService, phones: dict[str, Phone], caller: Caller, faults: Faults) -> PlayedCall:
    fragment = "#ct=2000&rt=3000&rc=2&tt=9000&rp=all"
    numbers = {"+46846500401": NumberConfig(f"{ORIGIN}/voice{fragment}", status_callback=f"{ORIGIN}/status")}
    network = PhoneNetwork(WsgiTransport(service), "AC1", "a token", numbers, phones, faults=faults, seed=1)
    return network.call("+46701740650", "+46846500401", datetime(2026, 11, 23, 15, 30, tzinfo=UTC), caller)


@given(documents=DOCUMENTS, phones=st.dictionaries(st.sampled_from(NUMBERS), PHONES), caller=CALLERS, faults=FAULTS)
def test_every_call(documents: list[str], phones: dict[str, Phone], caller: Caller, faults: Faults) -> None:
    record = '<Record action="/message" maxLength="60"/>'
    service = FakeService().at("/voice", documents[0]).at("/next", *documents[1:], record)
    service.at("/whisper", WHISPER).at("/accept", "").at("/message", "")
    call = play(service, phones, caller, faults)
    assert call.ended_at is not None
    assert call.started_at <= call.ended_at
    assert call.timeline == tuple(sorted(call.timeline, key=lambda entry: entry.at))
    for leg in call.legs:
        reached = [at for at in (leg.started_at, leg.picked_up_at, leg.bridged_at, leg.ended_at) if at is not None]
        assert reached == sorted(reached)
        assert (leg.bridged_at is not None) == (leg.outcome in {"answered", "dropped"})
        assert leg.ended_at <= call.ended_at
    validator = RequestValidator("a token")
    for received in service.received:
        signature = validator.compute_signature(ORIGIN + received.path, received.form)
        assert received.headers["HTTP_X_TWILIO_SIGNATURE"] == signature


@given(documents=DOCUMENTS, phones=st.dictionaries(st.sampled_from(NUMBERS), PHONES), caller=CALLERS)
def test_callbacks_without_faults(documents: list[str], phones: dict[str, Phone], caller: Caller) -> None:
    service = FakeService().at("/voice", documents[0]).at("/next", *documents[1:], "").at("/whisper", WHISPER)
    call = play(service, phones, caller, Faults())
    assert len(service.forms("/status")) == 1
    for leg in call.legs:
        told = [form for form in service.forms("/leg") if form["CallSid"] == leg.child_sid]
        assert [form["SequenceNumber"] for form in told] == [str(place) for place in range(len(told))]
        assert told[-1]["CallStatus"] in {"completed", "busy", "no-answer", "failed", "canceled"}
        assert (leg.picked_up_at is not None) == (told[-1]["CallStatus"] == "completed")
    assert {urlsplit(exchange.url).path for exchange in call.requests} == set(service.paths())


def element(tag: str, attributes: dict[str, str], children: list[str]) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


TAGS = st.sampled_from([*ELEMENTS, "Sms", "say"])
NAMES = st.sampled_from(sorted({name for table in ELEMENTS.values() for name in table.attributes}))
ATTRIBUTES = st.dictionaries(NAMES, st.sampled_from(["", "1", "true", "POST", "/a", "a b", "-1", "answered,completed"]))
XML = st.recursive(
    st.sampled_from(["", "text", "+46846500410"]),
    lambda inner: st.builds(element, TAGS, ATTRIBUTES, st.lists(inner, max_size=3)),
    max_leaves=8,
)


@given(body=st.binary(max_size=200) | XML.map(str.encode), whisper=...)
def test_reading_never_raises(body: bytes, whisper: bool) -> None:
    for wrapped in (body, b"<Response>" + body + b"</Response>"):
        document = read(wrapped, "text/xml", ORIGIN, whisper=whisper)
        assert document.verbs == () or not document.is_refused

"""Every way an answer can be wrong, with the provider's code for it."""

import pytest

from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.simulator.verbs import Dial, Document, Gather, Number, Say

URL = "https://calls.example.org/voice"


def parsed(inside: str, *, whisper: bool = False) -> Document:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'.encode()
    return read(body, "text/xml; charset=utf-8", URL, whisper=whisper)


def codes(document: Document) -> list[int]:
    return [error.code for error in document.errors]


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"", "text/xml", 11770),
        (b"<Response/>", "text/plain", 12300),
        (b"<Response/>", "text/html", 12300),
        (b"<Response/>", "", 12300),
        (b"<Response/>", "text/xml; charset=iso-8859-1", 12300),
        (b"Hej", "text/xml", 12100),
        (b" <?xml version='1.0'?><Response/>", "text/xml", 12100),
        (b"\n<Response/>", "text/xml", 12100),
        (b"\xef\xbb\xbf<Response/>", "text/xml", 12100),
        ("<Response><Say>å</Say></Response>".encode("latin-1"), "text/xml", 12100),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><Response/>", "text/xml", 12100),
        (b"<!DOCTYPE Response><Response/>", "text/xml", 12100),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><Response>&a;</Response>', "text/xml", 12100),
        (b"<Response>&nbsp;</Response>", "text/xml", 12100),
        (b"<Response>", "text/xml", 12100),
        (b"<response/>", "text/xml", 12102),
        (b"<Response>" + b" " * 64 * 1024 + b"</Response>", "text/xml", 11750),
    ],
)
def test_a_document_the_provider_gives_up(body: bytes, content_type: str, code: int) -> None:
    document = read(body, content_type, URL)
    assert [(error.code, error.fatal, error.url) for error in document.errors] == [(code, True, URL)]
    assert document.is_refused
    assert document.verbs == ()


@pytest.mark.parametrize("content_type", ["text/xml", "application/xml", "text/xml;charset=UTF-8", "Text/XML"])
def test_what_is_accepted(content_type: str) -> None:
    assert read(b"<Response/>", content_type, URL) == Document(URL)


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<say>Hej</say>", 12200),
        ("<Sms>Hej</Sms>", 12200),
        ("<Number>+46846500410</Number>", 12200),
        ("Hej", 12200),
        ("<Say>Hej</Say>lite till", 12200),
        ("<Say><Number/>Hej</Say>", 12200),
        ("<Hangup>Hej</Hangup>", 12200),
        ("<Pause><Say>Hej</Say></Pause>", 12200),
        ('<Say Voice="alice">Hej</Say>', 12200),
        ('<Say voice="Elin">Hej</Say>', 13511),
        ('<Say language="svenska!">Hej</Say>', 13512),
        ('<Say voice="Polly.Elin-Neural" language="en-GB">Hello</Say>', 13511),
        ('<Say voice="Google.sv-SE-Wavenet-A" language="en-GB">Hello</Say>', 13511),
        ('<Say loop="-1">Hej</Say>', 13510),
        ("<Say> </Say>", 13520),
        (f"<Say>{'a' * 4097}</Say>", 13521),
        (f'<Say voice="Polly.Elin-Neural">{"a" * 3001}</Say>', 13521),
        ("<Play/>", 13420),
        ('<Play loop="x">a.mp3</Play>', 13410),
        ('<Pause length="0"/>', 13910),
        ('<Gather action="/a" numDigits="0"/>', 13314),
        ('<Gather action="/a" timeout="1.5"/>', 13313),
        ('<Gather action="/a" finishOnKey="##"/>', 13310),
        ('<Gather action="/a" input="keys"/>', 13326),
        ('<Gather action="/a" method="PUT"/>', 13312),
        ('<Gather action="/a"><Dial>+46846500410</Dial></Gather>', 13320),
        ("<Gather/>", 0),
        ("<Record/>", 0),
        ('<Record action="/a" maxLength="1"/>', 13612),
        ('<Record action="/a" playBeep="yes"/>', 13616),
        ('<Record action="/a" recordingStatusCallbackEvent="completed,absent"/>', 13621),
        ("<Dial/>", 13215),
        ("<Dial><Say>Hej</Say><Number>+46846500410</Number></Dial>", 13215),
        (f"<Dial>{'<Number>+46846500410</Number>' * 11}</Dial>", 13215),
        ('<Dial timeout="0">+46846500410</Dial>', 13212),
        ('<Dial timeout="601">+46846500410</Dial>', 13212),
        ('<Dial answerOnBridge="True">+46846500410</Dial>', 13219),
        ('<Dial answeronbridge="true">+46846500410</Dial>', 12200),
        ('<Dial ringTone="xx">+46846500410</Dial>', 13220),
        ('<Dial sequential="true">+46846500410</Dial>', 0),
        ("<Dial>0701740650</Dial>", 13223),
        ("<Dial>112</Dial>", 13223),
        ('<Dial><Number statusCallbackEvent="answered,completed">+46846500410</Number></Dial>', 12200),
        ('<Dial><Number statusCallbackEvent="answered  completed">+46846500410</Number></Dial>', 12200),
        ('<Dial><Number url="/a b">+46846500410</Number></Dial>', 12200),
        ('<Dial><Number method="get">+46846500410</Number></Dial>', 13221),
        ('<Redirect method="PATCH">/a</Redirect>', 13710),
        ('<Reject reason="tired"/>', 13810),
        ("<Hangup/><Say>Hej</Say>", 0),
        ("<Redirect>/a</Redirect><Say>Hej</Say>", 0),
        ("<Reject/><Say>Hej</Say>", 0),
        ('<Dial action="/a">+46846500410</Dial><Say>Hej</Say>', 0),
        ('<Gather action="/a" actionOnEmptyResult="true"/><Say>Hej</Say>', 0),
    ],
)
def test_what_the_provider_only_warns_of_is_an_error_here(inside: str, code: int) -> None:
    document = parsed(inside)
    assert codes(document) == [code]
    assert not document.is_refused


@pytest.mark.parametrize(
    "inside",
    [
        "<Say>Noll<break time='1s'/>åtta</Say>",
        '<Say voice="Google.sv-SE-Wavenet-A" language="sv-SE">Hej</Say>',
        "<!-- en kommentar --><Say>Hej</Say>",
        '<Gather action="/a"><Say>Hej</Say><Play>a.mp3</Play><Pause/></Gather><Say>Ingen knapp</Say>',
        '<Dial action="/a" timeout="20" answerOnBridge="true" ringTone="se">+46846500410</Dial>',
        '<Dial><Number url="/w#ct=2000&amp;rp=all">+46846500410</Number></Dial>',
        '<Dial><Number statusCallback="/l" statusCallbackEvent="initiated ringing">+46846500410</Number></Dial>',
        '<Dial>+46846500410</Dial><Say>Adjö</Say><Record action="/m" maxLength="180"/><Say>Inget</Say>',
    ],
)
def test_good_documents_pass(inside: str) -> None:
    assert codes(parsed(inside)) == []


def test_a_wrong_value_counts_as_absent() -> None:
    (verb,) = parsed('<Dial timeout="soon">+46846500410</Dial>').verbs
    assert verb == Dial(numbers=(Number("+46846500410"),), timeout=30)


def test_the_values_arrive() -> None:
    say, gather = parsed('<Say>Noll <emphasis>åtta</emphasis></Say><Gather action="/a" timeout="7"/>').verbs
    assert say == Say("Noll åtta")
    assert isinstance(gather, Gather)
    assert (gather.action, gather.timeout, gather.num_digits, gather.finish_on_key) == ("/a", 7, None, "#")


@pytest.mark.parametrize("inside", ["<Pause/>", "<Redirect>/a</Redirect>", "<Reject/>", '<Record action="/a"/>'])
def test_a_whisper_takes_few_verbs(inside: str) -> None:
    document = parsed(inside, whisper=True)
    assert (codes(document), document.verbs) == ([12200], ())


def test_a_sentence_says_what_was_found_and_what_is_expected() -> None:
    (error,) = parsed('<Dial timeout="soon">+46846500410</Dial>').errors
    assert error.sentence == "<Dial timeout='soon'>: a whole number from 1 to 600 is expected"

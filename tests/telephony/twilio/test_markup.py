"""Whatever stands in a message or an address, the document says that and nothing else."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from callrouter.telephony.twilio.markup import document, element, text

NOT_XML = [*map(chr, range(32)), "\ufffe", "\uffff"]
OF_XML = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=NOT_XML))


def read(markup: str) -> Any:
    return ET.fromstring(markup)  # noqa: S314 - we have written it


@given(OF_XML, OF_XML)
def test_words_and_attributes_are_read_as_they_were_written(words: str, value: str) -> None:
    (say,) = read(document(element("Say", text(words), voice=value)))
    assert (say.text, say.attrib) == (words or None, {"voice": value})


@given(st.text())
def test_what_no_document_may_hold_is_a_blank(words: str) -> None:
    assert read(document(element("Say", text(words)))).tag == "Response"


@pytest.mark.parametrize("value", ["&lt;/Say>", '"', "'", "<Hangup/>", "a&b=c", "]]>"])
def test_nothing_written_becomes_markup(value: str) -> None:
    (say,) = read(document(element("Say", text(value), voice=value)))
    assert (say.text, say.get("voice"), list(say)) == (value, value, [])


def test_it_is_what_the_sdk_would_write() -> None:
    response = VoiceResponse()
    gather = response.gather(action="https://example.org/a?b=1&c=2", num_digits=1, finish_on_key="", timeout=6)
    gather.say("Tryck 1 <nu> & håll", language="sv-SE")
    response.dial(answer_on_bridge=True, caller_id=None).number("+46846500410")
    response.hangup()
    said = element("Say", text("Tryck 1 <nu> & håll"), language="sv-SE")
    ours = document(
        element("Gather", said, action="https://example.org/a?b=1&c=2", finishOnKey="", numDigits=1, timeout=6),
        element("Dial", element("Number", "+46846500410"), answerOnBridge=True, callerId=None),
        element("Hangup"),
    )
    assert ours == str(response)

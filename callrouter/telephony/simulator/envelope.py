"""From an HTTP body to an XML tree: everything that makes the provider give up before it reads a verb."""

import re
import xml.etree.ElementTree as ET

from callrouter.telephony.simulator.journal import ServiceError

LARGEST_DOCUMENT = 64 * 1024


class Unreadable(Exception):  # noqa: N818 - a finding about the service, not a fault of ours
    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.error = ServiceError(code, sentence)


def root_of(body: bytes, content_type: str) -> ET.Element:
    _check_envelope(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(12100, f"the document is not UTF-8: byte {error.start} is {body[error.start]:#04x}") from None
    if re.match(r"<\?xml[^>]*encoding=[\"'](?!utf-8[\"'])", text, re.IGNORECASE):
        raise Unreadable(12100, "the XML declaration names another encoding than UTF-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable(12100, "the document declares a DOCTYPE or an entity; TwiML has neither")
    if not text.startswith("<"):
        raise Unreadable(12100, f"the document begins with {text[:12]!r}; '<?xml' or '<Response>' is expected at once")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise Unreadable(12100, f"the document is not XML: {error}") from None
    if root.tag != "Response":
        raise Unreadable(12102, f"the root element is <{root.tag}>; <Response> is expected")
    return root


def _check_envelope(body: bytes, content_type: str) -> None:
    kind, _, parameters = content_type.partition(";")
    if kind.strip().lower() not in {"text/xml", "application/xml"}:
        raise Unreadable(12300, f"Content-Type is {content_type or 'missing'!r}; text/xml is expected")
    charset = parameters.strip().lower()
    if charset.startswith("charset=") and charset.removeprefix("charset=").strip('"') != "utf-8":
        raise Unreadable(12300, f"Content-Type is {content_type!r}; the charset must be utf-8")
    if not body:
        raise Unreadable(11770, "the answer has no body; at least <Response/> is expected")
    if len(body) > LARGEST_DOCUMENT:
        raise Unreadable(11750, f"the document has {len(body)} bytes; at most {LARGEST_DOCUMENT} are read")

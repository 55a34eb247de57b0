"""Read the service's answer the way the provider does, and be stricter about what it only warns of.

Nothing is shared with the code that renders: this is a peer with its own tables.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace

from callrouter.telephony.simulator.builders import BUILDERS
from callrouter.telephony.simulator.envelope import Unreadable, root_of
from callrouter.telephony.simulator.reader import Reader
from callrouter.telephony.simulator.tables import SCHEMA_WARNING, WHISPER_VERBS
from callrouter.telephony.simulator.verbs import Dial, Document, Gather, Hangup, Redirect, Reject, Verb


def read(body: bytes, content_type: str, url: str, *, whisper: bool = False) -> Document:
    """The document in *body*; with a fatal error it has no verbs. *whisper*: on the called party's end."""
    reader = Reader(url)
    try:
        verbs = tuple(_verbs(reader, root_of(body, content_type), whisper=whisper))
    except Unreadable as found:
        return Document(url, (), (replace(found.error, url=url), *reader.errors))
    return Document(url, verbs, tuple(reader.errors))


def _verbs(reader: Reader, root: ET.Element, *, whisper: bool) -> Iterator[Verb]:
    _, elements = reader.open(root)
    ending = ""
    for element in elements:
        if ending:
            reader.lint(f"<{element.tag}> can never be reached: it stands after {ending}")
        if whisper and not _may_whisper(reader, element.tag):
            continue
        verb = BUILDERS[element.tag](reader, element)
        ending = ending or _end_of(verb)
        yield verb


def _may_whisper(reader: Reader, tag: str) -> bool:
    if tag == "Dial":
        raise Unreadable(13201, "<Dial> in a whisper: the called party's end cannot dial out")
    if tag not in WHISPER_VERBS:
        allowed = ", ".join(sorted(WHISPER_VERBS))
        reader.warn(SCHEMA_WARNING, f"<{tag}> in a whisper: only {allowed} are played there")
    return tag in WHISPER_VERBS


def _end_of(verb: Verb) -> str:
    """What nothing can follow, named for the sentence; empty otherwise."""
    match verb:
        case Hangup() | Reject() | Redirect():
            return f"<{type(verb).__name__}>"
        case Dial(action=str()):
            return "a <Dial> with an action"
        case Gather(on_empty=True):
            return "a <Gather> that always asks its action"
        case _:
            return ""

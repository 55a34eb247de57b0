"""A service that answers what a test tells it to, and remembers what it was asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

ORIGIN = "https://calls.example.org"
XML = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: str = "200 OK"
    content_type: str | None = XML


@dataclass(frozen=True)
class Received:
    path: str
    query: str
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class FakeService:
    """Documents by path; a path with several gives them in turn and then repeats the last."""

    pages: dict[str, list[Answer]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def at(self, path: str, *answers: str | Answer) -> "FakeService":
        """Answer *path* with these; a text is the inside of a <Response>."""
        self.pages[path] = [answer if isinstance(answer, Answer) else page(answer) for answer in answers]
        return self

    def forms(self, path: str) -> list[dict[str, str]]:
        return [received.form for received in self.received if received.path == path]

    def paths(self) -> list[str]:
        return [received.path for received in self.received]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        form = dict(parse_qsl(environ["wsgi.input"].read().decode(), keep_blank_values=True, strict_parsing=True))
        headers = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
        self.received.append(Received(path, environ["QUERY_STRING"], form, headers))
        answers = self.pages.get(path, [Answer(b"", "204 No Content", None)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        content_type = [("Content-Type", answer.content_type)] if answer.content_type else []
        start_response(answer.status, content_type)
        return [answer.body]


def page(inside: str) -> Answer:
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'.encode())


def dial(*numbers: str, options: str = 'action="/next" timeout="20"', number_options: str = "") -> str:
    """A <Dial> of these numbers."""
    inside = "".join(f"<Number {number_options}>{number}</Number>" for number in numbers)
    return f"<Dial {options}>{inside}</Dial>"


ALL_EVENTS = 'statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"'
SCREENED = 'url="/whisper"'
WHISPER = '<Gather action="/accept" numDigits="1" timeout="5"><Say>Tryck ett</Say></Gather><Hangup/>'

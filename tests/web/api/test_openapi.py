"""The document says what the API does: schemathesis asks all that it allows, and much that it does not."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import msgspec
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from werkzeug.serving import WSGIRequestHandler, make_server

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.writes import write_entries
from callrouter.web.api import QUESTIONS, ROOT
from tests.calllog.engines import prepared_sqlite
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, whole_story
from tests.service import free_port
from tests.web.api.program import Desk, Program

DOCUMENT = f"{ROOT}/openapi.json"


BOUNDS: dict[str, Any] = {
    "seed": 1,
    "max-time": 60,
    "generation": {"max-examples": 15},
    "phases": {"stateful": {"enabled": False}},  # nothing is changed, so no state follows from another
    "cache": {"enabled": False},
}
IN_NO_SCHEMA = {"cursor", "answered", "from", "to", "at"}
"""What JSON Schema cannot say: a cursor is one that we gave; dates follow each other, in years that are known."""


def test_it_is_for_everybody(desk: Desk) -> None:
    answer = desk.house.browser().get(DOCUMENT)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=3600")
    told = msgspec.json.decode(answer.data)
    assert told["openapi"] == "3.1.0"
    assert told["servers"] == [{"url": f"https://calls.example.se{ROOT}"}]
    assert set(told["paths"]) == {question.path for question, _ in QUESTIONS}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program that may read everything, a log with something to read, and a server on loopback."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    desk = Desk(prepared_sqlite(tmp_path_factory.mktemp("api") / "callrouter.db"), public_url=url)
    desk.keep(60)
    write_entries(desk.house.database, PSEUDONYMIZER, [Entry((event,), CITIZEN) for event in whole_story()])
    catch_up(desk.house.database)
    server = make_server("127.0.0.1", port, desk.house.app, threaded=True, request_handler=QuietHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield desk.program()
    server.shutdown()


class QuietHandler(WSGIRequestHandler):
    """Tells nobody of each request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's signature
        pass


def test_the_api_does_what_the_document_says(program: Program) -> None:
    """By schemathesis: the edges of each parameter, and cases by chance, what is allowed and what is not."""
    headers = {"headers": {"Authorization": f"Bearer {program.token}"}}
    config = SchemathesisConfig.from_dict(BOUNDS | headers)
    schema = schemathesis.openapi.from_url(program.house.public_url + DOCUMENT, config=config)
    asked, wrong = 0, set()
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError), event.exception
        if isinstance(event, NonFatalError):
            wrong.add(f"{event.label}: {event.info.format()}")
        if isinstance(event, ScenarioFinished):
            asked += len(event.recorder.cases)
            wrong |= set(failures(event))
    assert not wrong, "\n".join(sorted(wrong))
    assert asked > 200


def failures(event: ScenarioFinished) -> Iterator[str]:
    """What was wrong in a scenario: with which question, and its answer."""
    for case_id, checks in event.recorder.checks.items():
        case = event.recorder.cases[case_id].value
        answer = event.recorder.interactions[case_id].response
        for failed in (each.failure_info.failure for each in checks if each.failure_info):
            if failed.title == "Schema-valid request rejected" and answer and is_in_no_schema(answer.json()):
                continue
            yield f"{event.label} {case.query} {case.path_parameters}: {failed.title} {failed.message}"


def is_in_no_schema(problem: Any) -> bool:
    """Whether a request was refused for nothing but what its schema cannot say."""
    named = {error["parameter"] for error in problem.get("errors", [])}
    return bool(named) and named <= IN_NO_SCHEMA

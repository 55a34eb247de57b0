"""Programs that read the API, and the log that they read."""

from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

import msgspec
from werkzeug.test import TestResponse

from callrouter.domain.call_filter import EVERYTHING, Sight
from callrouter.domain.words import Scope
from callrouter.people import api_tokens
from tests.calllog.made_calls import MadeCall, keep, made_calls
from tests.people.somebody import BY
from tests.web.pages.house import House

ALL = tuple(Scope)


@dataclass
class Desk:
    """The pages, a log, and what stands in it."""

    url: str
    public_url: str = "https://calls.example.se"
    calls: list[MadeCall] = field(default_factory=list)
    dice: Random = field(default_factory=lambda: Random(7))

    def __post_init__(self) -> None:
        self.house = House(self.url, self.public_url)

    def keep(self, count: int) -> None:
        """Some more calls, anywhere in these days."""
        made = made_calls(count, self.dice)
        with self.house.database.writing() as connection:
            keep(connection, made)
        self.calls += made

    def token(self, *scopes: Scope, sight: Sight = EVERYTHING, name: str = "program", ends_at: Any = None) -> str:
        with self.house.database.writing() as connection:
            return api_tokens.add(connection, name, scopes or ALL, sight, ends_at, BY)

    def program(self, *scopes: Scope, sight: Sight = EVERYTHING) -> "Program":
        """A program with a token of its own."""
        return Program(self.house, self.token(*scopes, sight=sight))


@dataclass
class Program:
    """It shows its token, and keeps no cookies."""

    house: House
    token: str | None

    def ask(self, path: str, **query: Any) -> TestResponse:
        asked = f"/api/v1{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self.token}"} if self.token is not None else {}
        client = self.house.app.test_client(use_cookies=False)
        return client.get(asked, headers=headers, base_url=self.house.public_url)

    def told(self, path: str, **query: Any) -> Any:
        """What it is answered."""
        answer = self.ask(path, **query)
        assert answer.status_code == 200, answer.text
        assert answer.content_type == "application/json"
        return msgspec.json.decode(answer.data)

    def problem(self, path: str, **query: Any) -> Any:
        """What it is told of a problem."""
        answer = self.ask(path, **query)
        assert answer.content_type == "application/problem+json", answer.text
        told = msgspec.json.decode(answer.data)
        assert told["status"] == answer.status_code
        return told

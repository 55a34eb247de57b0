"""What a Swedish reader sees: every page, with all that the service tells of itself on it, and no English."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html.parser import HTMLParser
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from callrouter.calllog import tasks
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.tables import JobRunRow
from callrouter.domain.task import Task
from callrouter.domain.words import DecidedBy, Role, TaskKind, TaskState
from callrouter.jobs.registry import JOBS
from callrouter.web.deeds import DEEDS
from tests.calllog.records import keep, record
from tests.people.somebody import NOON
from tests.web.pages.house import EXAMPLE, House
from tests.web.pages.test_access import MATRIX

ENGLISH = re.compile(
    r"\b(the|is|are|not|and|of|from|by|until|with|yes|no|none|nobody|nothing|true|false|error|errors|warning|failed"
    r"|calls?|user|files?|closed|open|listed|before|season|exception|waiting|watched|kept|source|read|loaded|threads?"
    r"|deleted|sent|answered|numbers|messages|mon|tue|wed|thu|fri|sat|sun|role|company|database|schedule|its|was)\b"
)
OURS = {"callrouter db restore", "callrouter clock", *(job.name for job in JOBS)}
OURS |= {line.strip() for line in EXAMPLE.read_text("utf-8").splitlines()}
NOT_SAID = re.compile(r"full, partly eller not|ordet database|/\S+")
"""Values of settings, and paths."""
RUNS = {
    "retention": "12 numbers, 3 notes deleted; 4 outstanding",
    "reconcile": "9 calls, 14 legs and 0 messages compared: no gaps",
    "boundary-canary": "2 processes answered, and decide as the schedule says",
    "spool": "3 entries replayed",
    "report": "failed: ExportError: its process was ended (SIGKILL)",
}
WHEN = "2026-11-23T11:00:00+00:00"
CONDITIONS: dict[str, dict[str, Any]] = {
    "recorder": {
        "ok": False, "error": "the database does not answer", "waiting": 2, "spool_files": 1, "spool_entries": 3,
        "damaged_spool_files": 1, "in_log_lines_alone": 4, "unfolded_calls": 5,
        "threads": {"recorder-follow-up": True, "recorder-database": False, "recorder-spool": True},
    },
    "schedule": {
        "ok": True, "source": "file", "version": "c7e91f572d9e", "loaded_at": WHEN, "age_seconds": 7,
        "errors": [], "warnings": ["line 3: something"], "watched": True, "kept": True,
    },
    "control": {
        "ok": True, "source": "last-good", "read_at": WHEN, "error": None, "overrides": 1, "blocks": 0,
        "blocks_of_another_key": 1, "watched": True, "kept": False,
    },
    "tasks": {"ok": True, "watched": True},
    "jobs": {"ok": True, "jobs": {"spool": WHEN}, "errors": {"spool": "2026-11-23T11+0100: UnfitError: exit code 3"}},
    "log": {"ok": False, "error": "nobody takes the lines", "dropped_lines": 3},
    "disk": {"ok": False, "error": "too little space: /srv", "free_bytes": {"/srv": 3}},
    "clock": {"ok": False, "error": "+40 s against the provider's", "off_seconds": 40.0},
    "metrics": {"ok": True, "is_alive": True, "is_fresh": False},
}  # fmt: skip


class Spoken(HTMLParser):
    """Gathers what is read out of a page; not what is marked as of another language, nor the names of settings."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._silent or tag in ("script", "style", "textarea", "pre") or given.get("lang") == "en":
            self._silent += tag not in ("input", "img", "br", "meta", "link", "option")

    def handle_endtag(self, _tag: str) -> None:
        self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip() and data.strip() not in OURS:
            self.texts.append(" ".join(data.split()))


def english(page: str) -> list[str]:
    spoken = Spoken()
    spoken.feed(page.partition("<body")[2])
    return [text for text in spoken.texts if ENGLISH.search(NOT_SAID.sub("", text).lower())]


@pytest.fixture
def told(house: House) -> House:
    """Everything that the service may tell of itself."""
    reasons = ("sun is not listed (from 2007-02-01)", "override 7: closed until 2026-11-23 18:30 by anna: Möte")
    kept = [
        replace(record(f"CA{n}", Random(n), NOON - timedelta(hours=n)), reason=reason, decided_by=DecidedBy.HOURS)
        for n, reason in enumerate(reasons, start=1)
    ]
    keep(house.database, kept)
    facts = {"role": "reviewer", "by": "password", "calls": 1, "show_numbers": True, "end": WHEN, "effect": "closed"}
    facts |= {"from": WHEN, "follow_up": 3, "due_at": WHEN, "result": "reached", "call_back": 4, "state": "open"}
    with house.database.writing() as connection:
        for action in DEEDS:
            for subject in ("user dora", "call CA1", "task 1f", "part recorder", "numbers", "calls", "override 7"):
                append(connection, Deed("dora", action, subject, facts, NOON))
        run = {"slot": "2026-11-23", "claimed_by": "x", "claimed_at": NOON, "finished_at": NOON}
        run |= {"lease_until": NOON}
        connection.execute(insert(JobRunRow), [run | {"job": job, "result": result} for job, result in RUNS.items()])
        for kind, result in (
            (TaskKind.EXPORT, {"why": "ExportError: its process was ended (SIGKILL)"}),
            (TaskKind.BACK_UP, {"why": "UnfitError: the database is damaged: row 3"}),
            (TaskKind.AUDIT_CHECK, {"why": "OperationalError: x"}),
        ):
            tasks.add(connection, Task(kind.value, kind, "anna", NOON, NOON))
            tasks.finish(connection, kind.value, TaskState.FAILED, {"at": NOON.isoformat(), **result}, None)
    house.conditions = {name: partial(dict, told) for name, told in CONDITIONS.items()}
    house.rebuild()
    return house


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_no_page_says_anything_in_english(told: House, role: Role | None) -> None:
    browser = told.signed_in(role) if role else told.browser()
    paths = [path for roles, matrix in MATRIX if role in roles for path in matrix.values() if " " not in path]
    found = {}
    for path in [*paths, *([f"/calls/2026-11-23/CA{n}" for n in "12"] if role else [])]:
        answer = browser.get(path)
        if answer.mimetype == "text/html":
            found[path] = english(answer.text)
    assert len(found) > 3
    assert "\n".join(sorted({text for texts in found.values() for text in texts})) == ""

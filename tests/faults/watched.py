"""A running service as those see it who watch over it: /readyz, the today page, the measures, the audit log."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from sqlalchemy import Connection

from callrouter.calllog.audit import AuditFilter, page, verify
from callrouter.calllog.database import Database
from callrouter.calllog.disturbance import ACTION
from tests.faults.meanwhile import meanwhile
from tests.service import RunningService, until

TOLD_SECONDS = 60.0
LOOK_SECONDS = 0.1
PAGE_SECONDS = 20.0
"""SQLite itself tries for ten seconds before it says that a file cannot be locked."""

LOUD = {
    "recorder": (
        "Loggen skrivs inte som den ska",
        r'^callrouter_((spool_files|recorder_waiting|in_log_lines_alone) [1-9]|part_ok\{part="recorder"\} 0)',
    ),
    "schedule": ("Schemat har fel", r"^callrouter_schedule_faulty 1"),
    "jobs": ("misslyckades", r"^callrouter_job_last_run_ok\{.*\} 0"),
    "clock": ("Klockan går fel mot operatörens", r'^callrouter_part_ok\{part="clock"\} 0'),
    "log": ("loggrader skrivs inte", r'^callrouter_part_ok\{part="log"\} 0'),
    "tables": ("Loggens tabeller är av en senare version", r'^callrouter_part_ok\{part="tables"\} 0'),
    "versions": ("efter olika versioner av schemat", r'^callrouter_part_ok\{part="versions"\} 0'),
}
"""Of a part of /readyz: what the today page says while it is degraded, and which measure shows it."""

UNREADABLE = "Databasen svarar inte"
"""What every page says while the database, which knows who is signed in, cannot be read."""

_UNWELL = re.compile(r'^callrouter_part_ok\{part="(\w+)"\} 0', re.MULTILINE)


@dataclass
class Watched:
    """A running *service*. *cookie* is that of somebody who may see the today page.

    *besides*: parts that may be degraded for moments, or not, as chance has it.
    """

    service: RunningService
    cookie: str
    besides: Collection[str] = ()

    def is_well(self) -> bool:
        """Whether /readyz says so."""
        ready = self.ready_or_none()
        return bool(ready and ready["ready"])

    def ready_or_none(self) -> Mapping[str, Any] | None:
        """What /readyz says; None while nobody answers."""
        try:
            return self.service.ready()
        except (OSError, HTTPException, ValueError):
            return None

    def page(self, path: str) -> str:
        """A page as somebody who is signed in sees it; empty while nobody answers."""
        request = Request(self.service.url + path, headers={"Cookie": self.cookie})
        try:
            with urlopen(request, timeout=PAGE_SECONDS) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            with error:
                return error.read().decode()
        except (OSError, HTTPException):
            return ""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The log, as it is now."""
        with (
            closing(Database(self.service.settings.storage.database_url)) as database,
            database.reading() as connection,
        ):
            yield connection

    @contextmanager
    def stays_well(self) -> Iterator[None]:
        """Whoever looks at /readyz and the measures while the block lasts finds all well, or nobody who answers."""
        told: list[tuple[str, object]] = []

        def look(over: Event) -> None:
            while not over.wait(LOOK_SECONDS):
                ready = self.ready_or_none() or {"ready": True}
                told.extend((part, how) for part, how in ready.items() if part != "ready" and not how["ok"])
                told.extend((part, "by the measures") for part in _UNWELL.findall(self.page("/metrics")))

        with meanwhile(look):
            yield
        unwell = [each for each in told if each[0] not in self.besides]
        assert unwell == [], (len(unwell), unwell[:5])

    def wait_until_told(self, part: str) -> None:
        """Wait until /readyz, the today page and the measures have told that *part* is degraded."""
        seen: dict[str, bool] = {}

        def all_tell() -> bool:
            seen.update({name: seen.get(name, False) or told for name, told in self._tells(part)})
            return all(seen.values())

        try:
            until(all_tell, "all tell of it", TOLD_SECONDS)
        except AssertionError as error:
            error.add_note(f"{seen}\n{self.ready_or_none()}\n{self.service.log()[-2000:]}")
            raise

    def _tells(self, part: str) -> Iterator[tuple[str, bool]]:
        sentence, measure = LOUD[part]
        ready = self.ready_or_none()
        yield "/readyz", bool(ready and not ready[part]["ok"])
        yield "today", any(words in self.page("/today/units") for words in (sentence, UNREADABLE))
        yield "/metrics", bool(re.search(measure, self.page("/metrics"), re.MULTILINE))

    def told_from(self, part: str) -> list[datetime]:
        """Since when *part* was disturbed, as the audit log has it: the last of all times."""
        with self.reading() as connection:
            assert verify(connection).broken_at is None
            found = page(connection, AuditFilter(action=ACTION), 10).entries
        told = (entry.deed.facts["from"] for entry in found if entry.deed.subject == f"part {part}")
        return list(map(datetime.fromisoformat, told))

"""The canary: when it looks, what it makes of what the service says, and that it meets every process of a real one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import warning
from callrouter.domain.control import NO_CONTROL, Control, Override
from callrouter.domain.destination import Destination
from callrouter.domain.failsafe import fail_safe
from callrouter.domain.span import Span
from callrouter.domain.witness import witness
from callrouter.domain.words import State
from callrouter.jobs import boundary_canary
from callrouter.jobs.job import Tools
from callrouter.jobs.tools import job_tools
from callrouter.schedule.format.reading import Reading
from callrouter.schedule.watched import FileSource
from callrouter.telephony.twilio.twiml import render_fallback
from tests.checks.web import HOST, answering
from tests.schedules import CENTRE, GUARD_2, OPEN_HOUR, USUAL, schedule
from tests.service import RunningService, until
from tests.telephony.contract.office import KeptNumber, Office, served
from tests.telephony.contract.twilio_desk import TwilioAccountLine, TwilioDesk

SCHEDULE = schedule()
EXAMPLE = Path("config/schedule.yaml")
SECOND = timedelta(seconds=1)
HELD = Control((Override(3, "centre", Span(OPEN_HOUR, OPEN_HOUR + 60 * SECOND), State.CLOSED, None, "why", "anna"),))


@contextmanager
def asking(database: Database, said: dict[str, Any], control: Control = NO_CONTROL) -> Iterator[Tools]:
    """Tools that ask a service of one process, which says *said*. They are being stopped: nothing is asked twice."""
    body = {"process": "host:1", "at": OPEN_HOUR.isoformat(), **said}
    with answering(200, json.dumps(body)) as port:
        tools = Tools(
            database,
            lambda: SCHEDULE,
            reading=lambda: Reading(SCHEDULE, (), ()),
            control=lambda: control,
            service_url=f"http://127.0.0.1:{port}",
        )
        tools.stopping.set()
        yield tools


class TestWhenItLooks:
    """The unit is open on weekdays from 10 to 15, local time."""

    @pytest.mark.parametrize(
        ("at", "slots"),
        [
            ("2026-11-23T09:00:04", []),
            ("2026-11-23T09:00:05", ["2026-11-23T10:00+0100 centre"]),
            ("2026-11-23T09:14:59", ["2026-11-23T10:00+0100 centre"]),
            ("2026-11-23T09:15:00", []),
            ("2026-11-23T14:01:00", ["2026-11-23T15:00+0100 centre"]),
            ("2026-11-22T09:01:00", []),  # a Sunday
            ("2026-10-26T09:01:00", ["2026-10-26T10:00+0100 centre"]),  # after the night the clocks went back
            ("2026-10-23T08:01:00", ["2026-10-23T10:00+0200 centre"]),
        ],
    )
    def test_is_just_after_each_opening_and_closing(self, database: Database, at: str, slots: list[str]) -> None:
        pieces = boundary_canary.due(Tools(database, lambda: SCHEDULE), datetime.fromisoformat(at).replace(tzinfo=UTC))
        assert [piece.slot for piece in pieces] == slots

    def test_is_never_where_there_is_no_schedule(self, database: Database) -> None:
        assert list(boundary_canary.due(Tools(database), OPEN_HOUR)) == []


class TestWhatItSays:
    def test_all_is_well(self, database: Database) -> None:
        with asking(database, witness(SCHEDULE, NO_CONTROL, OPEN_HOUR)) as tools:
            assert boundary_canary.run(tools) == "1 process answered, and decides as the schedule says"

    def test_a_process_on_another_version(self, database: Database) -> None:
        old = schedule(version="v0")
        with asking(database, witness(old, NO_CONTROL, OPEN_HOUR)) as tools:
            assert boundary_canary.run(tools) == "warning: host:1: schedule: v0, expected v1"

    def test_a_decision_that_is_not_the_schedule_s(self, database: Database) -> None:
        late = witness(SCHEDULE, NO_CONTROL, OPEN_HOUR - timedelta(hours=2))
        with asking(database, late) as tools:
            assert boundary_canary.run(tools) == (
                "warning: host:1: units: {'centre': 'closed by hours, to security'},"
                " expected {'centre': 'open by hours, to reception'}"
            )

    def test_an_override_that_a_process_does_not_know(self, database: Database) -> None:
        with asking(database, witness(SCHEDULE, NO_CONTROL, OPEN_HOUR), HELD) as tools:
            assert "by_hand: [], expected ['override 3']" in boundary_canary.run(tools)

    def test_a_service_that_does_not_answer(self, database: Database) -> None:
        with asking(database, {}) as tools:
            pass
        assert "does not answer" in boundary_canary.run(tools)

    def test_an_answer_that_is_none_of_ours(self, database: Database) -> None:
        with asking(database, {"at": "soon"}) as tools:
            assert "does not answer" in boundary_canary.run(tools)

    def test_that_it_could_not_ask(self, database: Database) -> None:
        assert boundary_canary.run(Tools(database)).startswith("warning: the service was not asked")


class TestAtTheProvider:
    """With an account it also asks whether our numbers lead here, and whether their fallback is current."""

    def asked(self, database: Database, kept: KeptNumber) -> str:
        office, said = Office(numbers={CENTRE.e164: kept}), witness(SCHEDULE, NO_CONTROL, OPEN_HOUR)
        with served(office, TwilioDesk()) as url, asking(database, said) as tools:
            return boundary_canary.run(replace(tools, provider=lambda: TwilioAccountLine().account(url)))

    def test_a_number_that_leads_elsewhere_is_told(self, database: Database) -> None:
        said = self.asked(database, KeptNumber(fallback_url=""))
        assert "numbers: +46846500400: not as it should be: voice URL, status URL" in said
        assert "fallback: +46846500400 has none" in said

    @pytest.mark.parametrize("is_current", [True, False])
    def test_a_fallback_document_that_is_not_of_the_schedule_now_is_told(
        self, database: Database, is_current: bool
    ) -> None:
        in_force = SCHEDULE if is_current else schedule(*USUAL[:1], Destination("security", ring=(GUARD_2,)))
        document = render_fallback(fail_safe(in_force, CENTRE, None, OPEN_HOUR))
        with answering(200, document) as port:
            url = f"http://{HOST}:{port}/"
            intended = TwilioAccountLine().account("").intended(CENTRE, url)
            kept = KeptNumber(intended.voice_url, url, intended.status_url)
            said = self.asked(database, kept)
        told = f"fallback: +46846500400: {url} is not that of the schedule now"
        expected = "1 process answered, and decides as the schedule says"
        assert said == (expected if is_current else warning(told))


def test_a_real_service_of_three_processes_decides_as_its_schedule_says(tmp_path: Path) -> None:
    """And says so no more when the schedule that is held against it is another one."""
    file = tmp_path / "schedule.yaml"
    file.write_bytes(EXAMPLE.read_bytes())
    service = RunningService(tmp_path, file, ("--phone-network", "--workers", "3"))
    service.start()
    try:
        settings = service.settings
        database = Database(settings.storage.database_url)
        tools = job_tools(database, FileSource(file), lambda: None, None, settings, service.url)
        until(lambda: boundary_canary.run(tools).startswith("3 processes answered, and decide"), "all three are met")
        other = tmp_path / "other.yaml"
        other.write_bytes(EXAMPLE.read_bytes() + b"# another version\n")
        tools = job_tools(database, FileSource(other), lambda: None, None, settings, service.url)
        tools.stopping.set()
        assert "schedule: " in boundary_canary.run(tools)
        database.close()
    finally:
        service.stop()

"""What `callrouter clock` tells Sentry and a collector of a job that fails, over their own protocols: no numbers."""

from datetime import timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.outbox import put
from callrouter.domain.notice import Notice
from callrouter.domain.words import NoticeKind
from tests.checks.web import certificate
from tests.service import PATIENCE_SECONDS, RunningService, until
from tests.stories.collector import collecting
from tests.stories.leaks import Leaks
from tests.stories.test_logs import CITIZEN

pytest.importorskip("opentelemetry.sdk", reason="the extra `opentelemetry` is not installed")
pytest.importorskip("sentry_sdk", reason="the extra `sentry` is not installed")

SCHEDULE = Path(__file__).parent / "schedule.yaml"
DESK = "desk@example.se"


def unreadable(service: RunningService) -> None:
    """A notice to be sent that no letter can be made of, with a number in what is wrong with it."""
    (service.home / "var").mkdir()
    database = Database(f"sqlite:///{service.home / 'var' / 'callrouter.db'}")
    database.prepare()
    notice = Notice(NoticeKind.HAND_OVER, "centre:then", DESK, {"unit": "centre", "at": CITIZEN})
    put(database, [notice], clock.now())
    database.close()


def test_a_job_that_fails_is_told_outside_and_nobody_s_number(tmp_path: Path) -> None:
    schedule = tmp_path / "schedule.yaml"
    schedule.write_text(f"{SCHEDULE.read_text('utf-8')}\nnotify: {{hand-over: [{DESK}]}}\n", encoding="utf-8")
    own = certificate(tmp_path / "sentry.pem", clock.now() + timedelta(days=30))
    with collecting(own) as sentry, collecting() as collector:
        given = {"CALLROUTER_SENTRY_DSN": sentry.dsn, "CALLROUTER_OTLP_ENDPOINT": collector.url}
        given |= {"SSL_CERT_FILE": str(own), "NO_PROXY": "localhost,127.0.0.1"}
        service = RunningService(tmp_path, schedule, given=given)
        unreadable(service)
        with service.ticking() as process:
            until(lambda: "NotToldError" in sentry.text(), "Sentry is told")
            process.terminate()
            assert process.wait(PATIENCE_SECONDS) == 0
    failed = {span.name for span in collector.spans() if span.status.code == 2}
    assert failed == {"job outbox"}, "others may have run well beside it, and it more than once"
    assert "Invalid isoformat string" in sentry.text()
    assert Leaks(CITIZEN).found_in(sentry.text() + collector.text() + repr(collector.spans())) == []

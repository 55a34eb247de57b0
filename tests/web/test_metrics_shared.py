"""Several processes count together, in memory, and leave nothing behind."""

import os
import re
import signal
from pathlib import Path

from callrouter.telephony.simulator import answers, busy
from callrouter.web.shared_metrics import MEMORY, shared_place
from tests.schedules import CENTRE, GUARD_1, GUARD_2
from tests.service import RunningService, children, until
from tests.stories.conftest import Phones, own_service

__all__ = ["own_service"]

CALLS = 8


def told(service: RunningService, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", service.get("/metrics")[1], re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_workers_count_together_also_over_the_death_of_one(own_service: RunningService) -> None:
    own_service.options = ("--phone-network", "--workers", "2")
    own_service.start()
    stage = Phones(own_service)
    stage.on(GUARD_1, does=answers())
    for _ in range(CALLS):
        stage.logged(stage.call(CENTRE, at="2026-11-22 22:00"))
    decided = 'callrouter_decisions_total{decided_by="hours",state="closed"}'
    assert told(own_service, decided) == CALLS
    assert told(own_service, 'callrouter_attempts_total{outcome="answered"}') == CALLS
    answered, unanswered = (f'callrouter_legs{{outcome="{outcome}"}}' for outcome in ("answered", "no-answer"))
    until(lambda: told(own_service, answered) == CALLS, "each leg is counted")
    assert told(own_service, unanswered) == 0
    assert told(own_service, "callrouter_recorder_batch_entries_count") > 0
    assert told(own_service, 'callrouter_webhook_seconds_count{endpoint="incoming"}') == CALLS
    assert own_service.process
    before = children(own_service.process.pid)
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(set(children(own_service.process.pid)) - set(before)) == 1, "another worker is there")
    until(lambda: told(own_service, decided) == CALLS, "what the dead one counted is still counted")
    stage.logged(stage.call(CENTRE, at="2026-11-22 22:00"))
    assert told(own_service, decided) == CALLS + 1
    until(lambda: told(own_service, answered) == CALLS + 1, "the next leg is counted")
    main = own_service.process.pid
    assert own_service.stop() == 0
    assert list(MEMORY.glob(f"callrouter-metrics-{main}-*")) == []


def test_legs_are_counted_from_where_they_were_after_a_restart(own_service: RunningService) -> None:
    """Each phone of a call by itself: one that was busy, and the one that rang after it."""
    own_service.start()
    stage = Phones(own_service)
    stage.on(GUARD_1, does=busy())
    stage.on(GUARD_2, does=answers())
    stage.logged(stage.call(CENTRE, at="2026-11-22 22:00"))
    counted = {f'callrouter_legs{{outcome="{outcome}"}}': count for outcome, count in (("answered", 1), ("busy", 1))}
    until(lambda: all(told(own_service, each) == counted[each] for each in counted), "each leg is counted")
    own_service.stop()
    own_service.start()
    until(lambda: all(told(own_service, each) == counted[each] for each in counted), "they are counted still")


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    gone = tmp_path / "callrouter-metrics-4194305-x"  # no process has a number that high
    living = tmp_path / f"callrouter-metrics-{os.getppid()}-x"
    gone.mkdir()
    living.mkdir()
    with shared_place(tmp_path) as place:
        assert place
        assert place.stat().st_mode & 0o077 == 0
        assert sorted(tmp_path.iterdir()) == sorted([living, place])
    assert list(tmp_path.iterdir()) == [living]


def test_where_there_is_no_such_place_each_counts_for_itself(tmp_path: Path) -> None:
    with shared_place(tmp_path / "none") as place:
        assert place is None


def test_services_on_one_socket_count_together_and_forget_how_the_dead_were(tmp_path: Path) -> None:
    with shared_place(tmp_path, together="8000") as place:
        assert place
    assert place.stat().st_mode & 0o077 == 0
    kept, gone = f"counter_{4194305}.db", f"gauge_livesum_{4194305}.db"  # no process has a number that high
    for name in (kept, gone, f"gauge_livesum_{os.getpid()}.db"):
        (place / name).touch()
    with shared_place(tmp_path, together="8000") as again:
        assert again == place
        assert ((place / kept).exists(), (place / gone).exists()) == (True, False)
    (place / f"gauge_livesum_{os.getpid()}.db").unlink()
    with shared_place(tmp_path, together="8000"):
        assert list(place.iterdir()) == [], "nobody is left to count with"

"""The schedule breaks while calls come: the last good version stays in force."""

import pytest

from tests.faults import ways
from tests.faults.trial import Trial

pytestmark = pytest.mark.alone

BROKEN = {
    "empty": b"",
    "half": b"version: 1\nunits:\n  cen",
    "other": b"units: [what\n",
    "latin-1": b"# \xe5\n",
    "senseless": b"version: 1\nunits:\n  centre:\n    hours:\n      - from: 2026-02-30\n        mon-fri: 25:00-26:00\n",
    "gone": None,
}
QUICK = ("half",)


@pytest.mark.fault(
    "The schedule is broken", "empty, half-written, another text, not UTF-8, YAML that makes no sense, removed"
)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(content, id=name, marks=() if name in QUICK else pytest.mark.long)
        for name, content in BROKEN.items()
    ],
)
def test_the_schedule_is_broken(trial: Trial, content: bytes | None) -> None:
    trial.survives(ways.written_over(trial.service.schedule, content), shows="schedule")

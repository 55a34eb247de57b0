"""The clock is wrong while calls come, and right again."""

import pytest

from tests.faults import ways
from tests.faults.trial import Trial

pytestmark = pytest.mark.alone


@pytest.mark.long
@pytest.mark.fault("The clock jumps", "`LD_PRELOAD`: an hour ahead or an hour back, then right again")
@pytest.mark.parametrize("seconds", [3600, -3600])
def test_the_clock_jumps(clock_trial: Trial, seconds: int) -> None:
    clock_trial.survives(ways.clock_off(clock_trial.service, seconds))

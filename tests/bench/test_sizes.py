"""What is measured by size is of that size: a schedule that is refused would be measured as none."""

import pytest

from bench.hours import NOW, yaml_of
from bench.sizes import EXCEPTIONS, UNITS
from callrouter.schedule import load


@pytest.mark.parametrize(("exceptions", "units"), [(EXCEPTIONS[-1], 1), (0, UNITS[-1])])
def test_the_largest_schedule_is_taken(exceptions: int, units: int) -> None:
    schedule = load(yaml_of(exceptions, units), at=NOW)
    assert len(schedule.units) == units
    assert len(schedule.unit("centre").hours.rules.exceptions) == exceptions

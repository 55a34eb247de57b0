"""A unit as the pages show it now."""

from datetime import UTC, datetime, timedelta

import pytest

from callrouter.domain.control import NO_CONTROL
from callrouter.schedule import load
from callrouter.schedule.preview.explain import explain
from callrouter.web.unit_now import unit_now, ways
from tests.schedule.files import EXAMPLE

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
SCHEDULE = load(EXAMPLE, at=MONDAY)


@pytest.mark.parametrize("hours", [3, 9, 11, 20, 6 * 24 + 13])
def test_units_that_give_their_calls_to_one_destination_share_its_way(hours: int) -> None:
    at = MONDAY + timedelta(hours=hours)
    units = [unit_now(SCHEDULE, unit, at, NO_CONTROL) for unit in SCHEDULE.units.values()]
    found = ways(SCHEDULE, units, at, NO_CONTROL)
    for now in units:
        way, explained = found[now.standing.decision.destination], explain(SCHEDULE, now.unit, at)
        stops = [(stop.destination, stop.line) for stop in explained.stops if stop.rings]
        assert [(stop.destination, stop.line) for stop in way.stops] == stops
        assert way.takes_message == explained.takes_message

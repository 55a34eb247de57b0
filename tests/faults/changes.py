"""What people change while calls are under way: the schedule, what is decided by hand, who is on duty."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callrouter.simulate.scene import Scene
from callrouter.telephony.simulator import Faults
from tests.service import RunningService, until

ANNA, BO = "+46313900610", "+46701740633"
BY_HAND = ("centre", "night-watch", "screened", "listener", "victim-support", "victim-listener")
"""Units that may be sent elsewhere, and in which no key leads to another one."""

_WHO = ("--who", "anna", "--why", "Personalmöte")
_HAND_OFF = time(8)
_WORKERS = 2
_ON_DUTY = """
rotas:
  guard:
    - {start: 2026-01-05 08:00, shift: 1 day, people: [anna, bo]}
people: {anna: +46 31 390 06 10, bo: +46 70 174 06 33}
"""
_OTHER_HOURS = {"mon-fri: 10:00-15:00": "mon-fri: 07:00-22:00"}
_OTHER = {
    **_OTHER_HOURS,
    "ring: [guard, +46 31 390 06 20]": "ring: [+46 31 390 06 20, guard]",
    "ring: [+46 70 174 06 11, +46 70 174 06 22]": "ring: [+46 70 174 06 22, +46 70 174 06 11]",
    "together: yes": "together: no",
    "rounds: 2": "rounds: 1",
}


def with_rota(schedule: str) -> str:
    """The same schedule, but that a rota says who of the guards rings first."""
    return schedule.replace("ring: [+46 31 390 06 10,", "ring: [guard,") + _ON_DUTY


def otherwise(schedule: str) -> str:
    """The same people of the same destinations, but rung at other hours and in another order."""
    return _with(_OTHER, schedule)


def at_other_hours(schedule: str) -> str:
    """The same, but that some units are open at other hours."""
    return _with(_OTHER_HOURS, schedule)


def _with(changed: Mapping[str, str], schedule: str) -> str:
    for old, new in changed.items():
        assert old in schedule
        schedule = schedule.replace(old, new)
    return schedule


def before_a_hand_off(scene: Scene) -> Scene:
    """The caller calls within the last minute of a shift."""
    local = scene.at.astimezone(ZoneInfo("Europe/Stockholm"))
    hand_off = local.replace(hour=_HAND_OFF.hour, minute=0, second=0, microsecond=0)
    return replace(scene, faults=Faults(), at=hand_off - timedelta(seconds=1 + scene.number % 40))


def replaced(service: RunningService, text: str) -> None:
    """The file has another *text*, at once and as a whole, and all processes go by it."""
    before = witnesses(service)[0]["schedule"]
    new = service.schedule.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(service.schedule)
    follow(service, lambda told: told["schedule"] != before)


def sent_elsewhere(service: RunningService) -> None:
    """Somebody sends calls of some units elsewhere for years, and all processes know it."""
    for unit in BY_HAND:
        done = service.run("override", "send-to", "duty-officer", "--unit", unit, "--until", "2029-12-31", *_WHO)
        assert done.returncode == 0, done.stderr
    follow(service, lambda told: len(told["by_hand"]) == len(BY_HAND))


def left_to_the_schedule(service: RunningService) -> None:
    """Somebody ends all that was decided by hand, and all processes know it."""
    for each in witnesses(service)[0]["by_hand"]:
        done = service.run("override", "end", each.removeprefix("override "), *_WHO)
        assert done.returncode == 0, done.stderr
    follow(service, lambda told: not told["by_hand"])


def witnesses(service: RunningService) -> list[Mapping[str, Any]]:
    """What each process says that it would decide now."""
    found: dict[str, Mapping[str, Any]] = {}

    def all_asked() -> bool:
        told = json.loads(service.get("/witness")[1])
        found[told["process"]] = told
        return len(found) == _WORKERS

    until(all_asked, "all processes have been asked")
    return list(found.values())


def follow(service: RunningService, is_so: Callable[[Mapping[str, Any]], bool]) -> None:
    """Wait until all processes go by it."""
    until(lambda: all(map(is_so, witnesses(service))), "all processes follow")

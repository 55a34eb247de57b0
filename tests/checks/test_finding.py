"""The checks at once: in order, none of them waited for longer than it may take, none of them lost."""

from collections.abc import Iterator
from threading import Barrier, Event

from callrouter import clock
from callrouter.checks.finding import Check, Finding, Level, examine
from callrouter.setting_values import SettingsError


def says(name: str, level: Level = Level.OK) -> Check:
    return Check(name, lambda: [Finding(name, level, "seen")])


def raising(error: Exception) -> Check:
    def look() -> Iterator[Finding]:
        yield Finding("x", Level.OK, "not kept: it was not the whole truth")
        raise error

    return Check("x", look)


def test_findings_come_in_the_order_of_the_checks() -> None:
    assert [finding.check for finding in examine([says("b"), says("a"), says("c")])] == ["b", "a", "c"]


def test_checks_run_at_the_same_time() -> None:
    together = Barrier(3)

    def look() -> list[Finding]:
        together.wait(5)
        return [Finding("x", Level.OK, "met")]

    assert [finding.found for finding in examine([Check("x", look)] * 3)] == ["met"] * 3


def test_what_hangs_is_told_and_keeps_nothing_waiting() -> None:
    over = Event()

    def hang() -> list[Finding]:
        over.wait(60)
        return []

    hanging = Check("hangs", hang, seconds=0.2)
    began = clock.monotonic()
    found = list(examine([hanging, hanging, says("b")]))
    over.set()
    assert clock.monotonic() - began < 5
    assert [(each.check, each.level) for each in found] == [
        *[("hangs", Level.ERROR)] * 2,
        ("b", Level.OK),
    ]
    assert found[0].found == "no answer within 0.2 s"


def test_what_raises_is_an_error_in_a_line() -> None:
    (finding,) = examine([raising(ValueError("it broke\nin detail"))])
    assert finding == Finding("x", Level.ERROR, "ValueError: it broke", "Mend what it names, then look again.")


def test_what_lacks_a_setting_is_not_looked_at_and_the_check_of_settings_tells_why() -> None:
    (finding,) = examine([raising(SettingsError("X is not set"))])
    assert finding.level is Level.WARNING
    assert "settings" in finding.found

"""The service refuses what it would ignore, with the line; the loader alone takes the whole format."""

import pytest

from callrouter.schedule import ScheduleErrors, load, load_for_service
from callrouter.schedule.not_built import NOT_BUILT
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed


def refused(text: str) -> list[str]:
    with pytest.raises(ScheduleErrors) as caught:
        load_for_service(text, at=NOW)
    return str(caught.value).splitlines()


REVIEW = ("units:", "review: {categories: [x]}\nunits:")
TOLD = "this setting is not built yet; remove it (the service would ignore it)"


def test_the_example_uses_all_of_them() -> None:
    told = refused(EXAMPLE)
    assert {line.split(": ")[1].split(" > ")[-1] for line in told} == {rule.path[-1] for rule in NOT_BUILT}
    assert f"line 126: review: {TOLD}" in told


def test_what_is_not_built_is_refused_by_the_service_alone() -> None:
    text = changed(SHORT, REVIEW)
    load(text, at=NOW)
    assert refused(text) == [f"line 3: review: {TOLD}"]


def test_what_says_the_usual_is_built() -> None:
    usual = (("guard: {", "guard: {caller-id: own, voicemail: no, "), ("    open:", "    privacy: full\n    open:"))
    load_for_service(changed(SHORT, *usual), at=NOW)


def test_other_errors_come_along() -> None:
    text = changed(SHORT, REVIEW, ("open: desk", "open: dsk"))
    assert [line.split(":")[0] for line in refused(text)] == ["line 3", "line 10"]

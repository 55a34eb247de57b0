"""The service refuses what it would ignore, with the line; the loader alone takes the whole format."""

import pytest

from callrouter.schedule import ScheduleErrors, load, load_for_service
from callrouter.schedule.not_built import NOT_BUILT
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed


def refused(text: str) -> list[str]:
    with pytest.raises(ScheduleErrors) as caught:
        load_for_service(text, at=NOW)
    return str(caught.value).splitlines()


def test_the_example_uses_all_of_them() -> None:
    told = refused(EXAMPLE)
    used = {rule.path[-1] for rule in NOT_BUILT} - {"caller-id", "play"}  # `own` is built, and no file is played
    assert {line.split(": ")[1].split(" > ")[-1] for line in told} == used
    assert told[3] == (
        "line 76: destinations > security > accept: this setting is not built yet; remove it (the service would "
        "ignore it)"
    )


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            ("guard: {", "guard: {caller-id: caller, "),
            (
                "line 13: destinations > guard > caller-id: this setting is not built yet; remove it or write "
                "'caller-id: own' (the service would ignore it)"
            ),
        ),
        (
            ("units:", "messages: {hello: {play: https://example.se/x.mp3}}\nunits:"),
            "line 3: messages > hello > play: this setting is not built yet; remove it (the service would ignore it)",
        ),
        (
            ("units:", "review: {categories: [x]}\nunits:"),
            "line 3: review: this setting is not built yet; remove it (the service would ignore it)",
        ),
    ],
)
def test_what_is_not_built(edit: tuple[str, str], expected: str) -> None:
    text = changed(SHORT, edit)
    load(text, at=NOW)
    assert refused(text) == [expected]


def test_what_says_the_usual_is_built() -> None:
    usual = (("guard: {", "guard: {caller-id: own, voicemail: no, "), ("    open:", "    privacy: full\n    open:"))
    load_for_service(changed(SHORT, *usual), at=NOW)


def test_other_errors_come_along() -> None:
    text = changed(SHORT, ("guard: {", "guard: {accept: key, "), ("open: desk", "open: dsk"))
    assert [line.split(":")[0] for line in refused(text)] == ["line 9", "line 13"]

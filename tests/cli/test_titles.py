"""People read the names of units and destinations; programs read what the schedule calls them, which stays."""

import re
from pathlib import Path

import pytest

from tests.cli.archive import Archive
from tests.cli.by_hand import SCHEDULE, TOMORROWS
from tests.cli.running import on_terminal

NAMED = (
    SCHEDULE.replace("guard", "security")
    .replace("security: {ring", "security: {name: Bevakningen, ring")
    .replace("  centre:", "  centre:\n    name: Trygghetscenter")
)
WHY = ("--why", "Vattenläcka")
UNIT, DESTINATION = ("centre", "Trygghetscenter"), ("security", "Bevakningen")

ROWS = [
    (["log"], [UNIT]),
    (["log", "--disposition", "answered"], [UNIT, DESTINATION]),
    (["override", "list"], [UNIT, DESTINATION]),
    (["block", "list"], [UNIT]),
    (["report", "--month", "2026-11"], [UNIT]),
    (["report", "--month", "2026-11", "--unit", "centre", "--by", "destination"], [UNIT, DESTINATION]),
]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.write(NAMED)
    archive.does("override", "send-to", "security", "--unit", "centre", *TOMORROWS, *WHY)
    archive.does("block", "+46701740688", "--unit", "centre", *TOMORROWS, *WHY)
    return archive


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


@pytest.mark.parametrize(("command", "called"), ROWS, ids=lambda value: " ".join(map(str, value)))
def test_rows_say_names_on_a_terminal_and_what_a_program_can_type_in_a_pipe(
    archive: Archive, command: list[str], called: list[tuple[str, str]]
) -> None:
    shown = words(on_terminal(*command, columns=200, environ=archive.environ))
    piped = words(archive.run(*command).stdout)
    for name, title in called:
        assert (title in shown, name in shown) == (True, False)
        assert (title in piped, name in piped) == (False, True)


def test_sentences_say_names_wherever_they_go(archive: Archive) -> None:
    assert {"Trygghetscenter", "Bevakningen"} <= words(archive.does("log", "show", "CA4a"))
    made = archive.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
    assert "Trygghetscenter is closed, its calls go to 'Bevakningen'." in made
    assert "It goes before override 1 (to Bevakningen, " in made


def test_json_and_tables_for_programs_say_what_the_schedule_does(archive: Archive) -> None:
    for command in (["log", "--json"], ["log", "show", "CA4a", "--json"], ["override", "list", "--json"]):
        assert {"centre", "security"} <= words(archive.does(*command)), command
    assert "centre" in words(archive.run("report", "--month", "2026-11", "--by", "unit", "--csv").stdout)


def test_without_a_schedule_a_name_is_told_as_it_stands(archive: Archive) -> None:
    (archive.folder / "schedule.yaml").unlink()
    assert "centre" in words(on_terminal("log", columns=200, environ=archive.environ))

"""`callrouter schedule publish`, and the commands that read what was published."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callrouter.calllog.database import Database
from callrouter.calllog.published import Published, latest_published
from callrouter.cli import main
from callrouter.schedule import version_of
from callrouter.settings import os_user
from tests.schedule.files import EXAMPLE, SHORT

OTHER = SHORT.replace("10:00-15:00", "09:00-15:00")


class Desk:
    """An administrator's directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "var" / "callrouter.db"
        self.setting = "database"

    def write(self, text: str) -> str:
        file = self.folder / "schedule.yaml"
        file.write_text(text, encoding="utf-8")
        return str(file)

    def run(self, *arguments: str, given: str | None = None) -> Result:
        environ = {
            "CALLROUTER_DATA_DIR": str(self.folder / "var"),
            "CALLROUTER_DATABASE_URL": f"sqlite:///{self.database}",
            "CALLROUTER_SCHEDULE": self.setting,
        }
        return CliRunner().invoke(main, ["schedule", *arguments], input=given, env=environ)

    def latest(self) -> Published | None:
        database = Database(f"sqlite:///{self.database}")
        with database.reading() as connection:
            found = latest_published(connection)
        database.close()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_it_says_what_it_did_and_who_and_why_are_kept(desk: Desk) -> None:
    first = desk.run("publish", desk.write(SHORT), "--why", "vi börjar")
    assert (first.exit_code, first.stderr) == (0, "")
    did, effect = first.stdout.splitlines()
    assert did == f"Published {desk.folder}/schedule.yaml: version {version_of(SHORT)[:8]}, 1 unit, 2 destinations."
    assert effect.startswith(f"Services with CALLROUTER_SCHEDULE=database on sqlite:///{desk.database} follow within")
    second = desk.run("publish", desk.write(OTHER))
    replaced = f"It replaces version {version_of(SHORT)[:8]}, published by {os_user()} on "
    assert replaced in second.stdout
    assert "(vi börjar)." in second.stdout
    latest = desk.latest()
    assert latest is not None
    assert (latest.publication.version, latest.publication.by, latest.publication.why) == (
        version_of(OTHER),
        os_user(),
        None,
    )


def test_the_version_in_force_is_not_published_again(desk: Desk) -> None:
    desk.run("publish", desk.write(SHORT))
    number = desk.latest()
    again = desk.run("publish", desk.write(SHORT), "--why", "en gång till")
    assert again.exit_code == 0
    assert f"is in force already, version {version_of(SHORT)[:8]}, published by {os_user()} on " in again.stdout
    assert desk.latest() == number


def test_errors_are_all_shown_and_nothing_is_published(desk: Desk) -> None:
    desk.run("publish", desk.write(SHORT))
    before = desk.latest()
    broken = SHORT.replace("open: desk", "open: dsk").replace("10:00-15:00", "10:00-25:00")
    refused = desk.run("publish", desk.write(broken))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert [line.split(": ")[0] for line in refused.stderr.splitlines()] == [
        f"{desk.folder}/schedule.yaml:8",
        f"{desk.folder}/schedule.yaml:9",
        "2 errors",
    ]
    assert "did you mean 'desk'?" in refused.stderr
    assert desk.latest() == before


def test_warnings_are_told_and_it_is_published(desk: Desk) -> None:
    done = desk.run("publish", desk.write(EXAMPLE))
    assert done.exit_code == 0
    assert "warning: " in done.stderr


def test_standard_input_and_a_reason_in_another_encoding(desk: Desk) -> None:
    done = desk.run("publish", "-", "--why", "halv \udce5", given=SHORT)
    assert done.exit_code == 0
    latest = desk.latest()
    assert latest is not None
    assert latest.publication.why == "halv ?"


def test_a_service_that_reads_a_file_is_pointed_out(desk: Desk) -> None:
    desk.setting = "config/schedule.yaml"
    done = desk.run("publish", desk.write(SHORT))
    assert done.exit_code == 0
    assert "CALLROUTER_SCHEDULE is config/schedule.yaml here" in done.stderr


def test_a_database_that_cannot_be_used_is_a_sentence(desk: Desk) -> None:
    desk.database.mkdir(parents=True)
    refused = desk.run("publish", desk.write(SHORT))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("The schedule was not published: unable to open database file")


def test_a_file_that_is_not_there(desk: Desk) -> None:
    refused = desk.run("publish", str(desk.folder / "none.yaml"))
    assert refused.exit_code == 1
    assert "the file cannot be read" in refused.stderr


@pytest.mark.parametrize("arguments", [("check",), ("export", "--json", "--days", "1")])
def test_commands_without_a_file_read_what_is_published(desk: Desk, arguments: tuple[str, ...]) -> None:
    unprepared = desk.run(*arguments)
    assert unprepared.exit_code == 1
    assert "The published schedule cannot be read" in unprepared.stderr
    Database(f"sqlite:///{desk.database}").prepare()
    assert "Nothing was published yet" in desk.run(*arguments).stderr
    desk.run("publish", desk.write(SHORT))
    (desk.folder / "schedule.yaml").unlink()
    done = desk.run(*arguments)
    assert done.exit_code == 0
    assert version_of(SHORT)[:8] in done.stdout

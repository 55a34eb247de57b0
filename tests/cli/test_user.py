"""`callrouter user`: who may sign in, and the link at which they set a password."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callrouter.calllog.audit import entries
from callrouter.calllog.database import Database
from callrouter.cli import main
from callrouter.settings import os_user


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def run(home: Path, *arguments: str, **environ: str) -> Result:
    env = {"CALLROUTER_DATA_DIR": str(home), "CALLROUTER_PUBLIC_URL": ""} | environ
    result = CliRunner().invoke(main, ["user", *arguments], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def does(home: Path, *arguments: str, **environ: str) -> str:
    result = run(home, *arguments, **environ)
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(home: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in does(home, "list", "--json").splitlines()]


def test_a_user_gets_a_link(home: Path) -> None:
    told = does(home, "add", "Anna", "--role", "administrator")
    assert told.startswith("anna sets a password here, once, within 24 hours:\n")
    assert re.search(r"^  http://127\.0\.0\.1:8000/welcome/[\w-]{43}$", told, re.MULTILINE)
    nothing_yet = {"company": None, "has_password": False, "disabled_at": None}
    assert listed(home) == [{"name": "anna", "role": "administrator"} | nothing_yet]


@pytest.mark.parametrize(
    ("options", "environ", "start"),
    [
        ((), {"CALLROUTER_PUBLIC_URL": "https://calls.example.se/x"}, "https://calls.example.se/x/welcome/"),
        (("--url", "http://127.0.0.1:8001/"), {}, "http://127.0.0.1:8001/welcome/"),
    ],
)
def test_the_link_leads_to_where_the_pages_are(
    home: Path, options: tuple[str, ...], environ: dict[str, str], start: str
) -> None:
    assert f"  {start}" in does(home, "add", "anna", "--role", "reviewer", *options, **environ)


def test_where_it_is_not_known_where_the_pages_are_it_is_said_that_the_link_is_a_guess(home: Path) -> None:
    """The service may run with --port: the command is not told of it."""
    guessed = run(home, "add", "anna", "--role", "reviewer").stderr
    assert guessed.startswith("If the pages are not at http://127.0.0.1:8000, put where they are in its place")
    assert run(home, "reset", "anna", "--url", "http://127.0.0.1:8461").stderr == ""
    assert run(home, "reset", "anna", CALLROUTER_PUBLIC_URL="https://calls.example.se").stderr == ""


def test_all_that_can_be_done_is_on_record(home: Path) -> None:
    does(home, "add", "bo", "--role", "contractor", "--company", "Nordbevakning AB")
    assert "bo is reviewer" in does(home, "change", "bo", "--role", "reviewer")
    assert "can sign in no more" in does(home, "disable", "bo")
    assert listed(home)[0]["disabled_at"]
    assert "bo  reviewer  (disabled since " in does(home, "list")
    assert "can sign in again" in does(home, "enable", "bo")
    assert "/welcome/" in does(home, "reset", "BO")
    with Database(f"sqlite:///{home / 'callrouter.db'}").reading() as connection:
        deeds = [entry.deed for entry in entries(connection)]
    assert {deed.who for deed in deeds} == {os_user()}
    expected = ["user-add", "user-link", "user-change", "user-disable", "user-enable", "user-link"]
    assert [deed.action for deed in deeds] == expected


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "a b", "--role", "reviewer"), "No user was added. A name has 1 to 60 letters"),
        (("add", "bo", "--role", "contractor"), "No user was added. A contractor belongs to a company"),
        (
            ("add", "bo", "--role", "contractor", "--company", "Nosuch AB"),
            "No user was added. The schedule has no contract with a company called Nosuch AB. The companies are: Nordb",
        ),
        (("reset", "bo"), "No link was made. There is no user bo. The users are: none."),
        (("disable", "bo"), "The user was not disabled. There is no user bo."),
    ],
)
def test_what_cannot_be(home: Path, arguments: tuple[str, ...], sentence: str) -> None:
    result = run(home, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(sentence)
    assert listed(home) == []


def test_a_company_is_not_known_where_no_schedule_can_be_read(home: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none.yaml")
    does(home, "add", "bo", "--role", "contractor", "--company", "Nosuch AB", CALLROUTER_SCHEDULE=nowhere)
    refused = run(home, "change", "bo", "--role", "contractor", "--company", "Nosuch Ltd")
    assert refused.stderr.startswith("The user was not changed. The schedule has no contract with")
    assert listed(home)[0]["company"] == "Nosuch AB"


def test_nobody_may_by_default(home: Path) -> None:
    result = run(home, "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "There is no user" in result.stderr

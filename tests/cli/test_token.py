"""`callrouter token`: who reads through the API, from the command line to the audit log."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callrouter.calllog.audit import entries
from callrouter.calllog.database import Database
from callrouter.cli import main
from callrouter.settings import os_user

EXAMPLE = Path(__file__).parents[2] / "config" / "schedule.yaml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def run(home: Path, *arguments: str) -> Result:
    environ = {"CALLROUTER_DATA_DIR": str(home), "CALLROUTER_SCHEDULE": str(EXAMPLE)}
    return CliRunner().invoke(main, ["token", *arguments], env=environ)


def does(home: Path, *arguments: str) -> str:
    result = run(home, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_token_is_shown_once(home: Path) -> None:
    *_, token = does(
        home, "add", "Wallboard", "--scope", "status:read", "--unit", "larm", "--until", "2099-12-31"
    ).split()
    listed = does(home, "list", "--json")
    assert token not in listed
    (found,) = [json.loads(line) for line in listed.splitlines()]
    assert token.startswith(found["prefix"])
    assert (found["name"], found["scopes"], found["unit"]) == ("wallboard", ["status:read"], "larm")
    assert found["ends_at"] == "2099-12-31T23:00:00+00:00"
    assert "status:read, unit larm, until 2099-12-31 23:00 UTC, never used" in does(home, "list")


def test_all_that_can_be_done_is_on_record(home: Path) -> None:
    does(home, "add", "nord", "--scope", "calls:read", "--company", "Nordbevakning AB")
    assert "nord  callrouter_" in does(home, "list")
    assert "opens nothing any more" in does(home, "revoke", "nord")
    assert ", calls of Nordbevakning AB, revoked " in does(home, "list")
    with Database(f"sqlite:///{home / 'callrouter.db'}").reading() as connection:
        deeds = [entry.deed for entry in entries(connection)]
    assert [(deed.who, deed.action) for deed in deeds] == [
        (os_user(), "api-token-add"),
        (os_user(), "api-token-revoke"),
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "x"), "No token was made. A token reads something"),
        (("add", "x", "--scope", "calls:write"), "'calls:write' is not one of 'calls:read'"),
        (("add", "x", "--scope", "calls:read", "--unit", "larmm"), "No unit is called 'larmm'; did you mean 'larm'?"),
        (("add", "x", "--scope", "calls:read", "--until", "2020-01-01"), "is past"),
        (("add", "x", "--scope", "status:read", "--company", "Nord AB"), "A token of a company reads its calls"),
        (("revoke", "x"), "The token was not revoked. There is no token x. The tokens are: none."),
    ],
)
def test_what_cannot_be(home: Path, arguments: tuple[str, ...], sentence: str) -> None:
    result = run(home, *arguments)
    assert result.exit_code != 0
    assert sentence in result.output
    assert does(home, "list", "--json") == ""


def test_there_is_none_by_default(home: Path) -> None:
    result = run(home, "list")
    assert (result.stdout, "There is no token: add one" in result.stderr) == ("", True)

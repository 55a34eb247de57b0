"""`callrouter block`: the number is kept as a keyed hash alone, and nobody is kept from an alarm unit."""

from datetime import datetime
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.audit import entries
from callrouter.calllog.database import Database
from callrouter.sealing import Pseudonymizer
from callrouter.settings import os_user
from tests.cli.by_hand import Desk

CITIZEN = "+46701740650"
END = ("--until", "2099-12-31")
EXPECTED = "expected one such as +46 70 174 06 50; a withheld one cannot be known."
WHY = ("--why", "hot mot personal")
AT_CENTRE = ("--unit", "centre", *END, *WHY)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def keys(desk: Desk) -> Pseudonymizer:
    """The hashes that a service with the same key makes."""
    return Pseudonymizer(desk.privacy_key)


def test_it_says_what_it_did_and_keeps_who_and_why(desk: Desk, keys: Pseudonymizer) -> None:
    before = clock.now()
    did, note = desk.does("block", CITIZEN, *AT_CENTRE).splitlines()
    assert did == "Block 1: +467******50 is kept out of Centre until Friday 2100-01-01 00:00."
    assert note.endswith("callrouter block end 1")
    (made,) = desk.listed("block")
    assert (made["unit"], made["caller_key"], made["key_id"]) == ("centre", keys.key(CITIZEN), keys.key_id)
    assert (made["who"], made["why"], made["lasts"]) == (os_user(), "hot mot personal", True)
    assert before <= datetime.fromisoformat(made["start"]) <= clock.now()


def test_who_blocked_and_who_ended_it_is_on_record(desk: Desk) -> None:
    """Neither whom nor why: the one is the caller's, the other may tell of them."""
    desk.does("block", CITIZEN, *AT_CENTRE)
    desk.does("block", "end", "1")
    with Database(f"sqlite:///{desk.database}").reading() as connection:
        made, ended = (each.deed for each in entries(connection))
    assert (made.who, made.action, made.subject) == (os_user(), "block", "block 1")
    assert made.facts == {"unit": "centre", "end": "2099-12-31T23:00:00+00:00"}
    assert (ended.action, ended.subject) == ("block-end", "block 1")


def test_the_number_stands_nowhere(desk: Desk) -> None:
    desk.does("block", CITIZEN, *AT_CENTRE)
    said = desk.does("block", "list") + desk.does("block", "list", "--json")
    kept = b"".join(path.read_bytes() for path in desk.database.parent.iterdir())
    assert "740650" not in said
    assert b"740650" not in kept


@pytest.mark.parametrize(
    "typed",
    ["+46 70-174 06 50", "0701740650", "070-174 06 50", "+46 (0)70 174 06 50", "0046701740650", "+460701740650"],
)
def test_a_number_may_be_typed_as_people_write_it(desk: Desk, keys: Pseudonymizer, typed: str) -> None:
    desk.does("block", typed, *AT_CENTRE)
    assert desk.listed("block")[0]["caller_key"] == keys.key(CITIZEN)


def test_a_number_that_no_country_has_given_out_is_taken_as_it_stands(desk: Desk, keys: Pseudonymizer) -> None:
    desk.does("block", "+4600012345", *AT_CENTRE)
    assert desk.listed("block")[0]["caller_key"] == keys.key("+4600012345")


@pytest.mark.parametrize(
    "arguments", [["add", CITIZEN, *AT_CENTRE], [*AT_CENTRE, CITIZEN], ["--unit", "centre", CITIZEN, *END, *WHY]]
)
def test_the_order_of_the_words_is_free(desk: Desk, arguments: list[str]) -> None:
    assert desk.does("block", *arguments).startswith("Block 1: ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            [CITIZEN, "--unit", "larm", *END, *WHY],
            "Nobody was blocked: 'larm' is an alarm unit, whoever calls it is heard.",
        ),
        (
            [CITIZEN, "--unit", "center", *END, *WHY],
            "No unit is called 'center'; did you mean 'centre'?\nThe units are: centre, night, larm.",
        ),
        (
            ["anonymous", *AT_CENTRE],
            f"'anonymous' is no number; {EXPECTED}",
        ),
        (
            [CITIZEN, "--unit", "centre", *END, "--why", "0701-74 06 50 ringer och hotar"],
            "--why: leave the number out; it has its own place, where it can be forgotten.",
        ),
        (
            [CITIZEN, "--unit", "centre", *END],
            'Say why: --why "Personalmöte". The reason is kept, and people will ask for it.',
        ),
    ],
)
def test_what_is_refused(desk: Desk, arguments: list[str], sentence: str) -> None:
    assert desk.refuses("block", *arguments) == sentence


def test_an_end_is_required_and_to_come(desk: Desk) -> None:
    missing = desk.run("block", CITIZEN, "--unit", "centre", *WHY)
    assert (missing.exit_code, "Missing option '--until'" in missing.stderr) == (2, True)
    past = desk.refuses("block", CITIZEN, "--unit", "centre", "--until", "2026-01-02", *WHY)
    assert past.startswith("--until: Saturday 2026-01-03 00:00 is past; now it is ")


def test_a_command_that_is_not_there_is_no_number(desk: Desk) -> None:
    assert desk.refuses("block", "lst", *AT_CENTRE).startswith("'lst' is no number; ")


def test_without_the_services_key_nobody_is_blocked(desk: Desk) -> None:
    desk.privacy_key = ""
    said = desk.refuses("block", CITIZEN, *AT_CENTRE)
    assert said.startswith("Nobody was blocked; these settings need a look:\n  CALLROUTER_PRIVACY_KEY is not set")


def test_ending_keeps_the_history(desk: Desk) -> None:
    desk.does("block", CITIZEN, *AT_CENTRE, "--who", "anna")
    assert desk.does("block", "end", "1", "--who", "bo").startswith("Block 1 is ended.")
    assert desk.listed("block") == []
    (ended,) = desk.listed("block", "--all")
    assert (ended["who"], ended["ended_by"], ended["ended_why"]) == ("anna", "bo", None)
    assert ended["planned_end"] == "2100-01-01T00:00:00+01:00"
    again = desk.refuses("block", "end", "1")
    assert again == "Block 1 is over already. `callrouter block list` shows those that last."
    assert desk.refuses("block", "end", "2").startswith("There is no block 2. ")


def test_a_caller_is_found_by_their_number(desk: Desk) -> None:
    desk.does("block", CITIZEN, *AT_CENTRE)
    desk.does("block", "+46701740651", *AT_CENTRE)
    desk.does("block", CITIZEN, "--unit", "night", *END, *WHY)
    found = [line.split()[:2] for line in desk.does("block", "list", "--number", "070-174 06 50").splitlines()]
    assert found == [["3", "night"], ["1", "centre"]]
    nobody = desk.run("block", "list", "--number", "+46701740652")
    assert (nobody.exit_code, nobody.stdout, nobody.stderr) == (0, "", "There is no block.\n")

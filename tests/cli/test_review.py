"""`callrouter review`, `follow-up` and `audit`: what people say of calls, and the record of who did what."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from callrouter.sealing import Pseudonymizer
from callrouter.settings import os_user
from tests.calllog.told import CITIZEN, arrival
from tests.cli.archive import FIRST, Archive
from tests.cli.by_hand import SCHEDULE

TO_DO = ("--owner", "bo", "--due", "2099-12-24", "--what", "Ring upp")
FINISH = ("--result", "Klart")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


class TestReview:
    def test_a_call_is_filed_under_a_category(self, archive: Archive) -> None:
        assert archive.does("review", "CA3", "--category", "ORO") == f"Call CA3a is reviewed by {os_user()}: oro.\n"
        assert archive.finds("--reviewed") == archive.finds("--category", "oro") == ["CA3a"]
        assert archive.audited() == [("review", "call CA3a")]

    def test_without_one_it_is_just_reviewed(self, archive: Archive) -> None:
        assert archive.does("review", "CA3a", "--note", "Fel  nummer") == f"Call CA3a is reviewed by {os_user()}.\n"
        assert "Fel nummer" in archive.does("log", "show", "CA3a")
        assert archive.audited() == [("review", "call CA3a"), ("note", "call CA3a")]

    def test_it_can_be_taken_back(self, archive: Archive) -> None:
        archive.does("review", "CA3a", "--category", "oro")
        assert archive.does("review", "CA3a", "--undo") == "Call CA3a is not reviewed any more.\n"
        assert archive.finds("--reviewed") == []
        assert archive.refuses("review", "CA3a", "--undo") == "Call CA3a was not reviewed."

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (
                ["CA3a", "--category", "stöldd"],
                "No category is called 'stöldd'; did you mean 'stöld'?\nThe categories are: oro, stöld.",
            ),
            (["CA", "--category", "oro"], "More than one call has an id that starts with 'CA': give more of it."),
            (["CAx"], "No call has an id that starts with 'CAx'; `callrouter log` lists them."),
            (["CA3a", "--note", "x" * 2001], "--note: expected at most 2000 characters, got 2001."),
            (["CA3a", "--note", " "], "--note: expected some words, got nothing."),
            (
                ["CA3a", "--note", "ring 070-174 06 50"],
                "--note: leave the number out; it has its own place, where it can be forgotten.",
            ),
            (
                ["CA3a", "--undo", "--note", "x"],
                "--undo takes the review back; it goes with neither --category nor --note.",
            ),
        ],
    )
    def test_what_is_refused_changes_nothing(self, archive: Archive, arguments: list[str], sentence: str) -> None:
        assert archive.refuses("review", *arguments) == sentence
        assert archive.finds("--reviewed") == []
        assert archive.audited() == []

    def test_a_schedule_without_categories(self, archive: Archive) -> None:
        archive.write(SCHEDULE)
        said = archive.refuses("review", "CA3a", "--category", "oro")
        assert said == "No category is called 'oro'.\nThe schedule has none: write them under `review`."


class TestACallThatKeepsNoNumber:
    """Its number is never stored, so not in what people write either."""

    @pytest.fixture
    def discreet(self, archive: Archive) -> Archive:
        archive.write(SCHEDULE.replace("  night:\n", "  night:\n    privacy: hash\n"))
        key = Pseudonymizer(archive.privacy_key).key(CITIZEN.e164)
        archive.write_calls([replace(arrival("CAh", FIRST, number=None), key=key)])
        return archive

    def test_the_number_is_not_noted_beside_it(self, discreet: Archive) -> None:
        said = discreet.refuses("review", "CAh", "--note", "Kvinnan har 070-174 06 50")
        assert said == "--note: leave the number out; it has its own place, where it can be forgotten."
        assert discreet.finds("--reviewed") == []
        discreet.does("review", "CAh", "--note", "Hänvisad till 08-465 004 00, hon ringer 2026-12-01")
        assert "08-465 004 00" in discreet.does("log", "show", "CAh")

    @pytest.mark.parametrize("schedule", ["version: [", None])
    def test_where_nobody_knows_how_numbers_are_written_none_is_noted(
        self, discreet: Archive, schedule: str | None
    ) -> None:
        if schedule:
            discreet.write(schedule)
        else:
            discreet.privacy_key = "an0ther-" * 5
        assert "--note: leave the number out" in discreet.run("review", "CAh", "--note", "Ring 08-465 004 00").stderr
        assert discreet.run("review", "CAh", "--note", "Hon ringer 2026-12-01 18:30").exit_code == 0

    @pytest.mark.parametrize("call", ["CAh", "CA3a"])
    def test_nor_in_a_follow_up(self, discreet: Archive, call: str) -> None:
        number = "0046 70 174 06 50"
        assert discreet.refuses("follow-up", "add", call, *TO_DO, "--owner", number).startswith("--owner: leave the")
        assert discreet.refuses("follow-up", "add", call, *TO_DO, "--what", number).startswith("--what: leave the")
        discreet.does("follow-up", "add", call, *TO_DO)
        assert discreet.refuses("follow-up", "done", "1", "--result", number).startswith("--result: leave the number")
        discreet.does("follow-up", "done", "1", *FINISH)


class TestFollowUp:
    def test_from_its_beginning_to_its_end(self, archive: Archive) -> None:
        did, note = archive.does("follow-up", "add", "CA3a", *TO_DO).splitlines()
        assert did == "Follow-up 1: bo, until Friday 2099-12-25 00:00, on call CA3a."
        assert note == "When it is done: callrouter follow-up done 1 --result …"
        assert archive.does("follow-up", "list") == "1\t2099-12-25 00:00\tbo\tCA3a\tRing upp\n"
        assert archive.finds("--follow-up") == ["CA3a"]
        assert archive.does("follow-up", "done", "1", *FINISH) == "Follow-up 1 is done.\n"
        assert archive.run("follow-up", "list").stderr == "Nothing is to be done.\n"
        assert archive.finds("--follow-up") == []
        assert archive.audited() == [("follow-up", "call CA3a"), ("follow-up-done", "call CA3a")]

    def test_of_one_owner_and_overdue(self, archive: Archive) -> None:
        for owner in ("anna", "bo"):
            archive.does("follow-up", "add", "CA3a", "--owner", owner, "--due", "2099-12-24", "--what", "Ring upp")
        with closing(sqlite3.connect(archive.database)) as connection, connection:
            connection.execute("UPDATE follow_up SET due_at = '2026-11-23 16:00:00' WHERE owner = 'anna'")
        connection.close()
        assert [each["overdue"] for each in archive.listed("follow-up")] == [True, False]
        assert [each["id"] for each in archive.listed("follow-up", "--owner", "bo")] == [2]
        assert [each["id"] for each in archive.listed("follow-up", "--overdue")] == [1]
        assert archive.listed("follow-up", "--overdue", "--owner", "bo") == []

    @pytest.mark.parametrize(
        ("arguments", "begin"),
        [
            (["add", "CAx", *TO_DO], "No call has an id that starts with 'CAx'"),
            (["add", "CA3a", *TO_DO, "--due", "soon"], "--due: expected a time of today such as 18:00"),
            (["add", "CA3a", *TO_DO, "--due", "2026-01-02"], "--due: Saturday 2026-01-03 00:00 is past; now it is "),
            (["add", "CA3a", *TO_DO, "--owner", " "], "--owner: expected some words, got nothing."),
            (["add", "CA3a", *TO_DO, "--what", "ring +46701740650"], "--what: leave the number out"),
            (["done", "7", *FINISH], "There is no follow-up 7; `callrouter follow-up list` shows those that are open."),
        ],
    )
    def test_what_is_refused_changes_nothing(self, archive: Archive, arguments: list[str], begin: str) -> None:
        assert archive.refuses("follow-up", *arguments).startswith(begin)
        assert archive.listed("follow-up") == []
        assert archive.audited() == []

    def test_what_is_done_is_done(self, archive: Archive) -> None:
        archive.does("follow-up", "add", "CA3a", *TO_DO)
        archive.does("follow-up", "done", "1", *FINISH)
        said = archive.refuses("follow-up", "done", "1", *FINISH)
        assert said.startswith("Follow-up 1 is done already, since ")
        assert said.endswith(f", by {os_user()}.")


class TestAudit:
    @pytest.fixture
    def archive(self, tmp_path: Path) -> Archive:
        archive = Archive(tmp_path)
        for call in ("CA1a", "CA2a", "CA3a"):
            archive.does("review", call, "--category", "oro")
        return archive

    def test_the_newest_entry_comes_first(self, archive: Archive) -> None:
        number, _, *said = archive.does("audit", "list", "--limit", "1").rstrip("\n").split("\t")
        assert (number, said) == ("3", [os_user(), "review", "call CA3a", "category oro"])
        assert [each["seq"] for each in archive.listed("audit")] == [3, 2, 1]

    def test_a_whole_chain_tells_its_last_hash(self, archive: Archive) -> None:
        last = archive.listed("audit")[0]["hash"]
        assert archive.does("audit", "verify") == f"The audit log is whole: 3 entries.\nLast hash: {last}\n"
        assert json.loads(archive.does("audit", "verify", "--json")) == {
            "entries": 3,
            "last_hash": last,
            "broken_at": None,
        }

    def test_the_first_entry_that_does_not_fit_is_named(self, archive: Archive) -> None:
        with closing(sqlite3.connect(archive.database)) as connection, connection:
            connection.execute("UPDATE audit SET who = 'eve' WHERE seq = 2")
        connection.close()
        result = archive.run("audit", "verify")
        assert result.exit_code == 1
        assert result.stdout.startswith("Entry 2 does not fit: ")
        assert "Whole up to entry 1: " in result.stdout
        machine = archive.run("audit", "verify", "--json")
        assert (machine.exit_code, json.loads(machine.stdout)["broken_at"]) == (1, 2)

    def test_a_noted_hash_must_still_be_there(self, archive: Archive) -> None:
        last, second = (archive.listed("audit")[place]["hash"] for place in (0, 1))
        said = archive.does("audit", "verify", "--noted", second.upper()).splitlines()
        assert said[1:] == [
            f"Last hash: {last}",
            "The noted hash is that of entry 2: nothing up to there was touched since.",
        ]
        with closing(sqlite3.connect(archive.database)) as connection, connection:
            connection.execute("DELETE FROM audit WHERE seq = 3")
        connection.close()
        assert archive.run("audit", "verify").exit_code == 0
        result = archive.run("audit", "verify", "--noted", last)
        assert (result.exit_code, result.stdout.splitlines()[2]) == (
            1,
            "The noted hash is not in it: entries were removed from its end, or it was written anew.",
        )
        machine = archive.run("audit", "verify", "--noted", last, "--json")
        assert (machine.exit_code, json.loads(machine.stdout)["noted_at"]) == (1, None)

    def test_nothing_stands_there_yet(self, tmp_path: Path) -> None:
        (tmp_path / "new").mkdir()
        assert Archive(tmp_path / "new").run("audit", "list").stderr == "Nothing stands there yet.\n"

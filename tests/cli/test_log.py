"""`callrouter log`: each option finds its calls, page by page; numbers in full stand in the audit log."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.settings import os_user
from tests.calllog.told import CITIZEN, arrival
from tests.cli.archive import FIRST, Archive

EXPECTED = "expected one such as +46 70 174 06 50; a withheld one cannot be known."
ALL = ["CA4a", "CA3a", "CA2a", "CA1a", "CA0a"]
REST = ALL[1:]
OPEN = "(in-progress|end-unknown)"
"""What is said of a call without an end: by how long ago it came, and nobody knows when this runs."""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], ALL),
        (["--unit", "centre"], ALL),
        (["--unit", "night"], []),
        (["--disposition", "answered"], ["CA4a"]),
        (["--state", "open"], []),
        (["--decided-by", "hours", "--limit", "2"], ALL[:2]),
        (["--from", "2026-11-23 18:30", "--to", "2026-11-23 20:30"], ["CA3a", "CA2a"]),
        (["--from", "2026-11-23"], ALL),
        (["--to", "2026-11-23"], ALL),
        (["--to", "2026-11-22"], []),
        (["--from", "2026-11-24"], []),
        (["--from", "2026-11-23T18:30:00+00:00"], ["CA4a", "CA3a"]),
        (["--destination", "security"], ALL),
        (["--destination", "security", "--answered"], ["CA4a"]),
        (["--company", "Nord AB"], []),
        (["--person", "eva"], []),
        (["--caller", "070-174 06 50"], ALL),
        (["--caller", "+46701740651"], []),
        (["--origin", "real"], ALL),
        (["--unreviewed"], ALL),
        (["--reviewed"], []),
        (["--category", "oro"], []),
        (["--follow-up"], []),
    ],
    ids=lambda value: " ".join(value) if value else "-",
)
def test_each_option_finds_its_calls(archive: Archive, options: list[str], found: list[str]) -> None:
    assert archive.finds(*options) == found


def test_how_many_there_are(archive: Archive) -> None:
    assert archive.does("log", "--count") == "5\n"
    assert archive.does("log", "--count", "--disposition", "answered") == "1\n"
    assert json.loads(archive.does("log", "--count", "--reviewed", "--json")) == {"calls": 0, "exact": True}


def test_page_by_page_and_back(archive: Archive) -> None:
    first = archive.run("log", "--limit", "2")
    (older,) = re.findall(r"^Older calls: --page (\S+)$", first.stderr, re.MULTILINE)
    archive.write_calls([arrival("CA9a", FIRST.replace(hour=21))])
    second = archive.run("log", "--limit", "2", "--page", older)
    assert [line.split("\t")[1] for line in second.stdout.splitlines()] == ALL[2:4]
    newer, last = re.findall(r"^(?:Newer|Older) calls: --page (\S+)$", second.stderr, re.MULTILINE)
    assert archive.finds("--page", last) == ALL[4:]
    assert archive.finds("--page", newer, "--limit", "9") == ["CA9a", *ALL[:2]]


def test_a_call_that_is_older_than_any_lasts_is_not_in_progress(archive: Archive) -> None:
    now = clock.now()
    archive.write_calls([arrival("CAx1", now - timedelta(hours=5)), arrival("CAx2", now - timedelta(hours=3))])
    told = {cells[1]: cells[6] for cells in (line.split("\t") for line in archive.does("log").splitlines())}
    assert (told["CAx1"], told["CAx2"]) == ("end-unknown", "in-progress")
    assert "  disposition end-unknown\n" in archive.does("log", "show", "CAx1")
    assert "  disposition in-progress\n" in archive.does("log", "show", "CAx2")
    assert json.loads(archive.does("log", "show", "CAx1", "--json"))["disposition"] == "in-progress", "as it is kept"


def test_the_json_of_each_line(archive: Archive) -> None:
    lines = [json.loads(line) for line in archive.does("log", "--json").splitlines()]
    assert [line["call_id"] for line in lines] == ALL
    assert lines[0]["from"] == "+467******50"
    shown = json.loads(archive.does("log", "show", "CA4a", "--json"))
    assert lines[0]["local_time"] == shown["local_time"] == "2026-11-23T20:30:00+01:00"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--from", "soon"], "--from: expected a local time such as \"2026-11-23 16:30\", or a date, got 'soon'."),
        (["--to", "3026-01-01"], "--to: expected a year from 1970 to 2199, got '3026-01-01'."),
        (["--from", "2026-11-24", "--to", "2026-11-23"], "--to: '2026-11-23' is before '2026-11-24'."),
        (["--answered"], "--answered: by whom? Say --destination, --company or --person."),
        (["--caller", "nobody"], f"'nobody' is no number; {EXPECTED}"),
    ],
)
def test_what_cannot_be_meant_is_told(archive: Archive, options: list[str], sentence: str) -> None:
    assert archive.refuses("log", *options) == sentence


def test_a_place_of_another_kind_is_refused(archive: Archive) -> None:
    result = archive.run("log", "--page", "2")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'--page': expected a place that `callrouter log` named at the end of a list" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--unit", "center"], "No such calls.\nThe schedule has no unit 'center'; did you mean 'centre'?\n"),
        (["--category", "stöl"], "No such calls.\nThe schedule has no category 'stöl'; did you mean 'stöld'?\n"),
        (["--person", "eva"], "No such calls.\nThe schedule has no person 'eva'.\n"),
        (["--unit", "night"], "No such calls.\n"),
    ],
)
def test_where_nothing_is_found_a_slip_is_told(archive: Archive, options: list[str], said: str) -> None:
    result = archive.run("log", *options)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", said)


class TestNumbersInFull:
    def test_one_entry_a_command_tells_who_and_how_many_calls(self, archive: Archive) -> None:
        assert CITIZEN.e164 in archive.does("log", "--unit", "centre", "--show-numbers")
        assert CITIZEN.e164 in archive.does("log", "show", "CA1a", "--show-numbers")
        shown, listed = archive.listed("audit")
        assert (listed["who"], listed["action"], listed["subject"]) == (os_user(), "show-numbers", "log")
        assert listed["facts"] == {"calls": 5}
        assert (shown["subject"], shown["facts"]) == ("call CA1a", {"calls": 1})

    def test_masked_ones_and_none_at_all_are_nobodys_business(self, archive: Archive) -> None:
        archive.does("log")
        archive.does("log", "show", "CA1a")
        archive.run("log", "--unit", "night", "--show-numbers")
        assert archive.audited() == []

    def test_where_the_audit_log_cannot_be_written_none_is_shown(self, archive: Archive) -> None:
        """The log itself can be read all the same."""
        with closing(sqlite3.connect(archive.database)) as connection, connection:
            connection.execute(
                "CREATE TRIGGER replica BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'it is read-only'); END"
            )
        connection.close()
        said = archive.refuses("log", "--show-numbers")
        assert said == (
            "The numbers are not shown: that they are must stand in the audit log, which cannot be written: "
            "it is read-only\nWithout --show-numbers the log can be read."
        )
        assert archive.refuses("log", "show", "CA1a", "--show-numbers") == said
        assert archive.finds() == ALL


class TestShow:
    def test_what_people_wrote_and_what_the_caller_called_before(self, archive: Archive) -> None:
        archive.does("review", "CA3a", "--category", "oro", "--note", "Mannen var orolig")
        archive.does("follow-up", "add", "CA3a", "--owner", "bo", "--due", "2099-12-24", "--what", "Ring upp")
        archive.does("follow-up", "add", "CA3a", "--owner", "bo", "--due", "2099-12-24", "--what", "Skriv")
        archive.does("follow-up", "done", "1", "--result", "Lugn nu")
        told = archive.does("log", "show", "CA3a").splitlines()
        at = r"\d{4}-\d\d-\d\d \d\d:\d\d"
        for line in (
            f"  review      {at} by {os_user()}: oro",
            f"  {at} {os_user()}: Mannen var orolig",
            f"  1  bo until 2099-12-25 00:00: Ring upp; done {at} by {os_user()}: Lugn nu",
            "  2  bo until 2099-12-25 00:00: Skriv",
            re.escape("  2026-11-23 18:30:00 +0100 CA2a Centre ") + OPEN,
        ):
            assert [each for each in told if re.fullmatch(line, each)], line
        assert [line.split()[3] for line in told if re.search(f" Centre {OPEN}$", line)] == ["CA2a", "CA1a", "CA0a"]

    def test_for_machines(self, archive: Archive) -> None:
        archive.does("review", "CA3a", "--note", "Mannen var orolig")
        archive.does("follow-up", "add", "CA3a", "--owner", "bo", "--due", "2099-12-24", "--what", "Ring upp")
        told = json.loads(archive.does("log", "show", "CA3a", "--json"))
        assert told["earlier_calls"] == ["CA2a", "CA1a", "CA0a"]
        assert [(note["who"], note["text"]) for note in told["notes"]] == [(os_user(), "Mannen var orolig")]
        assert [(each["what"], each["done_at"]) for each in told["follow_ups"]] == [("Ring upp", None)]
        assert told["reviewed_by"] == os_user()
        assert told["events"]

    def test_nothing_is_said_of_what_is_not_there(self, archive: Archive) -> None:
        told = archive.does("log", "show", "CA0a")
        assert "  review      not yet\n" in told
        assert not re.search("Notes|Follow-ups|Earlier", told)

    def test_nobody_can_tell_whose_number_was_withheld(self, archive: Archive) -> None:
        archive.write_calls([arrival(f"CAx{n}", FIRST.replace(hour=20 + n), number=None) for n in range(2)])
        assert json.loads(archive.does("log", "show", "CAx1", "--json"))["earlier_calls"] == []

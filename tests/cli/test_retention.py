"""`callrouter retention` and `callrouter hold`: what an administrator sees, and what is left."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallRow, NoteRow
from tests.calllog.aged import NOW, there, told
from tests.calllog.export.files import csv_rows
from tests.cli.by_hand import SCHEDULE, Desk

RULES = """\
retention:
  - {what: notes, keep: 30 days, decision: "KS 1 <2026>", date: 2026-03-01}
  - {what: events, keep: 3 months, decision: =KS 2, date: 2026-03-01}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk beside a log with a call of 40 days ago and one of 2."""
    desk = Desk(tmp_path)
    desk.write(SCHEDULE + RULES)
    desk.does("db", "upgrade")
    past = (clock.now() - NOW) / timedelta(days=1)
    database = database_of(desk)
    told(database, "CA-old", 40 - past)
    told(database, "CA-new", 2 - past)
    database.close()
    return desk


def database_of(desk: Desk) -> Database:
    return Database(f"sqlite:///{desk.database}")


def notes(desk: Desk) -> set[str]:
    database = database_of(desk)
    try:
        return there(database, NoteRow)
    finally:
        database.close()


class TestPreview:
    @pytest.mark.parametrize("command", [("preview",), ("run", "--dry-run")])
    def test_it_tells_what_would_go_and_deletes_nothing(self, desk: Desk, command: tuple[str, ...]) -> None:
        result = desk.run("retention", *command)
        cells = [line.split("\t") for line in result.stdout.splitlines()]
        assert [(line[0], line[1], line[3], line[4:]) for line in cells] == [
            ("notes", "centre", "KS 1 <2026> (2026-03-01)", ["1", "0"]),
            ("follow-ups", "centre", "KS 1 <2026> (2026-03-01)", ["1", "0"]),
        ]
        assert result.stderr == "Kept for ever, for nobody has decided otherwise: numbers, recordings, calls.\n"
        assert notes(desk) == {"CA-old", "CA-new"}

    def test_for_machines(self, desk: Desk) -> None:
        found = [json.loads(line) for line in desk.does("retention", "preview", "--json").splitlines()]
        assert [(each["what"], each["decision"]) for each in found] == [
            *(("notes", "KS 1 <2026>"), ("follow-ups", "KS 1 <2026>")),
            *(("numbers", None), ("recordings", None), ("calls", None)),
        ]
        assert (found[0]["unit"], found[0]["count"], found[0]["held"]) == ("centre", 1, 0)
        assert found[0]["before"].startswith(f"{clock.now() - timedelta(days=30):%Y-%m}")

    def test_without_rules(self, desk: Desk) -> None:
        desk.write(SCHEDULE)
        result = desk.run("retention", "preview")
        assert result.stdout == ""
        assert result.stderr.splitlines()[0] == "Nothing is older than decided."


class TestRun:
    def test_it_deletes_and_says_what(self, desk: Desk) -> None:
        assert desk.does("retention", "run").splitlines() == [
            "1 note deleted (centre)",
            "1 follow-up deleted (centre)",
        ]
        assert notes(desk) == {"CA-new"}
        assert desk.does("retention", "run") == "Nothing was deleted.\n"

    def test_the_audit_log_tells_it_in_words(self, desk: Desk) -> None:
        desk.does("retention", "run")
        *_, told = desk.does("audit", "list").splitlines()[-1].split("\t")
        assert told.startswith("destroyed (centre: 1), outstanding 0, decision ")

    def test_for_machines(self, desk: Desk) -> None:
        found = [json.loads(line) for line in desk.does("retention", "run", "--json").splitlines()]
        assert found[0] == {"what": "notes", "unit": "centre", "count": 1}

    def test_what_is_outstanding_shows_in_the_exit_code(self, desk: Desk) -> None:
        desk.write(SCHEDULE + "retention: [{what: recordings, keep: 1 month, decision: KS 1, date: 2026-03-01}]\n")
        result = desk.run("retention", "run")
        assert (result.exit_code, result.stdout.splitlines()) == (
            3,
            ["Nothing was deleted.", "1 outstanding: `callrouter retention protocol` tells why."],
        )

    def test_a_schedule_that_cannot_be_used_decides_nothing(self, desk: Desk) -> None:
        desk.break_schedule()
        result = desk.run("retention", "run")
        assert result.exit_code == 1
        assert notes(desk) == {"CA-old", "CA-new"}


class TestProtocol:
    def test_for_reading(self, desk: Desk) -> None:
        desk.does("retention", "run")
        cells = [line.split("\t") for line in desk.does("retention", "protocol").splitlines()]
        assert [line[2:4] + line[5:] for line in cells] == [
            ["notes", "centre", "KS 1 <2026>", "2026-03-01", "1", "0", "0", "done"],
            ["follow-ups", "centre", "KS 1 <2026>", "2026-03-01", "1", "0", "0", "done"],
        ]

    def test_for_a_spreadsheet_nothing_is_a_formula(self, desk: Desk) -> None:
        desk.write(SCHEDULE + RULES.replace('"KS 1 <2026>"', "=KS 3"))
        desk.does("retention", "run")
        rows = csv_rows(desk.does("retention", "protocol", "--csv"))
        assert [(row["what"], row["count"], row["decision"]) for row in rows] == [
            *(("notes", "1", "'=KS 3"), ("follow-ups", "1", "'=KS 3")),
        ]

    def test_for_paper(self, desk: Desk) -> None:
        desk.does("retention", "run")
        page = desk.does("retention", "protocol", "--html")
        assert "<td>KS 1 &lt;2026&gt;</td>" in page
        assert page.count("<tr>") == 3

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            (
                (),
                (
                    '<html lang="sv">',
                    "<h1>Gallringsprotokoll</h1>",
                    "<th>Beslut</th>",
                    "<td>anteckningar</td>",
                    "<td>klart</td>",
                ),
            ),
            (
                ("--language", "en"),
                (
                    '<html lang="en">',
                    "<h1>Destruction protocol</h1>",
                    "<th>Decision</th>",
                    "<td>notes</td>",
                    "<td>done</td>",
                ),
            ),
        ],
    )
    def test_for_paper_in_the_language_of_who_signs(
        self, desk: Desk, language: tuple[str, ...], words: tuple[str, ...]
    ) -> None:
        desk.does("retention", "run")
        page = desk.does("retention", "protocol", "--html", *language)
        assert [word for word in words if word not in page] == []

    def test_for_machines_and_from_a_time_on(self, desk: Desk) -> None:
        desk.does("retention", "run")
        found = [json.loads(line) for line in desk.does("retention", "protocol", "--json").splitlines()]
        assert [(each["what"], each["count"], each["result"]) for each in found] == [
            *(("notes", 1, "done"), ("follow-ups", 1, "done")),
        ]
        assert desk.does("retention", "protocol", "--from", "2099-01-01") == ""
        assert desk.run("retention", "protocol", "--from", "soon").stderr.startswith("--from: expected a local time")


class TestHold:
    def test_it_keeps_a_call_until_it_is_lifted(self, desk: Desk) -> None:
        said = desk.does("hold", "add", "CA-old", "--why", "Polisanmälan", "--who", "anna")
        assert said.splitlines()[0] == "Hold 1: nothing of call CA-old is deleted."
        assert desk.does("retention", "run") == "Nothing was deleted.\n"
        assert [line.split("\t")[4:] for line in desk.run("retention", "preview").stdout.splitlines()] == [
            ["0", "1"]
        ] * 2
        (listed,) = desk.listed("hold")
        assert (listed["id"], listed["call_id"], listed["who"], listed["why"]) == (1, "CA-old", "anna", "Polisanmälan")
        assert desk.does("hold", "lift", "1") == "Hold 1 is lifted.\n"
        assert desk.listed("hold") == []
        assert desk.listed("hold", "--all")[0]["lifted_by"]
        desk.does("retention", "run")
        assert notes(desk) == {"CA-new"}

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("add", "CA-old"), 'Say why: --why "Personalmöte". The reason is kept, and people will ask for it.'),
            (("add", "CB", "--why", "x"), "No call has an id that starts with 'CB'; `callrouter log` lists them."),
            (("add", "CA-", "--why", "x"), "More than one call has an id that starts with 'CA-': give more of it."),
            (("lift", "7"), "No hold 7 lasts. `callrouter hold list` shows those that do."),
        ],
    )
    def test_what_is_refused(self, desk: Desk, words: tuple[str, ...], said: str) -> None:
        assert desk.refuses("hold", *words) == said

    def test_nobody_held(self, desk: Desk) -> None:
        assert desk.run("hold", "list").stderr == "No call is held.\n"
        database = database_of(desk)
        assert there(database, CallRow) == {"CA-old", "CA-new"}
        database.close()

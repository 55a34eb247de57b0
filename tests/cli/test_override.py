"""`callrouter override`: what is made, listed and ended, and what is refused with which sentence."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.schedule import load
from callrouter.settings import os_user
from tests.cli.by_hand import SCHEDULE, TOMORROWS, Desk
from tests.schedules import STOCKHOLM

WHY = ("--why", "Personalmöte")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def soon() -> str:
    """A wall clock of Stockholm that is still to come, and on no night when the clock changes."""
    return f"{clock.now().astimezone(STOCKHOLM) + timedelta(days=400):%Y-%m-%d} 12:00"


class TestMade:
    @pytest.mark.parametrize(
        ("words", "state", "destination", "told"),
        [
            (["close"], "closed", None, "Centre is closed, its calls go to 'guard'."),
            (["open"], "open", None, "Centre is open, its calls go to 'desk'."),
            (["send-to", "guard"], None, "guard", "calls to Centre go to 'guard'."),
        ],
    )
    def test_it_says_what_it_does_and_keeps_who_and_why(
        self, desk: Desk, words: list[str], state: str | None, destination: str | None, told: str
    ) -> None:
        until, before = soon(), clock.now()
        said = desk.does("override", *words, "--unit", "centre", "--until", until, *WHY).splitlines()
        assert said[0].startswith("Override 1: until ")
        assert said[0].endswith(told)
        assert f" {until} " in said[0]
        assert said[1].endswith("To end it earlier: callrouter override end 1 --why …")
        (made,) = desk.listed("override")
        assert (made["unit"], made["state"], made["destination"]) == ("centre", state, destination)
        assert (made["who"], made["why"], made["standing"]) == (os_user(), "Personalmöte", "decides")
        assert before <= datetime.fromisoformat(made["start"]) <= clock.now()
        assert made["end"].startswith(until.replace(" ", "T"))

    def test_without_an_end_it_lasts_until_the_units_next_change(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *WHY)
        (made,) = desk.listed("override")
        start, end = (datetime.fromisoformat(made[edge]) for edge in ("start", "end"))
        assert end == load(SCHEDULE).unit("centre").hours.next_change(start)

    def test_a_unit_without_a_next_change_needs_an_end(self, desk: Desk) -> None:
        said = desk.refuses("override", "close", "--unit", "night", *WHY)
        assert said == "No override was made: 'night' never opens or closes by its hours; say when it ends: --until."

    def test_a_date_means_all_of_that_day_and_an_offset_is_taken_as_it_stands(self, desk: Desk) -> None:
        for until in ("2099-12-30", "2099-12-30T12:00+05:00"):
            desk.does("override", "close", "--unit", "centre", "--until", until, *WHY)
        ends = [made["end"] for made in desk.listed("override")]
        assert ends == ["2099-12-30T08:00:00+01:00", "2099-12-31T00:00:00+01:00"]

    def test_what_the_hours_say_anyway_is_pointed_out(self, desk: Desk) -> None:
        said = desk.does("override", "open", "--unit", "night", *TOMORROWS, *WHY)
        assert said.splitlines()[-1] == "Note: by its hours it is open until then anyway."
        assert "Note" not in desk.does("override", "close", "--unit", "night", *TOMORROWS, *WHY)

    def test_who_and_why_become_one_line_that_everything_can_keep(self, desk: Desk) -> None:
        odd = ("--who", " anna\tberg ", "--why", "möte\n\x1b[31m\udce5 \0 slut")
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *odd)
        (made,) = desk.listed("override")
        assert (made["who"], made["why"]) == ("anna berg", "möte [31m? slut")

    def test_a_later_one_says_what_it_goes_before(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY, "--who", "anna")
        said = desk.does("override", "send-to", "guard", "--unit", "centre", *TOMORROWS, "--why", "flytt")
        assert "It goes before override 1 (closed, anna: Personalmöte), which lasts too." in said
        assert [(made["id"], made["standing"]) for made in desk.listed("override")] == [(2, "decides"), (1, "behind")]

    def test_a_schedule_that_is_broken_is_not_in_the_way(self, desk: Desk) -> None:
        """The service goes on with its last good version, and so does whoever must close a unit now."""
        desk.database.parent.mkdir()
        (desk.database.parent / "last-good-schedule.yaml").write_text(SCHEDULE, encoding="utf-8")
        desk.break_schedule()
        made = desk.run("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
        assert (made.exit_code, made.stdout[:11]) == (0, "Override 1:")
        assert made.stderr == "Note: the schedule cannot be used as it is; its last good version holds.\n"


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (
                ["close", "--unit", "center"],
                "No unit is called 'center'; did you mean 'centre'?\nThe units are: centre, night, larm.",
            ),
            (
                ["send-to", "gard", "--unit", "centre"],
                "No destination is called 'gard'; did you mean 'guard'?\nThe destinations are: desk, guard, sorry.",
            ),
            (
                ["close", "--unit", "larm"],
                "No override was made: 'larm' is an alarm unit and cannot be closed: it takes its calls at every hour.",
            ),
            (
                ["send-to", "sorry", "--unit", "larm"],
                "No override was made: 'larm' is an alarm unit and cannot be closed: 'sorry' rings no phone.",
            ),
        ],
    )
    def test_what_no_service_would_follow(self, desk: Desk, arguments: list[str], sentence: str) -> None:
        assert desk.refuses("override", *arguments, *TOMORROWS, *WHY) == sentence

    @pytest.mark.parametrize("why", [[], ["--why", ""], ["--why", " \n "]])
    def test_without_a_reason(self, desk: Desk, why: list[str]) -> None:
        said = desk.refuses("override", "close", "--unit", "centre", *TOMORROWS, *why)
        assert said == 'Say why: --why "Personalmöte". The reason is kept, and people will ask for it.'

    @pytest.mark.parametrize(
        ("option", "text", "sentence"),
        [
            ("--why", "x" * 201, "--why: expected at most 200 characters, got 201."),
            ("--who", "x" * 61, "--who: expected at most 60 characters, got 61."),
            ("--who", "", "--who: expected a name, got nothing."),
        ],
    )
    def test_who_and_why_fit_the_log(self, desk: Desk, option: str, text: str, sentence: str) -> None:
        assert desk.refuses("override", "close", "--unit", "centre", *TOMORROWS, *WHY, option, text) == sentence

    def test_an_end_in_the_past(self, desk: Desk) -> None:
        said = desk.refuses("override", "close", "--unit", "centre", "--until", "2026-01-02 12:00", *WHY)
        assert said.startswith("--until: Friday 2026-01-02 12:00 is past; now it is ")
        midnight = desk.refuses("override", "close", "--unit", "centre", "--until", "00:00", *WHY)
        assert midnight.endswith(" Give the date too, if another day is meant.")

    @pytest.mark.parametrize("until", ["", "tomorrow", "25:00", "2099-02-30", "12"])
    def test_an_end_that_is_no_time(self, desk: Desk, until: str) -> None:
        said = desk.refuses("override", "close", "--unit", "centre", "--until", until, *WHY)
        expected = 'a time of today such as 18:00, "2026-12-24 18:00", or a date such as 2026-12-24 (all of that day)'
        assert said == f"--until: expected {expected}, got {until!r}."

    @pytest.mark.parametrize("until", ["9999-12-31", "9999-12-31 23:59", "2200-01-01 00:00"])
    def test_an_end_that_nobody_will_see(self, desk: Desk, until: str) -> None:
        said = desk.refuses("override", "close", "--unit", "centre", "--until", until, *WHY)
        assert said == f"--until: expected a year from 1970 to 2199, got {until!r}."

    def test_a_schedule_that_cannot_be_used(self, desk: Desk) -> None:
        desk.break_schedule()
        said = desk.refuses("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
        assert "no destination called 'dsk'; did you mean 'desk'?" in said

    def test_a_database_that_cannot_be_used(self, desk: Desk) -> None:
        desk.database.mkdir(parents=True)
        result = desk.run("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("No override was made: unable to open database file")


class TestEnded:
    def test_it_is_over_from_now_on_and_keeps_its_history(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY, "--who", "anna")
        said = desk.does("override", "end", "1", "--why", "mötet är slut", "--who", "bo")
        assert said.startswith("Override 1 is ended.")
        assert desk.listed("override") == []
        (ended,) = desk.listed("override", "--all")
        assert (ended["who"], ended["why"], ended["standing"]) == ("anna", "Personalmöte", "over")
        assert (ended["ended_by"], ended["ended_why"]) == ("bo", "mötet är slut")
        assert ended["planned_end"] == "2100-01-01T00:00:00+01:00"
        assert datetime.fromisoformat(ended["end"]) <= clock.now()

    def test_twice_or_none_at_all_is_a_sentence(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
        desk.does("override", "end", "1", *WHY)
        assert desk.refuses("override", "end", "1", *WHY).startswith("Override 1 is over already: ")
        unknown = desk.refuses("override", "end", "7", *WHY)
        assert unknown == "There is no override 7; `callrouter override list` shows those that last."

    def test_a_reason_is_needed_here_too(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
        assert desk.refuses("override", "end", "1").startswith("Say why: ")

    def test_it_needs_no_schedule(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
        desk.break_schedule()
        assert desk.does("override", "end", "1", *WHY).startswith("Override 1 is ended.")


class TestListed:
    def test_for_people_newest_first(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY, "--who", "anna")
        desk.does("override", "send-to", "guard", "--unit", "larm", *TOMORROWS, "--why", "flytt", "--who", "bo")
        desk.does("override", "open", "--unit", "centre", *TOMORROWS, "--why", "ändå", "--who", "bo")
        lines = desk.does("override", "list").splitlines()
        words = [(line.split("  ")[1:3], line.partition(" to Friday 2100-01-01 00:00  ")[2]) for line in lines]
        assert [line.split()[0] for line in lines] == ["3", "2", "1"]
        assert [end for _, end in words] == ["bo: ändå", "bo: flytt", "anna: Personalmöte  (a later one decides)"]

    def test_one_that_a_reload_made_impossible_says_so(self, desk: Desk) -> None:
        desk.does("override", "send-to", "desk", "--unit", "centre", *TOMORROWS, *WHY)
        desk.write(SCHEDULE.replace("desk", "counter"))
        assert "(cannot be followed: " in desk.does("override", "list")
        assert desk.listed("override")[0]["standing"] == "not-followed"

    def test_nothing_is_a_sentence_and_no_line(self, desk: Desk) -> None:
        desk.does("db", "upgrade")
        for options, sentence in (([], "No override lasts.\n"), (["--all"], "There is no override.\n")):
            result = desk.run("override", "list", *options)
            assert (result.exit_code, result.stdout, result.stderr) == (0, "", sentence)
        assert desk.does("override", "list", "--json") == ""

    def test_without_a_schedule_times_are_utc(self, desk: Desk) -> None:
        desk.does("override", "close", "--unit", "centre", *TOMORROWS, *WHY)
        desk.break_schedule()
        assert desk.listed("override")[0]["end"] == "2099-12-31T23:00:00+00:00"

    def test_a_database_that_was_never_prepared_is_a_sentence(self, desk: Desk) -> None:
        (desk.folder / "var").mkdir()
        result = desk.run("override", "list")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("The overrides cannot be read: no such table: override\n")

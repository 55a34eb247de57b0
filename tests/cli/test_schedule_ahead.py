"""`callrouter schedule year|diff` as an administrator uses them: what is printed, and the exit codes."""

import json
from pathlib import Path

import click
import pytest

from tests.cli.running import example, file, in_a_pipe, on_terminal, run, written
from tests.schedule.files import EXAMPLE, SHORT, changed

__all__ = ["example", "file"]  # fixtures

NIGHT_UNIT = """\
  night:
    name: Natt
    numbers: [+46 8 465 004 01]
    hours: [{from: 2020-01-01, fri-sat: '20:00-03:00'}]
    open: night-guard
    closed: guard
people: {anna: +46 31 390 06 31}
rotas: {natt: [{start: 2020-01-06 08:00, shift: 1 week, people: [anna]}]}
destinations:
  night-guard: {ring: [anna, natt]}
"""
RED = "holidays: {country: SE}\nunits:"


class TestYear:
    def test_a_year_of_one_unit(self, example: Path) -> None:
        found = run("year", "--file", example, "--unit", "trygghetscenter", "2026")
        assert found.exit_code == 0
        lines = found.stdout.splitlines()
        assert lines[0].startswith("Trygghetscenter (trygghetscenter) 2026  Europe/Stockholm, schedule ")
        assert [line[5:7] for line in lines[2:55]] == [f"{week:>2}" for week in range(1, 54)]
        assert row(lines, 48) == "48 11-23 08–12,13–17 08–12,13–17 08–12,13–17 08–12,13–17 08–16 · ·"
        week_52 = "52 12-21 08–12,13–17 08–12,13–17 10–13* ·* ·* · ·"
        assert row(lines, 52) == f"{week_52} Wed day before julafton, Thu julafton, Fri juldagen"
        assert row(lines, 53) == "53 12-28 ·! ·! ·! ·* Mon–Wed Julstängt, Thu nyårsafton"
        assert row(lines, 26).endswith("10–14~ · · Mon–Fri season")
        ascension = "Wed day before kristi himmelsfärdsdag, Thu kristi himmelsfärdsdag, Fri bridge day?"
        assert row(lines, 20).endswith(f"10–13* ·* 08–16? · · {ascension}")
        assert row(lines, 43).endswith("· ·↺ Sun clocks back")
        assert "  ~  season 06-15..08-15" in lines
        assert "  ↻  the clocks go forward on 2026-03-29, 02:00 → 03:00: the day has 23 hours" in lines
        totals = "Open 1770 h on 248 days; 64 days differ from the usual week; 3 bridge days undecided."
        assert lines[-1] == totals

    def test_every_unit_in_turn(self, example: Path) -> None:
        found = run("year", "2026", "--file", example).stdout
        titles = [line.split(" 2026 ")[0] for line in found.splitlines() if " 2026  Europe" in line]
        units = ("Trygghetscenter", "Fältgruppen", "Brottsofferstöd", "Larm")
        assert titles == [f"{title} ({title.lower()})" for title in units]
        assert "Always open, day and night, the whole year." in found

    def test_hours_too_long_for_a_cell_get_a_number(self, file: Path) -> None:
        written(file, changed(SHORT, ("10:00-15:00", "08:00-10:00, 11:00-12:00, 13:00-15:30")))
        lines = run("year", "2026", "--file", file).stdout.splitlines()
        assert row(lines, 48) == "48 11-23 [1] [1] [1] [1] [1] · ·"
        assert "[1]  08–10, 11–12, 13–15:30" in lines

    def test_years_whose_red_days_nobody_knows_say_so(self, file: Path) -> None:
        assert "The red days are known" not in run("year", "2199", "--file", file).stdout  # it has none
        written(file, changed(SHORT, ("units:", RED)))
        assert "The red days are known from 2005 to 2040 only." in run("year", "2041", "--file", file).stdout
        assert "The red days are known" not in run("year", "2040", "--file", file).stdout

    @pytest.mark.parametrize("year", ["1969", "2200", "next"])
    def test_no_year(self, file: Path, year: str) -> None:
        assert run("year", year, "--file", file).exit_code == 2

    def test_json_has_a_line_a_unit(self, example: Path) -> None:
        units = [json.loads(line) for line in run("year", "2026", "--file", example, "--json").stdout.splitlines()]
        assert [unit["unit"] for unit in units] == ["trygghetscenter", "fältgruppen", "brottsofferstöd", "larm"]
        assert (units[0]["open_hours"], units[0]["deviating_days"]) == (1770, 64)
        assert units[0]["undecided_bridge_days"] == ["2026-01-02", "2026-01-05", "2026-05-15"]
        day = units[0]["days"][357]
        assert (day["date"], day["hours"], day["name"], day["deviates"]) == ("2026-12-24", [], "julafton", True)

    def test_on_a_terminal_it_has_colours_and_fits_100_columns(self, example: Path) -> None:
        shown = on_terminal("schedule", "year", "2026", "--file", example)
        assert click.style("·!".ljust(11), fg="magenta", bold=True) in shown
        plain = click.unstyle(shown)
        assert max(map(len, (line.rstrip() for line in plain.splitlines()))) <= 100
        assert " " * 14 + "Thu nyårsdagen, Fri bridge day?" in plain.splitlines()  # below, where there is room
        piped = run("year", "2026", "--file", example).stdout
        assert "\x1b" not in piped
        assert plain.split() == piped.split()  # the same words, only wrapped

    def test_where_characters_are_missing_it_is_printed_all_the_same(self, file: Path) -> None:
        shown = in_a_pipe("year", "2026", "--file", file, encoding="latin-1")
        assert "  ?  the clocks go forward on 2026-03-29, 02:00 ? 03:00: the day has 23 hours" in shown


def row(lines: list[str], week: int) -> str:
    """The row of a week, a blank between its cells."""
    return " ".join(next(line for line in lines[2:] if line[5:7] == f"{week:>2}").split())


class TestDiff:
    def test_it_says_days_hours_and_phones(self, example: Path, tmp_path: Path) -> None:
        new = written(tmp_path / "new.yaml", changed(EXAMPLE, *EDITS))
        found = run("diff", example, new, "--at", "2026-11-23 12:00")
        assert found.exit_code == 1
        lines = found.stdout.splitlines()
        assert lines[0] == "What changes from Monday 2026-11-23 to Monday 2027-12-27 (400 days)"
        assert lines[1].endswith(str(example))
        assert lines[2].endswith(str(new))
        for line in WANTED:
            assert line in lines

    def test_nothing_changes(self, file: Path, tmp_path: Path) -> None:
        same = run("diff", file, file)
        assert same.exit_code == 0
        assert same.stdout.endswith("(400 days): the files are the same.\n")
        other = written(tmp_path / "other.yaml", SHORT + "# the end\n")
        assert run("diff", file, other).stdout.endswith("the files differ, but say the same for these days.\n")

    def test_what_comes_and_what_goes(self, file: Path) -> None:
        more = changed(SHORT, ("destinations:\n", NIGHT_UNIT))
        added = run("diff", file, "-", "--at", "2026-11-23 12:00", stdin=more).stdout.split("\n\n")
        assert added[1].splitlines() == [
            "Unit night is new",
            "  every Friday and Saturday from 2026-11-27: open 20–03",
            "  its title: Natt",
            "  its numbers: +46846500401",
            "  when open, calls go to: night-guard",
            "  when closed, calls go to: guard",
        ]
        assert added[2].splitlines() == [
            "Destination night-guard is new",
            "  phones ring: one after another",
            "  each rings for: 25 s",
            "  rings anna, natt (rota)",
        ]
        assert added[3].splitlines() == ["Rota natt is new", "  on call anna"]
        assert added[4].splitlines() == ["Person anna is new", "  number: +463******31"]
        gone = run("diff", "-", file, "--at", "2026-11-23 12:00", stdin=more).stdout.split("\n\n")
        assert [part.splitlines()[0] for part in gone[1:]] == [
            "Unit night is gone",
            "Destination night-guard is gone",
            "Rota natt is gone",
            "Person anna is gone",
        ]
        assert gone[1].splitlines()[1] == "  its numbers: +46846500401"

    def test_many_spans_are_counted(self, example: Path) -> None:
        new = changed(EXAMPLE, ("people: [anna, bo, cilla]", "people: [bo, anna, cilla]"))
        said = run("diff", example, "-", "--at", "2026-11-23 12:00", stdin=new).stdout
        first = "until Monday 2026-11-30 08:00; Monday 2026-12-14 08:00 to Monday 2026-12-21 08:00"
        assert f"  bo instead of anna: {first}; and 18 more times" in said.splitlines()

    def test_only_the_days_asked_for(self, file: Path) -> None:
        new = changed(SHORT, ("    open: desk", "      - from: 2026-12-01\n        mon: 08:00-16:00\n    open: desk"))
        at = ("--at", "2026-11-23 12:00")
        assert run("diff", file, "-", "--days", "8", *at, stdin=new).exit_code == 0
        assert run("diff", file, "-", "--days", "9", *at, stdin=new).exit_code == 1

    def test_numbers_are_masked_and_those_that_look_alike_are_told_apart(self, file: Path) -> None:
        new = changed(SHORT, ("ring: [+46 31 390 06 10]", "ring: [+46 31 390 05 10]"))
        masked = run("diff", file, "-", stdin=new).stdout
        assert "  rings +463******10 → +463******10 (the hidden digits differ: --show-numbers)" in masked
        shown = run("diff", file, "-", "--show-numbers", stdin=new).stdout
        assert "  rings +46313900610 → +46313900510" in shown

    @pytest.mark.parametrize(
        "arguments", [("-", "-"), ("FILE", "missing.yaml"), ("BROKEN", "FILE"), ("FILE", "BROKEN")]
    )
    def test_trouble(self, file: Path, tmp_path: Path, arguments: tuple[str, str]) -> None:
        broken = written(tmp_path / "broken.yaml", "version: [")
        names = {"FILE": str(file), "BROKEN": str(broken)}
        found = run("diff", *(names.get(name, name) for name in arguments), stdin=SHORT)
        assert (found.exit_code, found.stdout) == (2, "")
        assert found.stderr

    def test_json(self, example: Path, tmp_path: Path) -> None:
        new = written(tmp_path / "new.yaml", changed(EXAMPLE, *EDITS))
        told = json.loads(run("diff", example, new, "--at", "2026-11-23 12:00", "--json").stdout)
        assert (told["first"], told["last"]) == ("2026-11-23", "2027-12-27")
        (hours,) = told["changes"][0]["hours"]
        assert (hours["dates"], hours["old"], hours["new"]) == (["2026-12-23"], "10–13", "closed")

    def test_the_help_names_the_exit_codes(self) -> None:
        assert "with 0 if nothing changes, with 1 if something does, with 2" in " ".join(
            run("diff", "--help").stdout.split()
        )


EDITS = (
    ("period: 2026-12-28..2026-12-30", "period: 2026-12-23..2026-12-30"),
    ("numbers: [+46 8 465 004 50]", "numbers: [+46 8 465 004 55]"),
    ("fri-sat: 20:00-03:00", "fri-sat: 20:00-04:00"),
    ("then: duty-officer", "then: message-only"),
    ("2026-12-24 08:00..2026-12-25 08:00", "2026-12-24 08:00..2026-12-26 08:00"),
    ("cilla: +46 70 174 06 33", "cilla: +46 70 174 06 34"),
    ("Vid fara för liv, lägg på och ring 112.", "Ring 113."),
)
WANTED = (
    "  Wednesday 2026-12-23: open 10–13 → closed  (Julstängt)",
    "  every Friday and Saturday from 2026-11-27: 20–03 → 20–04",
    "  its numbers: +46846500450 → +46846500455",
    "  when nobody answers: duty-officer → message-only",
    "  cilla instead of bo: Friday 2026-12-25 08:00 to Saturday 2026-12-26 08:00",
    "  number: +467******33 → +467******34",
    "    + Du har kommit till Trygghetscenter. Vi har stängt och kopplar dig till vårt bevakningsföretag. Ring 113.",
)

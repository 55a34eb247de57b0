"""`callrouter schedule check|explain|year|diff` as an administrator uses them: what is printed, and the exit codes."""

import json
import os  # a terminal to look at
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callrouter.cli import main
from tests.schedule.files import EXAMPLE, SHORT, changed

RED = "holidays: {country: SE}\nunits:"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A short schedule, fine at any time."""
    return written(tmp_path / "schedule.yaml", SHORT)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return written(tmp_path / "example.yaml", EXAMPLE)


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def run(*arguments: str | Path, stdin: str | bytes | None = None, schedule: Path | None = None) -> Result:
    environ = {"CALLROUTER_SCHEDULE": str(schedule)} if schedule else {}
    result = CliRunner().invoke(main, ["schedule", *map(str, arguments)], input=stdin, env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def on_terminal(*arguments: str | Path) -> str:
    """What the real program prints on a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "callrouter", "schedule", *map(str, arguments)]
    environ = os.environ | {"COLUMNS": "100", "PYTHONUTF8": "1"}  # noqa: TID251
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65536):
            said += piece
    except OSError:  # its end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(60) == 0, said
    return said.decode().replace("\r\n", "\n")


class TestCheck:
    def test_a_fine_file(self, file: Path) -> None:
        found = run("check", file, "--strict")
        version = r"[0-9a-f]{8}"
        assert re.fullmatch(rf"The schedule is fine: 1 unit, 2 destinations, version {version}\n", found.stdout)
        assert found.exit_code == 0

    def test_without_a_file_it_is_the_one_of_the_settings(self, file: Path) -> None:
        assert run("check", schedule=file).stdout == run("check", file).stdout

    def test_errors_stand_as_compilers_write_them(self, file: Path) -> None:
        written(file, changed(SHORT, ("then: guard", "then: gaurd"), ("10:00-15:00", "10:00-25:00")))
        found = run("check", file)
        assert found.stdout.splitlines() == [
            f"{file}:7: units > centre > hours > item 1 > mon-fri: there is no time 25:00; expected 00:00 to 24:00",
            f"{file}:11: destinations > desk > then: no destination called 'gaurd'; did you mean 'guard'?",
            "2 errors. A running service keeps the last good version.",
        ]
        assert found.exit_code == 1

    @pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 3)])
    def test_warnings(self, file: Path, options: tuple[str, ...], code: int) -> None:
        written(file, changed(SHORT, ("10:00-15:00", "10:00-23:59")))
        found = run("check", file, *options)
        first, summary = found.stdout.splitlines()
        assert first.startswith(f"{file}:8: warning: units > centre > hours > item 1 > mon-fri: ")
        assert summary.startswith("1 warning; the schedule can be used: 1 unit, ")
        assert found.exit_code == code

    @pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 3)])
    def test_settings_that_the_service_would_refuse(self, file: Path, options: tuple[str, ...], code: int) -> None:
        written(file, SHORT + "retention: [{what: numbers, keep: 1 year, decision: KS 1, date: 2026-03-01}]\n")
        found = run("check", file, *options)
        assert f"{file}:13: not built: retention: this setting is not built yet" in found.stdout
        assert "1 setting not built yet; the service would refuse this schedule" in found.stdout
        assert found.exit_code == code

    def test_standard_input(self) -> None:
        found = run("check", "-", stdin="version: 2\n")
        assert found.stdout.startswith("standard input:1: ")
        assert found.exit_code == 1

    @pytest.mark.parametrize("name", ["missing.yaml", "."])
    def test_a_file_that_cannot_be_read(self, tmp_path: Path, name: str) -> None:
        found = run("check", tmp_path / name)
        assert (found.exit_code, found.stdout) == (1, "")
        assert "the file cannot be read: " in found.stderr
        as_json = run("check", tmp_path / name, "--json")
        assert as_json.exit_code == 1
        assert "cannot be read" in json.loads(as_json.stdout)["errors"][0]["text"]

    def test_json(self, file: Path) -> None:
        written(file, changed(SHORT, ("then: guard", "then: gaurd")))
        found = run("check", file, "--json")
        told = json.loads(found.stdout)
        assert found.exit_code == 1
        assert (told["ok"], told["warnings"], told["not_built"]) == (False, [], [])
        assert told["errors"] == [
            {
                "line": 11,
                "path": ["destinations", "desk", "then"],
                "text": "no destination called 'gaurd'; did you mean 'guard'?",
            }
        ]

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.binary(max_size=200) | st.text().map(lambda text: (SHORT + text).encode(errors="surrogatepass")))
    def test_any_bytes_are_checked_without_a_traceback(self, tmp_path: Path, content: bytes) -> None:
        found = run("check", written(tmp_path / "any.yaml", content))
        assert found.exit_code in (0, 1)
        assert found.stdout.splitlines()


class TestExplain:
    def test_a_closed_unit(self, example: Path) -> None:
        found = run("explain", "--file", example, "--unit", "trygghetscenter", "--at", "2026-12-24 11:30")
        assert found.exit_code == 0
        lines = found.stdout.splitlines()
        assert lines[0].startswith("Trygghetscenter (trygghetscenter)  +46846500400  schedule ")
        assert lines[1] == "Thursday 2026-12-24 11:30 +01:00, week 52, Europe/Stockholm"
        assert "CLOSED by holiday: red day: julafton" in lines
        assert any(line.startswith(f"  {example}:9:  country: SE") for line in lines)
        opens = "  It opens Monday 2027-01-04 08:00 +01:00, in 10 days 20 h: mon-thu 08:00-12:00, 13:00-17:00"
        assert any(line.startswith(opens) for line in lines)
        assert "     first the caller hears 'closed'" in lines
        assert "     +467******33  cilla, on call until Friday 2026-12-25 08:00, then bo (nordvakt)" in lines
        manner = "one after another, 25 s each, 2 rounds, whoever answers presses 1"
        assert f"  1. security, Nordbevakning AB: {manner}" in lines
        nobody = "  Nobody answers: after 2 min 20 s the caller hears 'no-answer', and may leave a message."
        assert nobody in lines
        assert "Who rings from Monday 2027-01-04 08:00, when it is open" in lines
        assert "  1. reception: all at once, 20 s" in lines

    def test_a_number_stands_for_its_unit(self, example: Path) -> None:
        by_number = run("explain", "--file", example, "--to", "+46 8 465 004 50", "--at", "2026-11-27 21:00")
        by_name = run("explain", "--file", example, "--unit", "fältgruppen", "--at", "2026-11-27 21:00")
        assert by_number.stdout == by_name.stdout
        assert "OPEN by hours" in by_number.stdout

    def test_the_only_unit_needs_no_name(self, file: Path) -> None:
        assert run("explain", schedule=file).stdout.startswith("centre  +46846500400")

    @pytest.mark.parametrize(
        ("at", "says"),
        [
            ("2026-10-25 02:30", "02:30 comes twice this night: the clocks go back from 03:00 to 02:00. "),
            ("2026-10-25 02:30", "This is the first one; the other has the offset +01:00."),
            ("2026-10-25 02:30+01:00", "This is the second one; the other has the offset +02:00."),
            ("2026-03-29 02:30", "02:30 never comes this night: the clocks go forward from 02:00 to 03:00. "),
            ("2026-03-29 02:30", "03:00 is meant instead."),
        ],
    )
    def test_a_word_on_the_nights_when_the_clocks_change(self, file: Path, at: str, says: str) -> None:
        assert says in run("explain", "--file", file, "--at", at).stdout

    def test_numbers_are_masked_unless_asked_for(self, file: Path) -> None:
        masked = run("explain", "--file", file)
        assert "+46846500410" not in masked.stdout + run("explain", "--file", file, "--json").stdout
        assert "+46846500410" in run("explain", "--file", file, "--show-numbers").stdout

    @pytest.mark.parametrize(
        ("options", "code", "says"),
        [
            (("--unit", "tryghetscenter"), 1, "No unit is called 'tryghetscenter'; did you mean 'trygghetscenter'?"),
            (("--to", "+46 8 465 004 01"), 1, "No unit has the number +46846500401; did you mean "),
            (("--to", "+46 8 465 004 01"), 1, "A call to it would go to 'security'"),
            (("--to", "112"), 1, "--to: '112' is an emergency number"),
            ((), 2, "Say which unit: "),
            (("--unit", "larm", "--to", "+46846500499"), 2, "exclude each other"),
            (("--unit", "larm", "--at", "soon"), 1, '--at: expected a local time such as "2026-11-23 16:30"'),
            (("--unit", "larm", "--at", "0001-01-01"), 1, "--at: expected a year from 1970 to 2199"),
        ],
    )
    def test_questions_that_cannot_be_answered(
        self, example: Path, options: tuple[str, ...], code: int, says: str
    ) -> None:
        found = run("explain", "--file", example, *options)
        assert (found.exit_code, found.stdout) == (code, "")
        assert says in found.stderr

    def test_a_file_with_errors_cannot_be_asked(self, file: Path) -> None:
        written(file, changed(SHORT, ("then: guard", "then: gaurd")))
        found = run("explain", "--file", file)
        assert found.exit_code == 1
        assert f"{file}:11: destinations > desk > then: " in found.stderr

    def test_json(self, example: Path) -> None:
        options = ("--file", example, "--unit", "trygghetscenter", "--at", "2026-12-24 11:30", "--json")
        told: dict[str, Any] = json.loads(run("explain", *options).stdout)
        assert (told["state"], told["decided_by"], told["line"]) == ("closed", "holiday", 9)
        assert told["local_time"] == "2026-12-24T11:30:00+01:00"
        assert told["line_text"].startswith("country: SE")
        security = told["route"][0]
        assert (security["company"], security["rounds"]) == ("Nordbevakning AB", 2)
        assert security["hears"][0]["parts"]["sv"].startswith("Du har kommit till")
        assert security["rings"][0] == {
            "number": "+467******33",
            "person": "cilla",
            "rota": "nordvakt",
            "on_call_until": "2026-12-25T08:00:00+01:00",
            "then": "bo",
        }
        assert told["takes_message"]
        assert (told["next_change"]["state"], told["next_change"]["destination"]) == ("open", "reception")


class TestYear:
    def test_a_year_of_one_unit(self, example: Path) -> None:
        found = run("year", "--file", example, "--unit", "trygghetscenter", "2026")
        assert found.exit_code == 0
        lines = found.stdout.splitlines()
        assert lines[0].startswith("Trygghetscenter (trygghetscenter) 2026  Europe/Stockholm, schedule ")
        assert [line[5:7] for line in lines[2:55]] == [f"{week:>2}" for week in range(1, 54)]
        assert row(lines, 48) == "Nov|48|11-23|08–12,13–17|08–12,13–17|08–12,13–17|08–12,13–17|08–16|·|·"
        week_52 = "52|12-21|08–12,13–17|08–12,13–17|10–13*|·*|·*|·|·"
        assert row(lines, 52) == f"{week_52}|Wed day before julafton, Thu julafton, Fri juldagen"
        assert row(lines, 53) == "53|12-28|·!|·!|·!|·*|Mon–Wed Julstängt, Thu nyårsafton"
        assert row(lines, 26).endswith("10–14~|·|·|Mon–Fri season")
        assert row(lines, 20).endswith("08–16?|·|·|" + "Wed day before kristi himmelsfärdsdag, "
                                       "Thu kristi himmelsfärdsdag, Fri bridge day?")  # fmt: skip
        assert row(lines, 43).endswith("·|·↺|Sun clocks back")
        assert "  ~  season 06-15..08-15" in lines
        assert "  ↻  the clocks go forward on 2026-03-29, 02:00 → 03:00: the day has 23 hours" in lines
        totals = "Open 1770 h on 248 days; 64 days differ from the usual week; 3 bridge days undecided."
        assert lines[-1] == totals

    def test_every_unit_in_turn(self, example: Path) -> None:
        found = run("year", "2026", "--file", example).stdout
        titles = [line.split(" 2026 ")[0] for line in found.splitlines() if " 2026  Europe" in line]
        assert titles == ["Trygghetscenter (trygghetscenter)", "fältgruppen", "brottsofferstöd", "larm"]
        assert "Always open, day and night, the whole year." in found

    def test_hours_too_long_for_a_cell_get_a_number(self, file: Path) -> None:
        written(file, changed(SHORT, ("10:00-15:00", "08:00-10:00, 11:00-12:00, 13:00-15:30")))
        lines = run("year", "2026", "--file", file).stdout.splitlines()
        assert row(lines, 48) == "Nov|48|11-23|[1]|[1]|[1]|[1]|[1]|·|·"
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
        shown = on_terminal("year", "2026", "--file", example)
        assert click.style("·!".ljust(11), fg="magenta", bold=True) in shown
        plain = click.unstyle(shown)
        assert max(map(len, (line.rstrip() for line in plain.splitlines()))) <= 100
        piped = run("year", "2026", "--file", example).stdout
        assert "\x1b" not in piped
        assert plain.split() == piped.split()  # the same words, only wrapped


def row(lines: list[str], week: int) -> str:
    """The row of a week, a bar between its cells."""
    return re.sub(
        r"\s{2,}|(?<=[·–0-9*!~?]) (?=[0-9·\[]|$)",
        "|",
        next(one for one in lines[2:] if one[5:7] == f"{week:>2}").strip(),
    )


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
    ("Vid fara för liv, lägg på och ring 112.", "Ring 112 vid fara."),
)
WANTED = (
    "  Wednesday 2026-12-23: open 10–13 → closed  (Julstängt)",
    "  every Friday and Saturday from 2026-11-27: 20–03 → 20–04",
    "  its numbers: +46846500450 → +46846500455",
    "  when nobody answers: duty-officer → message-only",
    "  cilla instead of bo: Friday 2026-12-25 08:00 to Saturday 2026-12-26 08:00",
    "  number: +467******33 → +467******34",
    "    + Du har kommit till Trygghetscenter. Vi har stängt och kopplar dig till vårt bevakningsföretag. "
    "Ring 112 vid fara.",
)

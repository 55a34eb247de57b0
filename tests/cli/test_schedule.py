"""`callrouter schedule check|explain` as an administrator uses them: what is printed, and the exit codes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.running import example, file, run, written
from tests.schedule.files import SHORT, changed

__all__ = ["example", "file"]  # fixtures

GUARD = """\
guard:
    contracts:
      - {period: 2020-01-01..2026-11-30, company: Trygg Vakt AB, ring: [+46 31 390 06 10]}
      - {period: 2040-01-01.., company: Ny Vakt AB, ring: [+46 31 390 06 10]}"""


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
            f"{file}:8: units > centre > hours > item 1 > mon-fri: there is no time 25:00; expected 00:00 to 24:00",
            f"{file}:12: destinations > desk > then: no destination called 'gaurd'; did you mean 'guard'?",
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

    def test_a_file_without_end_is_read_as_far_as_a_schedule_may_go(self) -> None:
        found = run("check", "/dev/zero")
        assert found.stdout.startswith("/dev/zero:1: the file has 1048577 bytes; expected at most 1048576 (1 MiB)")

    def test_json(self, file: Path) -> None:
        written(file, changed(SHORT, ("then: guard", "then: gaurd")))
        found = run("check", file, "--json")
        told = json.loads(found.stdout)
        assert found.exit_code == 1
        assert (told["ok"], told["warnings"]) == (False, [])
        assert told["errors"] == [
            {
                "line": 12,
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
        assert f"  1. Bevakningen (security), Nordbevakning AB: {manner}" in lines
        nobody = "  Nobody answers: after at least 2 min 20 s of ringing the caller hears 'no-answer'"
        nobody += ", and may leave a message."
        assert nobody in lines
        assert "Who rings from Monday 2027-01-04 08:00, when it is open" in lines
        assert "  1. Receptionen (reception): all at once, 20 s" in lines

    def test_an_alarm_unit_and_a_rota_that_has_not_begun(self, example: Path) -> None:
        lines = run("explain", "--file", example, "--unit", "larm", "--at", "2008-06-01 12:00").stdout.splitlines()
        assert "OPEN by always: always open" in lines
        assert "  It never changes: always open." in lines
        skipped = "nobody is on call until Monday 2008-06-02 08:00, then anna: skipped (nordvakt)"
        assert f"     -             {skipped}" in lines

    def test_an_end_without_words_or_phones(self, file: Path) -> None:
        written(file, changed(SHORT, ("guard: {ring: [+46 31 390 06 10]}", GUARD)))
        lines = run("explain", "--file", file, "--at", "2026-11-23 16:00").stdout.splitlines()
        assert "  1. guard, Trygg Vakt AB (contract until Tuesday 2026-12-01 00:00): 25 s" in lines
        assert (
            "  Nobody answers: after at least 25 s of ringing the caller hears 'apology', and the call ends." in lines
        )
        after = run("explain", "--file", file, "--at", "2026-12-01 16:00").stdout.splitlines()
        assert "  1. guard: nobody to ring" in after
        assert "  Nobody is rung: the caller hears 'apology' and 'reopening', and the call ends." in after

    def test_a_number_stands_for_its_unit(self, example: Path) -> None:
        by_number = run("explain", "--file", example, "--to", "+46 8 465 004 50", "--at", "2026-11-27 21:00")
        by_name = run("explain", "--file", example, "--unit", "fältgruppen", "--at", "2026-11-27 21:00")
        assert by_number.stdout == by_name.stdout
        assert "OPEN by hours" in by_number.stdout

    def test_the_only_unit_needs_no_name(self, file: Path) -> None:
        assert run("explain", schedule=file).stdout.startswith("Centre (centre)  +46846500400")

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
        assert f"{file}:12: destinations > desk > then: " in found.stderr

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

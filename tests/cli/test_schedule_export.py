"""`callrouter schedule export` and `schema`: what they print, and how they say no."""

import json
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar
from jsonschema import Draft202012Validator

from callrouter import clock
from callrouter.cli import main
from tests.schedule.files import EXAMPLE, SHORT, changed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "schedule.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def run(*arguments: str, given: str | None = None, **environ: str) -> Result:
    env = {"CALLROUTER_SCHEDULE": None, "CALLROUTER_DATABASE_URL": None, "DATABASE_URL": None} | environ
    return CliRunner().invoke(main, ["schedule", *arguments], input=given, env=env)


def test_a_calendar_of_all_units_or_one(file: Path) -> None:
    period = ("--from", "2026-11-23", "--days", "7", str(file))
    everything, one = run("export", "--ics", *period), run("export", "--ics", "--unit", "fältgruppen", *period)
    assert (everything.exit_code, one.exit_code) == (0, 0)
    titles = {event["SUMMARY"] for event in Calendar.from_ical(everything.stdout_bytes).events}
    assert titles == {f"{name}: open" for name in ("Trygghetscenter", "Fältgruppen", "Brottsofferstöd", "Larm")}
    assert [event["SUMMARY"] for event in Calendar.from_ical(one.stdout_bytes).events] == ["Fältgruppen: open"] * 3
    assert one.stdout_bytes.endswith(b"END:VCALENDAR\r\n")


def test_a_calendar_of_a_rota(file: Path) -> None:
    printed = run("export", "--ics", "--rota", "nordvakt", "--from", "2026-12-24", "--days", "1", str(file))
    events = Calendar.from_ical(printed.stdout_bytes).events
    assert [event["SUMMARY"] for event in events] == ["nordvakt: bo", "nordvakt: cilla"]


def test_json_of_hours_and_of_a_rota(file: Path) -> None:
    period = ("--from", "2026-12-24", "--days", "1", str(file))
    hours = json.loads(run("export", "--json", *period).stdout)
    assert [unit["unit"] for unit in hours["units"]] == ["trygghetscenter", "fältgruppen", "brottsofferstöd", "larm"]
    shifts = json.loads(run("export", "--json", "--rota", "nordvakt", *period).stdout)
    assert [shift["person"] for shift in shifts["shifts"]] == ["bo", "cilla"]


def test_linked_data_may_stand_in_a_page(file: Path) -> None:
    evil = "</script><script>alert(1)</script>"
    file.write_text(changed(EXAMPLE, ("name: Trygghetscenter", f'name: "{evil}"')), encoding="utf-8")
    printed = run("export", "--json-ld", "--unit", "trygghetscenter", str(file)).stdout
    assert "<" not in printed
    (place,) = json.loads(printed)["@graph"]
    assert place["name"] == evil


def test_the_default_is_the_coming_400_days_of_the_schedule_in_force(file: Path) -> None:
    before = clock.now()
    printed = json.loads(run("export", "--json", CALLROUTER_SCHEDULE=str(file)).stdout)
    today = {str(at.astimezone(ZoneInfo("Europe/Stockholm")).date()) for at in (before, clock.now())}
    assert printed["from"] in today
    first, last = (date.fromisoformat(printed[key]) for key in ("from", "through"))
    assert last - first == timedelta(days=399)


def test_standard_input() -> None:
    printed = run("export", "--json", "--from", "2026-11-23", "--days", "1", "-", given=SHORT)
    assert json.loads(printed.stdout)["units"][0]["windows"][0]["start"] == "2026-11-23T10:00:00+01:00"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "Give one of --ics, --json-ld and --json."),
        (("--ics", "--json"), 2, "Give one of --ics, --json-ld and --json."),
        (("--json-ld", "--rota", "nordvakt"), 2, "--rota does not go with --json-ld."),
        (("--ics", "--rota", "nordvakt", "--unit", "larm"), 2, "--rota does not go with --unit."),
        (
            ("--ics", "--unit", "trygghetscentr"),
            1,
            "No unit is called 'trygghetscentr'; did you mean 'trygghetscenter'?",
        ),
        (("--ics", "--rota", "nordvak"), 1, "No rota is called 'nordvak'; did you mean 'nordvakt'?"),
        (("--ics", "--from", "24/12"), 1, "--from: expected a date such as 2026-11-23, got '24/12'."),
        (("--ics", "--from", "2004-12-31"), 1, "expected dates in the years 2005 to 2040"),
        (("--ics", "--from", "2040-12-31", "--days", "2"), 1, "expected dates in the years 2005 to 2040"),
        (("--ics", "--from", "9999-12-31"), 1, "expected dates in the years 2005 to 2040"),
        (("--ics", "--days", "0"), 2, "0 is not in the range"),
    ],
)
def test_what_cannot_be_exported(file: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    refused = run("export", *arguments, str(file))
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert says in refused.stderr


def test_a_file_with_errors_is_told_with_its_lines(file: Path) -> None:
    file.write_text(changed(EXAMPLE, ("then: security ", "then: securit "), ("rounds: 2", "rounds: 9")), "utf-8")
    refused = run("export", "--ics", str(file))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"{file}:" in refused.stderr
    assert "no destination called 'securit'" in refused.stderr
    assert "rounds" in refused.stderr


def test_the_schema_is_one() -> None:
    printed = run("schema")
    assert printed.exit_code == 0
    schema = json.loads(printed.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["units"]


def test_the_help_has_the_line_for_editors() -> None:
    assert "# yaml-language-server: $schema=schedule.schema.json" in run("schema", "--help").stdout

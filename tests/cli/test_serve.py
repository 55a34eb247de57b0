"""The command line as a person uses it: the real program, its output, its exit codes."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from callrouter.calllog.revisions import load
from callrouter.calllog.turns import Turns
from callrouter.cli.serve import prepare
from callrouter.clock import monotonic
from callrouter.web.fact_words import NAMES, PARTS
from tests.faults.database_ways import locked
from tests.service import RunningService

ROOT = Path(__file__).parents[2]
CREDENTIALS = {
    "CALLROUTER_PUBLIC_URL": "https://calls.example.se",
    "CALLROUTER_SECRET_KEY": "s" * 32,
    "CALLROUTER_PRIVACY_KEY": "p" * 32,
    "CALLROUTER_LAST_RESORT": "+46 8 465 004 99",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "1" * 32,
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The service with the schedule that comes with the project."""
    running = RunningService(tmp_path_factory.mktemp("cli"), ROOT / "config" / "schedule.yaml")
    running.start()
    yield running
    assert running.stop() == 0


def played(service: RunningService, *options: str, to: str = "+46846500400") -> "subprocess.CompletedProcess[str]":
    return service.run("call", to, "--from", "+46701740650", "--url", service.url, *options)


def test_the_call_of_the_readme_is_told_so_that_a_person_can_read_it(service: RunningService) -> None:
    call = played(service, "--at", "2026-11-23 18:30")
    assert call.returncode == 0, call.stdout + call.stderr
    told = call.stdout
    assert "Trygghetscenter is CLOSED (2026-11-23T18:30:00+01:00)" in told
    assert "18:30:00  +467******50 calls +468******00" in told
    assert "closed by hours: mon-thu 08:00-12:00, 13:00-17:00" in told
    assert "the caller hears: Du har kommit till" in told
    assert "rings" in told
    assert "talks with the caller" in told
    assert "answered by" in told
    assert "The log and the network agree." in told
    assert "\x1b[" not in told  # a pipe gets plain lines


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--at", "2026-11-23 11:00"), "OPEN"),
        (("--at", "2026-11-23 11:00", "--front-desk", "busy"), "busy"),
        (("--at", "2026-11-23 11:00", "--front-desk", "silent", "--guard", "silent"), "unanswered"),
        (("--at", "2026-11-23 18:30", "--guard", "silent"), "unanswered"),
        (("--at", "2026-11-23 18:30", "--guard", "voicemail", "--message", "5"), "left a message of 5 s"),
        (("--at", "2026-11-23 11:00", "--keys", "2"), "Fältgruppen is"),
        (("--at", "2026-11-23 18:30", "--guard", "declines"), "declined"),
        (("--at", "2026-11-23 18:30", "--hang-up-after", "3"), "abandoned"),
    ],
)
def test_the_phones_do_what_the_options_say(service: RunningService, options: tuple[str, ...], says: str) -> None:
    call = played(service, *options)
    assert call.returncode == 0, call.stdout + call.stderr
    assert says in call.stdout


def test_a_log_that_cannot_be_read_is_not_said_to_lack_the_call(service: RunningService, tmp_path: Path) -> None:
    (tmp_path / "damaged.db").write_bytes(b"no database" * 1000)
    elsewhere = {"CALLROUTER_DATABASE_URL": f"sqlite:///{tmp_path / 'damaged.db'}"}
    call = service.run("call", "+46846500400", "--url", service.url, **elsewhere)
    assert call.returncode == 1
    assert "Whether the log has the call is not known, for it cannot be read: DatabaseError" in call.stdout
    assert "do not agree" not in call.stdout


def test_a_call_without_a_time_is_played_now(service: RunningService) -> None:
    assert played(service).returncode == 0


def test_numbers_are_masked_unless_asked_for(service: RunningService) -> None:
    played(service, "--at", "2026-11-23 18:31")
    masked = service.run("log", "--json").stdout.splitlines()[0]
    shown = service.run("log", "--json", "--show-numbers").stdout.splitlines()[0]
    assert "46701740650" not in masked
    assert json.loads(shown)["from"] == "+46701740650"
    assert json.loads(shown)["to"] == "+46846500400"
    assert json.loads(masked)["from"] == "+467******50"


def test_the_log_is_json_for_machines(service: RunningService) -> None:
    played(service, "--at", "2035-06-01 18:32")  # later than all others of this file: the newest
    line = json.loads(service.run("log", "--json", "--limit", "1").stdout)
    keys = "call_id unit to from received_at state decided_by reason schedule_version disposition answered_by"
    keys += " seconds_to_answer talked_seconds origin legs"
    assert set(keys.split()) <= set(line)
    assert set(line["legs"][0]) >= {"to", "destination", "company", "outcome", "rang_seconds", "talked_seconds"}
    assert (line["state"], line["origin"], line["disposition"]) == ("closed", "phone-network", "answered")
    assert line["received_at"] == "2035-06-01T16:32:00+00:00"


def test_every_part_of_it_has_a_name_on_the_page_of_its_health(service: RunningService) -> None:
    parts = {name: facts for name, facts in service.ready().items() if name != "ready"}
    assert set(parts) == set(PARTS)
    facts = {fact.replace("_", " ") for part in parts.values() for fact in part}
    shown_otherwise = {"ok", "threads", "jobs", "free bytes", "age seconds"}
    assert facts - shown_otherwise <= set(NAMES)


def test_the_newest_call_is_first_and_one_is_told_with_every_attempt(service: RunningService) -> None:
    played(service, "--at", "2036-06-02 18:32", "--guard", "silent")
    first = service.run("log").stdout.splitlines()[0].split("\t")
    assert first[0].startswith("2036-06-02 18:32:00 +0200")
    shown = service.run("log", "show", first[1])
    assert shown.returncode == 0
    assert shown.stdout.count("no-answer") >= 3
    assert "Events" in shown.stdout
    assert json.loads(service.run("log", "show", first[1], "--json").stdout)["events"][0]["kind"] == "arrived"


def test_a_call_that_is_not_there(service: RunningService) -> None:
    shown = service.run("log", "show", "CAnone")
    assert shown.returncode == 1
    assert "No call has an id that starts with 'CAnone'" in shown.stderr


def test_a_call_where_no_service_runs(tmp_path: Path) -> None:
    idle = RunningService(tmp_path, ROOT / "config" / "schedule.yaml")
    call = played(idle)
    assert call.returncode == 1
    assert f"No service answers at {idle.url}" in call.stderr
    assert "make run" in call.stderr


def test_keys_that_no_telephone_has(service: RunningService) -> None:
    call = played(service, "--keys", "9x")
    assert call.returncode == 2
    assert "no x" in call.stderr


def test_an_instant_that_cannot_be_read(service: RunningService) -> None:
    call = played(service, "--at", "half past four")
    assert call.returncode == 1
    assert "--at: expected a local time" in call.stderr


def test_db_upgrade_alone(tmp_path: Path) -> None:
    idle = RunningService(tmp_path, ROOT / "config" / "schedule.yaml")
    upgrade = idle.run("db", "upgrade")
    assert upgrade.returncode == 0
    assert "callrouter.db" in upgrade.stdout
    assert (tmp_path / "var" / "callrouter.db").exists()
    assert "No calls yet." in idle.run("log").stderr


def test_what_is_kept_is_for_nobody_else_to_read(service: RunningService) -> None:
    assert played(service).returncode == 0  # also what other commands keep there
    kept = [path for path in (service.home / "var").rglob("*") if path.is_file()]
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in kept} == {path.name: "0o0" for path in kept}
    assert any(path.name == "callrouter.db" for path in kept)


@pytest.mark.parametrize("holds_the_turn", [False, True], ids=["another program", "a restore"])
def test_a_database_that_somebody_else_holds_keeps_callers_waiting_for_a_moment_only(
    service: RunningService, holds_the_turn: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Until it listens, whoever calls hears what the provider has for when nothing of ours answers."""
    load()
    file = service.settings.storage.data_dir / "callrouter.db"
    turns = Turns(file, 5.0)
    with turns.taken() if holds_the_turn else locked(file):
        began = monotonic()
        prepare(service.settings)
        assert monotonic() - began < 2
    turns.close()
    assert "the database is not usable, calls go to the spool until it is" in caplog.text


def test_a_log_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    idle = RunningService(tmp_path, ROOT / "config" / "schedule.yaml")
    log = idle.run("log")
    assert log.returncode == 1
    assert "Traceback" not in log.stderr
    assert "callrouter db upgrade" in log.stderr


class TestTheRealThing:
    """`callrouter serve` without the phone network."""

    def test_it_does_not_start_without_its_settings_and_says_which(self, tmp_path: Path) -> None:
        serve = RunningService(tmp_path, ROOT / "config" / "schedule.yaml").run("serve")
        assert serve.returncode == 1
        for name in CREDENTIALS:
            assert f"{name} is not set: set it to " in serve.stderr

    @pytest.mark.parametrize("name", CREDENTIALS)
    def test_each_single_one_is_missed(self, tmp_path: Path, name: str) -> None:
        service = RunningService(tmp_path, ROOT / "config" / "schedule.yaml")
        environ = service.environ | CREDENTIALS
        del environ[name]
        serve = _serve(service, environ)
        assert serve.returncode == 1
        assert serve.stderr.count("is not set") == 1
        assert f"{name} is not set" in serve.stderr

    def test_a_spool_that_a_restart_empties_is_told(self, tmp_path: Path) -> None:
        with TemporaryDirectory(dir="/dev/shm") as memory:
            given = {"CALLROUTER_SPOOL_DIR": memory}
            service = RealService(tmp_path, ROOT / "config" / "schedule.yaml", options=(), given=given)
            service.start()
            assert service.stop() == 0
        assert f"the spool at {memory} (on tmpfs)" in service.log()
        assert "Set CALLROUTER_SPOOL_DIR to a volume that stays" in service.log()

    def test_with_them_it_answers_and_a_phone_network_is_a_stranger(self, tmp_path: Path) -> None:
        service = RealService(tmp_path, ROOT / "config" / "schedule.yaml", options=())
        service.start()
        try:
            call = played(service, "--at", "2026-11-23 18:30")
            assert call.returncode == 1
            assert "403" in call.stdout
        finally:
            assert service.stop(signal.SIGTERM) == 0


class RealService(RunningService):
    """The service with the credentials of an account."""

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | CREDENTIALS


def _serve(service: RunningService, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "callrouter", "serve", "--port", str(service.port)]
    return subprocess.run(
        command, cwd=service.home, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def test_help_is_there_for_every_command(tmp_path: Path) -> None:
    idle = RunningService(tmp_path, ROOT / "config" / "schedule.yaml")
    top = idle.run("--help").stdout
    for command in ("serve", "call", "log", "db"):
        assert f"\n  {command} " in top
        assert idle.run(command, "--help").returncode == 0
    assert idle.run("nonsense").returncode == 2

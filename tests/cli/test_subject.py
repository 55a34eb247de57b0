"""`callrouter subject`: an access request answered, a disclosure masked, an erasure done as far as decided."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from callrouter import clock
from callrouter.calllog.audit import entries
from callrouter.calllog.database import Database
from callrouter.calllog.subject import BESIDE, Person
from callrouter.cli.subject_document import Request, everything
from callrouter.cli.subject_swedish import LABELS, in_swedish
from callrouter.domain.disclosure import MASKED, MASKING, PURPOSES, RIGHTS, SOURCE
from callrouter.domain.words import EventKind
from callrouter.schedule import load
from callrouter.sealing import Pseudonymizer
from tests.calllog.aged import NOW, told
from tests.calllog.plans import statements_of
from tests.calllog.told import CITIZEN, SECRET, numbers
from tests.cli.by_hand import SCHEDULE, TOMORROWS, Desk
from tests.schedules import CENTRE

NATIONAL = "070-174 06 50"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk beside a log with two calls of the citizen."""
    desk = Desk(tmp_path, SECRET)
    desk.does("db", "upgrade")
    past = (clock.now() - NOW) // timedelta(days=1)  # whole days: they come at night, whatever the hour is now
    database = database_of(desk)
    told(database, "CA-1", 40 - past)
    told(database, "CA-2", 2 - past)
    database.close()
    return desk


def database_of(desk: Desk) -> Database:
    return Database(f"sqlite:///{desk.database}")


def asked(desk: Desk, *options: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(desk.does("subject", NATIONAL, "--json", *options))
    return answer


def deeds(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    database = database_of(desk)
    with database.reading() as connection:
        found = [(each.deed.action, each.deed.subject, dict(each.deed.facts)) for each in entries(connection)]
    database.close()
    return found


class TestAccess:
    def test_everything_is_told_numbers_masked_and_it_is_on_record_who_asked(self, desk: Desk) -> None:
        desk.does("block", NATIONAL, "--unit", "centre", *TOMORROWS, "--why", "hot")
        answer = asked(desk)
        assert (answer["number"], answer["not_folded"], answer["staff"]) == (CITIZEN.masked, [], [])
        assert [(call["call_id"], call["from"], call["known_by"]) for call in answer["calls"]] == [
            ("CA-1", CITIZEN.masked, "number"),
            ("CA-2", CITIZEN.masked, "number"),
        ]
        assert [note["text"] for call in answer["calls"] for note in call["notes"]] == ["Ringde om en vattenläcka"] * 2
        assert [(block["unit"], block["why"]) for block in answer["blocks"]] == [("centre", "hot")]
        assert answer["recipients"] == ["the telephone provider"]
        key = Pseudonymizer(SECRET).key(CITIZEN.e164)
        assert deeds(desk)[1:] == [("look up", f"caller {key[:8]}", {"calls": 2, "show_numbers": False})]

    def test_in_full_where_it_is_asked_for(self, desk: Desk) -> None:
        answer = asked(desk, "--show-numbers")
        assert (answer["number"], answer["calls"][0]["from"]) == (CITIZEN.e164, CITIZEN.e164)
        assert deeds(desk)[-1][2] == {"calls": 2, "show_numbers": True}

    def test_why_and_how_long_it_is_kept(self, desk: Desk) -> None:
        desk.write(SCHEDULE + "retention: [{what: numbers, keep: 6 months, decision: KS 1, date: 2026-03-01}]\n")
        kept = {each["what"]: (each["for"], each["decision"]) for each in asked(desk)["kept"]}
        assert kept["numbers"] == ("6 months", "KS 1, 2026-03-01")
        assert kept["calls"] == ("until somebody decides how long", None)

    def test_for_reading(self, desk: Desk) -> None:
        said = desk.does("subject", NATIONAL)
        assert said.splitlines()[0] == f"number: {CITIZEN.masked}"
        assert "        text: Ringde om en vattenläcka" in said.splitlines()
        assert "    redial: no" in said.splitlines()
        assert CITIZEN.e164[-9:] not in said

    def test_a_number_of_the_schedule_says_so(self, desk: Desk) -> None:
        answer = json.loads(desk.does("subject", "+46 31 390 06 10", "--json"))
        assert answer["staff"] == ["destination guard"]
        assert answer["calls"] == []

    def test_what_waits_in_the_spool_is_told(self, desk: Desk) -> None:
        spool = desk.folder / "var" / "spool"
        spool.mkdir()
        (spool / "1.jsonl").touch()
        assert asked(desk)["waiting_in_the_spool"] == 1


def test_disclosure_masks_and_says_why(desk: Desk) -> None:
    answer = asked(desk, "--disclose", "--show-numbers")
    assert (answer["number"], answer["calls"][0]["from"]) == (MASKED, MASKED)
    assert answer["calls"][0]["notes"][0]["text"] == MASKED
    assert answer["calls"][0]["disposition"] == "answered"
    assert "calls.notes.text" in answer["masked"]
    assert answer["calls"][0]["reason"] == "mon-fri 10:00-15:00 (from 2005-06-01)"
    assert "calls.reason" not in answer["masked"]
    assert deeds(desk)[0][0] == "disclose"


SECRET_WORDS = "Granne till Åsa Åkesson"


@pytest.fixture
def much_written(desk: Desk) -> Desk:
    """Whatever people can write beside a call says something of somebody."""
    at, said = "2026-11-26 03:00:00", SECRET_WORDS
    row = {"day": "2026-10-17", "call_id": "CA-1", "at": at, "who": "anna"}
    of_table = {
        "note": row | {"text": said},
        "follow_up": row | {"what": said, "owner": "bo", "due_at": at, "done_at": at, "done_by": "bo", "result": said},
        "hold": row | {"why": said, "lifted_at": at, "lifted_by": "anna"},
        "dispute": row | {"company": "C", "reason": said, "settled_at": at, "settled_by": "bo", "result": said},
    }
    with closing(sqlite3.connect(desk.database)) as connection, connection:
        (row["day"],) = connection.execute("SELECT day FROM call WHERE call_id = 'CA-1'").fetchone()
        for table, values in of_table.items():
            cells = values | {"day": row["day"]}
            marks = ", ".join("?" * len(cells))
            connection.execute(f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({marks})", list(cells.values()))  # noqa: S608
        connection.execute(
            "UPDATE call SET decided_by = 'override', reason = ?", (f"override 1: closed by eva: {said}",)
        )
    connection.close()
    desk.does("block", NATIONAL, "--unit", "centre", *TOMORROWS, "--why", said)
    return desk


def test_a_disclosure_tells_no_words_of_anybody_and_no_number_but_our_own(much_written: Desk) -> None:
    assert json.dumps(asked(much_written), ensure_ascii=False).count(SECRET_WORDS) == 9
    told = json.dumps(asked(much_written, "--disclose"), ensure_ascii=False)
    assert SECRET_WORDS not in told
    assert set(re.findall(r"\+\d[\d*]{6,}", told)) == {CENTRE.e164}


class TestInSwedish:
    """Whoever a document is about reads it in their language: nothing in it is said in English alone."""

    def test_every_name_of_an_answer_has_its_swedish(self, much_written: Desk) -> None:
        told = {name for each in (asked(much_written), asked(much_written, "--disclose")) for name in names_in(each)}
        written = {column.name for table in BESIDE.values() for column in table.__table__.columns}
        assert (told | written) - {"day"} <= LABELS.keys()

    def test_it_is_read_in_swedish(self, desk: Desk) -> None:
        desk.does("hold", "add", "CA-2", "--why", "Polisanmälan")
        said = [line.strip() for line in desk.does("subject", NATIONAL, "--language", "sv").splitlines()]
        assert said[0] == f"nummer: {CITIZEN.masked}"
        for line in (
            "hur samtalet slutade: besvarat",
            "öppet eller stängt: stängt",
            "ringde igen inom tio minuter: nej",
            "skäl: mån-fre 10:00-15:00 (från 2005-06-01)",
            "utfall: besvarat",
            "varför: Polisanmälan",
            "hur länge: tills någon beslutar hur länge",
            "1.: teleoperatören",
        ):
            assert line in said

    def test_what_is_masked_and_why_too(self, much_written: Desk) -> None:
        said = much_written.does("subject", NATIONAL, "--language", "sv", "--disclose")
        assert "nummer: [maskerat]" in said
        assert "samtal > anteckningar > text: fritext, prövas innan den lämnas ut: OSL 21:1, 26:1, 35:1" in said
        assert MASKED not in said
        assert SECRET_WORDS not in said

    @pytest.mark.parametrize("ours", sorted({*PURPOSES.values(), *MASKING.values(), SOURCE, RIGHTS, MASKED}))
    def test_all_that_we_say_ourselves_has_its_swedish(self, ours: str) -> None:
        assert in_swedish({"source": ours}, str)[LABELS["source"]] != ours

    @pytest.mark.parametrize("kind", EventKind)
    def test_every_step_has_its_swedish(self, kind: EventKind) -> None:
        step = f"10:00:00.000000 {kind} (+467******11, security, picked-up, key 2, no-answer)"
        names = {"security": "Bevakningen"}
        (said,) = in_swedish({"steps": [step]}, lambda name: names.get(name, name))[LABELS["steps"]]
        assert kind.value not in said.split()
        assert said.endswith(" (+467******11, Bevakningen, lyfte, tangent 2, inget svar)")

    @pytest.mark.parametrize(
        ("name", "value", "swedish"),
        [
            ("staff", ["person anna", "own number of unit larm"], ["person anna", "eget nummer för enheten larm"]),
            ("kept", [{"what": "calls", "for": "6 months"}], [{"vad": "samtal", "hur länge": "6 månader"}]),
            ("call_backs", [{"result": "no-answer"}], [{"resultat": "inget svar"}]),
            ("follow_ups", [{"what": "calls", "result": "no-answer"}], [{"vad": "calls", "resultat": "no-answer"}]),
        ],
    )
    def test_what_people_wrote_stands_as_it_is(self, name: str, value: Any, swedish: Any) -> None:
        assert in_swedish({name: value}, str) == {LABELS[name]: swedish}


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        inner = (names_in(item) for name, item in value.items() if name != "masked")
        return set(value).union(*inner)
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


def test_an_access_request_tells_each_step_of_a_call(desk: Desk) -> None:
    call = asked(desk)["calls"][0]
    assert call["steps"][0].endswith(" arrived (security)")
    assert any(step.endswith(" ended (completed)") for step in call["steps"])
    assert call["ended_at"] > call["received_at"]
    assert CITIZEN.e164[-9:] not in json.dumps(call)


def test_of_many_calls_no_more_is_asked_than_of_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portion of them at once."""
    monkeypatch.setenv("CALLROUTER_DATA_DIR", str(desk.database.parent))
    callers, database = Pseudonymizer(SECRET), database_of(desk)
    person = Person(CITIZEN.e164, callers.key(CITIZEN.e164), callers.key_id)
    request = Request(person, load(SCHEDULE.encode()), clock.now(), show_numbers=False, is_disclosure=False)

    def questions() -> tuple[int, int]:
        with database.reading() as connection:
            found = everything(connection, request)
            return len(found["calls"]), len(statements_of(connection, lambda: everything(connection, request)))

    calls, asked = questions()
    for number in range(10):
        told(database, f"CA-more-{number}", number)
    assert questions() == (calls + 10, asked)
    database.close()


class TestErasure:
    def test_it_says_what_it_did_and_what_is_left(self, desk: Desk) -> None:
        desk.does("hold", "add", "CA-1", "--why", "Polisanmälan")
        desk.does("block", NATIONAL, "--unit", "centre", *TOMORROWS, "--why", "hot")
        answer = json.loads(desk.does("subject", NATIONAL, "--erase", "--why", "Begäran 1", "--json"))
        assert answer["erased_calls"] == 1
        assert answer["not_erased"] == {
            "call CA-1": "held: callrouter hold list",
            "block 1": "keeps them out of centre by the keyed hash",
            "recordings and call records at the provider": "no account with the provider: tried again every night",
            "notes, follow-ups, holds and disputes": (
                "what people wrote stays until retention takes it; look for the number in it"
            ),
            "exports": "where they were taken to; what was made on the pages is there for a day",
            "backups": "as long as they are kept",
        }
        database = database_of(desk)
        assert numbers(database) == {"CA-1": CITIZEN.e164, "CA-2": None}
        database.close()
        assert [action for action, *_ in deeds(desk)] == ["hold", "block", "erase", "destroy"]
        key = Pseudonymizer(SECRET).key(CITIZEN.e164)
        assert deeds(desk)[-2][1:] == (f"caller {key[:8]}", {"calls": 1, "held": 1})
        assert "erasure" in desk.does("retention", "protocol")

    def test_the_number_is_in_no_file_while_the_service_goes_on(self, desk: Desk) -> None:
        """An open connection is enough for SQLite to keep what it wrote ahead."""
        database = database_of(desk)
        assert set(numbers(database).values()) == {CITIZEN.e164}
        answer = json.loads(desk.does("subject", NATIONAL, "--erase", "--why", "Begäran 1", "--json"))
        assert "what SQLite wrote ahead" not in answer["not_erased"]
        files = [path for path in (desk.folder / "var").rglob("*") if path.is_file()]
        assert [path.name for path in files if CITIZEN.e164[1:].encode() in path.read_bytes()] == []
        database.close()

    def test_it_says_so_where_somebody_was_reading(self, desk: Desk) -> None:
        database = database_of(desk)
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM caller").all()
            answer = json.loads(desk.does("subject", NATIONAL, "--erase", "--why", "Begäran 1", "--json"))
        said = answer["not_erased"]["what SQLite wrote ahead"]
        assert said == "somebody was reading: until the service ends, or until it is written over"
        database.close()

    def test_what_is_damaged_in_the_spool_is_left_and_told(self, desk: Desk) -> None:
        spool = desk.folder / "var" / "spool"
        spool.mkdir()
        (spool / "1.damaged").touch()
        answer = json.loads(desk.does("subject", NATIONAL, "--erase", "--why", "Begäran 1", "--json"))
        said = answer["not_erased"]["damaged lines of the spool"]
        assert said == "1 file *.damaged: to be looked at, and removed"

    def test_no_hold_keeps_the_number_in_its_reason(self, desk: Desk) -> None:
        """A hold outlives an erasure."""
        result = desk.run("hold", "add", "CA-1", "--why", "Polisanmälan, 070-1740650")
        assert result.exit_code == 1
        assert result.stderr == "--why: leave the number out; it has its own place, where it can be forgotten.\n"
        assert desk.listed("hold") == []

    def test_afterwards_nothing_is_known(self, desk: Desk) -> None:
        desk.does("subject", NATIONAL, "--erase", "--why", "Begäran 1")
        assert asked(desk)["calls"] == []

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--erase",), 'Say why: --why "Personalmöte". The reason is kept, and people will ask for it.'),
            (
                ("--erase", "--why", "070-174 06 50 bad om det"),
                "--why: leave the number out; it is to be forgotten.",
            ),
            (
                ("--erase", "--why", "x", "--disclose"),
                "--erase goes with --why and --json alone: look first, then erase.",
            ),
        ],
    )
    def test_what_is_refused(self, desk: Desk, options: tuple[str, ...], said: str) -> None:
        result = desk.run("subject", NATIONAL, *options)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{said}\n")
        assert len(asked(desk)["calls"]) == 2

"""What is kept as the English that was said: why a unit was open, what jobs did, what went wrong."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from callrouter import jobs
from callrouter.domain.counted import counted
from callrouter.domain.sentence import Sentence
from callrouter.schedule import load
from callrouter.swedish import heard, said
from callrouter.swedish.kept import KEPT
from tests.people.somebody import NOON
from tests.web.pages.house import EXAMPLE

ENGLISH = re.compile(
    r"\b(the|is|not|and|of|from|by|until|listed|closed|open|before|as usual|season|exception|named|day|red|calls?"
    r"|nothing|nobody|none|deleted|failed|warning|mon|tue|wed|thu|fri|sat|sun)\b"
)


@pytest.mark.parametrize(
    ("english", "swedish"),
    [
        ("mon-thu 08:00-12:00, 13:00-17:00 (from 2007-02-01)", "mån-tors 08:00-12:00, 13:00-17:00 (från 2007-02-01)"),
        ("sun is not listed (from 2007-02-01)", "sön står inte med (från 2007-02-01)"),
        ("season 06-15..08-15: tue, thu 10:00-14:00", "säsong 06-15..08-15: tis, tors 10:00-14:00"),
        ("exception 2026-11-06: Personalmöte, 10:00-12:00", "avvikande dag 2026-11-06: Personalmöte, 10:00-12:00"),
        ("exception 2026-12-28: Julstängt, closed", "avvikande dag 2026-12-28: Julstängt, stängt"),
        ("red day: Juldagen", "röd dag: Juldagen"),
        ("Nationaldagen as usual: sat is not listed", "Nationaldagen som vanligt: lör står inte med"),
        (
            "override 7: to guard until 2026-11-23 18:30 by anna: the phones of 2026",
            "manuell styrning 7: till guard till 2026-11-23 18:30 av anna: the phones of 2026",
        ),
        ("override 7: closed by anna: Möte", "manuell styrning 7: stängt av anna: Möte"),
        ("block 3 by bo", "spärr 3 av bo"),
        ("file config/schedule.yaml", "filen config/schedule.yaml"),
        ("12 numbers, 3 notes deleted; 4 outstanding", "gallrat: 12 nummer, 3 anteckningar; 4 återstår"),
        ("1 number, 1 follow-up deleted", "gallrat: 1 nummer, 1 uppföljning"),
        (
            "1 call, 1 leg and 1 message compared: 1 gap filled; 1 differs",
            "1 samtal, 1 ben och 1 meddelande jämförda: 1 lucka fylld; 1 skiljer sig",
        ),
        (
            "9 calls, 14 legs and 0 messages compared: 2 gaps filled; 3 differ; stopped before 2026-11-02",
            "9 samtal, 14 ben och 0 meddelanden jämförda: 2 luckor fyllda; 3 skiljer sig; avbrutet före 2026-11-02",
        ),
        ("larm: 2 to be told; fältgruppen: 0 to be told", "larm: 2 att meddela; fältgruppen: 0 att meddela"),
        ("partitions made: 2027-01; events moved: 3", "nya partitioner: 2027-01; flyttade händelser: 3"),
        ("partitions made: none; events moved: 0", "inga nya partitioner; flyttade händelser: 0"),
        ("failed: ExportError: its process was ended (SIGKILL)", "dess process avslutades (SIGKILL)"),
        (
            "failed: OperationalError: (sqlite3.OperationalError) disk I/O error",
            "databasen gick inte att använda (OperationalError: (sqlite3.OperationalError) disk I/O error)",
        ),
        ("ZeroDivisionError: division by zero", "något gick fel (ZeroDivisionError: division by zero)"),
    ],
)  # fmt: skip
def test_it_is_known_again(english: str, swedish: str) -> None:
    assert heard(english, "sv") == swedish
    assert heard(english, "en") == english


@pytest.mark.parametrize(
    "text", ["Brandövning", "", "12", "x" * 10_000, "open the door", "a: b; c: d", "{n} sent", "ü\n"]
)
def test_what_others_wrote_stands_as_it_is(text: str) -> None:
    assert heard(text, "sv") == text


def test_a_warning_that_was_kept_is_said_part_by_part() -> None:
    kept = Sentence.of("{job}: {why}", job="retention", why=Sentence("nothing deleted"))
    assert said(kept, "sv") == "retention: inget gallrat"
    assert said(kept, "en") == "retention: nothing deleted"


def test_every_reason_of_two_years_is_said_in_swedish() -> None:
    schedule = load(EXAMPLE.read_bytes(), at=NOON)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
    reasons = {unit.hours.rules.plan(day).reason for unit in schedule.units.values() for day in days}
    assert len(reasons) > 30
    assert {
        reason: ENGLISH.findall(heard(reason, "sv")) for reason in reasons if ENGLISH.search(heard(reason, "sv"))
    } == {}


def results() -> Iterator[tuple[str, str]]:
    """What the functions of jobs return that are said to return a text, with 1, and with 2, for each value in it."""
    for file in sorted(Path(jobs.__file__).parent.glob("*.py")):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and getattr(function.returns, "id", "") == "str":
                for node in ast.walk(function):
                    if (
                        isinstance(node, ast.Return)
                        and node.value
                        and function.name in ("run", "_put", "_tell", "summary")
                    ):
                        yield from ((f"{file.stem}.{function.name}", text) for text in texts(node.value))


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        for count in (1, 2):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else value(part, count) for part in node.values
            )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from texts(each)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "result":
        yield from texts(node.args[-1])


def value(part: ast.expr, count: int) -> str:
    """A part of a text; where it has a value *count*, of what it counts if it is that."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    call = part.value if isinstance(part, ast.FormattedValue) else None
    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "counted":
        return counted(count, *(ast.literal_eval(word) for word in call.args[1:]))
    return str(count)


def test_every_result_of_a_job_is_said_in_swedish() -> None:
    """What is put together of several parts stands in the table above."""
    found = [(where, text) for where, text in results() if re.search("[a-z]{3}", text)]
    assert len(found) > 15
    unsaid = {where for where, text in found if heard(text, "sv") == text}
    assert unsaid <= {"boundary_canary.run", "retention.run"}


def test_no_swedish_of_it_is_english() -> None:
    assert [text for text in KEPT.values() if ENGLISH.search(re.sub(r"\{\w+\}|callrouter \w+ \w+", "", text))] == []

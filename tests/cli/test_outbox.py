"""`callrouter outbox`: the real program, what it tells, and what is sent again."""

import json
from datetime import timedelta

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.outbox import claim_next, note_failed, note_sent, put
from callrouter.domain.notice import Notice
from callrouter.domain.words import NoticeKind
from tests.cli.by_hand import Desk


def three_stand_otherwise(database: Database) -> None:
    at = clock.now()
    for number in range(3):
        made = at - timedelta(minutes=number)
        put(database, [Notice(NoticeKind.MISSED_CALL, f"CA{number}", "desk@example.se", {"day": "2026-11-23"})], made)
    failed, sent = claim_next(database, at), claim_next(database, at)
    assert failed
    assert sent
    note_failed(database, failed, "no such user", at, for_good=True)
    note_sent(database, sent, at)


def told(desk: Desk, *options: str) -> list[list[str]]:
    return [line.split("\t") for line in desk.does("outbox", "list", *options).splitlines()]


def test_it_tells_who_is_told_what_and_what_became_of_it(desk: Desk, database: Database) -> None:
    three_stand_otherwise(database)
    rows = told(desk)
    assert [row[1:6] for row in rows] == [
        ["missed-call", "CA0", "desk@example.se", "waiting", "0"],
        ["missed-call", "CA1", "desk@example.se", "sent", "1"],
        ["missed-call", "CA2", "desk@example.se", "failed", "1"],
    ]
    assert rows[2][6:] == ["", "no such user"]
    assert [row[2] for row in told(desk, "--state", "failed")] == ["CA2"]
    assert len(told(desk, "--limit", "2")) == 2


def test_for_machines(desk: Desk, database: Database) -> None:
    three_stand_otherwise(database)
    (failed,) = map(json.loads, desk.does("outbox", "list", "--json", "--state", "failed").splitlines())
    assert (failed["kind"], failed["to"], failed["state"]) == ("missed-call", "desk@example.se", "failed")
    assert (failed["error"], failed["attempts"], failed["next_at"], failed["sent_at"]) == (
        "no such user",
        1,
        None,
        None,
    )


def test_what_failed_is_sent_again_and_nothing_else(desk: Desk, database: Database) -> None:
    three_stand_otherwise(database)
    assert desk.does("outbox", "retry") == "1 to be sent again.\n"
    assert [row[4] for row in told(desk)] == ["waiting", "sent", "waiting"]
    assert desk.does("outbox", "retry") == "Nothing has failed.\n"

"""What is measured of webhooks does what it is measured for."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bench.webhooks.asked import Calls
from bench.webhooks.driver import Played
from bench.webhooks.goals import FULL, Found
from bench.webhooks.load import Load
from bench.webhooks.part import Part, What, logging_as_the_service_does, shares
from bench.webhooks.servers import running
from bench.webhooks.who import BARE, BARE_GTHREAD, CONTESTANTS, OURS


def test_the_bare_route_answers_on_our_server(tmp_path: Path) -> None:
    bare = next(each for each in CONTESTANTS if each.name == BARE)
    with running((bare,), tmp_path, 1) as (server,):
        server.wait_until_ready()
        played = server.play(Calls().requests(20), Load(1, 4), 5.0)
    assert (len(played.waits), played.faults) == (20, [])


def test_calls_that_end_are_counted_and_only_their_beginnings_timed(tmp_path: Path) -> None:
    ours = next(each for each in CONTESTANTS if each.name == OURS)
    with running((ours,), tmp_path, 1) as (server,):
        server.wait_until_ready()
        played = server.ask(Calls().with_their_ends(40), Load(1, 4), 5.0)
        with closing(sqlite3.connect(server.home / "var" / "callrouter.db")) as log:
            ended = log.execute("SELECT count(*) FROM call WHERE ended_at IS NOT NULL").fetchone()
            counted = log.execute("SELECT count(*) FROM tally").fetchone()
    assert (len(played.waits), played.faults, ended) == (40, [], (40,))
    assert counted > (0,)


def test_each_part_of_a_webhook_can_be_gone_through() -> None:
    async def gone_through() -> list[Part]:
        with logging_as_the_service_does():
            found = []
            for part in shares():
                part.ours()
                if part.floor:
                    part.floor()
                found.append(part)
            return found

    *rest, last = asyncio.run(gone_through())
    assert last.what is What.ALL
    assert {part.what for part in rest} == {What.SHARE, What.WITHIN}


def test_the_goal_is_held_against_the_bare_route_on_our_server() -> None:
    turns = {name: [Played(1.0, [0.001] * many)] for name, many in ((OURS, 60), (BARE, 100), (BARE_GTHREAD, 50))}
    text = Found([0.0001] * 98 + [0.0007] * 2, {FULL: turns}).text()
    assert f"| {OURS} : {BARE} ({FULL}) | ≥ 0.9 | 0.6 (0.6–0.6) | **missed** |" in text
    assert "p50 0.1 ms, p99 0.7 ms" in text

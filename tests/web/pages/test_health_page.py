"""The page of the service's health: its parts, its disks, its jobs."""

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert

from callrouter.calllog.tables import JobRunRow
from callrouter.domain.sentence import Sentence
from callrouter.schedule.format.problems import Problem
from tests.web.pages.house import House


def shown(house: House) -> str:
    return " ".join(house.signed_in().get("/administration/health").text.split())


def test_health_tells_what_readyz_does_and_the_jobs(house: House) -> None:
    house.conditions = {"recorder": lambda: {"ok": False, "error": "disk <full>", "threads": {"writer": True}}}
    house.rebuild()
    run = {"job": "retention", "slot": "2026-11-23", "claimed_by": "x:1", "finished_at": None, "result": None}
    with house.database.writing() as connection:
        early = house.now - timedelta(hours=9)
        connection.execute(insert(JobRunRow), [run | {"claimed_at": early, "lease_until": early}])
    page = shown(house)
    assert "disk &lt;full&gt;" in page
    assert 'Threads: writer</dt><dd class="breaks">ja' in page
    assert "Se över" in page
    assert "<strong>processen dog</strong>" in page
    assert "Gallring av det som är äldre än beslutat<br><small><code>retention</code> · varje dag 03:30</small>" in page
    assert re.search(r"processen dog.*?03:30</td>", page), "when it comes next"
    assert re.search(r"<code>outbox</code> · var 10:e sekund.{1,90}>inget att göra än</td>", page)
    assert re.search(r"<code>reconcile</code> · varje dag 04:30.{1,90}>aldrig</td>", page)


def test_health_lists_what_is_wrong_with_the_schedule_one_under_the_other(house: House) -> None:
    house.conditions = {"schedule": lambda: {"ok": True}}
    gap = Sentence("a tab; use spaces")
    house.loaded = replace(house.loaded, warnings=(Problem(9, (), gap),))
    house.rebuild()
    assert re.search(r'<dd class="breaks">rad 9: [^<]+</dd>', shown(house))
    house.loaded = replace(house.loaded, warnings=(Problem(9, (), gap), Problem(12, (), gap)))
    page = shown(house)
    assert re.search(r'<dd class="breaks"><ul><li>rad 9: [^<]+</li><li>rad 12: [^<]+</li></ul></dd>', page)


def test_what_lies_on_one_disk_has_one_line(house: House) -> None:
    page = shown(house)
    disks = page[page.index('<h2 id="disks">') : page.index('<h2 id="jobs">')]
    assert disks.count("<meter") == disks.count("GB lediga") == 1
    assert "Data, buffert, databas: " in disks

"""Exports: asked for on a page, made beside it, fetched by whoever asked."""

from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from callrouter.calllog import tasks
from callrouter.calllog.audit import Audited, entries
from callrouter.domain.task import KEPT_FOR, LOST_AFTER, Task
from callrouter.domain.words import Role, TaskKind, TaskState
from tests.calllog.export.rows import OURS, START, keep, made
from tests.service import until
from tests.web.pages.house import Browser, House

ALL = {"format": "csv"}


@pytest.fixture
def house(house: House) -> House:
    """With a call of each of three days."""
    keep(house.database, [made(f"CA{n}", START + timedelta(days=n), key=f"{n:064}") for n in range(3)])
    return house


def newest(house: House) -> Task:
    with house.database.reading() as connection:
        return tasks.newest(connection, list(TaskKind))[0]


def done(house: House) -> Task:
    """The newest task, once it is over."""
    until(lambda: newest(house).outcome, "it is over")
    return newest(house)


def audited(house: House, action: str) -> list[Audited]:
    with house.database.reading() as connection:
        return [each for each in entries(connection) if each.deed.action == action]


def fetched(browser: Browser, key: str) -> TestResponse:
    return browser.post(f"/exports/{key}", at="/exports")


def test_from_the_form_to_the_file(house: House) -> None:
    reviewer = house.signed_in(Role.REVIEWER)
    answer = reviewer.post("/exports", **ALL, since="2026-11-23", until="2026-11-24")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/exports#tasks")
    task = done(house)
    assert (task.outcome, task.result["rows"], task.file) == (TaskState.DONE, 2, "calls-2026-11-23--2026-11-24.csv")
    page = reviewer.get("/exports").text
    assert "2 rader" in page
    file = fetched(reviewer, task.key)
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    assert file.text.count("\n") == 3
    assert OURS not in file.text
    assert [each.deed.subject for each in audited(house, "export-fetch")] == [f"task {task.key}"]


def test_what_was_asked_for_is_on_record(house: House) -> None:
    house.signed_in(Role.REVIEWER).post(
        "/exports", **ALL, unit="trygghetscenter", disposition="answered", reviewed="no", rows="legs"
    )
    (entry,) = audited(house, "export")
    facts = entry.deed.facts
    assert (facts["unit"], facts["disposition"], facts["is_reviewed"]) == ("trygghetscenter", "answered", False)
    assert (facts["legs"], facts["numbers"], facts["format"]) == (True, False, "csv")


def test_numbers_are_for_an_administrator_who_asks(house: House) -> None:
    assert house.signed_in(Role.REVIEWER).post("/exports", **ALL, numbers="yes").status_code == 403
    administrator = house.signed_in()
    administrator.post("/exports", **ALL, numbers="yes")
    assert OURS in fetched(administrator, done(house).key).text
    assert len(audited(house, "export-numbers")) == 1
    assert "Nummer i klartext" not in house.signed_in(Role.REVIEWER).get("/exports").text


def test_nobody_else_sees_or_fetches_it(house: House) -> None:
    reviewer = house.signed_in(Role.REVIEWER)
    reviewer.post("/exports", **ALL)
    task = done(house)
    administrator = house.signed_in()
    assert task.file is not None
    assert task.file not in administrator.get("/exports").text
    assert fetched(administrator, task.key).status_code == 404
    assert fetched(reviewer, task.key).status_code == 200


def test_it_is_gone_after_a_day(house: House) -> None:
    house.signed_in(Role.REVIEWER).post("/exports", **ALL)
    task = done(house)
    house.now += KEPT_FOR
    later = house.signed_in(Role.REVIEWER)
    assert "Filen är borttagen" in later.get("/exports").text
    assert fetched(later, task.key).status_code == 404


def test_research_is_an_administrators(house: House) -> None:
    assert house.signed_in(Role.REVIEWER).post("/exports/research", at="/exports").status_code == 403
    administrator = house.signed_in()
    administrator.post("/exports/research", at="/exports")
    task = done(house)
    assert task.file == "research-2026-11-23--2026-11-25.zip"
    assert fetched(administrator, task.key).data[:2] == b"PK"


def test_the_bar_comes_back_after_a_reload_and_shows_what_another_process_does(house: House) -> None:
    reviewer = house.signed_in(Role.REVIEWER)
    with house.database.writing() as connection:
        tasks.add(connection, Task("k", TaskKind.EXPORT, "bertil", house.now, house.now))
        tasks.start(connection, "k", house.now)
        tasks.note(connection, "k", 42, 100, house.now)
    for path in ("/exports", "/exports/now"):
        page = reviewer.get(path).text
        assert '<progress max="100" value="42">' in page
        assert 'hx-get="/exports/now?seen=' in page


def test_one_whose_process_is_gone_says_so_and_asks_no_more(house: House) -> None:
    reviewer = house.signed_in(Role.REVIEWER)
    with house.database.writing() as connection:
        tasks.add(connection, Task("k", TaskKind.EXPORT, "bertil", house.now, house.now - 2 * LOST_AFTER))
    page = reviewer.get("/exports").text
    assert "Programmet som gjorde det är borta" in page
    assert "hx-get" not in page


def test_stopping_is_for_the_owner_and_for_administrators(house: House) -> None:
    house.signed_in(Role.REVIEWER)
    with house.database.writing() as connection:
        for key, by in (("a", "anna"), ("b", "bertil"), ("c", "bertil")):
            tasks.add(connection, Task(key, TaskKind.EXPORT, by, house.now, house.now))
    reviewer, administrator = house.signed_in(Role.REVIEWER), house.signed_in()
    assert reviewer.post("/tasks/a/stop", at="/exports").status_code == 404
    assert reviewer.post("/tasks/b/stop", at="/exports", back="/exports").headers["Location"] == "/exports"
    assert administrator.post("/tasks/c/stop", at="/exports", back="//elsewhere").headers["Location"] == "/"
    assert [each.deed.who for each in audited(house, "task-stop")] == ["bertil", "anna"]
    assert "avbryts" not in reviewer.get("/exports").text  # it has not begun: it just never will
    with house.database.reading() as connection:
        assert set(tasks.cancelled_among(connection, ["a", "b", "c"])) == {"b", "c"}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"format": "docx"}, "Välj bland alternativen"),
        ({"format": "csv", "disposition": "x"}, "Välj bland alternativen"),
        ({"format": "csv", "since": "i går"}, "Ange ett datum"),
        ({"format": "csv", "since": "2026-11-24", "until": "2026-11-23"}, "Perioden slutar innan den börjar"),
        ({"format": "csv", "since": "9999-12-31", "until": "9999-12-31"}, "Ange ett datum"),
    ],
)
def test_what_cannot_be_done_is_said_and_what_was_typed_stays(house: House, form: dict[str, str], said: str) -> None:
    answer = house.signed_in(Role.REVIEWER).post("/exports", **form, unit="larm")
    assert answer.status_code == 422
    assert said in answer.text
    assert '<option value="larm" selected>' in answer.text


def test_too_many_at_once(house: House) -> None:
    reviewer = house.signed_in(Role.REVIEWER)
    with house.database.writing() as connection:
        for n in range(5):
            tasks.add(connection, Task(f"{n}", TaskKind.EXPORT, "bertil", house.now, house.now))
    answer = reviewer.post("/exports", **ALL)
    assert (answer.status_code, "fem uttag på gång" in answer.text) == (422, True)


def test_an_empty_log(house: House) -> None:
    with house.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM call")
    answer = house.signed_in(Role.REVIEWER).post("/exports", **ALL)
    assert (answer.status_code, "inga samtal" in answer.text) == (422, True)


def test_no_way_out_of_the_folder(house: House, tmp_path: Path) -> None:
    reviewer = house.signed_in(Role.REVIEWER)
    (tmp_path / "secret").write_text("secret")
    for key in ("..%2F..%2Fsecret", "%2e%2e", "x"):
        assert fetched(reviewer, key).status_code == 404

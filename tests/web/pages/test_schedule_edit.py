"""The schedule in an editor: what is shown before it is saved, what is never saved, and the way back."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from callrouter import clock
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.writes import write_entries, write_schedule_version
from callrouter.calls.schedule_places import FilePlace
from callrouter.domain.words import Role
from callrouter.schedule import version_of
from callrouter.schedule.format.source import LARGEST
from callrouter.schedule.watched import FileSource
from callrouter.web.unbroken import unbroken
from tests.calllog.told import PSEUDONYMIZER, whole_story
from tests.people.somebody import deeds
from tests.schedule.files import SHORT, changed
from tests.web.pages.house import Browser, House

EDIT, SAVE = "/schedule/edit", "/schedule/edit/save"
LONGER = changed(SHORT, ("10:00-15:00", "10:00-17:00"))
BROKEN = changed(SHORT, ("10:00-15:00", "10:00-25:00"), ("then: guard", "then: gaurd"))

pytestmark = pytest.mark.usefixtures("path")


@dataclass
class Locked:
    """A file that is deployed with the program: nobody writes it from here."""

    kept: str = SHORT
    name: str = "schedule.yaml"
    file: str | None = field(default="schedule.yaml")

    def content(self) -> bytes:
        return self.kept.encode()

    def is_writable(self) -> bool:
        return False

    def put(self, content: bytes) -> None:
        assert content
        raise PermissionError(13, "Permission denied")


@pytest.fixture
def path(house: House, tmp_path: Path) -> Path:
    """The file in force."""
    path = tmp_path / "schedule.yaml"
    path.write_text(SHORT, encoding="utf-8")
    house.place = FilePlace(FileSource(path))
    house.rebuild()
    house.read_schedule()
    return path


def words(answer: TestResponse) -> str:
    return " ".join(answer.text.split())


def reviewed(browser: Browser, text: str, base: str = SHORT) -> TestResponse:
    return browser.post(EDIT, text=text.replace("\n", "\r\n"), base=version_of(base))


def saved(browser: Browser, text: str, base: str = SHORT, why: str = "Längre", **form: str) -> TestResponse:
    known = {"base": version_of(base), "reviewed": version_of(text)} | form
    return browser.post(SAVE, at=EDIT, text=text.replace("\n", "\r\n"), why=why, **known)


def rows(browser: Browser) -> list[str]:
    """What the history says, row by row: whether it is in force, which version, who and why."""
    found = (
        words(browser.get("/schedule/history")).partition('<ul class="rows"')[2].partition("</ul>")[0].split("<li>")[1:]
    )
    told = [re.findall(r">([^<>]*[^<> ][^<>]*)<", row) for row in found]
    return [" ".join(["gäller"] * ("gäller" in each) + [each[0].removeprefix("Version "), each[-1]]) for each in told]


class TestBeforeSaving:
    def test_the_text_stands_in_a_plain_field(self, house: House) -> None:
        page = house.signed_in().get(EDIT)
        assert f"data-editor>\n{SHORT}</textarea>" in page.text

    def test_what_would_change_in_words_and_hours(self, house: House, path: Path) -> None:
        page = words(reviewed(house.signed_in(), LONGER))
        assert "Enhet centre" in page
        assert unbroken("varje vardag från 2026-11-23: 10–15 → 10–17") in page
        english = words(reviewed(house.signed_in().speaks("en"), LONGER))
        assert unbroken("every weekday from 2026-11-23: 10–15 → 10–17") in english
        assert path.read_text("utf-8") == SHORT

    def test_where_the_calls_of_90_days_would_have_gone(self, house: House) -> None:
        write_entries(
            house.database, PSEUDONYMIZER, [Entry(tuple(whole_story("CA1", house.now.replace(day=20, hour=15))))]
        )
        catch_up(house.database)
        page = words(reviewed(house.signed_in(), LONGER))
        assert "<strong>n = 1</strong>" in page
        assert "<b>1</b> någon annanstans" in page
        assert ">egen telefon</td>" in page

    def test_errors_are_listed_with_a_way_to_their_lines(self, house: House) -> None:
        answer = reviewed(house.signed_in(), BROKEN)
        assert answer.status_code == 422
        assert '<a href="#line-8" data-line="8">rad 8: units &gt; centre &gt; hours' in answer.text
        assert '<tr id="line-12" class="faulty">' in answer.text
        assert "kan inte sparas" in answer.text
        assert ">Fel: 2.</p>" in answer.text, "a schedule with errors is not warned of: nothing is said of warnings"
        assert "Spara schemat" not in answer.text
        assert "10:00-25:00" in answer.text.partition("<textarea")[2]

    def test_nothing_changed_nothing_to_save(self, house: House) -> None:
        page = words(reviewed(house.signed_in(), SHORT))
        assert "Ingenting är ändrat" in page
        assert "Spara schemat" not in page

    def test_scripts_are_told_of_the_same_problems(self, house: House) -> None:
        found = house.signed_in().post("/schedule/edit/problems", at=EDIT, text=BROKEN).json
        assert found is not None
        assert [problem["line"] for problem in found["errors"]] == [8, 12]
        assert found["errors"][1]["text"].endswith("menade du 'guard'?")

    def test_the_text_can_be_taken_along(self, house: House) -> None:
        answer = house.signed_in().post("/schedule/edit/text", at=EDIT, text=LONGER)
        assert (answer.text, answer.headers["Content-Disposition"]) == (LONGER, 'attachment; filename="schedule.yaml"')

    def test_numbers_of_people_are_masked_in_the_difference(self, house: House) -> None:
        page = reviewed(house.signed_in(), changed(SHORT, ("+46 31 390 06 10", "+46 31 390 06 20"))).text
        assert unbroken("+463******10 → +463******20") in page

    def test_it_can_be_read_in_the_other_language(self, house: House, path: Path) -> None:
        browser = house.signed_in()
        page = saved(browser, LONGER, reviewed="", why="Längre").text
        switch = page.partition("<header")[2].partition("</header>")[0].partition(f'action="{EDIT}"')[2]
        switch = switch.partition("</form>")[0]
        fields = dict(re.findall(r'type="hidden" name="(base|why|to)" value="([^"]*)"', switch))
        assert (fields["why"], fields["to"]) == ("Längre", "en")
        text = switch.partition('<textarea name="text" hidden>\n')[2].partition("</textarea>")[0]
        answer = browser.post(EDIT, text=text.replace("\n", "\r\n"), **fields)
        assert unbroken("every weekday from 2026-11-23: 10–15 → 10–17") in words(answer)
        assert 'value="Längre" maxlength' in answer.text
        assert f"data-editor>\n{LONGER}</textarea>" in answer.text
        assert '<html lang="en">' in browser.get("/today").text
        assert path.read_text("utf-8") == SHORT


class TestSaving:
    def test_it_is_in_force_with_who_and_why(self, house: House, path: Path) -> None:
        browser = house.signed_in()
        answer = saved(browser, LONGER, why=" Längre\nkvällar ")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/schedule?done=schedule-saved")
        assert path.read_text("utf-8") == LONGER
        assert deeds(house.database)[-1] == ("anna", "schedule", f"schedule {version_of(LONGER)[:8]}")
        assert "Schemat är sparat" in browser.get(answer.headers["Location"]).text
        assert f"Version {version_of(LONGER)[:8]}" in browser.get("/schedule").text
        assert "anna: Längre kvällar" in browser.get("/schedule/history").text

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"why": " "}, "Skriv varför"),
            ({"why": "x" * 201}, "högst 200 tecken"),
            ({"reviewed": version_of(SHORT)}, "en annan än den du granskade"),
            ({"text": BROKEN}, "kan inte sparas"),
            ({"text": ""}, "kan inte sparas"),
        ],
    )
    def test_what_is_not_saved(self, house: House, path: Path, form: dict[str, str], said: str) -> None:
        answer = saved(house.signed_in(), **({"text": LONGER} | form))
        assert (answer.status_code, said in answer.text) == (422, True)
        assert path.read_text("utf-8") == SHORT
        assert "schedule" not in [action for _, action, _ in deeds(house.database)]

    def test_somebody_elses_change_is_told_and_nothing_lost(self, house: House, path: Path) -> None:
        other = changed(SHORT, ("+46 31 390 06 10", "+46 31 390 06 20"))
        browser = house.signed_in()
        path.write_text(other, encoding="utf-8")
        answer = saved(browser, LONGER)
        page = words(answer)
        assert (answer.status_code, path.read_text("utf-8")) == (422, other)
        assert "Någon annan har ändrat schemat" in page
        assert unbroken("+463******20 → +463******10") in page
        assert "10:00-17:00" in page
        assert 'value="Längre"' in page
        assert saved(browser, LONGER, base=other).status_code == 303

    def test_a_file_that_is_deployed_can_be_reviewed_and_copied(self, house: House) -> None:
        house.place = Locked()
        house.rebuild()
        house.read_schedule()
        browser = house.signed_in()
        assert "Filen kan inte skrivas härifrån" in browser.get(EDIT).text
        page = reviewed(browser, LONGER).text
        assert (unbroken("10–15 → 10–17") in page, "Spara schemat" in page, "Hämta texten" in page) == (
            True,
            False,
            True,
        )
        answer = saved(browser, LONGER)
        assert (answer.status_code, "gick inte att skriva: Permission denied" in answer.text) == (422, True)

    def test_ten_thousand_exceptions(self, house: House, path: Path) -> None:
        text = SHORT.replace("    open: desk", "    exceptions:\n" + exceptions(10_000) + "    open: desk")
        assert len(text) < LARGEST
        answer = saved(house.signed_in(), text)
        assert answer.status_code == 303
        assert path.read_text("utf-8") == text

    def test_what_is_larger_than_any_schedule_is_not_read(self, house: House) -> None:
        assert reviewed(house.signed_in(), "x" * 3 * LARGEST).status_code == 413

    def test_other_forms_stay_small(self, house: House) -> None:
        assert house.signed_in().post("/language", at="/today", to="x" * 100_000).status_code == 413


def exceptions(count: int) -> str:
    first = date(2027, 1, 1)
    return "".join(f"      - {{period: {first + timedelta(n)}, hours: closed}}\n" for n in range(count))


class TestHistory:
    def test_a_version_is_compared_and_one_goes_back_by_the_editor(self, house: House) -> None:
        browser = house.signed_in()
        saved(browser, LONGER)
        saved(browser, SHORT, base=LONGER, why="Tillbaka")
        version = f"/schedule/history/{version_of(LONGER)}"
        page = words(browser.get(version))
        assert unbroken("10–15 → 10–17") in page
        assert '<span class="plus">+ mon-fri: 10:00-17:00' in page
        form = browser.get(f"{EDIT}?version={version_of(LONGER)}").text
        assert "10:00-17:00" in form.partition("<textarea")[2]
        assert f'name="base" value="{version_of(SHORT)}"' in form
        assert f"Tillbaka till version {version_of(LONGER)[:8]}" in form
        assert f"Texten är den från version {version_of(LONGER)[:8]}. Den gäller först när du" in form
        assert "Texten är den från version" not in browser.get(EDIT).text

    def test_what_was_changed_outside_is_there_too(self, house: House) -> None:
        with house.database.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO schedule_version (hash, text, first_seen, by) VALUES (?, ?, ?, ?)",
                ("a" * 64, SHORT, "2026-11-20 10:00:00.000000", "file /etc/schedule.yaml"),
            )
        assert "filen /etc/schedule.yaml" in house.signed_in().get("/schedule/history").text

    def test_each_time_that_a_version_came_into_force_is_a_row(self, house: House, path: Path) -> None:
        """Found in the file, saved over, put back by hand, saved over again: what holds stands on top and says so."""
        write_schedule_version(house.database, version_of(SHORT), SHORT, f"file {path}")
        house.now = clock.now()
        browser = house.signed_in()
        saved(browser, LONGER)
        for _ in range(2):  # two processes see it
            path.write_text(SHORT, encoding="utf-8")
            write_schedule_version(house.database, version_of(SHORT), SHORT, f"file {path}")
        house.read_schedule()
        outside, by_anna = f"{version_of(SHORT)[:8]} filen {path}", f"{version_of(LONGER)[:8]} anna: Längre"
        assert rows(browser) == [f"gäller {outside}", by_anna, outside]
        house.now = clock.now()
        saved(browser, LONGER, why="Åter")
        assert rows(browser) == [f"gäller {version_of(LONGER)[:8]} anna: Åter", outside, by_anna, outside]

    def test_a_broken_file_is_not_in_force(self, house: House, path: Path) -> None:
        browser = house.signed_in()
        saved(browser, LONGER)
        path.write_text(BROKEN, encoding="utf-8")
        assert rows(browser) == [f"gäller {version_of(LONGER)[:8]} anna: Längre"]

    def test_what_was_not_saved_is_no_row(self, house: House, path: Path) -> None:
        browser = house.signed_in()
        path.write_text(changed(SHORT, ("10:00-15:00", "10:00-14:00")), encoding="utf-8")
        assert saved(browser, LONGER).status_code == 422
        assert rows(browser) == []

    @pytest.mark.parametrize("wanted", ["/schedule/history/nothing", f"{EDIT}?version=nothing"])
    def test_what_was_never_there(self, house: House, wanted: str) -> None:
        assert house.signed_in().get(wanted).status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "</textarea><script>alert(1)</script>",
        changed(SHORT, ("10:00-15:00", "'<script>alert(1)</script>'")),
        "a: " + "x" * 10_000,
        "\x00\x07\u2028\ufeff",
        "name: =cmd|' /C calc'!A0\n",
    ],
    ids=["end", "value", "long", "control", "formula"],
)
def test_what_is_typed_stays_text(house: House, path: Path, text: str) -> None:
    answer = reviewed(house.signed_in(), text)
    assert answer.status_code == 422
    assert "<script>alert(1)" not in answer.text
    assert saved(house.signed_in(), text, why="<script>alert(1)</script>").status_code == 422
    assert path.read_text("utf-8") == SHORT


def test_a_why_with_markup_is_text_in_the_history(house: House) -> None:
    browser = house.signed_in()
    saved(browser, LONGER, why="<script>alert(1)</script>")
    assert "<script>alert(1)" not in browser.get("/schedule/history").text
    assert "&lt;script&gt;alert(1)" in browser.get(f"/schedule/history/{version_of(LONGER)}").text


def test_a_reviewer_cannot_save(house: House, path: Path) -> None:
    browser = house.signed_in(Role.REVIEWER)
    answer = browser.post(
        SAVE, at="/schedule", text=LONGER, base=version_of(SHORT), reviewed=version_of(LONGER), why="x"
    )
    assert (answer.status_code, path.read_text("utf-8")) == (403, SHORT)

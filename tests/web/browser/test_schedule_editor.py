"""The editor of the schedule in a browser: under our own policy, by keyboard alone, and without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from callrouter.schedule import version_of
from tests.people.somebody import added
from tests.service import RunningService
from tests.web.browser.looking import looking
from tests.web.pages.house import EXAMPLE, NAMES

MON_THU = "mon-thu: 08:00-12:00, 13:00-17:00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningService]:
    """A service over a schedule of its own, which may be changed."""
    schedule = tmp_path / "schedule.yaml"
    schedule.write_bytes(EXAMPLE.read_bytes())
    running = RunningService(tmp_path, schedule)
    running.start()
    database = Database(running.settings.storage.database_url)
    added(database, NAMES[Role.ADMINISTRATOR], Role.ADMINISTRATOR)
    database.close()
    yield running
    running.stop()


def typed_at_the_end_of_line(page: Page, line: int, was: str, becomes: str) -> None:
    """What stood at the end of a line is rubbed out, and something else typed."""
    page.get_by_role("textbox", name="Texten").focus()
    page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    for _ in was:
        page.keyboard.press("Backspace")
    page.keyboard.type(becomes)


def test_a_mistake_is_marked_at_its_line_while_it_is_typed(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        typed_at_the_end_of_line(page, 23, "00", "99")
        expect(page.locator("#judged")).to_contain_text("Fel: 1.")
        expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
        assert look.inaccessible() == []
        page.get_by_role("link", name="rad 23").press("Enter")
        expect(page.get_by_role("textbox", name="Texten")).to_be_focused()
        typed_at_the_end_of_line(page, 23, "99", "00")
        expect(page.locator("#judged")).to_contain_text("Fel: 0.")


def test_a_schedule_is_changed_and_taken_back_by_keyboard_alone(chromium: Browser, desk: RunningService) -> None:
    before = desk.schedule.read_text("utf-8")
    with looking(chromium, desk.url) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        typed_at_the_end_of_line(page, 23, "00", "30")
        page.get_by_role("button", name="Granska ändringen").press("Enter")
        expect(page.get_by_text("08–12, 13–17 → 08–12, 13–17:30").first).to_be_visible()
        assert look.inaccessible() == []
        page.get_by_label("Varför?").focus()
        page.keyboard.type("Längre eftermiddagar")
        page.keyboard.press("Enter")
        page.wait_for_url("**/schedule?done=schedule-saved")
        assert desk.schedule.read_text("utf-8") == before.replace(MON_THU, MON_THU[:-2] + "30")
        page.get_by_role("link", name="Historik").press("Enter")
        expect(page.get_by_text("anna: Längre eftermiddagar")).to_be_visible()
        page.get_by_role("link", name=f"Version {version_of(before)[:8]}").press("Enter")
        page.get_by_role("link", name="Gå tillbaka till den här").press("Enter")
        page.get_by_role("button", name="Granska ändringen").press("Enter")
        page.get_by_role("button", name="Spara schemat").press("Enter")
        page.wait_for_url("**/schedule?done=schedule-saved")
    assert desk.schedule.read_text("utf-8") == before


def test_without_scripts_the_plain_field_does_it(chromium: Browser, desk: RunningService) -> None:
    before = desk.schedule.read_text("utf-8")
    with looking(chromium, desk.url, scripts=False) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/schedule/edit")
        text = page.get_by_role("textbox", name="Texten")
        text.fill(before.replace(MON_THU, MON_THU[:-2] + "99"))
        page.get_by_role("button", name="Granska ändringen").click()
        page.get_by_role("link", name="rad 23").click()
        expect(page.locator("#line-23")).to_contain_text("13:00-17:99")
        text.fill(before.replace(MON_THU, MON_THU[:-2] + "30"))
        page.get_by_role("button", name="Granska ändringen").click()
        page.get_by_label("Varför?").fill("Längre eftermiddagar")
        page.get_by_role("button", name="Spara schemat").click()
        expect(page.get_by_role("status")).to_have_text("Klart. Schemat är sparat och gäller.")
        look.wrong = [each for each in look.wrong if "422" not in each]  # told at some time after the answer
    assert desk.schedule.read_text("utf-8") == before.replace(MON_THU, MON_THU[:-2] + "30")

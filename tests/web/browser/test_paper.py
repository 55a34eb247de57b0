"""What is printed: all of the page that concerns whoever reads it on paper, and nothing to press."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.lately import IN_THAT_NIGHT, REPORT
from tests.web.browser.looking import looking
from tests.web.browser.places import CALL, STATEMENT, VERSION, WAYS

PAPER = 718
"""The width of an A4 sheet between its margins, in pixels of CSS."""

TO_PRESS = "button, input:not([type=checkbox]), select, textarea, summary, nav, header.top, footer.bottom, .skip"
"""The boxes of the hand-over are ticked with a pen."""


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/hand-over", "Utskriven av bertil"),
        (STATEMENT, "Hur samtalen slutade"),
        (REPORT, "När samtalen kom"),
        (CALL, "Den som ringde"),
        ("{waits}", "Den som ringde"),
        ("/schedule", "Veckan, timme för timme"),
        ("/calls", "Samtalstid"),
        ("/call-backs", "Vem ringer upp"),
        ("/today", "Nästa samtal ringer"),
    ],
)
def test_on_paper_stands_what_is_read_and_nothing_to_press(
    chromium: Browser, service: RunningService, filled: Mapping[str, str], path: str, read: str
) -> None:
    with looking(chromium, service.url, width=PAPER) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at(path.format_map(filled))
        page.emulate_media(media="print")
        expect(page.get_by_text(read).first).to_be_visible()
        expect(page.get_by_text("Alla tider: Europe/Stockholm").filter(visible=True)).to_have_count(1)
        assert page.locator(TO_PRESS).filter(visible=True).count() == 0
        assert look.over() <= 0


def test_who_printed_the_hand_over_stands_on_paper_alone(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/hand-over")
        expect(page.get_by_text("Utskriven av bertil")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.get_by_text("Utskriven av bertil")).to_be_visible()


def test_each_call_that_is_left_has_a_box_for_a_pen(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url, width=PAPER) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at(f"/hand-over?unit=trygghetscenter&at={IN_THAT_NIGHT}")
        page.emulate_media(media="print")
        boxes = page.locator("input[type=checkbox]")
        left = boxes.count()
        assert left > 0
        assert boxes.filter(visible=True).count() == left
        room = boxes.first.bounding_box()
        assert room
        assert room["width"] == room["height"] >= 20
        assert boxes.first.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)") >= 1


def test_units_without_calls_look_like_the_others_on_paper(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url, width=PAPER) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/hand-over")
        page.emulate_media(media="print")
        expect(page.locator(".quiet-night").first).to_be_visible()
        edges = page.locator(".handed").evaluate_all("all => all.map(one => getComputedStyle(one).borderTopWidth)")
        assert set(edges) == {"0px"}


def test_the_protocol_is_printed_with_a_place_to_sign(chromium: Browser, desk: RunningService) -> None:
    old = ("call", "+46846500499", "--at", "2025-03-05 12:00", "--front-desk", "silent", "--guard", "silent")
    assert desk.run(*old, "--message", "9", "--url", desk.url).returncode == 0
    assert desk.run("retention", "run").returncode == 0
    with looking(chromium, desk.url, width=PAPER) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at("/administration/retention/protocol")
        page.emulate_media(media="print")
        expect(page.get_by_text("KS-2026-0508").first).to_be_visible()
        expect(page.get_by_text("Datum och underskrift:")).to_be_visible()
        expect(page.get_by_role("button", name="Visa")).to_be_hidden()
        assert page.locator(TO_PRESS).filter(visible=True).count() == 0


def test_a_reviewed_change_of_the_schedule_is_printed_without_its_editor(
    chromium: Browser, service: RunningService, filled: Mapping[str, str]
) -> None:
    reviewed = next(way for way in WAYS if way.endpoint == "schedule_edit.review")
    with looking(chromium, service.url, width=PAPER) as look:
        look.sign_in(Role.ADMINISTRATOR)
        reviewed.go(look, filled)
        look.page.emulate_media(media="print")
        expect(look.page.get_by_text("08–12, 13–17 → 08–12, 13–17:30").first).to_be_visible()
        expect(look.page.get_by_role("heading", name="Så hade de senaste 90 dagarnas samtal gått")).to_be_visible()
        assert look.page.locator(TO_PRESS).filter(visible=True).count() == 0
        assert look.over() <= 0


def test_a_version_of_the_schedule_is_printed_to_its_last_line(chromium: Browser, service: RunningService) -> None:
    with looking(chromium, service.url, width=PAPER) as look:
        look.sign_in(Role.ADMINISTRATOR)
        page = look.at(f"/schedule/history/{VERSION}")
        page.emulate_media(media="print")
        text = page.get_by_role("region", name="Hela texten").locator("pre")
        assert text.evaluate(
            "each => [each.scrollHeight - each.clientHeight, each.scrollWidth - each.clientWidth]"
        ) == [0, 0]

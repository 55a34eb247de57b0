"""Somebody waits for a file, and the process that makes it is killed: the page tells, and it is asked for again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from callrouter.domain.words import Role
from tests.service import RunningService, children, until
from tests.web.browser.hands import at_keyboard


def worker_and_child(service: RunningService) -> tuple[int, int] | None:
    """The worker of *service* that has an export made, and the process that makes it."""
    assert service.process
    for worker in children(service.process.pid):
        for child in children(worker):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                return worker, child
    return None


def stopped(service: RunningService) -> bool:
    """Stop the process that makes an export, if it has begun."""
    pair = worker_and_child(service)
    if pair:
        os.kill(pair[1], signal.SIGSTOP)
    return pair is not None


@contextmanager
def export_that_stands_still(page: Page, service: RunningService) -> Iterator[tuple[int, int]]:
    """An export is asked for, and is not done: its process is stopped. Yields its worker and itself."""
    page.keyboard.press("Enter")
    until(lambda: stopped(service), "somebody makes it")
    worker, child = worker_and_child(service) or (0, 0)
    try:
        expect(page.get_by_role("progressbar")).to_be_visible()
        yield worker, child
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)


@pytest.fixture
def calls(desk: RunningService) -> RunningService:
    """With a call to be exported."""
    assert desk.run("call", "+46846500499", "--url", desk.url).returncode == 0
    return desk


def test_the_process_that_makes_a_file_is_killed(chromium: Browser, calls: RunningService) -> None:
    with at_keyboard(chromium, calls.url, Role.ADMINISTRATOR) as hands:
        page = hands.page
        hands.follow("Uttag")
        hands.reach(page.get_by_role("button", name="Gör uttaget"))
        with export_that_stands_still(page, calls) as (_, child):
            os.kill(child, signal.SIGKILL)
            failed = page.get_by_role("listitem").filter(has_text="Misslyckades.")
            expect(failed).to_contain_text("dess process avslutades (SIGKILL)")
        made_after_all(page, calls)
        expect(failed).to_have_count(1)


def test_the_worker_is_killed(chromium: Browser, calls: RunningService) -> None:
    """Nobody is left to say so: the page does, once it was not heard of for 20 s. Another worker makes the file."""
    with at_keyboard(chromium, calls.url, Role.ADMINISTRATOR) as hands:
        look, page = hands.look, hands.page
        hands.follow("Uttag")
        hands.reach(page.get_by_role("button", name="Gör uttaget"))
        with export_that_stands_still(page, calls) as (worker, child):
            os.kill(worker, signal.SIGKILL)
            page.reload()
            expect(page.get_by_role("progressbar")).to_be_visible()
            failed = page.get_by_role("listitem").filter(has_text="Misslyckades.")
            expect(failed).to_contain_text("Programmet som gjorde det är borta. Begär det igen.")
        until(lambda: not Path(f"/proc/{child}").exists(), "the process that nobody waits for has ended")
        made_after_all(page, calls)
        look.wrong = [each for each in look.wrong if "net::ERR_" not in each]  # a question that was under way


def made_after_all(page: Page, service: RunningService) -> None:
    """The same is asked for once more, and fetched."""
    assert worker_and_child(service) is None
    page.get_by_role("button", name="Gör uttaget").press("Enter")
    done = page.get_by_role("listitem").filter(has_text="Klart.")
    with page.expect_download() as download:
        done.get_by_role("button", name="Hämta").press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
    assert download.value.path().stat().st_size > 0

"""A message that a caller left: played in a browser, from what the provider gave to the service."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response, expect
from werkzeug.serving import make_server

from callrouter.domain.words import Role
from tests.calllog.engines import prepared_sqlite
from tests.people.somebody import added
from tests.service import free_port
from tests.web.api.test_openapi import QuietHandler
from tests.web.browser.hands import at_keyboard
from tests.web.pages.calls_there import EVENING, MESSAGE, PAGE, keep, leave_message
from tests.web.pages.house import NAMES, House

FRAME = b"\xff\xfb\x90\x00".ljust(417, b"\0")
"""A frame of MPEG-1 layer III, 128 kbit/s at 44.1 kHz, in which nothing is heard for 26 ms."""
SILENCE = 345 * FRAME
"""9 s."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The pages on a server of their own, a call with a message, and a provider that has it."""
    port = free_port()
    house = House(prepared_sqlite(tmp_path / "callrouter.db"), f"http://127.0.0.1:{port}", now=EVENING)
    house.message = {MESSAGE: SILENCE}.__getitem__
    house.rebuild()
    for role in Role:
        added(house.database, NAMES[role], role)
    keep(house)
    leave_message(house)
    server = make_server("127.0.0.1", port, house.app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield house
    server.shutdown()
    thread.join()
    server.server_close()
    house.close()


def test_a_message_is_played_and_wound_on(chromium: Browser, house: House) -> None:
    """Under our own policy, which the console would complain of; and by pieces, as browsers ask for what they play."""
    sounds: list[Response] = []
    with at_keyboard(chromium, house.public_url, Role.REVIEWER) as hands:
        look, page = hands.look, hands.look.at(PAGE)
        page.on("response", lambda answer: sounds.append(answer) if f"{MESSAGE}?" in answer.url else None)
        hands.push("Lyssna")
        player = page.locator("audio")
        hands.press(player, "Space")
        page.wait_for_function("() => document.querySelector('audio').currentTime > 0.3")
        player.evaluate("each => { each.currentTime = 8 }")
        page.wait_for_function("() => document.querySelector('audio').ended")
        expect(player).to_have_js_property("error", None)
        assert {(answer.status, answer.headers["content-type"]) for answer in sounds} == {(206, "audio/mpeg")}
        assert look.wrong_in_any_look() == []
        address = sounds[0].url
    with at_keyboard(chromium, house.public_url, Role.CONTRACTOR) as hands:
        assert hands.page.request.get(address).status == 403
        expect(hands.look.at(PAGE).get_by_role("heading", name="Meddelande", exact=True)).to_have_count(0)

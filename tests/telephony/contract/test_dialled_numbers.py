"""Nothing in a request ever becomes a number that is dialled, whatever it says and wherever it is sent."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Endpoint
from callrouter.web.voice import INSTRUCTING, SCREENING
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, OPEN_HOUR, numbers_of
from tests.telephony.contract.line import Happening, Line
from tests.telephony.contract.lines import LINES
from tests.telephony.contract.talk import Talk, everything
from tests.web.stage import LAST_RESORT

SCHEDULE = everything()
MAY_BE_RUNG = {number.e164 for number in SCHEDULE.numbers} | {LAST_RESORT.e164}
CITIZENS = ("+46701740650", "+46701740698", "+46313900699", "+4684650049912")
VALUES = st.sampled_from(
    [
        *(CITIZENS * 3),
        *numbers_of([CENTRE, DESK_1]),
        *("", "1", "2", "9", "112", "+112", "completed", "success", "busy", "no-answer", "noanswer", "true", "61"),
        *("anonymous", "sip:+46701740698@example.org", "client:x", "+46701740698,+46701740650"),
        *("<Dial>+46701740698</Dial>", '"/><Number>+46701740698</Number>', '","connect":"+46701740698'),
        *("https://example.org/x", "2026-11-23", "RE1", "CA1"),
    ]
) | st.text(max_size=12)


def targets(line: Line) -> dict[Endpoint, list[str]]:
    """Addresses of each endpoint that a caller's leg or a picked-up one is answered at, as calls of two hours gave."""
    found: dict[Endpoint, list[str]] = {endpoint: [] for endpoint in (*INSTRUCTING, *SCREENING)}
    for at in (OPEN_HOUR, CLOSED_HOUR):
        talk = Talk(line, at=at)
        talk.comes_in()
        while not talk.now.takes_message:
            keep(found, talk)
            is_menu = Endpoint.MENU in talk.now.callbacks
            told = Happening() if is_menu else Happening(outcome=Outcome.NO_ANSWER)
            talk.goes_on(Endpoint.MENU if is_menu else Endpoint.NEXT, told)
        keep(found, talk)
    for endpoint, given_out in found.items():
        path = Talk(line).path(endpoint)
        given_out += [path, f"{path}?c=forged&call=forged"]
    return found


def keep(found: dict[Endpoint, list[str]], talk: Talk) -> None:
    for endpoint, given_out in talk.now.callbacks.items():
        if endpoint in found:
            found[endpoint] += given_out
        if endpoint is Endpoint.WHISPER:
            whispered = talk.line.heard(talk.aside(given_out[0], Happening(), after=0), on_leg=True)
            found[Endpoint.ACCEPT] += whispered.callbacks[Endpoint.ACCEPT]


TARGETS = {name: targets(line) for name, line in LINES.items()}


def test_every_endpoint_is_tried_with_a_token_and_without() -> None:
    for name in LINES:
        assert {endpoint for endpoint, given_out in TARGETS[name].items() if len(given_out) >= 3} == {
            *(Endpoint.NEXT, Endpoint.MENU, Endpoint.SKIP, Endpoint.MESSAGE, Endpoint.WHISPER, Endpoint.ACCEPT)
        }


@pytest.mark.parametrize("name", LINES)
@given(st.data(), st.sampled_from([OPEN_HOUR, CLOSED_HOUR]))
def test_only_numbers_of_the_schedule_are_dialled(name: str, data: st.DataObject, at: datetime) -> None:
    line = LINES[name]
    endpoint = data.draw(st.sampled_from(list(TARGETS[name])))
    target = data.draw(st.sampled_from(TARGETS[name][endpoint]))
    fields = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(line.fields, VALUES)))
    talk = Talk(line)
    response = talk.voice.handle(target.partition("?")[0], line.given(target, fields, at + timedelta(minutes=2)))
    heard = line.heard(response.document, on_leg=endpoint in SCREENING)
    assert response.status == 200
    assert set(heard.rings) <= MAY_BE_RUNG
    assert heard.rings == () or endpoint not in SCREENING
    assert heard.shows in {None, *shown(fields, heard.rings)}


def shown(fields: dict[str, str], rings: tuple[str, ...]) -> set[str]:
    """What may stand on a display: the number that was called; the caller's on a guard's, as the schedule says."""
    called = {fields.get(name, "") for name in ("To", "Called", "to")} | {CENTRE.e164}
    guards = numbers_of([ring for ring in SCHEDULE.destinations["security"].ring if isinstance(ring, PhoneNumber)])
    callers = {fields.get(name, "") for name in ("From", "from")} | {"+46701740650"}
    return called | (callers if set(rings) <= set(guards) else set())

"""What the telephone network really does, and what becomes of a caller meanwhile: docs/telephony.md has the list."""

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from callrouter.domain.message import LANGUAGES
from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import (
    Caller,
    Faults,
    Habits,
    HttpTransport,
    NumberConfig,
    PhoneNetwork,
    Reaction,
    Request,
    Response,
    Ring,
    TransportFailure,
    answers,
    busy,
    silent,
    voicemail,
)
from callrouter.telephony.simulator.courier import signature
from callrouter.telephony.simulator.session import spoken_seconds
from callrouter.telephony.twilio.links import CONNECTION
from tests.schedules import CENTRE, DESK_1, DESK_2, GUARD_1, GUARD_2, numbers_of
from tests.service import RunningService
from tests.stories.conftest import CALLER, Phones, instant

SCREENED = PhoneNumber("+46846500460")
LISTENER = PhoneNumber("+46846500461")
SWITCHBOARD = PhoneNumber("+46846500462")
ANNA = PhoneNumber("+46701740611")
BO = PhoneNumber("+46701740622")
SUNDAY_22 = "2026-11-22 22:00"
MONDAY_11 = "2026-11-23 11:00"


class Rewriting:
    """A network that says something else in some of its requests, and signs it."""

    def __init__(self, phones: Phones, path: str, **fields: str | None) -> None:
        self.inner = HttpTransport(phones.service.url)
        self.token = phones.service.settings.twilio.auth_tokens[0]
        self.path, self.fields = path, fields

    def send(self, request: Request) -> Response | TransportFailure:
        is_meant = request.target.partition("?")[0] == self.path
        return self.inner.send(self.rewritten(request) if is_meant else request)

    def rewritten(self, request: Request) -> Request:
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True)) | self.fields
        said = {name: value for name, value in form.items() if value is not None}
        headers = {**request.headers, "X-Twilio-Signature": signature(self.token, request.url, said)}
        body = urlencode(said).encode("ascii")
        timeouts = (request.connect_timeout, request.read_timeout, request.total_timeout)
        return Request(request.method, request.url, body, headers, *timeouts)


class AskingAgain(Rewriting):
    """A network to which the answer to a new call is lost: three seconds later it asks again."""

    def send(self, request: Request) -> Response | TransportFailure:
        if request.target == self.path:
            self.inner.send(request)
        return super().send(request)


def rewritten(phones: Phones, to: PhoneNumber, path: str, **fields: str | None) -> PhoneNetwork:
    """The phone network of a story, with *fields* of the requests to *path* set, or left out (None)."""
    url, twilio = phones.service.url, phones.service.settings.twilio
    config = NumberConfig(f"{url}/twilio/voice{CONNECTION}", status_callback=f"{url}/twilio/status")
    transport = Rewriting(phones, path, **fields)
    return PhoneNetwork(transport, twilio.account_sid, twilio.auth_tokens[0], {to.e164: config}, phones.phones)


def test_a_call_that_is_asked_about_again_is_no_redial_and_its_caller_hears_everything(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    url, twilio = phones.service.url, phones.service.settings.twilio
    numbers = {CENTRE.e164: NumberConfig(f"{url}/twilio/voice{CONNECTION}", status_callback=f"{url}/twilio/status")}
    again = AskingAgain(phones, "/twilio/voice", CallrouterAt="2026-11-22T22:00:03+01:00")
    network = PhoneNetwork(again, twilio.account_sid, twilio.auth_tokens[0], numbers, phones.phones)
    call = network.call("+46701740637", CENTRE.e164, instant(SUNDAY_22))
    assert call.errors == ()
    assert [said.language for said in call.said] == ["sv-SE", "en-GB"]
    assert phones.logged(call).is_redial is False
    phones.played.append(call)


@pytest.mark.parametrize(
    ("at", "gone_after", "status"),
    [(MONDAY_11, 5, "canceled"), (SUNDAY_22, 20, "completed")],
    ids=["its first phones ring", "words came before"],
)
def test_the_call_stays_unanswered_only_while_its_first_phones_ring(
    phones: Phones, at: str, gone_after: float, status: str
) -> None:
    """Whoever hangs up then has not paid, and hears the tone of their own network."""
    call = phones.call(CENTRE, at=at, from_="+46701740638", hangs_up_after=gone_after)
    (told,) = (request.form for request in call.requests if request.kind == "call-status")
    assert told["CallStatus"] == status
    assert phones.logged(call).disposition == "abandoned"


def test_words_that_no_answer_can_hold_cost_nobody_the_call(own_service: RunningService) -> None:
    """The provider reads 64 kB: the fail-safe answers in fewer."""
    long = "".join(f"    {language}: {'å' * 2990}\n" for language in LANGUAGES)
    text = own_service.schedule.read_text("utf-8").replace("    message: closed\n", "    message: long\n", 1)
    text = text.replace("    rounds: 2\n", "    rounds: 2\n    message: long\n").replace(
        "messages:\n", f"messages:\n  long:\n{long}"
    )
    own_service.schedule.write_text(text, "utf-8")
    own_service.start()
    stage = Phones(own_service)
    stage.on(GUARD_2, does=answers())
    call = stage.call(CENTRE, at=SUNDAY_22)
    assert call.answered_by == GUARD_2.e164
    assert stage.logged(call).decided_by == "fail-safe"


@pytest.mark.parametrize("word", ["answered-elsewhere", "", None], ids=["a new word", "empty", "none"])
def test_an_end_of_a_dial_that_we_do_not_understand_rings_the_next(phones: Phones, word: str | None) -> None:
    phones.on(GUARD_2, does=answers())
    network = rewritten(phones, CENTRE, "/twilio/voice/next", DialCallStatus=word, DialBridged=None)
    call = network.call(CALLER, CENTRE.e164, instant(SUNDAY_22), Caller(hangs_up_after=40))
    assert call.errors == ()
    assert call.rung[:2] == (GUARD_1.e164, GUARD_2.e164)


@pytest.mark.parametrize("status", ["ringing", "in-progress", "queued", ""])
def test_a_parent_that_nobody_is_connected_with_still_waits(phones: Phones, status: str) -> None:
    """The provider leaves open what CallStatus says there; only the words for an end mean that the caller has gone."""
    phones.on(DESK_1, DESK_2, does=silent())
    phones.on(GUARD_1, does=answers())
    network = phones.network(CENTRE.e164, habits=Habits(unbridged_status=status))
    call = network.call(CALLER, CENTRE.e164, instant(MONDAY_11))
    assert call.errors == ()
    assert call.answered_by == GUARD_1.e164
    phones.played.append(call)


def test_completed_is_no_help_where_a_voicemail_took_the_dial_and_bridged_is_not_told(phones: Phones) -> None:
    phones.on(ANNA, does=voicemail())
    phones.on(BO, does=answers(talks=5))
    network = phones.network(SCREENED.e164, habits=Habits(tells_bridged=False))
    call = network.call(CALLER, SCREENED.e164, instant(SUNDAY_22))
    assert call.answered_by == BO.e164
    assert [leg["outcome"] for leg in phones.logged(call).legs] == ["screened-out", "answered"]
    phones.played.append(call)


@pytest.mark.parametrize("to", [CENTRE, SCREENED, LISTENER, SWITCHBOARD])
def test_a_call_that_another_switchboard_forwards_is_a_call_like_any_other(phones: Phones, to: PhoneNumber) -> None:
    phones.on(DESK_1, ANNA, does=answers())
    call = phones.call(to, at=MONDAY_11, from_="+46406280411", forwarded_from="+46406280412", message=4)
    assert "+46406280412" not in call.rung
    row = phones.logged(call)
    assert (row.number, row.forwarded_from) == ("+46406280411", "+46406280412")
    told = phones.service.run("log", "show", call.sid).stdout.splitlines()[0]
    assert told.endswith("from +464******11, forwarded by +464******12")


@pytest.mark.parametrize("from_", ["anonymous", "+266696687", "+86282452253", "464", "client:x", "", "+4670"])
def test_what_is_no_callers_number_is_never_shown_as_one(phones: Phones, from_: str) -> None:
    """The schedule says `caller-id: caller`; a carrier refuses what is no number (13214), and nobody would be rung."""
    seen: list[str] = []

    def looks(ring: Ring) -> Reaction:
        seen.append(ring.caller_id)
        return answers()(ring)

    phones.on(ANNA, does=looks)
    assert phones.call(SCREENED, at=SUNDAY_22, from_=from_).answered_by == ANNA.e164
    assert seen == [SCREENED.e164]


def test_a_caller_hangs_up_while_we_are_down_and_the_status_callback_tells(own_service: RunningService) -> None:
    """It is all that we ever hear of the call, and it comes when we are back."""
    own_service.start()
    stage = Phones(own_service)
    late = Faults(callbacks=lambda kind, _nth: [60] if kind == "call-status" else None)
    live = stage.network(CENTRE.e164, late).start(CALLER, CENTRE.e164, instant(SUNDAY_22))
    own_service.stop()
    live.advance_to(instant(SUNDAY_22))
    assert live.has_ended
    own_service.start()
    live.run_until_quiet()
    row = stage.logged(live.played())
    assert (row.disposition, row.called, row.unit) == ("unknown", CENTRE.e164, None)
    assert len(stage.rows(live.played())) == 1


def test_whoever_picks_up_hears_of_the_key_within_four_seconds(phones: Phones) -> None:
    """A person who hears nothing for longer hangs up; carriers do, too."""
    phones.on(ANNA, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22)
    prompt = next(entry for entry in call.timeline if entry.kind == "whispered")
    picked_up = next(entry for entry in call.timeline if entry.kind == "picked-up")
    until_key = prompt.detail.partition("Tryck 1")[0] + "Tryck 1"
    assert (prompt.at - picked_up.at).total_seconds() + spoken_seconds(until_key) <= 4


def test_whoever_waits_for_the_next_destination_is_told_so(phones: Phones) -> None:
    phones.on(ANNA, BO, does=voicemail())
    call = phones.call(SCREENED, at=SUNDAY_22)
    kinds = [entry.kind if entry.kind != "said" else entry.detail for entry in call.timeline]
    rings = [place for place, kind in enumerate(kinds) if kind == "rings"]
    assert kinds[rings[1] + 1 : rings[2]].count("Vi försöker med nästa.") == 1
    assert "Vi försöker med nästa." not in kinds[: rings[1]]


def test_whoever_waits_while_a_busy_line_rests_is_told_so(phones: Phones) -> None:
    phones.on(GUARD_1, GUARD_2, does=busy())
    call = phones.call(CENTRE, at=SUNDAY_22)
    told = [entry.detail if entry.kind == "said" else entry.kind for entry in call.timeline]
    again = [place for place, kind in enumerate(told) if kind == "rings"][2]
    assert told[again - 2 : again] == ["Vi försöker igen om en liten stund.", "We will try again in a moment."]


def test_an_outsize_field_and_a_given_address_are_not_kept(own_service: RunningService) -> None:
    """CallToken is over a kilobyte of no use, and a recording's address may lead anywhere: its id is kept alone."""
    own_service.start()
    stage = Phones(own_service)
    call = stage.call(LISTENER, at=SUNDAY_22, message=5)
    assert stage.logged(call).disposition == "message"
    own_service.stop()
    told = _everything(own_service.home)
    assert b"parentCallInfoToken" not in told
    assert b"api.twilio.com" not in told
    assert call.sid.encode() in told


@pytest.mark.parametrize("to", [CENTRE, SCREENED, SWITCHBOARD, LISTENER])
def test_every_answer_comes_well_before_the_provider_gives_up(phones: Phones, to: PhoneNumber) -> None:
    """A read time-out of 3 s for each, and no request but the first attempt is needed."""
    phones.on(ANNA, does=voicemail())
    began = time.monotonic()
    call = phones.call(to, at=SUNDAY_22, message=2)
    assert {exchange.attempts for exchange in call.requests} == {1}
    assert (time.monotonic() - began) / len(call.requests) < 2


@pytest.mark.parametrize("pressed", ["11", "12", "21"])
def test_a_key_that_is_pressed_twice_is_one_key(phones: Phones, pressed: str) -> None:
    phones.on(ANNA, does=answers(presses=pressed))
    phones.on(BO, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22)
    takes = pressed.startswith("1")
    assert call.rung == tuple(numbers_of([ANNA] if takes else [ANNA, BO]))
    assert [leg["outcome"] for leg in phones.logged(call).legs] == (["answered"] if takes else ["declined", "answered"])


def _everything(home: Path) -> bytes:
    """All that stands anywhere after a call: the database's rows, and every file."""
    rows: list[Mapping[str, object]] = []
    with closing(sqlite3.connect(home / "var" / "callrouter.db")) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            rows += database.execute(f"select * from {table}").fetchall()  # noqa: S608 - the tables' own names
    return repr(rows).encode() + b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())

"""What any provider owes, whatever its language; lines.py says which there are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import Message
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import LEAVE_A_MESSAGE
from callrouter.domain.routing import AskMenu, Attempt, Goodbye, Position, Ring, RungPhone, TakeMessage, decide
from callrouter.domain.whisper import DEFAULT_LANGUAGE, taken
from callrouter.telephony.provider import Endpoint, Provider, WebhookRequest
from callrouter.telephony.token import Token, unseal
from callrouter.web.voice import INSTRUCTING, NOTING, SCREENING
from tests.schedules import CENTRE, CLOSED_MESSAGE, DESK_1, DESK_2, GUARD_1, GUARD_2, OPEN_HOUR, numbers_of
from tests.telephony.contract.line import CITIZEN, Happening, Line
from tests.telephony.contract.lines import LINES
from tests.telephony.contract.talk import Talk, everything
from tests.web.stage import SEALER

SCHEDULE = everything()
CALL = RunningCall(
    "call-1",
    CENTRE.e164,
    Caller(PhoneNumber(CITIZEN)),
    decide(SCHEDULE, SCHEDULE.unit("centre"), OPEN_HOUR),
)
BARE = {Endpoint.MESSAGE, Endpoint.RECORDING}


def ring(*phones: PhoneNumber, screened: bool = False, shows_caller: bool = False) -> Ring:
    rung = tuple(RungPhone(phone) for phone in phones)
    where = Position("reception")
    return Ring(Attempt(where, None, rung, 25, OPEN_HOUR, screened=screened, shows_caller=shows_caller))


def test_every_endpoint_is_answered_in_one_way() -> None:
    answered = [*INSTRUCTING, *SCREENING, *NOTING]
    assert sorted(answered) == sorted(Endpoint)


def test_every_endpoint_has_one_path(line: Line) -> None:
    paths = line.provider.paths
    assert sorted(paths.values()) == sorted(Endpoint)
    assert all(path.startswith("/") and "?" not in path for path in paths)


class TestRendering:
    def test_a_menu_waits_for_a_key(self, line: Line) -> None:
        heard = line.heard(line.provider.render(AskMenu((CLOSED_MESSAGE,)), CALL))
        assert (heard.asks_key, heard.sentences, heard.rings) == (True, 2, ())
        assert set(heard.callbacks) == {Endpoint.MENU}

    def test_phones_ring_together(self, line: Line) -> None:
        step = ring(DESK_1, DESK_2)
        heard = line.heard(line.provider.render(step, CALL.ringing(step)))
        assert (list(heard.rings), heard.seconds) == (numbers_of([DESK_1, DESK_2]), 25)
        assert (heard.sentences, heard.waits, heard.hangs_up) == (0, 0, False)
        assert set(heard.callbacks) == {Endpoint.NEXT, Endpoint.LEG}
        assert len(heard.callbacks[Endpoint.LEG]) == 2

    def test_words_and_a_pause_come_before_the_ringing(self, line: Line) -> None:
        step = replace(ring(DESK_1), announce=(CLOSED_MESSAGE,), pause=7)
        heard = line.heard(line.provider.render(step, CALL.ringing(step)))
        assert (heard.sentences, heard.waits, heard.asks_key) == (2, 7, False)
        assert set(heard.callbacks) == {Endpoint.NEXT, Endpoint.LEG, Endpoint.SKIP}

    @pytest.mark.parametrize(("shows_caller", "shown"), [(True, CITIZEN), (False, CENTRE.e164)])
    def test_the_display_shows_whom_the_schedule_says(self, line: Line, shows_caller: bool, shown: str) -> None:
        step = ring(GUARD_1, shows_caller=shows_caller)
        assert line.heard(line.provider.render(step, CALL.ringing(step))).shows == shown

    @pytest.mark.parametrize("caller", [Caller(is_withheld=True), Caller(), Caller(key="0123")])
    def test_where_there_is_no_caller_to_show_our_own_number_is(self, line: Line, caller: Caller) -> None:
        step = ring(GUARD_1, shows_caller=True)
        call = replace(CALL.ringing(step), caller=caller)
        assert line.heard(line.provider.render(step, call)).shows == CENTRE.e164

    @pytest.mark.parametrize("announce", [(), (CLOSED_MESSAGE,)])
    def test_a_message_is_taken(self, line: Line, announce: tuple[Message, ...]) -> None:
        heard = line.heard(line.provider.render(TakeMessage(announce), CALL))
        assert heard.takes_message
        assert heard.rings == ()
        assert set(heard.callbacks) - {Endpoint.SKIP} == BARE

    def test_words_and_the_end(self, line: Line) -> None:
        step = Goodbye((CLOSED_MESSAGE,))
        for document in (line.provider.render(step, CALL), line.provider.render_goodbye(step)):
            heard = line.heard(document)
            assert (heard.sentences, heard.hangs_up, heard.callbacks) == (2, True, {})

    def test_silence_ends_a_whispered_leg(self, line: Line) -> None:
        step = ring(GUARD_1, screened=True)
        heard = line.heard(line.provider.render_whisper(LEAVE_A_MESSAGE, CALL.ringing(step), 0), on_leg=True)
        assert (heard.asks_key, heard.hangs_up) == (True, True)
        assert set(heard.callbacks) == {Endpoint.ACCEPT}

    def test_a_leg_goes_through_or_ends(self, line: Line) -> None:
        through = line.heard(line.provider.render_pick_up(taken(DEFAULT_LANGUAGE)), on_leg=True)
        declined = line.heard(line.provider.render_pick_up(None), on_leg=True)
        assert (through.hangs_up, through.sentences) == (False, 1)
        assert (declined.hangs_up, declined.sentences) == (True, 0)

    def test_the_fail_safe_calls_nothing_back(self, line: Line) -> None:
        heard = line.heard(line.provider.render_fail_safe(FailSafe((DESK_1, DESK_2), CENTRE)))
        assert (list(heard.rings), heard.shows) == (numbers_of([DESK_1, DESK_2]), CENTRE.e164)
        assert (heard.hangs_up, heard.callbacks) == (True, {})

    def test_the_fail_safe_without_a_number_takes_a_message_by_addresses_that_need_no_token(self, line: Line) -> None:
        heard = line.heard(line.provider.render_fail_safe(FailSafe(())))
        assert (heard.takes_message, heard.sentences > 0) == (True, True)
        assert set(heard.callbacks) == BARE
        assert all("?" not in target for targets in heard.callbacks.values() for target in targets)


class TestCallbacks:
    STEP = replace(ring(GUARD_1, DESK_1, screened=True), announce=(CLOSED_MESSAGE,))

    def rendered(self, provider: Provider, line: Line) -> list[tuple[Endpoint, int, str]]:
        """Every callback that can be given, with its place among those of its endpoint."""
        call = CALL.ringing(self.STEP)
        heard = [
            line.heard(provider.render(self.STEP, call)),
            line.heard(provider.render(AskMenu((CLOSED_MESSAGE,)), call)),
            line.heard(provider.render(TakeMessage((CLOSED_MESSAGE,)), call)),
            line.heard(provider.render_whisper(LEAVE_A_MESSAGE, call, 0), on_leg=True),
        ]
        return [
            (endpoint, index, target)
            for answer in heard
            for endpoint, targets in answer.callbacks.items()
            for index, target in enumerate(targets)
        ]

    def test_each_leads_to_its_endpoint_and_carries_the_call(self, line: Line) -> None:
        provider, call = line.provider, CALL.ringing(self.STEP)
        given = self.rendered(provider, line)
        assert {endpoint for endpoint, _, _ in given} == set(Endpoint) - {Endpoint.INCOMING, Endpoint.ENDED}
        for endpoint, index, target in given:
            assert provider.paths[target.partition("?")[0]] is endpoint
            webhook = provider.verified(line.request(target, Happening()))
            assert webhook is not None
            if endpoint in BARE:
                assert webhook.sealed == ""
            else:
                phone = index if endpoint in (Endpoint.LEG, Endpoint.WHISPER, Endpoint.ACCEPT) else None
                assert unseal(SEALER, webhook.sealed) == Token(call, phone)

    def test_none_shows_the_callers_number(self, line: Line) -> None:
        for _, _, target in self.rendered(line.provider, line):
            assert CITIZEN[4:] not in target


class TestRefusal:
    @pytest.mark.parametrize("endpoint", Endpoint)
    def test_a_forged_request_is_refused_and_leaves_nothing_behind(self, line: Line, endpoint: Endpoint) -> None:
        talk = Talk(line)
        path = talk.path(endpoint)
        for forged in line.forgeries(path):
            assert line.provider.verified(forged) is None
            response = talk.voice.handle(path, forged)
            assert response.status == 403
        assert talk.log.entries == []

    @given(st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=40), st.binary(max_size=200))
    def test_nothing_that_anybody_sends_raises_or_is_taken_for_genuine(
        self, target: str, header: str, body: bytes
    ) -> None:
        for name, line in LINES.items():
            request = WebhookRequest("/" + target, {"X-Twilio-Signature": header}, body)
            assert line.provider.verified(request) is None, name

    @pytest.mark.parametrize("query", ["", "?c=forged&call=forged", "?c=%ff&call=%ff", "?c=&call="])
    @pytest.mark.parametrize("endpoint", [Endpoint.NEXT, Endpoint.MENU, Endpoint.SKIP])
    def test_a_broken_token_rings_the_closed_path_at_once(self, line: Line, endpoint: Endpoint, query: str) -> None:
        """A genuine request whose token cannot be opened still has a caller behind it."""
        talk = Talk(line)
        heard = talk.heard(talk.tells(talk.path(endpoint) + query, Happening()))
        assert list(heard.rings) == numbers_of([GUARD_1, GUARD_2])
        assert heard.callbacks == {}

"""What any provider's account owes: its list of calls, the set-up of a number, deletions; and words in trouble."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from callrouter import clock
from callrouter.domain.proving import proving
from callrouter.domain.span import Span
from callrouter.domain.words import Outcome
from callrouter.telephony.provider import (
    Account,
    Direction,
    Endpoint,
    FinishedCall,
    ProviderRefusedError,
    ProviderUnavailableError,
    RecordingGoneError,
    StoredRecording,
)
from callrouter.telephony.token import unseal
from tests.schedules import CENTRE, DESK_1, GUARD_1, OPEN_HOUR, schedule
from tests.telephony.contract.line import Line
from tests.telephony.contract.lines import LINES
from tests.telephony.contract.office import (
    COUNTRIES,
    SOUND,
    AccountLine,
    Answer,
    Kept,
    KeptNumber,
    KeptRecording,
    Office,
    served,
)
from tests.telephony.twilio.signing import BASE
from tests.web.stage import SEALER

EVENING = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
NIGHT = Span(EVENING, EVENING + timedelta(hours=3))
FALLBACK = "https://handler.example.org/fallback"


@dataclass
class Branch:
    """An account, and the office that it speaks with."""

    line: AccountLine
    office: Office
    url: str

    @property
    def account(self) -> Account:
        return self.line.account(self.url)

    def keeps(self, number: int, after: timedelta = timedelta(0), **said: object) -> Kept:
        kept = Kept(self.line.call_id(number), EVENING + after, **said)  # type: ignore[arg-type]
        self.office.calls.append(kept)
        return kept

    def tapes(self, number: int, after: timedelta = timedelta(0), **said: bool) -> None:
        sid, call_id = self.line.recording_sid(number), self.line.call_id(number)
        self.office.stored.append(KeptRecording(sid, call_id, EVENING + after, **said))


@pytest.fixture
def branch(account_line: AccountLine) -> Iterator[Branch]:
    office = Office()
    with served(office, account_line.desk) as url:
        yield Branch(account_line, office, url)
    assert office.complaints == []


def names(calls: Iterator[FinishedCall]) -> list[str]:
    return [call.call_id for call in calls]


class TestTheListOfCalls:
    def test_tells_who_rang_whom_when_and_how_it_ended(self, branch: Branch) -> None:
        kept = branch.keeps(1)
        leg = branch.keeps(2, outcome=Outcome.BUSY, seconds=None, direction=Direction.LEG, parent_id=kept.call_id)
        branch.keeps(3, direction=Direction.OUTBOUND)
        first, second, third = branch.account.finished_calls(NIGHT)
        assert first == FinishedCall(
            *(kept.call_id, None, Direction.INBOUND, kept.from_, kept.to),
            *(kept.started_at, kept.ended_at, Outcome.ANSWERED, 61),
        )
        assert (second.parent_id, second.direction, second.outcome) == (kept.call_id, Direction.LEG, Outcome.BUSY)
        assert (second.seconds, third.direction) == (None, Direction.OUTBOUND)
        assert leg.call_id == second.call_id

    @pytest.mark.parametrize(
        "outcome", [Outcome.ANSWERED, Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED, Outcome.CANCELLED]
    )
    def test_every_end_has_a_word_of_ours(self, branch: Branch, outcome: Outcome) -> None:
        branch.keeps(1, outcome=outcome)
        assert [call.outcome for call in branch.account.finished_calls(NIGHT)] == [outcome]

    def test_holds_what_started_within_the_span_over_midnight(self, branch: Branch) -> None:
        second = timedelta(seconds=1)
        for number, after in enumerate((-second, 0 * second, timedelta(hours=3) - second, timedelta(hours=3))):
            branch.keeps(number, after)
        assert names(branch.account.finished_calls(NIGHT)) == [branch.line.call_id(1), branch.line.call_id(2)]

    def test_goes_through_all_pages_one_by_one(self, branch: Branch) -> None:
        for number in range(10):
            branch.keeps(number, timedelta(minutes=number))
        calls = branch.account.finished_calls(NIGHT)
        next(calls)
        assert len(branch.office.asked) == 1
        assert len(names(calls)) == 9
        assert len(branch.office.asked) > 3

    def test_leaves_out_what_goes_on(self, branch: Branch) -> None:
        branch.keeps(1, outcome=None)
        assert names(branch.account.finished_calls(NIGHT)) == []

    def test_of_an_open_span_runs_until_now(self, branch: Branch) -> None:
        branch.keeps(1, timedelta(days=-1))
        branch.keeps(2, timedelta(days=9))
        assert names(branch.account.finished_calls(Span(EVENING))) == [branch.line.call_id(2)]

    def test_shows_no_number_by_accident(self, branch: Branch, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        kept = branch.keeps(1)
        (call,) = branch.account.finished_calls(NIGHT)
        assert kept.from_[-6:] not in f"{call!r} {call} {caplog.text}"


class TestTheListOfRecordings:
    def test_tells_of_which_call_each_is_and_whether_it_was_asked_for(self, branch: Branch) -> None:
        for number, is_message in ((1, True), (2, False)):
            branch.tapes(number, timedelta(minutes=number), is_message=is_message)
        message, talk = branch.account.recordings(NIGHT)
        minute = EVENING + timedelta(minutes=1)
        expected = StoredRecording(branch.line.recording_sid(1), branch.line.call_id(1), minute, 12, is_message=True)
        assert (message, talk.is_message) == (expected, False)

    def test_leaves_out_what_is_not_there_yet(self, branch: Branch) -> None:
        branch.tapes(1, is_stored=False)
        assert list(branch.account.recordings(NIGHT)) == []

    def test_holds_what_was_begun_within_the_span_over_midnight_page_by_page(self, branch: Branch) -> None:
        second = timedelta(seconds=1)
        for number, after in enumerate((-second, *(number * second for number in range(9)), timedelta(hours=3))):
            branch.tapes(number, after)
        found = [each.sid for each in branch.account.recordings(NIGHT)]
        assert found == [branch.line.recording_sid(number) for number in range(1, 10)]
        assert len(list(branch.account.recordings(Span(EVENING)))) == 10


class TestItsStanding:
    def test_tells_which_countries_may_be_rung(self, branch: Branch) -> None:
        assert tuple(branch.account.countries()) == COUNTRIES

    def test_tells_how_many_calls_there_may_be_at_once(self, branch: Branch) -> None:
        assert branch.account.capacity().most is None
        branch.office.holder.kind = "Trial"
        assert branch.account.capacity().most == 5

    def test_tells_where_calls_to_a_number_are_handled(self, branch: Branch) -> None:
        assert branch.account.region_of(CENTRE) == branch.account.region


def test_it_says_what_time_it_is_there(branch: Branch) -> None:
    assert abs(branch.account.now() - clock.now()) < timedelta(seconds=10)


class TestANumber:
    def test_is_set_up_and_read_back(self, branch: Branch, line: Line) -> None:
        kept = branch.office.numbers[CENTRE.e164] = KeptNumber()
        setup = branch.account.configure(CENTRE, FALLBACK)
        assert (setup.voice_url, setup.status_url) == (kept.voice_url, kept.status_url)
        for url, endpoint in ((setup.voice_url, Endpoint.INCOMING), (setup.status_url, Endpoint.ENDED)):
            assert line.provider.paths[url.removeprefix(BASE).partition("#")[0]] is endpoint
        assert (setup.number, setup.fallback_url, kept.fallback_url) == (CENTRE, FALLBACK, FALLBACK)
        assert setup.overruled_by is None

    def test_is_told_as_it_is_and_as_it_would_be_and_nothing_is_changed(self, branch: Branch) -> None:
        branch.office.numbers[CENTRE.e164] = KeptNumber(fallback_url=FALLBACK)
        before, intended = branch.account.setup(CENTRE), branch.account.intended(CENTRE, FALLBACK)
        assert (before.voice_url, before.fallback_url) == (KeptNumber().voice_url, FALLBACK)
        assert branch.office.numbers == {CENTRE.e164: KeptNumber(fallback_url=FALLBACK)}
        assert branch.account.configure(CENTRE, FALLBACK) == branch.account.setup(CENTRE) == intended

    def test_keeps_its_fallback_unless_another_is_given(self, branch: Branch) -> None:
        branch.office.numbers[CENTRE.e164] = KeptNumber(fallback_url=FALLBACK)
        assert branch.account.configure(CENTRE).fallback_url == FALLBACK

    @pytest.mark.parametrize("what", ["trunk TK1", "application AP1"])
    def test_that_ignores_what_is_set_up_says_why(self, branch: Branch, what: str) -> None:
        branch.office.numbers[CENTRE.e164] = KeptNumber(overruled_by=what)
        assert branch.account.configure(CENTRE).overruled_by == what

    def test_that_is_not_ours_is_refused(self, branch: Branch) -> None:
        branch.office.numbers[CENTRE.e164] = KeptNumber()
        for ask in (branch.account.configure, branch.account.setup):
            with pytest.raises(ProviderRefusedError, match="number"):
                ask(DESK_1)
        assert branch.office.numbers == {CENTRE.e164: KeptNumber()}


class TestARecording:
    def test_is_fetched(self, branch: Branch) -> None:
        sid = branch.line.recording_sid(1)
        branch.office.recordings = {sid}
        assert branch.account.recording(sid) == SOUND

    def test_that_is_gone_is_told_as_gone(self, branch: Branch) -> None:
        with pytest.raises(RecordingGoneError):
            branch.account.recording(branch.line.recording_sid(1))


class TestDeletion:
    def test_of_a_recording_that_is_gone_is_done(self, branch: Branch) -> None:
        sid, other = (branch.line.recording_sid(number) for number in (1, 2))
        branch.office.recordings = {sid, other}
        for _ in range(2):
            branch.account.delete_recording(sid)
        assert branch.office.recordings == {other}

    def test_of_a_call_that_is_gone_is_done(self, branch: Branch) -> None:
        kept, other = branch.keeps(1), branch.keeps(2)
        for _ in range(2):
            branch.account.delete_call(kept.call_id)
        assert branch.office.call_ids == [other.call_id]

    @pytest.mark.parametrize("name", ["", "../Calls/CA1", "https://example.org/x", "RE1?x", "RE" + "1" * 31 + "\n"])
    def test_of_what_is_no_identifier_asks_nobody(self, branch: Branch, name: str) -> None:
        for ask in (branch.account.delete_recording, branch.account.delete_call, branch.account.recording):
            with pytest.raises(ProviderRefusedError, match="identifier"):
                ask(name)
        assert branch.office.asked == []


class TestTrouble:
    """The same for whatever is asked."""

    ASK: dict[str, Callable[[Branch], object]] = {  # noqa: RUF012 - a table of the test
        "list": lambda branch: list(branch.account.finished_calls(NIGHT)),
        "the time": lambda branch: branch.account.now(),
        "set up": lambda branch: branch.account.configure(CENTRE, FALLBACK),
        "recordings": lambda branch: list(branch.account.recordings(NIGHT)),
        "countries": lambda branch: list(branch.account.countries()),
        "calls at once": lambda branch: branch.account.capacity(),
        "delete a recording": lambda branch: branch.account.delete_recording(branch.line.recording_sid(1)),
        "fetch a recording": lambda branch: branch.account.recording(branch.line.recording_sid(2)),
        "delete a call": lambda branch: branch.account.delete_call(branch.line.call_id(1)),
    }

    @pytest.fixture(params=ASK)
    def ask(self, request: pytest.FixtureRequest, branch: Branch) -> Callable[[], object]:
        branch.office.numbers[CENTRE.e164] = KeptNumber()
        branch.office.recordings = {branch.line.recording_sid(2)}
        branch.keeps(1)
        return lambda: self.ASK[request.param](branch)

    @pytest.mark.parametrize("trouble", [[429], [503, 500]])
    def test_that_passes_is_waited_out(self, branch: Branch, ask: Callable[[], object], trouble: list[int]) -> None:
        branch.office.trouble = deque(trouble)
        ask()
        assert branch.office.trouble == deque()

    @pytest.mark.parametrize("status", [429, 503])
    def test_that_stays_is_told_as_passing(self, branch: Branch, ask: Callable[[], object], status: int) -> None:
        branch.office.trouble = deque([status] * 9)
        with pytest.raises(ProviderUnavailableError, match=str(status)):
            ask()
        assert len(branch.office.asked) == 3, "once, and two retries"

    @pytest.mark.parametrize("status", [400, 401, 403])
    def test_that_nobody_can_wait_out_is_told_at_once(
        self, branch: Branch, ask: Callable[[], object], status: int
    ) -> None:
        branch.office.trouble = deque([status] * 9)
        with pytest.raises(ProviderRefusedError, match=str(status)):
            ask()
        assert len(branch.office.asked) == 1

    @pytest.mark.parametrize("what", [what for what in ASK if what not in ("the time", "fetch a recording")])
    def test_the_page_of_somebody_else_is_told_as_passing(self, branch: Branch, what: str) -> None:
        """Whoever answers on the way, in the provider's place: nothing was listed, set or deleted."""
        branch.office.stays = Answer(200, "<!doctype html><title>Welcome</title>")
        with pytest.raises(ProviderUnavailableError, match="not the provider's"):
            self.ASK[what](branch)

    def test_a_provider_that_does_not_answer_is_not_waited_for(self, branch: Branch) -> None:
        branch.office.trouble = deque([0] * 9)
        account = branch.line.account(branch.url, retries=1, timeout_seconds=0.2)
        with pytest.raises(ProviderUnavailableError, match="out of reach"):
            account.delete_recording(branch.line.recording_sid(1))
        assert len(branch.office.asked) == 2

    def test_a_provider_that_is_not_there_is_told(self, account_line: AccountLine) -> None:
        with served(Office(), account_line.desk) as url:
            pass
        with pytest.raises(ProviderUnavailableError, match="out of reach"):
            account_line.account(url).delete_recording(account_line.recording_sid(1))


class TestAnSms:
    def test_arrives_as_it_was_written(self, branch: Branch) -> None:
        branch.account.send_sms("Trygghet", DESK_1, "Missat samtal på Å & Ö")
        assert branch.office.texts == [("Trygghet", DESK_1.e164, "Missat samtal på Å & Ö")]

    def test_is_asked_for_once_for_it_might_come_twice(self, branch: Branch) -> None:
        branch.office.trouble.append(503)
        with pytest.raises(ProviderUnavailableError):
            branch.account.send_sms("Trygghet", DESK_1, "x")
        assert len(branch.office.asked) == 1

    def test_that_is_refused_is_told(self, branch: Branch) -> None:
        branch.office.trouble.append(400)
        with pytest.raises(ProviderRefusedError):
            branch.account.send_sms("Trygghet", DESK_1, "x")


class TestATestCall:
    CALL = proving(schedule(), "security", "test-1", OPEN_HOUR)

    def test_rings_one_phone_and_its_callbacks_carry_it(self, branch: Branch, provider_name: str) -> None:
        assert self.CALL
        branch.account.place_call(self.CALL, SEALER)
        (rung,) = branch.office.rung
        assert (rung.from_, rung.to, rung.seconds) == (CENTRE.e164, GUARD_1.e164, 25)
        paths, carried = LINES[provider_name].provider.paths, []
        for target in (rung.picked_up, rung.told):
            path, _, query = target.partition("?")
            token = unseal(SEALER, next(value for _, value in parse_qsl(query)))
            carried.append((paths[path], token.call, token.phone))
        assert carried == [(Endpoint.WHISPER, self.CALL, 0), (Endpoint.LEG, self.CALL, 0)]

    @pytest.mark.parametrize(("status", "error"), [(503, ProviderUnavailableError), (400, ProviderRefusedError)])
    def test_is_asked_for_once_for_it_might_ring_twice(
        self, branch: Branch, status: int, error: type[Exception]
    ) -> None:
        assert self.CALL
        branch.office.trouble.append(status)
        with pytest.raises(error):
            branch.account.place_call(self.CALL, SEALER)
        assert len(branch.office.asked) == 1

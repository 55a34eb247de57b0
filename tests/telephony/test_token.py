"""The sealed token: what goes in comes out, and nobody else can read it or make one."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Attempt, Decision, Position, RungPhone
from callrouter.domain.words import DecidedBy, Origin, State
from callrouter.sealing import BrokenSealError, Sealer
from callrouter.telephony.token import Token, for_phone, seal, seal_call, unseal

SEALER = Sealer("the key of today, long enough")
YESTERDAY = Sealer("the key of yesterday, long enough")
ROTATING = Sealer("the key of today, long enough", "the key of yesterday, long enough")

TEXT = st.text(max_size=30)
NUMBERS = st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z").map(PhoneNumber)
INSTANTS = st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SMALL = st.integers(0, 20)
CALLERS = st.builds(Caller, st.none() | NUMBERS, st.booleans(), st.none() | TEXT, st.none() | NUMBERS)
DECISIONS = st.builds(
    Decision,
    unit=st.none() | TEXT,
    state=st.sampled_from(State),
    decided_by=st.sampled_from(DecidedBy),
    reason=TEXT,
    line=st.none() | SMALL,
    destination=TEXT,
    schedule_version=st.none() | TEXT,
    at=INSTANTS,
    local_time=TEXT,
)
PHONES = st.lists(st.builds(RungPhone, NUMBERS, st.none() | TEXT), max_size=10).map(tuple)
ATTEMPTS = st.builds(
    Attempt,
    st.builds(Position, TEXT, SMALL, SMALL, SMALL),
    st.none() | TEXT,
    PHONES,
    st.integers(5, 120),
    INSTANTS,
    screened=st.booleans(),
    shows_caller=st.booleans(),
)
CALLS = st.builds(RunningCall, TEXT, TEXT, CALLERS, DECISIONS, st.sampled_from(Origin), st.none() | ATTEMPTS)
TOKENS = st.builds(Token, CALLS, st.none() | SMALL)

CALL = RunningCall(
    "CA1",
    "+46846500400",
    Caller(PhoneNumber("+46701740650")),
    Decision(
        unit="centre",
        state=State.OPEN,
        decided_by=DecidedBy.HOURS,
        reason="mon-fri 10:00-15:00",
        line=14,
        destination="reception",
        schedule_version="v1",
        at=datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC),
        local_time="2026-11-23T11:00:00+01:00",
    ),
)


def resealed(change: object) -> str:
    """A token of ours whose content somebody with our key wrote otherwise."""
    return SEALER.seal(json.dumps(change))


def content(**changes: object) -> dict[str, object]:
    said: dict[str, object] = json.loads(SEALER.open(seal(SEALER, Token(CALL))))
    return said | changes


@given(TOKENS)
def test_what_goes_in_comes_out(token: Token) -> None:
    opened = unseal(SEALER, seal(SEALER, token))
    assert opened == token
    assert opened.call.decision.id == token.call.decision.id
    assert [event.id for event in opened.call.told()] == [event.id for event in token.call.told()]


def test_a_token_from_before_it_was_told_who_forwarded_is_opened() -> None:
    content = json.loads(SEALER.open(seal(SEALER, Token(CALL))))
    del content["via"]
    assert unseal(SEALER, resealed(content)) == Token(CALL)


def test_words_come_back_as_words_and_instants_as_aware_utc() -> None:
    call = unseal(SEALER, seal(SEALER, Token(CALL, 3))).call
    assert (call.decision.state, call.decision.decided_by, call.origin) == (State.OPEN, DecidedBy.HOURS, Origin.REAL)
    assert type(call.decision.state) is State
    assert call.decision.at.utcoffset() == timedelta(0)
    assert call.decision.at.microsecond == 123456


@given(TOKENS)
def test_it_stands_in_an_address_as_it_is_and_tells_nobody_anything(token: Token) -> None:
    sealed, _, phone = seal(SEALER, token).partition(".")
    assert phone == ("" if token.phone is None else str(token.phone))
    assert set(sealed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=")
    number = token.call.caller.number
    if number:
        digits = number.e164[1:]
        assert digits not in sealed
        assert digits.encode() not in base64.urlsafe_b64decode(sealed)


def test_two_tokens_of_the_same_call_are_not_alike() -> None:
    assert seal(SEALER, Token(CALL)) != seal(SEALER, Token(CALL))


def test_a_token_of_a_usual_call_is_about_one_kb() -> None:
    attempt = Attempt(
        Position("reception"), "Nordbevakning AB", (RungPhone(PhoneNumber("+46846500410")),) * 2, 20, CALL.decision.at
    )
    assert len(seal(SEALER, Token(replace(CALL, attempt=attempt)))) < 1100


class TestRotation:
    def test_what_the_old_key_sealed_is_opened_while_both_are_known(self) -> None:
        assert unseal(ROTATING, seal(YESTERDAY, Token(CALL))).call == CALL

    def test_the_new_key_seals(self) -> None:
        assert unseal(SEALER, seal(ROTATING, Token(CALL))).call == CALL

    def test_a_retired_key_opens_nothing(self) -> None:
        with pytest.raises(BrokenSealError, match="was not sealed with this service's key"):
            unseal(SEALER, seal(YESTERDAY, Token(CALL)))
        with pytest.raises(BrokenSealError):
            unseal(YESTERDAY, seal(ROTATING, Token(CALL)))


def test_a_call_is_sealed_once_for_all_its_phones() -> None:
    sealed = seal_call(SEALER, CALL)
    for phone in (None, 0, 7):
        assert unseal(SEALER, for_phone(sealed, phone)) == Token(CALL, phone)


def test_a_token_of_the_release_before_carries_its_phone_in_the_seal() -> None:
    assert unseal(SEALER, resealed(content(phone=3))) == Token(CALL, 3)


@pytest.mark.parametrize("phone", ["x", "\u00b2", "1.5"])
def test_a_phone_that_is_none_breaks_the_token(phone: str) -> None:
    with pytest.raises(BrokenSealError, match="the token cannot be read"):
        unseal(SEALER, f"{seal_call(SEALER, CALL)}.{phone}")


@pytest.mark.parametrize("sealed", ["", " ", "x", "gAAAAA==", "å", "\ud800", "\x00", "=" * 4000, "c=" + "A" * 100])
def test_what_was_never_a_token_is_not_opened(sealed: str) -> None:
    with pytest.raises(BrokenSealError):
        unseal(SEALER, sealed)


def test_a_token_changed_in_any_one_place_is_not_opened() -> None:
    sealed = seal(SEALER, Token(CALL))
    raw = bytearray(base64.urlsafe_b64decode(sealed))
    for place in range(len(raw)):
        raw[place] ^= 1
        with pytest.raises(BrokenSealError):
            unseal(SEALER, base64.urlsafe_b64encode(raw).decode())
        raw[place] ^= 1
    assert unseal(SEALER, sealed).call == CALL


@pytest.mark.parametrize("part", [slice(0, 10), slice(0, -1), slice(1, None), slice(0, -60)])
def test_a_piece_of_a_token_is_not_opened(part: slice) -> None:
    with pytest.raises(BrokenSealError):
        unseal(SEALER, seal(SEALER, Token(CALL))[part])


def test_another_format_is_refused_and_named() -> None:
    with pytest.raises(BrokenSealError, match="the token has format 2, expected 1"):
        unseal(SEALER, resealed(content(v=2)))


DECISION = ["centre", "open", "hours", "why", 14, "reception", "v1", "2026-11-23T10:00:00+00:00", "11:00"]
ATTEMPT = [["reception", 0, 0, 0], None, [["+46846500410", None]], 20, "2026-11-23T10:00:00+00:00", False, False]


@pytest.mark.parametrize(
    "change",
    [
        None,
        [],
        "v",
        1,
        {},
        content(id=None) | {"decision": []},
        {name: value for name, value in content().items() if name != "to"},
        content(**{"from": "464"}),
        content(**{"from": 46701740650}),
        content(origin="elsewhere"),
        content(decision=[*DECISION, "more"]),
        content(decision=[*DECISION[:1], "ajar", *DECISION[2:]]),
        content(decision=[*DECISION[:7], "yesterday", "11:00"]),
        content(decision=[*DECISION[:7], None, "11:00"]),
        content(attempt=ATTEMPT[:-1]),
        content(attempt=[["reception", 0, 0, 0, 0], *ATTEMPT[1:]]),
        content(attempt=[*ATTEMPT[:2], [["112", None]], *ATTEMPT[3:]]),
        content(attempt=[*ATTEMPT[:2], None, *ATTEMPT[3:]]),
        content(attempt=7),
    ],
)
def test_a_content_we_do_not_understand_is_a_broken_token(change: object) -> None:
    with pytest.raises(BrokenSealError, match="the token cannot be read"):
        unseal(SEALER, resealed(change))


def test_the_contents_above_are_refused_for_what_was_changed_in_them() -> None:
    opened = unseal(SEALER, resealed(content(decision=DECISION, attempt=ATTEMPT)))
    assert opened.call.attempt is not None
    assert opened.call.attempt.position == Position("reception")

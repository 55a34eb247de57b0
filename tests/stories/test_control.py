"""What people decide by hand, from the command line to the caller: overrides and blocks on a running service."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.control import add_block, add_override, blocks, end_block, end_override, overrides
from callrouter.calllog.database import Database
from callrouter.domain.control import Block, Override
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.domain.words import State
from callrouter.sealing import Pseudonymizer
from callrouter.telephony.simulator import answers
from tests.schedules import CENTRE, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, STOCKHOLM
from tests.service import RunningService, until
from tests.stories.conftest import Phones, instant

ALARM = PhoneNumber("+46846500499")
SWITCHBOARD = PhoneNumber("+46846500462")
CITIZEN, ANOTHER = "+46701740640", "+46701740641"
WHY = ("--why", "Personalmöte")


def monday(clock_time: str) -> str:
    """That time of a Monday that is still to come: an override holds from now on, and no earlier."""
    today = clock.now().astimezone(STOCKHOLM).date()
    return f"{today + timedelta(days=7 - today.weekday())} {clock_time}"


@dataclass
class Desk:
    """Whoever decides by hand, beside the service."""

    service: RunningService

    def does(self, *arguments: str) -> str:
        """What a command says; it must work."""
        done = self.service.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def holds(self, *, overrides: int = 0, blocks: int = 0) -> None:
        """Wait until the running service goes by as many."""

        def is_so() -> bool:
            state = self.service.ready()["control"]
            return (state["ok"], state["overrides"], state["blocks"]) == (True, overrides, blocks)

        until(is_so, f"{overrides} overrides and {blocks} blocks hold: {self.service.ready()['control']}", 8)

    def override(self, *words: str, unit: str = "centre", holds: int = 1) -> str:
        """Make one, and wait until it holds."""
        said = self.does("override", *words, "--unit", unit, "--who", "anna", *WHY)
        self.holds(overrides=holds)
        return said

    def end_all(self) -> None:
        """Leave nothing behind for the next story."""
        now, database = clock.now(), Database(self.service.settings.storage.database_url)
        with database.writing() as connection:
            for override in overrides(connection, now):
                end_override(connection, override.id, now, "story", None)
            for block in blocks(connection, now):
                end_block(connection, block.id, now, "story", None)
        database.close()
        self.holds()


@pytest.fixture(scope="module")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service of these stories alone: what is decided by hand would be in the way of others."""
    service = RunningService(tmp_path_factory.mktemp("service"), Path(__file__).parent / "schedule.yaml")
    service.start()
    yield service
    assert service.stop() == 0


@pytest.fixture
def desk(shared_service: RunningService) -> Iterator[Desk]:
    desk = Desk(shared_service)
    yield desk
    desk.end_all()


class TestOverride:
    def test_closed_by_hand_a_call_in_opening_hours_goes_to_security(self, phones: Phones, desk: Desk) -> None:
        said = desk.override("close", "--until", monday("18:00"))
        assert "Trygghetscenter is closed, its calls go to 'security'." in said
        phones.on(GUARD_1, does=answers())
        call = phones.call(CENTRE, at=monday("11:00"))
        assert call.said[0].text == "Vi har stängt och kopplar dig till vårt bevakningsföretag."
        assert call.rung == (GUARD_1.e164,)
        row = phones.logged(call)
        assert (row.state, row.decided_by, row.line) == ("closed", "override", None)
        assert row.reason.endswith(f": closed until {monday('18:00')} by anna: Personalmöte")
        assert row.reason.startswith("override ")

    def test_it_ends_by_itself(self, phones: Phones, desk: Desk) -> None:
        desk.override("close", "--until", monday("12:00"))
        phones.on(DESK_1, GUARD_1, does=answers())
        just_before, then = (phones.call(CENTRE, at=monday(at), from_=CITIZEN) for at in ("11:59:59", "12:00"))
        assert (phones.logged(just_before).decided_by, phones.logged(then).decided_by) == ("override", "hours")
        assert then.answered_by == DESK_1.e164

    def test_opened_by_hand_the_front_desk_rings_at_night(self, phones: Phones, desk: Desk) -> None:
        desk.override("open", "--until", monday("23:00"))
        phones.on(DESK_1, does=answers())
        call = phones.call(CENTRE, at=monday("22:00"))
        assert (call.said, call.answered_by) == ((), DESK_1.e164)
        assert phones.logged(call).state == "open"

    @pytest.mark.parametrize(("at", "state"), [("11:30", "open"), ("21:00", "closed")])
    def test_sent_elsewhere_the_call_goes_there_open_or_closed(
        self, phones: Phones, desk: Desk, at: str, state: str
    ) -> None:
        desk.override("send-to", "duty-officer", "--until", monday("23:00"))
        phones.on(DUTY_OFFICER, does=answers())
        call = phones.call(CENTRE, at=monday(at))
        assert call.rung == (DUTY_OFFICER.e164,)
        row = phones.logged(call)
        assert (row.state, row.decided_by, row.answered_destination) == (state, "override", "duty-officer")
        assert f": to duty-officer until {monday('23:00')} by anna: " in row.reason

    def test_of_two_the_one_made_last_decides_and_ended_the_other_again(self, phones: Phones, desk: Desk) -> None:
        desk.override("close", "--until", monday("18:00"))
        said = desk.override("send-to", "duty-officer", "--until", monday("18:00"), holds=2)
        assert "It goes before override " in said
        phones.on(DUTY_OFFICER, GUARD_1, DESK_1, does=answers())
        assert phones.call(CENTRE, at=monday("10:00"), from_="+46701740642").answered_by == DUTY_OFFICER.e164
        for number, holds, phone, caller in ((0, 1, GUARD_1, "+46701740643"), (0, 0, DESK_1, "+46701740644")):
            newest = json.loads(desk.does("override", "list", "--json").splitlines()[number])
            desk.does("override", "end", str(newest["id"]), "--why", "klart")
            desk.holds(overrides=holds)
            assert phones.call(CENTRE, at=monday("10:00"), from_=caller).answered_by == phone.e164

    def test_a_call_that_has_arrived_keeps_its_decision(self, phones: Phones, desk: Desk) -> None:
        live = phones.starts(CENTRE, at=monday("11:00"))
        live.advance_to(instant(monday("11:00:05")))
        desk.override("send-to", "duty-officer", "--until", monday("18:00"))
        phones.on(GUARD_1, does=answers())
        call = phones.ends(live)
        assert call.rung == (DESK_1.e164, DESK_2.e164, GUARD_1.e164)
        assert phones.logged(call).decided_by == "hours"

    def test_it_holds_for_a_unit_that_is_chosen_from_a_menu(self, phones: Phones, desk: Desk) -> None:
        desk.override("send-to", "duty-officer", "--until", monday("18:00"), unit="screened")
        phones.on(DUTY_OFFICER, does=answers())
        call = phones.call(SWITCHBOARD, at=monday("11:00"), from_="+46701740645", keys=("2",))
        assert call.answered_by == DUTY_OFFICER.e164
        row = phones.logged(call)
        assert (row.unit, row.decided_by) == ("screened", "override")

    def test_making_and_ending_one_is_announced_in_the_services_log(self, desk: Desk) -> None:
        desk.override("close", "--until", monday("18:00"))
        number = json.loads(desk.does("override", "list", "--json"))["id"]
        desk.does("override", "end", str(number), "--why", "mötet är slut", "--who", "bo")
        desk.holds()
        named = f"override={number} unit=centre effect='closed'"
        made = f"{named} made_by='anna' why='Personalmöte' end={instant(monday('18:00')).isoformat()}"
        for told in (made, f"{named} ended_by='bo' why='mötet är slut' end="):
            until(lambda told=told: told in desk.service.log(), f"the log says: {told}")


class TestAlarmUnit:
    def test_it_cannot_be_closed_and_nobody_can_be_blocked_there(self, desk: Desk) -> None:
        until_ = ("--until", monday("18:00"))
        for words in (["override", "close"], ["override", "send-to", "sorry"], ["block", CITIZEN]):
            done = desk.service.run(*words, "--unit", "larm", *until_, *WHY)
            assert (done.returncode, "is an alarm unit" in done.stderr) == (1, True), done.stderr
        desk.holds()

    def test_what_stands_in_the_database_all_the_same_is_not_followed(self, phones: Phones, desk: Desk) -> None:
        settings = desk.service.settings
        keys = Pseudonymizer(settings.privacy_key)
        span = Span(clock.now(), instant(monday("18:00")))
        database = Database(settings.storage.database_url)
        with database.writing() as connection:
            add_override(connection, Override(0, "larm", span, State.CLOSED, None, "x", "x"))
            add_override(connection, Override(0, "larm", span, None, "sorry", "x", "x"))
            add_block(connection, Block(0, "larm", keys.key(CITIZEN), keys.key_id, span, "x", "x"))
        database.close()
        desk.holds(overrides=2, blocks=1)
        phones.on(GUARD_1, does=answers())
        call = phones.call(ALARM, at=monday("11:00"), from_=CITIZEN)
        assert call.answered_by == GUARD_1.e164
        assert phones.logged(call).decided_by == "always"


class TestBlock:
    def block(self, desk: Desk, number: str) -> None:
        desk.does("block", number, "--unit", "centre", "--until", monday("18:00"), "--who", "anna", "--why", "hot")
        desk.holds(blocks=1)

    def test_a_blocked_caller_hears_a_polite_sentence_and_nobody_is_rung(self, phones: Phones, desk: Desk) -> None:
        self.block(desk, CITIZEN)
        phones.on(DESK_1, GUARD_1, does=answers())
        for at in ("11:00", "11:02", "17:00"):  # also when they try again at once, and when it is closed
            call = phones.call(CENTRE, at=monday(at), from_=CITIZEN)
            assert [said.text for said in call.said] == [
                "Tyvärr kan vi inte ta emot det här samtalet. Vid fara för liv, ring 1 1 2.",
                "Sorry, we cannot take this call. In an emergency, call 1 1 2.",
            ]
            assert (call.legs, call.ended_by) == ((), "service")
            row = phones.logged(call)
            assert (row.disposition, row.decided_by, row.unit) == ("blocked", "block", "centre")
            assert row.reason.endswith(f" until {monday('18:00')} by anna")

    def test_nobody_else_is_and_they_reach_other_units(self, phones: Phones, desk: Desk) -> None:
        self.block(desk, CITIZEN)
        phones.on(DESK_1, GUARD_1, does=answers())
        called = [(CENTRE, ANOTHER, "11:30"), (CENTRE, "anonymous", "11:30"), (ALARM, CITIZEN, "11:30")]
        calls = [phones.call(to, at=monday(at), from_=caller) for to, caller, at in called]
        over = phones.call(CENTRE, at=monday("18:00"), from_=CITIZEN)
        assert [phones.logged(call).disposition for call in (*calls, over)] == ["answered"] * 4

    def test_ended_they_are_put_through_again(self, phones: Phones, desk: Desk) -> None:
        self.block(desk, CITIZEN)
        number = json.loads(desk.does("block", "list", "--json"))["id"]
        desk.does("block", "end", str(number))
        desk.holds()
        phones.on(DESK_1, does=answers())
        assert phones.call(CENTRE, at=monday("13:00"), from_=CITIZEN).answered_by == DESK_1.e164


def test_a_service_that_starts_without_its_database_still_goes_by_them(own_service: RunningService) -> None:
    own_service.start()
    desk, stage = Desk(own_service), Phones(own_service)
    desk.override("close", "--until", monday("18:00"))
    desk.does("block", CITIZEN, "--unit", "centre", "--until", monday("18:00"), *WHY)
    desk.holds(overrides=1, blocks=1)
    own_service.stop()
    database = own_service.home / "var" / "callrouter.db"
    away = database.rename(database.with_name("away.db"))
    database.mkdir()

    own_service.start()
    state = own_service.ready()["control"]
    assert (state["ok"], state["source"], state["overrides"], state["blocks"]) == (False, "last-good", 1, 1)
    stage.on(DESK_1, GUARD_1, does=answers())
    closed = stage.call(CENTRE, at=monday("11:00"), from_=ANOTHER)
    blocked = stage.call(CENTRE, at=monday("11:00"), from_=CITIZEN)
    assert (closed.answered_by, blocked.legs) == (GUARD_1.e164, ())

    database.rmdir()
    away.rename(database)
    desk.holds(overrides=1, blocks=1)
    assert [stage.logged(call).decided_by for call in (closed, blocked)] == ["override", "block"]

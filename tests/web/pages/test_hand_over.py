"""The hand-over: what happened while a unit was closed, ticked off by whoever opens it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from callrouter.calllog.calling_back import finish, take
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.hand_over import LISTED
from callrouter.calllog.review import add_follow_up
from callrouter.calllog.writes import write_entries
from callrouter.calls.hand_overs import counted, hand_overs
from callrouter.domain.call import Caller, CallEvent, LegUpdate, RunningCall, call_ended, message_left
from callrouter.domain.control import NO_CONTROL, Control, Override
from callrouter.domain.decision import decide
from callrouter.domain.review import Act, Task
from callrouter.domain.routing import Ring, first_step
from callrouter.domain.span import Span
from callrouter.domain.words import CallBackResult, LegStatus, Origin, Outcome, Role, State
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, call_rows
from tests.people.somebody import deeds
from tests.web.pages.house import LOADED, House

SCHEDULE = LOADED.schedule
EVENING = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # Monday 19:30
MORNING = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)  # Tuesday 08:05
AT_OPENING = "2026-11-24T07:00:00+00:00"
CLOSED_BY_HAND = Control(
    (Override(1, "trygghetscenter", Span(MORNING, MORNING + timedelta(hours=1)), State.CLOSED, None, "x", "anna"),)
)


def call(call_id: str, at: datetime, control: Control = NO_CONTROL, unit: str = "trygghetscenter") -> RunningCall:
    assert SCHEDULE
    known = SCHEDULE.unit(unit)
    decision = decide(SCHEDULE, known, at, control)
    step = first_step(SCHEDULE, decision, at)
    running = RunningCall(call_id, known.numbers[0].e164, Caller(CITIZEN), decision)
    return running.ringing(step) if isinstance(step, Ring) else running


def over(running: RunningCall, seconds: int, *events: CallEvent) -> Entry:
    end = running.decision.at + timedelta(seconds=seconds)
    last = call_ended(running.call_id, running.called, "completed", seconds, Origin.REAL, end)
    return Entry((*running.told(), *events, last), CITIZEN)


def answered(call_id: str, at: datetime) -> Entry:
    running = call(call_id, at)
    assert running.attempt
    to, taken, end = running.attempt.phones[0].number.e164, at + timedelta(seconds=20), at + timedelta(seconds=80)
    picked_up = running.leg(to, LegUpdate(LegStatus.PICKED_UP, "CAx"), taken - timedelta(seconds=5))
    ended = running.leg(to, LegUpdate(LegStatus.ENDED, "CAx", Outcome.ANSWERED, 65), end)
    return over(running, 80, picked_up, running.key_pressed(to, taken, accepts=True), ended, running.hung_up(end))


def left_message(call_id: str, at: datetime) -> Entry:
    return over(call(call_id, at), 40, message_left(call_id, "RE1", 14, at + timedelta(seconds=40), began_at=at))


def gone(call_id: str, at: datetime, control: Control = NO_CONTROL, unit: str = "trygghetscenter") -> Entry:
    return over(call(call_id, at, control, unit), 12)


def keep(house: House, *told: Entry) -> None:
    write_entries(house.database, PSEUDONYMIZER, list(told))
    catch_up(house.database)


@pytest.fixture
def morning(house: House) -> House:
    """Tuesday, five past eight: three have called since yesterday."""
    keep(
        house,
        answered("CA1", EVENING),
        left_message("CA2", EVENING + timedelta(hours=3)),
        gone("CA3", MORNING - timedelta(hours=1)),
    )
    house.now = MORNING
    return house


def shown(house: House, path: str = "/hand-over", language: str = "sv") -> str:
    return " ".join(house.signed_in(Role.REVIEWER).speaks(language).get(path).text.split())


def ticked(house: House) -> dict[str, str | None]:
    return {row.call_id: row.reviewed_by for row in call_rows(house.database)}


class TestThePage:
    def test_each_call_since_closing_with_outcome_who_took_it_and_what_is_left(self, morning: House) -> None:
        page = shown(morning)
        assert "Stängt från i går 17:00 till i dag 08:00" in page
        assert "3 samtal: besvarat 1, meddelande lämnat 1, övergivet 1" in page
        assert "<strong>Besvarat</strong> av anna, Nordbevakning AB" in page
        assert "svar efter 20 s · talade 1 min" in page
        assert "<strong>Meddelande lämnat</strong>, 14 s" in page
        assert page.count("+467******50") == 3
        assert CITIZEN.e164 not in page
        assert page.count('href="/call-backs?unit=trygghetscenter"') == 2
        assert page.index("i går 19:30") < page.index("i går 22:30") < page.index("i dag 07:05")
        assert "3 calls: answered 1" in shown(morning, language="en")

    def test_a_single_call(self, house: House) -> None:
        keep(house, gone("CA1", MORNING - timedelta(hours=1)))
        house.now = MORNING
        assert ["1 call: abandoned 1" in shown(house, language="en"), "1 samtal: övergivet 1" in shown(house)] == [
            True
        ] * 2

    def test_today_leads_to_the_newest_opening_with_something_left(self, morning: House) -> None:
        def link() -> str:
            return (
                shown(morning, "/today").partition('id="to-hand-over" href="')[2].partition('"')[0].replace("%2B", "+")
            )

        opened = link()
        assert opened.startswith("/hand-over?at=2026-11-24T")
        assert "Stängt från i går 17:00 till i dag 08:00" in shown(morning, opened)
        morning.now += timedelta(days=1)
        assert link() == opened
        morning.now = MORNING - timedelta(minutes=30)
        assert link() == "/hand-over"

    def test_what_happened_while_it_was_open_is_not_handed_over(self, morning: House) -> None:
        keep(morning, gone("CA4", MORNING), gone("CA5", EVENING - timedelta(hours=4)))
        page = shown(morning)
        assert "3 samtal" in page

    def test_but_while_it_was_held_closed_by_hand(self, morning: House) -> None:
        keep(morning, gone("CA4", MORNING, CLOSED_BY_HAND))
        assert "4 samtal" in shown(morning)

    def test_while_it_is_closed_still(self, morning: House) -> None:
        morning.now = EVENING + timedelta(hours=4)
        page = shown(morning)
        assert "Stängt sedan i dag 17:00, öppnar i morgon 08:00" in page

    def test_a_follow_up(self, morning: House) -> None:
        task = Task("Skicka blankett", "bo", MORNING + timedelta(hours=3))
        with morning.database.writing() as connection:
            add_follow_up(connection, (EVENING.date(), "CA1"), Act("anna", EVENING), task)
        assert "Uppföljning, bo, senast i dag 11:05: Skicka blankett" in shown(morning)

    def test_who_has_been_called_back_and_what_came_of_it(self, morning: House) -> None:
        call = (MORNING.date(), "CA3")
        with morning.database.writing() as connection:
            taken = take(connection, call, Act("anna", MORNING - timedelta(minutes=20)))
            assert taken
            finish(connection, taken.id, Act("anna", MORNING - timedelta(minutes=15)), CallBackResult.REACHED)
        page = shown(morning)
        assert page.count("anna ringde upp i dag 07:45: fick tag i personen") == 2, "they had called twice"
        assert 'href="/call-backs?unit=trygghetscenter"' not in page

    def test_a_quiet_night_and_a_unit_that_never_closes(self, morning: House) -> None:
        page = shown(morning)
        assert page.count("Inga samtal.") == 2
        assert "lämnar inget över: Larm" in page

    def test_one_unit(self, morning: House) -> None:
        page = shown(morning, "/hand-over?unit=fältgruppen")
        assert "Inga samtal." in page
        assert "Besvarat" not in page
        assert "Ingen enhet har varit stängd" in shown(morning, "/hand-over?unit=larm")
        assert morning.signed_in(Role.REVIEWER).get("/hand-over?unit=zzz").status_code == 404

    def test_a_number_that_is_not_kept(self, morning: House) -> None:
        running = call("CA4", EVENING, unit="brottsofferstöd")
        write_entries(morning.database, PSEUDONYMIZER, [Entry(over(running, 12).events)])
        catch_up(morning.database)
        page = shown(morning, "/hand-over?unit=brottsofferstöd")
        assert "numret sparas inte" in page
        assert ">Ta hand om</a>" in page
        assert ">Ring upp</a></p>" not in page

    def test_who_prints_it_and_when(self, morning: House) -> None:
        assert "Utskriven av bertil, tisdag 24 november 2026 08:05" in shown(morning)

    def test_without_a_schedule(self, morning: House) -> None:
        morning.loaded = type(LOADED)()
        assert "Ingen enhet har varit stängd" in shown(morning)


class TestEarlier:
    def test_each_opening_can_be_chosen_and_says_what_is_left(self, morning: House) -> None:
        morning.now = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)  # 13:05, after lunch
        page = shown(morning)
        assert f'value="{AT_OPENING}">i dag 08:00, Trygghetscenter (3 kvar)' in page
        assert "Besvarat" not in page
        page = shown(morning, "/hand-over?at=2026-11-24T07:00:00%2B00:00")
        assert "Som det var i dag 08:00" in page
        assert f'value="{AT_OPENING}" selected' in page
        assert "Besvarat" in page

    def test_many_calls_of_an_earlier_closing_hide_none_of_a_later(self, morning: House) -> None:
        earlier = EVENING - timedelta(days=3)
        keep(morning, *(gone(f"CA1{number:03}", earlier + timedelta(minutes=number)) for number in range(101)))
        page = shown(morning)
        assert "i dag 08:00, Trygghetscenter (3 kvar)" in page
        assert "Trygghetscenter (100+ kvar)" in page
        assert "Överlämning: <strong>100+</strong> samtal ej avbockade" in shown(morning, "/today")

    def test_step_by_step_back_in_time(self, morning: House) -> None:
        path, seen = "/hand-over?unit=trygghetscenter", []
        for _ in range(4):
            page = shown(morning, path)
            path = page.partition('class="act" href="')[2].partition('"')[0].replace("&amp;", "&")
            seen.append(path.partition("at=")[2][:16])
        assert seen == ["2026-11-23T12:00", "2026-11-23T07:00", "2026-11-20T07:00", "2026-11-19T12:00"]

    @pytest.mark.parametrize(
        "at", ["x", "2026-11-24T07:00", "2099-01-01T00:00Z", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "%00"]
    )
    def test_what_is_no_such_instant_is_now(self, morning: House, at: str) -> None:
        assert "Det som hände medan det var stängt" in shown(morning, f"/hand-over?at={at}")


class TestMoreThanCanBeListed:
    @pytest.fixture
    def busy(self, morning: House) -> House:
        calls = [gone(f"CA1{number:03}", EVENING + timedelta(minutes=number)) for number in range(LISTED)]
        open_ones = {"CA4": MORNING - timedelta(hours=2), "CA5": MORNING - timedelta(hours=5)}
        keep(morning, *calls, *(Entry(tuple(call(name, at).told()), CITIZEN) for name, at in open_ones.items()))
        return morning

    def test_then_units_are_counted(self, busy: House) -> None:
        page = shown(busy)
        assert "Samtalen är för många för att listas på en gång" in page
        row = page.partition('href="/hand-over?unit=trygghetscenter"')[2].partition("</tr>")[0]
        assert f'data-label="Samtal">{LISTED + 5}</td>' in row
        assert f'data-label="Kvar att bocka av">{LISTED + 4}</td>' in row  # one goes on still
        assert f"övergivet {LISTED + 1}, besvarat 1" in row
        assert "pågår 1" in row
        assert "slutet okänt 1" in row
        assert "Stängt från i går 17:00 till i dag 08:00" in row
        assert "Bocka av" not in page.partition("<main")[2]
        assert "lämnar inget över: Larm" in page

    def test_the_counts_are_those_of_the_lists(self, busy: House) -> None:
        assert SCHEDULE
        units = list(SCHEDULE.units.values())
        with busy.database.reading() as connection:
            for at in (MORNING, EVENING, MORNING - timedelta(hours=2)):
                listed = hand_overs(connection, units, Origin.REAL, at, MORNING)
                sums = counted(connection, units, Origin.REAL, at, MORNING)
                assert [one.unit for one in sums] == [one.unit for one in listed]
                for one, of_it in zip(sums, listed, strict=True):
                    assert (one.counted is None) == (of_it.hand_over is None)
                    if one.counted and of_it.hand_over and of_it.hand_over.is_whole:
                        assert one.counted.outcomes == of_it.hand_over.outcomes
                        assert one.counted.left == sum(each.is_to_tick for each in of_it.hand_over.calls)

    def test_at_an_earlier_opening_too(self, busy: House) -> None:
        busy.now = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
        page = shown(busy, f"/hand-over?at={AT_OPENING.replace('+', '%2B')}")
        assert f'href="/hand-over?unit=trygghetscenter&amp;at={AT_OPENING.replace("+", "%2B")}"' in page

    def test_of_one_unit_the_first_are_listed(self, busy: House) -> None:
        page = shown(busy, "/hand-over?unit=trygghetscenter")
        assert "När de här är avbockade kommer nästa." in page
        assert f"{LISTED}+ samtal" in page

    def test_once_they_are_ticked_off_the_next_ones_are_listed(self, busy: House) -> None:
        browser, path = busy.signed_in(Role.REVIEWER), "/hand-over?unit=trygghetscenter"
        first = re.findall('name="all" value="([^"]*)"', browser.get(path).text)
        browser.post("/hand-over/tick", at=path, every="1", all=first)
        rest = re.findall('name="all" value="([^"]*)"', browser.get(path).text)
        assert (len(first), len(rest)) == (LISTED, 4)
        assert not set(first) & set(rest)
        browser.post("/hand-over/tick", at=path, every="1", all=rest)
        assert "Bocka av" not in browser.get(path).text.partition("<main")[2]


class TestTicking:
    def test_what_is_marked_by_whom_and_when(self, morning: House) -> None:
        answer = morning.signed_in(Role.REVIEWER).post(
            "/hand-over/tick", at="/hand-over", call=["2026-11-23/CA1", "2026-11-23/CA2"], unit="trygghetscenter"
        )
        assert answer.headers["Location"] == "/hand-over?done=ticked&unit=trygghetscenter"
        assert ticked(morning) == {"CA1": "bertil", "CA2": "bertil", "CA3": None}
        assert deeds(morning.database)[-2:] == [("bertil", "review", "call CA1"), ("bertil", "review", "call CA2")]
        page = shown(morning)
        assert page.count("bertil <small>i dag 08:05</small>") == 2
        assert "Bocka av alla" not in page

    def test_all_that_was_shown(self, morning: House) -> None:
        shown_then = ["2026-11-23/CA1", "2026-11-23/CA2"]
        morning.signed_in(Role.REVIEWER).post("/hand-over/tick", at="/hand-over", every="1", all=shown_then)
        assert ticked(morning) == {"CA1": "bertil", "CA2": "bertil", "CA3": None}

    def test_who_ticked_first_stays(self, morning: House) -> None:
        said = [
            morning.signed_in(role).post("/hand-over/tick", at="/hand-over", call="2026-11-23/CA1").headers["Location"]
            for role in (Role.REVIEWER, Role.ADMINISTRATOR)
        ]
        assert said == ["/hand-over?done=ticked", "/hand-over?done=ticked-nothing"]
        assert ticked(morning)["CA1"] == "bertil"

    def test_a_call_in_progress_is_not_over(self, morning: House) -> None:
        keep(morning, Entry(tuple(call("CA4", MORNING - timedelta(hours=2)).told()), CITIZEN))
        morning.signed_in(Role.REVIEWER).post("/hand-over/tick", at="/hand-over", call="2026-11-24/CA4")
        assert ticked(morning)["CA4"] is None

    def test_one_that_lost_its_end_is(self, morning: House) -> None:
        keep(morning, Entry(tuple(call("CA4", EVENING + timedelta(hours=1)).told()), CITIZEN))
        page = shown(morning)
        assert "4 samtal: besvarat 1, slutet okänt 1, meddelande lämnat 1, övergivet 1" in page
        assert "<strong>Slutet okänt</strong>" in page
        assert "när det är slut" not in page
        assert "Bocka av alla 4" in page
        assert "Överlämning: <strong>4</strong> samtal ej avbockade" in shown(morning, "/today")
        morning.signed_in(Role.REVIEWER).post("/hand-over/tick", at="/hand-over", call="2026-11-23/CA4")
        assert ticked(morning)["CA4"] == "bertil"

    @pytest.mark.parametrize(
        "calls", [[], ["x"], ["2026-11-23/CA9"], ["2026-11-23"], ["/CA1"], ["\0/\0"], ["2026-11-23/\0"]]
    )
    def test_what_is_no_call(self, morning: House, calls: list[str]) -> None:
        answer = morning.signed_in(Role.REVIEWER).post("/hand-over/tick", at="/hand-over", call=calls)
        assert answer.headers["Location"] == "/hand-over?done=ticked-nothing"

    def test_all_is_ticked_off(self, morning: House) -> None:
        assert "Överlämning: <strong>3</strong> samtal ej avbockade" in shown(morning, "/today")
        every = [f"{row.day}/{row.call_id}" for row in call_rows(morning.database)]
        morning.signed_in(Role.REVIEWER).post("/hand-over/tick", at="/hand-over", call=every)
        assert "Allt är avbockat." in shown(morning)
        assert "Överlämning: allt är avbockat" in shown(morning, "/today")

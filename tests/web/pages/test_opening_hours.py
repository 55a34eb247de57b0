"""Opening hours for everybody: the page and the feeds say what the telephone does, and may be kept."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from callrouter.domain.control import NO_CONTROL, Control, Override
from callrouter.domain.span import Span
from callrouter.domain.words import State
from callrouter.schedule.format.holidays import KNOWN_YEARS
from callrouter.schedule.preview.explain import explain
from callrouter.schedule.store import Loaded
from tests.web.pages.house import EXAMPLE, House

FEEDS = {
    "/opening-hours": "text/html",
    "/opening-hours.json": "application/json",
    "/opening-hours.jsonld": "application/ld+json",
    "/opening-hours.ics": "text/calendar",
}


def words(house: House, path: str = "/opening-hours") -> str:
    return " ".join(house.browser().get(path).text.split())


def closed_by_hand(house: House) -> None:
    span = Span(house.now, house.now + timedelta(hours=3))
    override = Override(1, "trygghetscenter", span, State.CLOSED, None, "Bo Berg är sjuk", "zlatan")
    house.control = Control((override,))


def test_the_page_says_when_we_answer(house: House) -> None:
    house.now = datetime(2026, 12, 21, 8, 0, tzinfo=UTC)  # Monday 09:00
    page = words(house)
    assert '<p class="state open">Öppet</p>' in page
    assert 'href="tel:+46846500400">+46 8 465 004 00' in page
    assert 'Torsdag 24 december <small>julafton</small></th><td role="cell">stängt</td>' in page
    assert (
        'Onsdag 23 december <small>dagen före julafton</small></th><td role="cell">10:00\u2060–\u206013:00</td>' in page
    )
    assert "Måndag 28 december <small>Julstängt</small></span> <span>stängt</span>" in page
    assert "ring 112" in page


def test_in_english(house: House) -> None:
    page = words(house, "/opening-hours?lang=en")
    assert "When we answer" in page
    assert "Vid fara" not in page
    assert "Wednesday 25 November" in page
    assert 'hreflang="sv"' in page


def test_what_is_decided_by_hand_shows_and_nothing_of_why(house: House) -> None:
    house.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    closed_by_hand(house)
    page = words(house)
    assert "till 14:00 – tillfälligt ändrat" in page
    assert "Bo Berg" not in page
    assert "zlatan" not in page
    (now, *_) = json.loads(house.browser().get("/opening-hours.json").text)["now"]
    held = {"unit": "trygghetscenter", "state": "closed", "until": "2026-11-23T14:00:00+01:00", "by_hand": True}
    assert now == held | {"reach": "phone"}


PASSED_ON = ("Ringer du nu kopplas samtalet vidare.", "If you call now, your call is passed on.")
MAY_LEAVE_ONE = ("Ringer du nu kan du lämna ett meddelande.", "If you call now, you can leave a message.")


class TestWhoCallsAUnitThatIsClosed:
    """A citizen learns whether to call all the same; nobody is promised a human."""

    def told(self, house: House, unit: str) -> tuple[list[str], str]:
        """What the page says of it, by language, and what the program is told."""
        pages = [words(house, f"/opening-hours?unit={unit}&lang={language}") for language in ("sv", "en")]
        said = [re.search(r'<p class="reach">(.*?)</p>', page) for page in pages]
        (now,) = json.loads(house.browser().get(f"/opening-hours.json?unit={unit}").text)["now"]
        return [found[1] for found in said if found], now["reach"]

    def test_is_passed_on_where_a_phone_rings(self, house: House) -> None:
        house.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        assert self.told(house, "trygghetscenter") == ([*PASSED_ON], "phone")

    def test_can_leave_a_message_where_none_does(self, house: House) -> None:
        house.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        assert self.told(house, "brottsofferstöd") == ([*MAY_LEAVE_ONE], "message")

    def test_is_told_nothing_where_the_call_ends(self, house: House) -> None:
        house.use_schedule(EXAMPLE.read_text("utf-8").replace("    voicemail: yes", "    #"))
        house.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        assert self.told(house, "brottsofferstöd") == ([], "nobody")

    def test_can_leave_a_message_while_nobody_is_on_call(self, house: House) -> None:
        guards = "        ring: [nordvakt, +46 31 390 06 20]"
        text = EXAMPLE.read_text("utf-8").replace(guards, "        ring: [nordvakt]")
        text = text.replace("    - start: 2009-01-05 08:00", "    - start: 2026-12-21 08:00")
        text = text.replace("    - start: 2008-06-02 08:00 ", "    - start: 2026-12-14 08:00 ")
        text = text.replace("    then: duty-officer", "    then: message-only")
        house.use_schedule(text)
        house.now = datetime(2026, 12, 14, 6, 59, tzinfo=UTC)
        assert self.told(house, "fältgruppen") == ([*MAY_LEAVE_ONE], "message")
        house.now += timedelta(minutes=1)  # the page that was kept goes with the shift
        assert self.told(house, "fältgruppen") == ([*PASSED_ON], "phone")

    def test_is_told_nothing_more_where_it_is_open(self, house: House) -> None:
        house.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        assert self.told(house, "trygghetscenter") == ([], "phone")

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        at=st.integers(0, 92 * 24 * 60).map(
            lambda minutes: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        ),
        unit=st.sampled_from(["trygghetscenter", "fältgruppen", "brottsofferstöd", "larm"]),
        held=st.sampled_from([None, *State, "message-only", "reception", "security"]),
    )
    def test_the_page_says_what_a_call_would_do(self, house: House, at: datetime, unit: str, held: str | None) -> None:
        state = held if isinstance(held, State) else None
        override = Override(1, unit, Span(at, at + timedelta(hours=1)), state, None if state else held, "why", "who")
        house.now, house.control = at, Control((override,) if held else ())
        schedule = house.loaded.schedule
        assert schedule
        call = explain(schedule, schedule.units[unit], at, house.control)
        rings = any(stop.rings for stop in call.stops)
        is_passed_on = rings and call.decision.state is State.CLOSED
        may_leave_one = not rings and call.takes_message
        said = PASSED_ON if is_passed_on else MAY_LEAVE_ONE if may_leave_one else ()
        met = "phone" if rings else "message" if may_leave_one else "nobody"
        assert self.told(house, unit) == ([*said], met)

    def test_each_unit_on_a_page_of_many_has_its_own(self, house: House) -> None:
        house.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        now = json.loads(house.browser().get("/opening-hours.json").text)["now"]
        assert [each["reach"] for each in now] == ["phone", "phone", "message", "phone"]
        assert words(house).count('<p class="reach">') == 3


def test_what_is_decided_by_hand_shows_in_every_feed(house: House) -> None:
    house.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    browser = house.browser()
    before = {path: browser.get(path).text for path in FEEDS}
    closed_by_hand(house)
    for path, text in before.items():
        assert browser.get(path).text != text, path
    first, *_ = json.loads(browser.get("/opening-hours.jsonld").text)["@graph"][0]["specialOpeningHoursSpecification"]
    assert (first["validFrom"], first["closes"], first["description"]) == ("2026-11-23", "11:00", "tillfälligt ändrat")


def test_a_day_that_is_decided_by_hand_has_its_real_hours_on_the_page_and_in_json(house: House) -> None:
    """Who reads a table beside "open until 14:00" must not find that today is closed."""
    house.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # Monday 11:00
    closed_by_hand(house)
    later = Span(datetime(2026, 12, 5, 9, tzinfo=UTC), datetime(2026, 12, 5, 11, tzinfo=UTC))
    open_then = Override(2, "trygghetscenter", later, State.OPEN, None, "Julmarknad", "zlatan")
    house.control = Control((*house.control.overrides, open_then))
    page = words(house, "/opening-hours?unit=trygghetscenter")
    changed = "<small>tillfälligt ändrat</small>"
    assert f'I dag {changed}</th><td role="cell">08:00\u2060–\u206011:00, 14:00\u2060–\u206017:00</td>' in page
    assert f"Lördag 5 december {changed}</span> <span>10:00\u2060–\u206012:00</span>" in page
    assert "I morgon</th>" in page
    (unit, *_) = json.loads(house.browser().get("/opening-hours.json").text)["units"]
    assert [each["end"] for each in unit["windows"][:2]] == ["2026-11-23T11:00:00+01:00", "2026-11-23T17:00:00+01:00"]
    assert {"2026-11-23", "2026-12-05"} <= {
        day["date"] for day in unit["deviations"] if day["decided_by"] == "override"
    }


def test_linked_data_speaks_the_language_of_the_page(house: House) -> None:
    browser = house.browser()
    assert "julafton" in browser.get("/opening-hours.jsonld").text
    assert "red day: " not in browser.get("/opening-hours.jsonld").text
    assert "red day: " in browser.get("/opening-hours.jsonld?lang=en").text


def test_a_page_that_is_kept_goes_with_the_hours_the_hand_and_the_language(house: House) -> None:
    house.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    browser, path = house.browser(), "/opening-hours?unit=trygghetscenter"
    by_its_hours = browser.get(path).text
    assert "till 12:00" in " ".join(by_its_hours.split())
    closed_by_hand(house)
    assert "till 14:00 – tillfälligt ändrat" in " ".join(browser.get(path).text.split())
    assert "until 14:00 – changed for the moment" in " ".join(browser.get(f"{path}&lang=en").text.split())
    house.control = NO_CONTROL
    assert browser.get(path).text == by_its_hours
    house.now += timedelta(minutes=90)
    assert "till 13:00" in " ".join(browser.get(path).text.split())
    assert "Brottsofferstöd" in browser.get("/opening-hours").text


def test_a_page_has_linked_data_that_no_text_can_break_out_of(house: House) -> None:
    page = words(house)
    data = json.loads(page.partition('ld+json">')[2].partition("</script>")[0])
    assert data["@graph"][0]["telephone"] == ["+46846500400"]


def test_the_calendar(house: House) -> None:
    calendar = Calendar.from_ical(house.browser().get("/opening-hours.ics?unit=trygghetscenter").data)
    assert isinstance(calendar, Calendar)
    assert calendar.events[0].start == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "summary", "why"),
    [("sv", "Trygghetscenter: öppet", "mån-tors 08:00"), ("en", "Trygghetscenter: open", "mon-thu 08:00")],
)
def test_the_calendar_speaks_the_language_of_the_page(house: House, language: str, summary: str, why: str) -> None:
    browser = house.browser()
    assert f'href="/opening-hours.ics?lang={language}"' in browser.get(f"/opening-hours?lang={language}").text
    feed = browser.get(f"/opening-hours.ics?lang={language}&unit=trygghetscenter").data
    event = Calendar.from_ical(feed).events[0]
    assert event["summary"] == summary
    assert str(event["description"]).startswith(why)


@pytest.mark.parametrize("path", FEEDS)
class TestFeeds:
    def test_it_is_what_it_says_and_may_be_kept_for_a_minute(self, house: House, path: str) -> None:
        answer = house.browser().get(path)
        assert (answer.status_code, answer.mimetype) == (200, FEEDS[path])
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in answer.headers

    def test_what_has_not_changed_is_not_sent_again(self, house: House, path: str) -> None:
        browser = house.browser()
        etag = browser.get(path).headers["ETag"]
        assert browser.get(path, **{"If-None-Match": etag}).status_code == 304
        house.now += timedelta(days=60)
        assert browser.get(path, **{"If-None-Match": etag}).status_code == 200

    def test_it_is_the_same_for_everybody(self, house: House, path: str) -> None:
        assert house.browser().get(path).data == house.signed_in().get(path).data

    def test_one_unit_alone(self, house: House, path: str) -> None:
        body = house.browser().get(f"{path}?unit=trygghetscenter").text
        assert "Trygghetscenter" in body
        assert "brottsofferstöd" not in body.replace("3: brottsofferstöd", "")
        assert house.browser().get(f"{path}?unit=nowhere").status_code == 404

    def test_other_sites_may_fetch_the_feeds_and_not_the_page(self, house: House, path: str) -> None:
        allowed = house.browser().get(path).headers.get("Access-Control-Allow-Origin")
        assert allowed == (None if path == "/opening-hours" else "*")

    def test_without_a_schedule_there_is_nothing_to_say(self, house: House, path: str) -> None:
        house.loaded = Loaded()
        assert house.browser().get(path).status_code == 503

    def test_beyond_the_years_whose_red_days_are_known_it_says_nothing(self, house: House, path: str) -> None:
        house.now = datetime(KNOWN_YEARS[-1], 12, 1, 12, tzinfo=UTC)
        assert house.browser().get(path).status_code == 200
        house.now = datetime(KNOWN_YEARS[-1] + 1, 1, 1, 12, tzinfo=UTC)
        assert house.browser().get(path).status_code == 503

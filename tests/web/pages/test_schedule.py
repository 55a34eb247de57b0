"""The schedule to look at: a year, a week, who is on call, and what happens at a time."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from callrouter.calls import by_hand
from callrouter.domain.words import Role, State
from callrouter.schedule.store import Loaded
from tests.schedule.files import SHORT, changed
from tests.web.pages.house import House


def shown(house: House, path: str = "/schedule", language: str = "sv", role: Role = Role.REVIEWER) -> str:
    """The words of a page, blanks made one."""
    answer = house.signed_in(role).speaks(language).get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.replace("\u2060", "").split())


class TestYear:
    def test_days_have_a_letter_a_class_and_a_name(self, house: House) -> None:
        page = shown(house)
        assert '<span class="sign shut named" title="torsdag 24 december 2026: stängt (julafton)"><i>24</i>X' in page
        assert 'title="onsdag 23 december 2026: 10:00–13:00 (dagen före julafton)"><i>23</i>A' in page
        assert '<span class="sign open today" title="måndag 23 november 2026: ' in page
        assert "Öppet 1 770 timmar på 248 dagar; 64 dagar avviker från den vanliga veckan." in page

    def test_what_the_picture_shows_stands_in_words_too(self, house: House) -> None:
        page = shown(house, "/schedule?year=2026")
        assert "<small>julafton</small></span> <span>stängt</span>" in page
        assert "Fredag 15 maj" in page
        assert "klämdag, inget bestämt" in page
        assert "klockan ställs tillbaka" in page
        assert "bridge day, undecided" in shown(house, language="en")

    def test_a_season_is_one_line(self, house: House) -> None:
        """But for midsummer in the middle of it; its weekends, closed as ever, part nothing."""
        assert shown(house).count("<small>säsong 06-15..08-15</small>") == 2

    def test_the_list_counts_days_as_the_sentence_above_it_does(self, house: House) -> None:
        """A season of many days is one line of it: 64 days could not stand over a list of 30."""
        page = shown(house)
        drawn = {day: sign for sign, day in re.findall(r'class="sign ([a-z0-9 -]+)" title="([^:"]+):', page)}
        to_see = [day for day, sign in drawn.items() if {"other", "shut", "named"} & set(sign.split())]
        two_bridges_and_two_changes_of_the_clock = 4  # of no colour
        days = len(to_see) + two_bridges_and_two_changes_of_the_clock
        assert f'har ett namn <span class="count">{days}</span>' in page

    def test_another_year_and_unit(self, house: House) -> None:
        page = shown(house, "/schedule?year=2027&unit=larm")
        assert "Året 2027: Larm" in page
        assert "Öppet dygnet runt, hela året." in page

    def test_beyond_the_years_whose_red_days_are_known(self, house: House) -> None:
        assert "visas utan dem" in shown(house, "/schedule?year=2050")

    @pytest.mark.parametrize("query", ["unit=nowhere", "year=1", "year=x", "year=99999999999999", "year=²"])
    def test_what_is_not_there(self, house: House, query: str) -> None:
        assert house.signed_in().get(f"/schedule?{query}").status_code == 404


class TestWeek:
    def test_hours_in_words(self, house: House) -> None:
        page = shown(house)
        assert "<b>08:00–12:00</b> öppet" in page
        assert "<b>17:00–24:00</b> vidarekopplat till Bevakningen" in page
        assert "<b>00:00–13:00</b> stängt, ingen telefon ringer" in shown(house, "/schedule?unit=brottsofferstöd")

    def test_what_is_held_by_hand(self, house: House) -> None:
        schedule = house.loaded.schedule
        assert schedule is not None
        wish = by_hand.Wish(schedule.first_unit, "anna", "<b>Läcka</b>", house.now + timedelta(hours=3), State.CLOSED)
        by_hand.make(house.database, schedule, wish, house.now)
        house.read_control()
        page = shown(house)
        assert "<b>12:00–15:00</b> <strong>för hand</strong> vidarekopplat till Bevakningen" in page
        assert "anna: &lt;b&gt;Läcka&lt;/b&gt;" in page
        link = 'href="/units/trygghetscenter/by-hand"'
        assert (link in page, link in shown(house, role=Role.ADMINISTRATOR)) == (False, True)


class TestRota:
    def test_who_is_on_when(self, house: House) -> None:
        page = shown(house)
        assert 'I tjänst nu: <strong>anna</strong> <span class="number">+467******11</span>, till måndag 30' in page
        shift = page.partition('data-label="Från">torsdag 24 december 08:00<')[2].partition("</tr>")[0]
        assert ">fredag 25 december 08:00<" in shift
        assert '>cilla <span class="number">' in shift
        assert "+46701740611" not in page


class TestQuestion:
    def test_the_answer_names_the_rule_its_line_and_the_version(self, house: House) -> None:
        page = shown(house, "/schedule?unit=trygghetscenter&at=2026-12-24T09:00")
        assert "Torsdag 24 december 2026 09:00 är Trygghetscenter stängt." in page
        assert "Bevakningen, Nordbevakning AB: <strong>cilla</strong>" in page
        assert "rad 9 i schema" in page
        assert "<code>country: SE # red days by law" in page
        assert "måndag 4 januari 2027 08:00" in page

    def test_a_time_that_comes_twice(self, house: House) -> None:
        page = shown(house, "/schedule?at=2026-10-25T02:30")
        assert "Svaret gäller den första gången." in page
        assert "at=2026-10-25T02:30%2B01:00" in page
        assert "den andra gången" in shown(house, "/schedule?at=2026-10-25T02:30%2B01:00")

    def test_a_time_that_never_comes(self, house: House) -> None:
        page = shown(house, "/schedule?at=2026-03-29T02:30", language="en")
        assert (
            "02:30 never comes that night: the clocks go forward from 02:00 to 03:00. The answer is for 03:00." in page
        )

    @pytest.mark.parametrize("typed", ["i morgon", "9999-12-31T00:00", "<script>", "2026-13-01T00:00", "%00"])
    def test_what_is_no_time(self, house: House, typed: str) -> None:
        page = shown(house, f"/schedule?at={typed}")
        assert "Ange en tid, till exempel" in page
        assert "<script>alert" not in page

    def test_no_number_stands_in_a_line_of_the_file(self, house: House) -> None:
        """A whole unit may stand on one line, with what it rings."""
        flow = "hours: [{from: 2020-01-01, mon-fri: '10:00-15:00'}] # ring +46 31 390 06 10, 0701740611"
        text = changed(SHORT, ("hours:\n      - from: 2020-01-01\n        mon-fri: 10:00-15:00", flow))
        house.use_text(text)
        page = shown(house, "/schedule?at=2026-11-24T11:00")
        assert "mon-fri: &#39;10:00-15:00&#39;" in page
        assert "ring ***, ***" in page

    def test_a_line_of_another_version_is_not_shown(self, house: House) -> None:
        house.use_schedule(SHORT)
        page = shown(house, "/schedule?at=2026-11-24T11:00")
        assert "rad 8 i schema" in page
        assert "numbers:" not in page


def test_what_people_write_stays_text(house: House) -> None:
    house.use_schedule(
        changed(SHORT, ("  centre:", "  centre:\n    name: '<script>alert(1)</script>'"), ("desk", "'<i>desk'"))
        .replace("open: desk", "open: '<i>desk'")
        .replace("  desk:", "  '<i>desk':")
    )
    page = shown(house, "/schedule?at=2026-11-24T11:00")
    assert "<script>alert(1)" not in page
    assert "<i>desk" not in page


def test_without_a_schedule_there_is_a_way_to_the_editor(house: House) -> None:
    house.loaded = Loaded()
    assert "Inget schema gäller" in shown(house)
    assert 'href="/schedule/edit"' in shown(house, role=Role.ADMINISTRATOR)


def test_only_an_administrator_is_offered_to_edit(house: House) -> None:
    assert "/schedule/edit" in shown(house, role=Role.ADMINISTRATOR)
    assert "/schedule/edit" not in shown(house)


def test_in_the_small_hours_of_the_night_with_25(house: House) -> None:
    house.now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    page = shown(house, "/schedule?unit=fältgruppen")
    assert "25 timmar: klockan ställs om" in page
    assert "<b>00:00–03:00</b> öppet" in page

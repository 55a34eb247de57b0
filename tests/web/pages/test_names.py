"""What people call a destination stands wherever they read of one; addresses and forms keep its name in the file."""

from datetime import timedelta

import pytest

from callrouter.calls import by_hand
from callrouter.domain.words import Role
from tests.schedule.files import changed
from tests.web.pages.calls_there import EVENING, PAGE, keep
from tests.web.pages.house import EXAMPLE, House

TEXT = EXAMPLE.read_text("utf-8")
UNNAMED = changed(TEXT, ("    name: Bevakningen\n", ""))
OTHERWISE = changed(TEXT, ("name: Bevakningen", "name: Vakterna"))
GONE = TEXT.replace("security", "guards")
OPTION = '<option value="security">{}</option>'


def shown(house: House, path: str, role: Role = Role.ADMINISTRATOR) -> str:
    """The words of a page, blanks made one."""
    answer = house.signed_in(role).get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.replace("\u2060", "").split())


def follows(log: House, path: str, words: str, without: str) -> None:
    """A page has the name of the schedule in force, another as soon as it is another, and the file's own *without*."""
    assert words.format("Bevakningen") in shown(log, path)
    log.use_schedule(OTHERWISE)
    assert words.format("Vakterna") in shown(log, path)
    log.use_schedule(without)
    assert words.format("security") in shown(log, path)


@pytest.fixture
def log(house: House) -> House:
    """One call of an evening, answered by a company's guard."""
    house.now = EVENING + timedelta(hours=2)
    keep(house)
    return house


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/today", '<p class="place">{}, Nordbevakning AB'),
        ("/schedule", "vidarekopplat till {}<"),
        ("/schedule?unit=larm&at=2026-11-23T18:00", "Först ringer det hos {}, Nordbevakning AB:"),
        ("/units/trygghetscenter/by-hand", "Stängt: samtalen går till {}<"),
        ("/units/trygghetscenter/by-hand", OPTION),
        ("/calls", OPTION),
        ("/exports?destination=security", "svarsställe {}."),
    ],
)
def test_it_stands_where_people_read(log: House, path: str, words: str) -> None:
    follows(log, path, words, UNNAMED)


def test_a_call_has_its_present_name_as_long_as_it_stands_in_the_schedule(log: House) -> None:
    follows(log, PAGE, "<dt>Besvarat av</dt><dd>anna, Nordbevakning AB, {}</dd>", GONE)


def test_who_answered_is_named_where_it_was_neither_a_person_nor_a_company(house: House) -> None:
    house.now = EVENING.replace(hour=10)
    keep(house, at=house.now - timedelta(minutes=5))
    assert '<td role="cell" data-label="Besvarat av">Receptionen</td>' in shown(house, "/calls")
    assert "Trygghetscenter, besvarat (Receptionen)" in shown(house, "/today")


def test_a_call_is_found_by_what_the_file_calls_it(log: House) -> None:
    page = shown(log, "/calls?destination=security")
    assert '<option value="security" selected>Bevakningen</option>' in page
    assert PAGE in page
    assert PAGE not in shown(log, "/calls?destination=reception")


def test_calls_sent_elsewhere_say_where(log: House) -> None:
    schedule = log.site.loaded().schedule
    assert schedule
    until = log.now + timedelta(hours=1)
    wish = by_hand.Wish(schedule.unit("larm"), "anna", "prov", until, destination="duty-officer")
    by_hand.make(log.database, schedule, wish, log.now)
    log.read_control()
    assert "<strong>Larm</strong>: till Jouransvarig" in shown(log, "/today")
    assert "<strong>Larm</strong>: till Jouransvarig" in shown(log, "/schedule?unit=larm")
    assert "<strong>för hand</strong> öppet till Jouransvarig" in shown(log, "/schedule?unit=larm")


def test_a_new_schedule_tells_where_calls_would_have_gone_by_its_own_names(log: House) -> None:
    log.use_text(TEXT)
    text = changed(TEXT, ("    closed: security\n    message", "    closed: victim-support\n    message"))
    text = changed(text, ("name: Brottsofferstödets telefon", "name: Stödtelefonen"))
    page = log.signed_in().post("/schedule/edit", text=text).text
    assert "Trygghetscenter: Bevakningen (Nordbevakning AB) → Stödtelefonen, 1 samtal" in " ".join(page.split())


def test_the_hand_over_says_who_answered(log: House) -> None:
    with log.database.writing() as connection:
        connection.exec_driver_sql("UPDATE call SET answered_person = NULL, answered_company = NULL")
    assert "av Bevakningen" in shown(log, "/hand-over?unit=trygghetscenter")

"""The difference in both languages: the same lines, and no word of the other language."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.schedule.preview.date_runs import runs
from callrouter.schedule.preview.difference import difference
from callrouter.schedule.preview.difference_words import told
from callrouter.schedule.preview.said import said_by_destination, said_by_unit
from callrouter.schedule.preview.wording import ENGLISH, SWEDISH, Wording
from tests.schedule.files import EXAMPLE, NOW, SHORT, schedule

DAY = timedelta(days=1)
CHANGES = (
    ("10:00-15:00", "10:00-16:00"),
    ("guard: {ring: [+46 31 390 06 10]}", "guard: {ring: [+46 31 390 06 20], accept: key, rounds: 2}"),
)


def lines(words: Wording, *changes: tuple[str, str], text: str = SHORT) -> list[str]:
    old, new = schedule(text), schedule(text, *changes)
    parts = told(difference(old, new, NOW, 60), words, new.zone, show_numbers=False)
    return [line for part in parts for line in (part.title, *(each.text for each in part.lines))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ENGLISH,
            [
                "Unit centre",
                "every weekday from 2026-11-23: 10–15 → 10–16",
                "Destination guard",
                "rounds: 1 → 2",
                "whoever answers must press 1: no → yes",
                "rings +463******10 → +463******20",
            ],
        ),
        (
            SWEDISH,
            [
                "Enhet centre",
                "varje vardag från 2026-11-23: 10–15 → 10–16",
                "Svarsställe guard",
                "varv: 1 → 2",
                "den som svarar måste trycka 1: nej → ja",
                "ringer +463******10 → +463******20",
            ],
        ),
    ],
    ids=["english", "swedish"],
)
def test_it_is_told_in_words(words: Wording, expected: list[str]) -> None:
    assert lines(words, *CHANGES) == expected


def test_what_people_call_a_destination_is_told_where_it_is_given_another() -> None:
    named = ("guard: {ring", "guard: {name: Bevakningen, ring")
    assert lines(ENGLISH, named) == ["Destination guard", "its title: guard → Bevakningen"]
    assert lines(SWEDISH, named) == ["Svarsställe guard", "namn: guard → Bevakningen"]
    night = "destinations:\n  night: {%sring: [+46 31 390 06 20]}\n"
    unnamed, new = (lines(ENGLISH, ("destinations:\n", night % name)) for name in ("", "name: Nattvakten, "))
    assert [line for line in new if line not in unnamed] == ["its title: Nattvakten"]
    assert not [line for line in unnamed if "title" in line]


def test_days_that_have_a_name_have_it_in_swedish() -> None:
    found = lines(SWEDISH, ("day before: 10:00-13:00", "day before: closed"), text=EXAMPLE)
    assert any(line.endswith("öppet 10–13 → stängt  (dagen före julafton)") for line in found)


def test_numbers_whose_hidden_digits_differ_are_said_to() -> None:
    found = lines(SWEDISH, ("+46 31 390 06 10", "+46 31 390 05 10"))
    assert found[-1].endswith("(de dolda siffrorna skiljer sig)")


def test_every_setting_of_a_unit_and_a_destination_has_a_swedish_label() -> None:
    unit = schedule().first_unit
    place = next(iter(schedule().destinations.values()))
    wanted = {("unit", name) for name in said_by_unit(unit)} | {
        ("destination", name) for name in said_by_destination(place)
    }
    assert wanted <= set(SWEDISH.labels)
    assert set(ENGLISH.labels) <= set(SWEDISH.labels)


@given(st.sets(st.integers(0, 90), min_size=1, max_size=60))
def test_a_run_in_swedish_has_no_english_word(steps: set[int]) -> None:
    days = [NOW.date() + step * DAY for step in sorted(steps)]
    said = " ".join(run.in_words(SWEDISH) for run in runs(days, days[-1]))
    assert not {"every", "to", "from", "except", "and", "more", "days"} & set(said.replace(",", "").split())

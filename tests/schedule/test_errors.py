"""Every error has its line, the path in words, what was found, what is expected, and the nearest name."""

import pytest

from callrouter.schedule import ScheduleErrors, load, read
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed, errors
from tests.schedule.mistakes_in_rules import IN_SHORT, OF_RULES
from tests.schedule.mistakes_in_words import OF_WORDS

IN_EXAMPLE = OF_WORDS + OF_RULES


@pytest.mark.parametrize(("edit", "expected"), IN_EXAMPLE)
def test_a_mistake_in_the_example(edit: tuple[str, str], expected: str) -> None:
    assert errors(changed(EXAMPLE, edit)) == [expected]


@pytest.mark.parametrize(("edit", "expected"), IN_SHORT)
def test_a_mistake_in_a_short_file(edit: tuple[str, str], expected: str) -> None:
    assert errors(changed(SHORT, edit)) == [expected]


def test_a_route_may_not_be_longer_than_a_call() -> None:
    chain = "".join(f"  d{n}: {{ring: [+46 8 465 004 {n}], then: d{n + 1}}}\n" for n in range(10, 20))
    text = changed(SHORT, ("then: guard}", "then: d10}")) + chain + "  d20: {ring: [+46 8 465 004 20]}\n"
    route = " > ".join(["desk", *(f"d{n}" for n in range(10, 21))])
    assert errors(text) == [
        f"line 9: units > centre > open: leads through 12 destinations; expected at most 10: {route}"
    ]


def test_a_period_inside_another_does_not_hide_it() -> None:
    periods = ("2026-12-01..2026-12-20", "2026-12-02..2026-12-03", "2026-12-10")
    rules = "".join(f"      - {{period: {period}, hours: closed}}\n" for period in periods)
    text = changed(SHORT, ("    open: desk\n", f"    exceptions:\n{rules}    open: desk\n"))
    assert [line.split(": ")[2] for line in errors(text)] == [
        "overlaps the exception on line 10; expected each time in one of them alone"
    ] * 2


def test_all_errors_come_at_once_in_the_order_of_the_file() -> None:
    apart = [
        *(
            ("then: duty-officer", "then: x"),
            ("timezone: Europe/Stockholm", "timezone: x"),
            ("seconds: 20", "seconds: x"),
        ),
        *(("version: 1", "version: x"), ("privacy: hash", "privacy: x"), ("rounds: 2", "rounds: x")),
        *(("country: SE", "country: x"), ("shift: 1 week", "shift: x"), ("  bo: +46", "  bo: x"), ("at: mon", "at: x")),
        *(
            ("mon-fri: 10:00-15:00", "mon-fri: x"),
            ("hours: always", "hours: x"),
            ("review:", "x:"),
            ("keep: 6", "keep: x"),
        ),
    ]
    lines = [problem.line for problem in read(changed(EXAMPLE, *apart), NOW).errors]
    assert lines == [5, 6, 9, 21, 54, 63, 72, 88, 89, 99, 110, 129, 134, 137]


def test_the_exception_lists_every_error_a_line_each() -> None:
    broken = changed(SHORT, ("open: desk", "open: dsk"), ("closed: guard", "closed: gard"))
    with pytest.raises(ScheduleErrors) as caught:
        load(broken, at=NOW)
    assert [problem.line for problem in caught.value.errors] == [9, 10]
    assert str(caught.value).splitlines() == errors(broken)


def test_an_unreadable_block_is_missed_by_nobody() -> None:
    """Only the cause is told, not everything that speaks of what stands in the block."""
    told = errors(SHORT.replace("destinations:\n", "destinations: none\nx:\n"))
    assert told[0] == ("line 11: destinations: a text stands here; expected destinations, each under its name")
    assert not any("no destination called" in line for line in told)


def test_words_that_travel_with_every_callback_are_short() -> None:
    period = "    exceptions:\n      - {period: 2026-12-24, hours: closed, why: %s}\n    open: desk\n"
    assert errors(changed(SHORT, ("    open: desk\n", period % ("x" * 200)))) == []
    (told,) = errors(changed(SHORT, ("    open: desk\n", period % ("x" * 201))))
    assert told == "line 10: units > centre > exceptions > item 1 > why: has 201 characters; expected at most 200"


def test_names_are_short() -> None:
    name = "g" * 61
    assert f"the name has {len(name)} characters; expected at most 60" in errors(changed(SHORT, ("guard", name)))[0]


def test_what_a_unit_is_called_aloud_is_short() -> None:
    title = "    name: %s\n    open: desk\n"
    assert errors(changed(SHORT, ("    open: desk\n", title % ("g" * 60)))) == []
    (told,) = errors(changed(SHORT, ("    open: desk\n", title % ("g" * 61))))
    assert told == "line 9: units > centre > name: has 61 characters; expected at most 60"


def test_what_people_call_a_destination_follows_the_rules_of_a_unit() -> None:
    title = "guard: {name: %s, ring"
    assert errors(changed(SHORT, ("guard: {ring", title % ("g" * 60)))) == []
    (told,) = errors(changed(SHORT, ("guard: {ring", title % ("g" * 61))))
    assert told == "line 13: destinations > guard > name: has 61 characters; expected at most 60"
    (told,) = errors(changed(SHORT, ("guard: {ring", title % '" "')))
    assert told == "line 13: destinations > guard > name: nothing stands here; expected a value"

"""Retention rules: refused where two say different things, warned of where one does not hold as it stands."""

import pytest

from callrouter.domain.words import Retained
from tests.schedule.files import SHORT, errors, schedule, warnings

NUMBERS = "{what: numbers, keep: 6 months, decision: KS 1, date: 2026-03-01}"


def with_rules(*rules: str) -> str:
    return SHORT + "retention:\n" + "".join(f"  - {rule}\n" for rule in rules)


def test_every_class_can_have_a_rule() -> None:
    rules = [f"{{what: {what}, keep: 1 år, decision: KS 1, date: 2026-03-01}}" for what in Retained]
    assert {rule.what for rule in schedule(with_rules(*rules)).retention} == set(Retained)
    assert warnings(with_rules(*rules)) == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            NUMBERS,
            "line 16: retention > item 2 > what: a rule for numbers stands on line 15; expected one a class",
        ),
        (
            "{what: notes, keep: 6 months, date: 2026-03-01}",
            "line 16: retention > item 2: 'decision' is missing; expected it here: the decision that says so",
        ),
        (
            "{what: notes, keep: 0 days, decision: KS 1, date: 2026-03-01}",
            (
                "line 16: retention > item 2 > keep: '0 days' is no time to keep something; "
                "expected e.g. 30 days or 6 months"
            ),
        ),
    ],
)
def test_what_is_refused(rule: str, expected: str) -> None:
    (error,) = errors(with_rules(NUMBERS, rule))
    assert error == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{what: calls, keep: 7 months, decision: KS 1, date: 2026-03-01}", []),
        ("{what: calls, keep: 6 months, decision: KS 1, date: 2026-03-01}", []),
        (
            "{what: calls, keep: 90 days, decision: KS 1, date: 2026-03-01}",
            [
                (
                    "line 15: retention > item 1 > keep: numbers go with their calls after 90 days (line 16), "
                    "before their 6 months are over"
                )
            ],
        ),
        (
            "{what: notes, keep: 1 year, decision: KS 2, date: 2026-11-24}",
            ["line 16: retention > item 2 > date: decided on 2026-11-24: nothing goes before that day"],
        ),
        ("{what: notes, keep: 1 year, decision: KS 2, date: 2026-11-23}", []),
    ],
)
def test_what_is_warned_of(rule: str, expected: list[str]) -> None:
    assert warnings(with_rules(NUMBERS, rule)) == expected

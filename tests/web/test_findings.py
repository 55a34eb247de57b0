"""Titles say a finding only where it is safe to."""

from datetime import date

import pytest

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.measures import Level, Share, Times
from callrouter.domain.period import Period
from callrouter.domain.report import Figures, RepeatCallers
from callrouter.web import findings
from callrouter.web.figures import Figured
from callrouter.web.texts import Language

SV, EN = Figured(Language.SWEDISH), Figured(Language.ENGLISH)
NOVEMBER = Period.month(2026, 11)
A_WEEK = Period(date(2026, 11, 2), date(2026, 11, 8))


@pytest.mark.parametrize(
    ("counts", "top"),
    [
        ({"a": 9, "b": 7}, "a"),
        ({"a": 9, "b": 8}, None),  # one call less, and it would be a draw
        ({"a": 4, "b": 0}, None),  # too few
        ({"a": 90}, None),  # nothing to be compared with
        ({}, None),
    ],
)
def test_what_stands_out(counts: dict[str, int], top: str | None) -> None:
    assert findings.outstanding(counts) == top


def test_when_most_calls_come() -> None:
    heat = {"1-15": 12, "3-08": 4}
    assert findings.of_heat(SV, heat, NOVEMBER) == "Flest samtal kom på måndagar kl. 15–16"
    assert findings.of_heat(EN, heat, NOVEMBER) == "Most calls came on Mondays 15–16"
    assert findings.of_heat(EN, heat, A_WEEK) == "When the calls came"


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        ([Share(9, 10), Share(9, 10)], "The targets for answering are met"),
        ([Share(1, 10), Share(1, 10)], "The targets for answering are missed"),
        ([Share(9, 10), Share(1, 10)], "1 of 2 targets for answering are met"),
        ([Share(4, 4)], "Time to answer against targets"),
        ([], "Time to answer against targets"),
    ],
)
def test_targets(reached: list[Share], said: str) -> None:
    assert findings.of_levels(EN, [Level(ServiceTarget(0.8, 30), each) for each in reached]) == said


def test_few_say_nothing() -> None:
    assert findings.of_ends(SV, Figures({"offered": 4, "answered": 4})) == "Så slutade samtalen"
    assert findings.of_ends(SV, Figures({"offered": 8, "answered": 7})) == "87,5 % av samtalen besvarades"
    assert findings.of_waits(SV, Times({5: 4})) == "Hur länge de som ringde väntade"
    assert findings.of_waits(EN, Times({5: 5})) == "Half of those answered had an answer within 5 s"
    assert findings.of_callers(EN, RepeatCallers(4, 4, 8, 0)) == "Who called again"
    assert findings.of_callers(EN, RepeatCallers(20, 4, 8, 0)) == "20.0 % of the callers called again"


class TestFigures:
    def test_each_language_has_its_own_marks(self) -> None:
        assert (SV.decimal(12345.6), EN.decimal(12345.6)) == ("12\u202f345,6", "12\u202f345.6")
        assert (SV.share(Share(2, 3)), EN.share(Share(20, 30), 0), SV.share(Share(0, 0))) == ("~66,7 %", "67 %", "–")
        assert (SV.points(Share(9, 10), Share(8, 10)), EN.points(Share(8, 10), Share(9, 10))) == ("+10,0", "\u221210.0")
        assert (SV.change(90, 100), SV.change(1, 0)) == ("\u221210 %", "")

    def test_a_comparison_with_few_is_marked_as_they_are(self) -> None:
        assert (SV.change(4, 5), SV.change(5, 4), SV.change(5, 5)) == ("~\u221220 %", "~+25 %", "+0 %")
        many, few = Share(4, 5), Share(2, 4)
        assert (SV.points(many, few), SV.points(few, many), SV.points(many, many)) == ("~+30,0", "~\u221230,0", "+0,0")

    @pytest.mark.parametrize(
        ("period", "said"),
        [
            (NOVEMBER, "november 2026"),
            (Period.year(2026), "2026"),
            (A_WEEK, "2026-11-02 – 2026-11-08"),
            (Period(date(2026, 11, 2), date(2026, 11, 2)), "2026-11-02"),
        ],
    )
    def test_a_period(self, period: Period, said: str) -> None:
        assert SV.period(period) == said

"""Charts: well-formed, honest scales, words for everything, and nothing that breaks out of its text."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.web.charts.bars import bar
from callrouter.web.charts.columns import HEIGHT, WIDTH, Column, Mark, columns
from callrouter.web.charts.heat import heat
from callrouter.web.charts.scale import labelled, ticks
from callrouter.web.charts.svg import Said

DAYS = ("mån", "tis", "ons", "tor", "fre", "lör", "sön")
SAID = Said("trend", "Most calls on Mondays", "12 calls")
counts = st.integers(0, 10**6)


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - of our own making


def texts(drawing: str) -> list[str]:
    return [each.text or "" for each in parsed(drawing).iter("text")]


def heights(drawing: str, fill: str) -> list[float]:
    return [float(each.attrib["height"]) for each in parsed(drawing).iter("rect") if each.attrib["fill"] == fill]


class TestScale:
    @pytest.mark.parametrize(
        ("most", "steps"),
        [
            (0, [0, 1]),
            (1, [0, 1]),
            (3, [0, 1, 2, 3]),
            (5, [0, 2, 4, 6]),
            (11, [0, 5, 10, 15]),
            (20, [0, 5, 10, 15, 20]),
            (21, [0, 10, 20, 30]),
            (341, [0, 100, 200, 300, 400]),
        ],
    )
    def test_round_steps(self, most: int, steps: list[int]) -> None:
        assert ticks(most) == steps

    @given(counts)
    def test_from_nothing_evenly_to_just_above_the_most(self, most: int) -> None:
        steps = ticks(most)
        apart = {after - before for before, after in pairwise(steps)}
        assert (steps[0], len(apart), len(steps) <= 5) == (0, 1, True)
        assert steps[-2] < max(most, 1) <= steps[-1]

    @given(st.integers(0, 500), st.integers(1, 12))
    def test_labels_are_no_more_than_there_is_room_for(self, count: int, most: int) -> None:
        places = labelled(count, most)
        assert len(places) <= most
        assert (0 in places) == (count > 0)


class TestColumns:
    @given(st.lists(st.tuples(counts, counts), max_size=40))
    def test_heights_are_in_proportion_and_inside(self, pairs: list[tuple[int, int]]) -> None:
        drawing = columns(SAID, [Column(full, rest, "", "") for full, rest in pairs])
        full = heights(drawing, "currentColor")
        rest = heights(drawing, "url(#trend-hatching)")
        top = ticks(max((sum(pair) for pair in pairs), default=0))[-1]
        rise = HEIGHT - 12 - 24
        assert full == pytest.approx([pair[0] / top * rise for pair in pairs], abs=0.01)
        assert rest == pytest.approx([pair[1] / top * rise for pair in pairs], abs=0.02)
        assert all(float(each.attrib["y"]) >= 11.9 for each in parsed(drawing).iter("rect"))

    def test_the_lines_stand_where_columns_of_their_number_end(self) -> None:
        svg = parsed(columns(SAID, [Column(count, 0, "", "") for count in (5, 10, 15, 20)]))
        tops = [float(each.attrib["y"]) for each in svg.iter("rect") if each.attrib["fill"] == "currentColor"]
        lines = [float(each.attrib["y1"]) for each in svg.iter("line")]
        assert lines[1:] == pytest.approx(tops)
        assert texts(columns(SAID, [Column(20, 0, "", "")])) == ["0", "5", "10", "15", "20"]

    def test_it_is_told_in_words(self) -> None:
        drawing = columns(SAID, [Column(3, 1, "1 nov", "1 november: 4 calls")], [Mark(0.5, "30 s")])
        svg = parsed(drawing)
        assert svg.attrib["role"] == "img"
        ids = {each.attrib["id"]: each.text for each in svg if "id" in each.attrib}
        assert ids[svg.attrib["aria-labelledby"]] == "Most calls on Mondays"
        assert ids[svg.attrib["aria-describedby"]] == "12 calls"
        assert [each.text for each in svg.iter("title")] == ["Most calls on Mondays", "1 november: 4 calls"]
        assert texts(drawing) == ["0", "1", "2", "3", "4", "1 nov", "30 s"]

    def test_the_last_label_is_not_cut_off(self) -> None:
        drawing = columns(SAID, [Column(1, 0, f"{n} nov", "") for n in range(30)])
        last = next(each for each in parsed(drawing).iter("text") if each.text == "29 nov")
        assert (last.attrib["x"], last.attrib["text-anchor"]) == (str(WIDTH), "end")

    def test_no_text_is_markup(self) -> None:
        nasty = "</title><script>x</script>\"'&"
        drawing = columns(Said("x", nasty, nasty), [Column(1, 1, nasty, nasty)], [Mark(0, nasty)])
        assert "<script" not in drawing
        assert [each.text for each in parsed(drawing).iter("title")] == [nasty, nasty]


class TestHeat:
    def test_every_hour_has_its_number(self) -> None:
        drawing = heat(SAID, {"1-00": 1, "3-08": 8, "7-23": 31_000}, DAYS, "from")
        said = texts(drawing)
        assert said[:7] == list(DAYS)
        rows = [said[7 + 8 * hour : 15 + 8 * hour] for hour in range(24)]
        assert rows[0] == ["00–01", "1", *"······"]
        assert rows[8] == ["08–09", "·", "·", "8", *"····"]
        assert rows[23] == ["23–00", *"······", "31k"]
        assert said[-5:] == ["from", "1", "7750", "15k", "23k"]

    def test_of_nothing_there_is_no_legend(self) -> None:
        assert "from" not in texts(heat(SAID, {}, DAYS, "from"))

    def test_numbers_stay_readable_on_the_darkest_shade(self) -> None:
        drawn = parsed(heat(SAID, {"1-00": 9}, DAYS, "from")).iter("rect")
        assert max(float(each.attrib["fill-opacity"]) for each in drawn) <= 0.45


class TestBar:
    @pytest.mark.parametrize(
        ("part", "whole", "full", "lengths"),
        [
            (0, 9, None, ["0", "0"]),
            (5, 10, None, ["50", "50"]),
            (10, 10, 4, ["100", "40"]),
            (1, 10_000, None, ["0.6", "0.6"]),
            (0, 0, None, ["0", "0"]),
        ],
    )
    def test_it_is_as_long_as_its_part(self, part: int, whole: int, full: int | None, lengths: list[str]) -> None:
        drawing = parsed(bar(part, whole, full=full))
        assert [each.attrib["width"] for each in drawing.iter("rect")] == lengths
        assert drawing.attrib["aria-hidden"] == "true"

    def test_the_target_has_its_line(self) -> None:
        (line,) = parsed(bar(0.5, 1, mark=0.8)).iter("line")
        assert (line.attrib["x1"], line.attrib["x2"]) == ("80", "80")


@pytest.mark.parametrize("drawing", [bar(1, 2, mark=1), heat(SAID, {"1-00": 1}, DAYS, "x"), columns(SAID, [])])
def test_there_is_no_style_no_script_and_no_other_colour(drawing: str) -> None:
    colours = {
        each.attrib[name] for each in parsed(drawing).iter() for name in ("fill", "stroke") if name in each.attrib
    }
    assert colours <= {"currentColor", "transparent", "url(#trend-hatching)"}
    assert not {"style", "script"} & {each.tag for each in parsed(drawing).iter()}
    assert not {name for each in parsed(drawing).iter() for name in each.attrib if name in ("style", "onclick")}

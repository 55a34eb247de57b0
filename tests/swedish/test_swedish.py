"""The Swedish of every sentence: none is missing, and each says the same of the same values."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import callrouter
from callrouter.domain.sentence import Sentence, Value
from callrouter.schedule import Problem, read
from callrouter.schedule.format.shape import FILE
from callrouter.swedish import SWEDISH, said
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed
from tests.schedule.mistakes_in_rules import IN_SHORT, OF_RULES
from tests.schedule.mistakes_in_words import OF_WORDS
from tests.swedish.sentences import sentences

PACKAGE = Path(callrouter.__file__).parent
CODE = [
    *(PACKAGE / "schedule" / "format").glob("*.py"),
    *(PACKAGE / name for name in ("schedule/watched.py", "calls/schedule_source.py", "web/concerns.py")),
    *(PACKAGE / "jobs").glob("*.py"),
    *(PACKAGE / "checks" / name for name in ("outside.py", "provider.py")),
]
MISTAKES = [*((EXAMPLE, edit) for edit, _ in OF_WORDS + OF_RULES), *((SHORT, edit) for edit, _ in IN_SHORT)]


def gaps(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


def parts(value: Value) -> Iterator[Sentence]:
    """Yield the sentences that one is made of."""
    if isinstance(value, tuple):
        for each in value:
            yield from parts(each)
    elif isinstance(value, Sentence):
        yield value
        for _, each in value.values:
            yield from parts(each)


def expectations(reader: object) -> Iterator[str]:
    """Yield what readers expect, and what required settings are for."""
    expected = getattr(reader, "expected", "")
    yield expected.english if isinstance(expected, Sentence) else expected
    for name in ("inner", "item", "value", "_record", "_versions"):
        if within := getattr(reader, name, None):
            yield from expectations(within)
    for field in getattr(reader, "fields", ()):
        yield field.doc if field.required else ""
        yield from expectations(field.reader)


def test_no_sentence_of_our_code_is_without_its_swedish() -> None:
    patterns = set(sentences(CODE)) - {""}
    assert len(patterns) > 90
    assert [each for each in patterns if not any(re.fullmatch(each, english) for english in SWEDISH)] == []


def test_nothing_that_is_expected_is_without_its_swedish() -> None:
    expected = set(expectations(FILE)) - {""}
    assert len(expected) > 80
    assert expected - set(SWEDISH) == set()


@pytest.mark.parametrize(("english", "swedish"), SWEDISH.items())
def test_both_speak_of_the_same_values(english: str, swedish: str) -> None:
    braces = "{1: reception}"  # of the text itself: it has no values
    assert gaps(english.replace(braces, "")) == gaps(swedish.replace(braces, ""))


@pytest.mark.parametrize(("text", "edit"), MISTAKES)
def test_each_mistake_is_told_in_swedish(text: str, edit: tuple[str, str]) -> None:
    (problem,) = read(changed(text, edit), NOW).errors
    assert [part.english for part in parts(problem.text) if part.english not in SWEDISH] == []
    assert said(problem.text, "en") == str(problem.text)


def test_a_problem_says_where_it_stands() -> None:
    text = changed(EXAMPLE, ("then: duty-officer", "then: duty-oficer"))
    (problem,) = read(text, NOW).errors
    line = next(n for n, line in enumerate(text.splitlines(), 1) if "duty-oficer" in line)
    told = (
        f"rad {line}: destinations > security > then: inget svarsställe heter 'duty-oficer'; menade du 'duty-officer'?"
    )
    assert said(problem.sentence, "sv") == told
    assert said(problem.sentence, "en") == str(problem)


def test_what_a_file_writes_is_never_read_as_a_gap() -> None:
    """A name with braces stands there as it is, in both languages."""
    (problem,) = read(changed(SHORT, ("open: desk", "open: '{hint}{0}'")), NOW).errors
    assert "'{hint}{0}'" in said(problem.text, "sv")
    assert "'{hint}{0}'" in str(problem)


def test_an_item_of_a_list_is_named_in_the_language() -> None:
    problem = Problem(7, ("units", "centre", "exceptions", "item 2"), Sentence("a tab; use spaces"))
    assert said(problem.sentence, "sv") == "rad 7: units > centre > exceptions > post 2: en tabb; använd blanksteg"


def test_a_sentence_of_a_later_release_is_said_in_english() -> None:
    kept = Sentence.of("{n} moons", n=2).as_json()
    assert said(Sentence.from_json(kept), "sv") == "2 moons"


def test_a_sentence_is_kept_whole() -> None:
    sentence = Sentence.of("{a} and {b}", a=[Sentence.of("{n} days", n=3), "x"], b=7)
    assert Sentence.from_json(sentence.as_json()) == sentence
    assert str(sentence) == "3 days, x and 7"

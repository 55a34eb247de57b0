"""The JSON Schema comes from the definitions that read the file, and says the same as far as a schema can."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.schema import json_schema
from callrouter.schedule.format.source import tree_of
from callrouter.schedule.format.tree import Broken, Mapping, Node, Scalar, Sequence
from tests.schedule.files import EXAMPLE, SHORT, changed, errors
from tests.schedule.mistakes_in_rules import IN_SHORT, OF_RULES
from tests.schedule.mistakes_in_words import OF_WORDS

IN_EXAMPLE = OF_WORDS + OF_RULES
VALIDATOR = Draft202012Validator(json_schema())


def plain(node: Node) -> Any:
    """Return the tree as an editor's YAML parser gives it."""
    match node:
        case Scalar():
            return int(node.text) if re.fullmatch(r"[-+]?[0-9]+", node.text) else node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node.pairs}
        case Broken():
            raise AssertionError("a test case that is no YAML")


def complaints(text: str) -> list[str]:
    root = tree_of(text, Findings())
    assert root is not None
    return [error.message for error in VALIDATOR.iter_errors(plain(root))]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("text", [EXAMPLE, SHORT], ids=["example", "short"])
def test_what_loads_pleases_it(text: str) -> None:
    assert errors(text) == []
    assert complaints(text) == []


ONLY_THE_LOADER_KNOWS = (
    *("no destination called", "no message called", "no unit called", "no person called", "no person or rota"),
    *("no time zone", "not in the calendar", "ends when it starts", "overlap", "ends before", "there is no time"),
    *("already belongs", "come back here", "a number of GB", "premium-rate", "shared-cost", "emergency", "not a valid"),
    *("stands twice", "same name", "same start", "already in", "go round", "rings nobody", "more than 10", "exclude"),
    *("has no Swedish", "has both", "reaches neither", "no address of a file", "is no country", "no language"),
    *("no length of a shift", "no time to keep", "that nobody sees"),
)


@pytest.mark.parametrize(
    ("base", "edit", "expected"),
    [(EXAMPLE, *case) for case in IN_EXAMPLE] + [(SHORT, *case) for case in IN_SHORT],
)
def test_what_it_can_express_it_refuses(base: str, edit: tuple[str, str], expected: str) -> None:
    if any(words in expected for words in ONLY_THE_LOADER_KNOWS):
        return
    assert complaints(changed(base, edit)), expected


def test_it_can_express_a_good_part() -> None:
    told = [expected for _, expected in IN_EXAMPLE + IN_SHORT]
    beyond = [text for text in told if any(words in text for words in ONLY_THE_LOADER_KNOWS)]
    assert len(told) - len(beyond) >= 25


def test_numbers_and_truths_of_editors_please_it() -> None:
    """An editor's parser gives integers and booleans where the loader sees texts."""
    root = tree_of(SHORT, Findings())
    assert root is not None
    tree = plain(root)
    tree["version"] = 1
    tree["units"]["centre"]["numbers"] = [46846500400]
    tree["destinations"]["desk"] |= {"seconds": 20, "rounds": 2, "together": True}
    assert not list(VALIDATOR.iter_errors(tree))


def test_every_setting_is_described() -> None:
    def undescribed(schema: Any) -> list[str]:
        if isinstance(schema, list):
            return [name for item in schema for name in undescribed(item)]
        if not isinstance(schema, dict):
            return []
        own = [name for name, value in schema.get("properties", {}).items() if not value.get("description")]
        return own + [name for value in schema.values() for name in undescribed(value)]

    assert undescribed(json_schema()) == []

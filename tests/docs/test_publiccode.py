"""publiccode.yml has what the standard (0.4) asks for, as its parser does: keys, words, lengths."""

from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parents[2] / "publiccode.yml"
TOLD: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
WORDS = {
    "publiccodeYmlVersion": {"0.4"},
    "developmentStatus": {"concept", "development", "beta", "stable", "obsolete"},
    "softwareType": {"standalone/web", "standalone/backend", "standalone/other", "addon", "library"},
}


@pytest.mark.parametrize("key", WORDS)
def test_a_word_is_one_of_the_standards(key: str) -> None:
    assert TOLD[key] in WORDS[key]


def test_all_that_must_be_told_is() -> None:
    assert all(TOLD[key] for key in ("name", "url", "platforms", "description"))
    assert TOLD["legal"]["license"] == "MIT"
    assert TOLD["maintenance"]["type"] == "internal"
    assert all(contact["name"] for contact in TOLD["maintenance"]["contacts"])
    assert TOLD["localisation"]["localisationReady"] is True
    assert set(TOLD["localisation"]["availableLanguages"]) == set(TOLD["description"])


@pytest.mark.parametrize("language", TOLD["description"])
def test_it_is_described_at_the_length_that_is_asked_for(language: str) -> None:
    described = TOLD["description"][language]
    assert 0 < len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]

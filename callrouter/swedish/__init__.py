"""The Swedish of every sentence, by its English: what cannot be missing here, tests/swedish/ holds."""

from typing import Any

from callrouter.domain.sentence import Sentence
from callrouter.swedish.checker import CHECKER
from callrouter.swedish.heard import heard
from callrouter.swedish.service import SERVICE
from callrouter.swedish.settings import SETTINGS

__all__ = ["SWEDISH", "heard", "said"]

SWEDISH = {**CHECKER, **SETTINGS, **SERVICE}


class _Known(dict[str, str]):
    """The table, and what is known again where it stands in no table: a text that was kept as it was said."""

    def get(self, english: str, default: Any = None) -> Any:
        return self[english] if english in self else heard(str(default), "sv")


_KNOWN = _Known(SWEDISH)


def said(sentence: Sentence, language: str) -> str:
    """Say *sentence* in *language*: `sv`, or else in English."""
    return sentence.said(_KNOWN) if language == "sv" else str(sentence)

"""The Swedish of every sentence, by its English: what cannot be missing here, tests/swedish/ holds."""

from callrouter.domain.sentence import Sentence
from callrouter.swedish.checker import CHECKER
from callrouter.swedish.service import SERVICE
from callrouter.swedish.settings import SETTINGS

SWEDISH = {**CHECKER, **SETTINGS, **SERVICE}


def said(sentence: Sentence, language: str) -> str:
    """Say *sentence* in *language*: `sv`, or else in English."""
    return sentence.said(SWEDISH) if language == "sv" else str(sentence)

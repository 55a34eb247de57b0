"""Every text of the pages in both languages, side by side where it is used: none can be missing in one of them.

In templates `t("…", "…")`, in code `Text("…", "…")`. A test holds that no template has words outside of them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Language(StrEnum):
    """The languages of the pages, the usual one first."""

    SWEDISH = "sv"
    ENGLISH = "en"

    @property
    def other(self) -> "Language":
        """The one to switch to."""
        return Language.ENGLISH if self is Language.SWEDISH else Language.SWEDISH


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; `{name}` stands for a value."""

    sv: str
    en: str

    def said(self, language: Language, **values: Any) -> str:
        """The text in *language*."""
        text = self.sv if language is Language.SWEDISH else self.en
        return text.format(**values) if values else text


def language_of(text: str | None) -> Language:
    """The language called *text*; the usual one where there is no such."""
    return Language(text) if text in set(Language) else Language.SWEDISH

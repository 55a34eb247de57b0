"""A setting as it is shown: what of it, and what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callrouter.settings import Settings
from callrouter.web.texts import Text


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting: its meaning in both languages, and its *value*."""

    name: str
    sv: str
    en: str
    value: Callable[[Settings], Any]
    is_secret: bool = False

    @property
    def meaning(self) -> Text:
        """For whoever reads it."""
        return Text(self.sv, self.en)

    def text(self, settings: Settings) -> str:
        """What is shown of it, nothing where it is not set; of a secret no more is told than that there is one."""
        value = self.value(settings)
        if value in (None, "", ()):
            return ""
        if self.is_secret:
            return "***"
        return "; ".join(value) if isinstance(value, tuple) else str(value)

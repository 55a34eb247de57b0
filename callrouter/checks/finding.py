"""What a check says, and the checks at once, none of which can keep the others waiting."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from threading import Thread

from callrouter import clock
from callrouter.calllog.refusal import in_a_line
from callrouter.domain.sentence import Sentence
from callrouter.setting_values import SettingsError


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What *check* found, and what to do about it.

    What jobs warn of too is a sentence: people read it in their language.
    """

    check: str
    level: Level
    said: Sentence | str
    advice: str = ""

    @property
    def found(self) -> str:
        """What it found, in English."""
        return str(self.said)


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at, and how many seconds that may take."""

    name: str
    look: Callable[[], Iterable[Finding]]
    seconds: float = 10.0

    def ok(self, found: str) -> Finding:
        """Nothing to do."""
        return Finding(self.name, Level.OK, found)


def examine(checks: Iterable[Check]) -> Iterator[Finding]:
    """All findings, in the order of *checks*, which run at the same time, and each no longer than it may."""
    began = clock.monotonic()
    running = [_Running(check) for check in checks]
    for each in running:
        each.thread.join(max(0.0, began + each.check.seconds - clock.monotonic()))
        yield from each.findings or (_late(each.check),)


class _Running:
    """A check in a thread of its own, which dies with the process: what hangs in it is left alone."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.findings: tuple[Finding, ...] = ()
        self.thread = Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        name = self.check.name
        try:
            self.findings = tuple(self.check.look())
        except SettingsError:
            self.findings = (
                Finding(
                    name,
                    Level.WARNING,
                    "not looked at: the settings need a look first",
                    "Mend what stands at: settings",
                ),
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self.findings = (Finding(name, Level.ERROR, in_a_line(error), "Mend what it names, then look again."),)


def _late(check: Check) -> Finding:
    return Finding(check.name, Level.ERROR, f"no answer within {check.seconds:g} s", "Look why it hangs.")

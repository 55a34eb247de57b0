"""Coverage-guided fuzzing of the schedule reader: no bytes may end in a traceback, nor may the hours of a good file.

    .venv/bin/python bench/fuzz_schedule.py [SECONDS] [SEED]

Starts from the delivered schedule, changes bytes, lines and words at random, and keeps each input that makes the
reader take a step between two lines that it never took before. Prints the first input that raises, and its seed.
"""

import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from callrouter.schedule.format.reading import read

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
SEEDS = [ROOT / "config" / "schedule.yaml", ROOT / "tests" / "schedule" / "example.yaml"]
WORDS = [
    *(
        b"\t",
        b": ",
        b"- ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"#",
        b"'",
        b'"',
        b"|",
        b"&a ",
        b"*a",
        b"!x ",
        b"? ",
        b"---\n",
        b"..",
    ),
    *(b"+46 8 465 004 01", b"24:00", b"23:59", b"02-29", b"2026-02-30", b"closed", b"always", b"\xff", b"\xe2\x80\xa8"),
]


class Steps:
    """The steps between lines of the reader that the inputs so far have taken."""

    def __init__(self) -> None:
        self.all: set[tuple[str, int, int]] = set()
        self._new: set[tuple[str, int, int]] = set()

    def of(self, content: bytes) -> bool:
        """Read *content*; say whether it took a new step."""
        self._new = set()
        sys.settrace(self._call)
        try:
            schedule = read(content, NOW).schedule
        finally:
            sys.settrace(None)
        for unit in schedule.units.values() if schedule else ():
            unit.hours.compiled(NOW)
        found = not self._new <= self.all
        self.all |= self._new
        return found

    def _call(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        file = frame.f_code.co_filename
        if "/callrouter/schedule/" not in file:
            return None
        before = frame.f_lineno

        def line(frame: FrameType, _event: str, _arg: Any) -> Any:
            nonlocal before
            self._new.add((file, before, frame.f_lineno))
            before = frame.f_lineno
            return line

        return line


def changed(content: bytes, chance: random.Random) -> bytes:
    """Return *content* with one to four changes."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        lines = content.splitlines(keepends=True) or [b""]
        place = chance.randrange(len(content) + 1)
        match chance.randrange(5):
            case 0:
                content = content[:place] + chance.choice(WORDS) + content[place:]
            case 1:
                content = content[:place] + content[place + chance.randint(1, 30) :]
            case 2:
                content = content[:place] + chance.randbytes(chance.randint(1, 3)) + content[place + 1 :]
            case 3:
                lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
                content = b"".join(lines)
            case _:
                del lines[chance.randrange(len(lines))]
                content = b"".join(lines)
    return content


def main() -> int:
    """Fuzz for some seconds; 1 if something was raised."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1_000_000)
    chance, steps, tried = random.Random(seed), Steps(), 0
    corpus = [path.read_bytes() for path in SEEDS]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        # What is kept is mostly broken; a good file with one slip goes deeper.
        kept = corpus[: len(SEEDS)] if chance.random() < 0.6 else corpus
        content = changed(chance.choice(kept), chance) if tried >= len(SEEDS) else corpus[tried]
        tried += 1
        try:
            if steps.of(content):
                corpus.append(content)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            print(f"seed {seed}, input {tried}: {type(error).__name__}: {error}\n{content!r}")
            return 1
    print(f"seed {seed}: {tried} inputs, {len(steps.all)} steps, {len(corpus)} kept, nothing raised")
    return 0


if __name__ == "__main__":
    sys.exit(main())

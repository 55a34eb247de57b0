"""Where rows are made alike until none of them stands out: a file of SQLite's, for they may be many.

A row is told with all its quasi-identifiers if enough others share them. The rest is looked at again with one of them
blank, and so on up the LADDER; what is rare even at its top is withheld.

What is left blank must not come back from beside it: a caller has another pseudonym on each rung, so that no row leads
to one that tells more; and where the state is blank, so is all that follows from it.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from callrouter.calllog.export.research.coarse import QUASI, TOLD, pseudonym

ENOUGH = 5
"""Calls, and callers as far as they can be told apart, that share all that could find one of them."""

_ALWAYS = ("unit", "state", "disposition")
LADDER: tuple[tuple[str, ...], ...] = (
    QUASI,
    ("year", "quarter", "weekday", "hour", *_ALWAYS),
    ("year", "weekday", "hour", *_ALWAYS),
    ("year", "quarter", "hour", *_ALWAYS),
    ("year", "hour", *_ALWAYS),
    ("year", *_ALWAYS),
    ("unit", "disposition"),
    ("disposition",),
)
"""What is still told on each rung, the finest first."""

_ROW = (*QUASI, *TOLD)
_CALLER_AT = _ROW.index("caller")
_KEY_BYTES = 32
_CALLER = "CASE caller WHEN '' THEN 'row ' || rowid ELSE caller END"
"""Who called: of callers without a pseudonym each may be another one, for nothing in the file says otherwise."""


class Scratch:
    """The rows of one export, in a file that goes with its folder."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(f"CREATE TABLE call (rung, {', '.join(_ROW)})")

    def add(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Keep *rows*: the QUASI and the TOLD of a call each."""
        places = ", ".join("?" for _ in _ROW)
        self._database.executemany(f"INSERT INTO call VALUES (NULL, {places})", rows)  # noqa: S608 - our own words

    def climb(self) -> list[int]:
        """Make the rows alike; returns how many are told on each rung, and last how many are withheld."""
        counts = [self._told_on(rung, kept) for rung, kept in enumerate(LADDER)]
        (withheld,) = self._database.execute("SELECT count(*) FROM call WHERE rung IS NULL").fetchone()
        return [*counts, withheld]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """What may be told, in an order that says nothing of who called before whom."""
        order = f"ORDER BY {', '.join(QUASI)}, random()"
        found = self._database.execute(f"SELECT rung, {', '.join(_ROW)} FROM call WHERE rung IS NOT NULL {order}")  # noqa: S608
        keys = [secrets.token_bytes(_KEY_BYTES) for _ in LADDER]
        for rung, *row in found:
            if row[_CALLER_AT]:
                row[_CALLER_AT] = pseudonym(row[_CALLER_AT], keys[rung])
            yield tuple(row)

    def close(self) -> None:
        """Let the file go."""
        self._database.close()

    def _told_on(self, rung: int, kept: tuple[str, ...]) -> int:
        names = ", ".join(kept)
        often = (
            f"SELECT {names} FROM call WHERE rung IS NULL GROUP BY {names}"  # noqa: S608 - our own words
            f" HAVING count(*) >= {ENOUGH} AND count(DISTINCT {_CALLER}) >= {ENOUGH}"
        )
        blank = "".join(f", {name} = ''" for name in _blank_beside(kept))
        here = f"UPDATE call SET rung = {rung}{blank} WHERE rung IS NULL AND ({names}) IN ({often})"  # noqa: S608
        return self._database.execute(here).rowcount


def _blank_beside(kept: tuple[str, ...]) -> tuple[str, ...]:
    """What is blank where only *kept* is told. Who answers, and how soon, follows from the unit and its state."""
    told = TOLD if "state" in kept else ()
    return tuple(name for name in _ROW if name not in (*kept, *told))

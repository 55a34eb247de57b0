"""What a transaction may be asked for, on either engine."""

from collections.abc import Sequence

WRITES = "callrouter_writes"
"""The execution option of a transaction that has the right to write from its first statement."""

UNSYNCED = "callrouter_unsynced"
"""The execution option of one whose commit does not wait for the disk: a power cut may undo it, never half of it."""

Rows = Sequence[tuple[object, ...]]

Statements = Sequence[tuple[str, Rows]]
"""Texts for the driver, each for all of its rows; a value goes where it says `?`."""

"""What is kept of webhooks: a thread of its own writes the entries of several at once, and folds them later."""

from collections.abc import Iterator
from pathlib import Path

from bench.contestants import bare, entry, row_of_caller, row_of_event
from bench.webhooks.part import KEY, Part, What
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.writes import write_entries
from callrouter.sealing import Pseudonymizer

_WRITTEN_AT_ONCE, _FOLDED_AT_ONCE = 32, 10


def beside(home: Path) -> Iterator[Part]:
    """Writing and folding, in a new database in *home*."""
    url = f"sqlite:///{home / 'calls.db'}"
    database, key = Database(url), Pseudonymizer(KEY)
    database.prepare()

    def entries(many: int) -> list[Entry]:
        return [entry() for _ in range(many)]

    def recorded() -> None:
        write_entries(database, key, entries(_WRITTEN_AT_ONCE))

    with bare(url) as commit:

        def by_driver() -> None:
            told = entries(_WRITTEN_AT_ONCE)
            commit([row_of_event(e) for each in told for e in each.events], [row_of_caller(e, key) for e in told])

        yield Part("recording, 32 at once", recorded, by_driver, "the bare driver", _WRITTEN_AT_ONCE, What.BESIDE)

    def folded() -> None:
        told = entries(_FOLDED_AT_ONCE)
        write_entries(database, key, told)
        with database.unsynced():
            project(database, {(e.events[0].day, e.call_id) for e in told})

    yield Part(
        "recording and folding, 10 at once",
        folded,
        lambda: write_entries(database, key, entries(_FOLDED_AT_ONCE)),
        "recording alone",
        _FOLDED_AT_ONCE,
        What.BESIDE,
    )
    database.close()

"""The desk of whoever looks at calls afterwards: a log with some calls, and the commands beside it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.writes import write_entries
from callrouter.sealing import Pseudonymizer
from tests.calllog.told import CITIZEN, arrival, whole_story
from tests.cli.by_hand import SCHEDULE, Desk

CATEGORIES = "review: {categories: [oro, stöld]}\n"
FIRST = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
"""16:30 in Stockholm: the unit of the calls is closed."""


class Archive(Desk):
    """Five calls of one citizen, an hour apart: `CA0a` to `CA4a`; the last one was answered."""

    def __post_init__(self) -> None:
        self.write(SCHEDULE + CATEGORIES)
        self.write_calls([arrival(f"CA{n}a", FIRST + timedelta(hours=n)) for n in range(4)])
        self.write_calls([Entry(tuple(whole_story("CA4a", FIRST + timedelta(hours=4))), CITIZEN)])

    def write_calls(self, entries: Sequence[Entry]) -> None:
        database = Database(f"sqlite:///{self.database}")
        database.prepare()
        write_entries(database, Pseudonymizer(self.privacy_key), entries)
        project(database, {(event.day, event.call_id) for entry in entries for event in entry.events})
        database.close()

    def refuses(self, *arguments: str) -> str:
        """What a command says that must be refused."""
        result = self.run(*arguments)
        assert (result.exit_code, result.stdout) == (1, ""), result.output
        return result.stderr.rstrip("\n")

    def finds(self, *options: str) -> list[str]:
        """The ids of the calls that `log` lists."""
        return [line.split("\t")[1] for line in self.run("log", *options).stdout.splitlines()]

    def audited(self) -> list[tuple[str, str]]:
        """What was done to what, the oldest first."""
        return [(each["action"], each["subject"]) for each in self.listed("audit")[::-1]]

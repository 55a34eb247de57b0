"""A house with a log and a post of its own, whose schedule says who is told of what."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select, update

from callrouter import clock
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.outbox import listed
from callrouter.calllog.tables import OutboxRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.notice import Notice
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Notify, Schedule
from callrouter.domain.words import NoticeState, Origin
from callrouter.jobs import outbox
from callrouter.jobs.job import Tools
from callrouter.notices.due import missed_calls
from callrouter.notices.letter import Letter
from callrouter.notices.post import NotTakenError
from callrouter.notices.writing import Writer
from tests.calllog.told import PSEUDONYMIZER
from tests.schedules import schedule

MINUTE = timedelta(minutes=1)
OWNER, PHONE = "owner@example.se", PhoneNumber("+46701740660")
NOTIFY = Notify((OWNER, PHONE), ("desk@example.se",), ("boss@example.se",), ("drift@example.se",))
SCHEDULE = replace(schedule(), notify=NOTIFY)
URL = "https://calls.example.se"


@dataclass
class Post:
    """Takes all that it is given, unless told otherwise."""

    sender: str = "callrouter@example.se"
    trouble: dict[str, NotTakenError] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def mail(self, mail: EmailMessage) -> None:
        self.try_(str(mail["To"]))
        self.mails.append(mail)

    def sms(self, to: str, text: str, name: str) -> None:  # noqa: ARG002 - as all ways do
        self.try_(to)
        self.texts.append((to, text))

    def try_(self, to: str) -> None:
        self.tried.append(to)
        if to in self.trouble:
            raise self.trouble[to]


@dataclass
class House:
    database: Database
    post: Post
    in_force: Schedule = SCHEDULE

    @property
    def tools(self) -> Tools:
        return Tools(self.database, lambda: self.in_force, post=self.post, public_url=URL)

    def keep(self, *told: Entry) -> None:
        write_entries(self.database, PSEUDONYMIZER, list(told))
        catch_up(self.database)

    def missed(self, at: datetime, origin: Origin = Origin.REAL) -> list[Notice]:
        with self.database.reading() as connection:
            return missed_calls(connection, self.in_force, origin, at)

    def a_minute_passes(self) -> list[str]:
        """The outbox is looked at."""
        return [piece.run(self.tools) for piece in outbox.due(self.tools, clock.now())]

    def ten_minutes_pass(self) -> None:
        with self.database.writing() as connection:
            sent, waits = OutboxRow.sent_at.is_not(None), OutboxRow.next_at.is_not(None)
            connection.execute(update(OutboxRow).where(sent).values(sent_at=clock.now() - timedelta(minutes=10)))
            connection.execute(update(OutboxRow).where(waits).values(next_at=clock.now()))

    def letter(self, notice: Notice, at: datetime) -> Letter:
        found = Writer(self.database, self.in_force, Origin.REAL, URL, at).letter([notice])
        assert found is not None
        return found

    def stored(self) -> str:
        with self.database.reading() as connection:
            return repr(connection.execute(select(OutboxRow.__table__)).all())

    def states(self) -> dict[str, str]:
        with self.database.reading() as connection:
            return {notice.address: row.error for notice, row in listed(connection, NoticeState.FAILED, 9)}

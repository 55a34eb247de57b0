"""The mail server and the name server of a running service, in which each missed call is told by mail."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select

from callrouter import clock
from callrouter.calllog import outbox
from callrouter.calllog.tables import CallRow
from callrouter.domain.call_back import MISSED
from callrouter.domain.notice import SPELL, Notice, name_of
from callrouter.domain.words import NoticeState
from tests.faults import clock_ways
from tests.faults.rest import A_DAY, A_MINUTE, RestTrial
from tests.notices.mail_server import SENDER, mail_house
from tests.service import free_port, until

OWNERS = tuple(f"owner{number}@example.se" for number in range(10))
LOOKED_UP_FOR_SECONDS = 15
"""As long as a resolver asks a name server that is silent, and longer than a mail server may take."""

_NAMES = "NAMES_FAIL_AFTER"
_ALL = 100_000


@dataclass
class MailTrial(RestTrial):
    """A trial of a service that sends mail to a server on *port*, which stands on loopback and has a name.

    *mails*: what it has taken.
    """

    port: int = field(kw_only=True)
    mails: list[EmailMessage] = field(default_factory=list)
    _served: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self.serve()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def serve(self, **told: Any) -> None:
        """Another server stands in the place of the one that was there."""
        self.close()
        self._served.enter_context(mail_house(port=self.port, mails=self.mails, **told))

    def close(self) -> None:
        """Nobody listens."""
        self._served.close()

    def all_are_told_once(self) -> None:
        """Each missed call stands in one letter to its owner, and each letter came once.

        Of many calls one letter tells when ten minutes have passed: they have.
        """
        until(lambda: self._are_noticed(NoticeState.WAITING, NoticeState.SENT), "all are to be told", 60)
        clock_ways.set_clock(self.service, clock.now() + SPELL + A_MINUTE)
        until(lambda: self._are_noticed(NoticeState.SENT), "all is sent", 60)
        letters = self._letters()
        assert Counter(notice.about for letter in letters for notice in letter) == Counter(self._missed())
        came = Counter(re.sub(r"[<>]|@.*", "", mail["Message-ID"]) for mail in self.mails)
        assert came == Counter(map(name_of, letters)), "each letter came, and came once"

    def _are_noticed(self, *states: NoticeState) -> bool:
        """Whether of each missed call a notice is there, in one of these states."""
        with self.reading() as connection:
            counts = outbox.counted(connection, clock.now() - A_DAY)
            noticed = {notice.about for state in states for notice, _ in outbox.listed(connection, state, _ALL)}
        assert counts[NoticeState.FAILED] == 0, "none is given up"
        return self._missed() <= noticed

    def _missed(self) -> set[str]:
        missed = select(CallRow.call_id).where(CallRow.disposition.in_([each.value for each in MISSED]))
        with self.reading() as connection:
            return set(connection.scalars(missed.where(CallRow.unit.is_not(None))))

    def _letters(self) -> list[list[Notice]]:
        """Letter by letter, what was sent."""
        letters: dict[tuple[str, object], list[Notice]] = defaultdict(list)
        with self.reading() as connection:
            for notice, row in outbox.listed(connection, NoticeState.SENT, _ALL):
                letters[notice.address, row.sent_at].append(notice)
        return list(letters.values())


def settings(home: Path) -> tuple[int, dict[str, str]]:
    """A port for a mail server, and the environment of a service that sends its mail there; its clock can be set."""
    port = free_port()
    mail = {"CALLROUTER_SMTP_HOST": f"localhost:{port}", "CALLROUTER_SMTP_SECURITY": "none"}
    return port, clock_ways.settable_clock(home) | mail | {"CALLROUTER_MAIL_FROM": SENDER, _NAMES: str(home / "names")}


@contextmanager
def _says_nothing(trial: MailTrial) -> Iterator[None]:
    trial.serve(hangs=True)
    yield
    trial.serve()


@contextmanager
def _is_not_there(trial: MailTrial) -> Iterator[None]:
    trial.close()
    yield
    trial.serve()


@contextmanager
def _is_not_found(trial: MailTrial, seconds: int) -> Iterator[None]:
    """No name of whatever is known, as the look-up says after so many *seconds*."""
    names = Path(trial.service.given[_NAMES])
    names.write_text(str(seconds), "ascii")
    yield
    names.unlink()


TROUBLES: dict[str, Callable[[MailTrial], AbstractContextManager[None]]] = {
    "says nothing": _says_nothing,
    "is not there": _is_not_there,
    "is not found": partial(_is_not_found, seconds=0),
    "is looked up for long": partial(_is_not_found, seconds=LOOKED_UP_FOR_SECONDS),
}
"""What becomes of the mail server, or of its name."""

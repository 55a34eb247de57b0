"""Sends what is due: claimed, made of what the log says now, handed over, and noted."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.outbox import (
    Claimed,
    claim_next,
    claim_with,
    letters,
    note_failed,
    note_sent,
    put_off,
    waiting_with,
)
from callrouter.domain.notice import MOST_LETTERS, SPELL, Notice, name_of
from callrouter.domain.words import NoticeKind
from callrouter.notices.letter import Letter
from callrouter.notices.post import NotTakenError, Post

log = logging.getLogger(__name__)

Write = Callable[[Sequence[Notice]], Letter | None]
"""The one letter of notices of a kind; None: there is nothing to tell any more."""


@dataclass(slots=True)
class Sent:
    """What came of it: how many were sent, and why each of the others was not."""

    sent: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends by *post* what *write* makes of notices, to addresses that are *known* still, and to no others."""

    database: Database
    post: Post
    write: Write
    known: frozenset[str]
    stopping: Event

    def send_due(self) -> Sent:
        """Send all that is due. A way on which nothing goes is left alone until the next time."""
        sent = Sent()
        for is_mail in (True, False):
            while not self.stopping.is_set() and (claimed := claim_next(self.database, clock.now(), is_mail=is_mail)):
                if self._send(claimed, sent):
                    break
        return sent

    def _send(self, claimed: Claimed, sent: Sent) -> bool:
        """Send one, and what goes with it; returns whether the others of its way need not be tried."""
        bundle = self._bundle(claimed)
        if not bundle:
            return False
        kind, name = claimed.notice.kind, claimed.notice.name
        try:
            self._hand_over([each.notice for each in bundle])
        except NotTakenError as error:
            self._not_taken(bundle, str(error), for_good=error.for_good)
            sent.troubles.append(str(error))
            return error.is_away
        except _NothingToTellError as error:
            self._not_taken(bundle, str(error), for_good=True)
            return False
        except Exception as error:  # one that cannot be written keeps no other from being sent
            log.exception("notice %s could not be made", name)
            self._not_taken(bundle, f"it could not be made: {type(error).__name__}", for_good=False)
            sent.troubles.append(f"{kind}: {type(error).__name__}")
            return False
        at = clock.now()
        for each in bundle:
            note_sent(self.database, each, at)
        sent.sent += 1
        return False

    def _bundle(self, claimed: Claimed) -> list[Claimed]:
        """What goes in its letter: itself alone, or all that wait with it, or nothing until there is room for one."""
        if claimed.notice.kind is not NoticeKind.MISSED_CALL:
            return [claimed]
        at = clock.now()
        lately = letters(self.database, claimed.notice, at - SPELL)
        room = MOST_LETTERS - len(lately)
        if room <= 0:
            put_off(self.database, claimed, lately[-MOST_LETTERS] + SPELL)
            return []
        is_few = waiting_with(self.database, claimed, at) < room
        return [claimed, *([] if is_few else claim_with(self.database, claimed, at))]

    def _hand_over(self, notices: Sequence[Notice]) -> None:
        notice, name = notices[0], name_of(notices)
        if notice.address not in self.known:
            raise _NothingToTellError("the schedule no longer names this address")
        letter = self.write(notices)
        if letter is None:
            raise _NothingToTellError("what it tells of is not there any more")
        if notice.is_mail:
            self.post.mail(letter.mail(self.post.sender, notice.address, name))
        else:
            self.post.sms(notice.address, letter.sms, name)

    def _not_taken(self, bundle: Sequence[Claimed], why: str, *, for_good: bool) -> None:
        for each in bundle:
            goes_on = note_failed(self.database, each, why, clock.now(), for_good=for_good)
            end = "tried again" if goes_on else "given up"
            log.warning("notice %s (%s): %s; %s", each.notice.name, each.notice.kind, why, end)


class _NothingToTellError(RuntimeError):
    """There is nothing to be sent any more."""

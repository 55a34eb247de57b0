"""What the provider keeps of a call, to be deleted there by the same rules."""

import logging
from typing import Protocol

from sqlalchemy import select

from callrouter.calllog.database import Database
from callrouter.calllog.overdue import Old
from callrouter.calllog.projection import near
from callrouter.calllog.refusal import in_a_line
from callrouter.calllog.tables import CallerRow, RecordingRow

log = logging.getLogger(__name__)

_MOST_FAILURES = 3
"""In a row: then the provider is left alone until the next run."""


class Account(Protocol):
    """Our account with the provider. What it has not, or has no longer, counts as deleted.

    Raises:
        OSError: it could not be done now.
    """

    def delete_recording(self, sid: str) -> None:
        """Delete the recording of that name."""

    def delete_call(self, sid: str) -> None:
        """Delete the record of that call, and those of its legs."""


class Copies:
    """The provider's copies, as one run deletes them. Whatever fails stays for the next one."""

    def __init__(self, database: Database, account: Account | None) -> None:
        self._database = database
        self._account = account
        self._failures = 0
        self.trouble: str | None = None if account else "no account with the provider"

    @property
    def has_given_up(self) -> bool:
        """Whether nothing more is tried in this run."""
        return self._account is None or self._failures >= _MOST_FAILURES

    def recording_is_gone(self, old: Old) -> bool:
        """Delete one recording: whether it is gone."""
        return not old.has_copies or self._delete(old.item, is_call=False)

    def record_is_gone(self, old: Old) -> bool:
        """Delete the provider's record of a call: whether it is gone."""
        return not old.has_copies or self._delete(old.call_id, is_call=True)

    def all_is_gone(self, old: Old) -> bool:
        """Delete all that the provider has of a call: whether it is gone."""
        if not old.has_copies:
            return True
        call = [(old.day, old.call_id)]
        kept = select(RecordingRow.sid).where(near(RecordingRow, call), RecordingRow.deleted_at.is_(None))
        forgotten = select(CallerRow.call_id).where(near(CallerRow, call), CallerRow.forgotten_at.is_not(None))
        with self._database.reading() as connection:
            sids = connection.execute(kept).scalars().all()
            is_forgotten = connection.execute(forgotten).first() is not None
        return all(self._delete(sid, is_call=False) for sid in sids) and (is_forgotten or self.record_is_gone(old))

    def _delete(self, sid: str, *, is_call: bool) -> bool:
        if self._account is None or self.has_given_up:
            return False
        try:
            (self._account.delete_call if is_call else self._account.delete_recording)(sid)
        except OSError as error:
            self._failures += 1
            self.trouble = in_a_line(error)
            log.warning("the provider did not delete %s: %s", sid, self.trouble)
            return False
        self._failures = 0
        return True

"""What the provider keeps of a call, to be deleted there by the same rules."""

import logging
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import select

from callrouter.calllog.database import Database
from callrouter.calllog.holds import held_among
from callrouter.calllog.overdue import Old
from callrouter.calllog.projection import near
from callrouter.calllog.tables import CallerRow, CallEventRow, RecordingRow
from callrouter.domain.words import EventKind

log = logging.getLogger(__name__)

_MOST_FAILURES, _MOST_REFUSALS = 3, 20
"""In a row, at one place and then at another: then the provider is left alone until the next run."""

_TELL_OF_LEGS = (EventKind.LEG.value, EventKind.DIAL_ENDED.value, EventKind.LISTED.value)


class StillThereError(RuntimeError):
    """The provider did not delete something. *is_away*: nothing else would be deleted now either."""

    def __init__(self, why: str, *, is_away: bool) -> None:
        super().__init__(why)
        self.is_away = is_away


class Account(Protocol):
    """Our account with the provider. What is gone already counts as deleted.

    Raises:
        StillThereError: it was not deleted.
    """

    def delete_recording(self, sid: str) -> None:
        """Delete the recording of that name."""

    def delete_call(self, sid: str) -> None:
        """Delete the record of that call or leg."""


class Copies:
    """The provider's copies, as one run deletes them. Whatever fails stays for the next one."""

    def __init__(self, database: Database, account: Account | None) -> None:
        self._database = database
        self._account = account
        self._failures = 0
        self._has_been_elsewhere = account is None
        self.has_given_up = account is None
        self.trouble: str | None = None if account else "no account with the provider"

    def go_on_elsewhere(self) -> bool:
        """Whether to try once more, at another place: what it never deletes must not keep all else back for ever."""
        if self._has_been_elsewhere:
            return False
        self._failures, self._has_been_elsewhere, self.has_given_up = 0, True, False
        return True

    def recording_is_gone(self, old: Old) -> bool:
        """Delete one recording: whether it is gone."""
        return not old.has_copies or self._delete_recording(old, old.item)

    def record_is_gone(self, old: Old) -> bool:
        """Delete the provider's records of a call and its legs, in which the caller's number may stand."""
        is_named = old.has_copies and not old.is_leg_alone
        return self.legs_are_gone(old) and (not is_named or self._delete_call(old, old.call_id))

    def legs_are_gone(self, old: Old) -> bool:
        """Delete the provider's records of the legs, which the events alone can name."""
        if not old.has_copies or self._is_forgotten(old):
            return True
        told = select(CallEventRow.facts).where(
            near(CallEventRow, [(old.day, old.call_id)]), CallEventRow.kind.in_(_TELL_OF_LEGS)
        )
        with self._database.reading() as connection:
            named = {facts.get("sid") for facts in connection.execute(told).scalars()}
        return all(self._delete_call(old, sid) for sid in sorted(filter(None, named)))

    def all_is_gone(self, old: Old) -> bool:
        """Delete all that the provider has of a call: whether it is gone."""
        if not old.has_copies:
            return True
        kept = select(RecordingRow.sid).where(
            near(RecordingRow, [(old.day, old.call_id)]), RecordingRow.deleted_at.is_(None)
        )
        with self._database.reading() as connection:
            sids = connection.execute(kept).scalars().all()
        are_gone = all(self._delete_recording(old, sid) for sid in sids)
        return are_gone and (self._is_forgotten(old) or self.record_is_gone(old))

    def _is_forgotten(self, old: Old) -> bool:
        """Whether the provider's records of the call are gone already."""
        forgotten = select(CallerRow.call_id).where(
            near(CallerRow, [(old.day, old.call_id)]), CallerRow.forgotten_at.is_not(None)
        )
        with self._database.reading() as connection:
            return connection.execute(forgotten).first() is not None

    def _is_held(self, old: Old) -> bool:
        """Asked again before each deletion: of a provider who is slow a portion takes minutes."""
        with self._database.reading() as connection:
            return bool(held_among(connection, {old.call_id}))

    def _delete_recording(self, old: Old, sid: str) -> bool:
        return self._delete(old, lambda account: account.delete_recording(sid))

    def _delete_call(self, old: Old, sid: str) -> bool:
        return self._delete(old, lambda account: account.delete_call(sid))

    def _delete(self, old: Old, one: Callable[[Account], None]) -> bool:
        if self._account is None or self.has_given_up or self._is_held(old):
            return False
        try:
            one(self._account)
        except StillThereError as error:
            self._failures += 1
            self.has_given_up = self._failures >= (_MOST_FAILURES if error.is_away else _MOST_REFUSALS)
            self.trouble = str(error)
            log.warning("retention: %s", error)
            return False
        self._failures = 0
        return True

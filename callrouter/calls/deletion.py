"""Deletion at the provider, as retention asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from callrouter.calllog.copies import StillThereError
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError


@dataclass(frozen=True, slots=True)
class Deletion:
    """The provider's account as the log knows it: what is not deleted is still there."""

    account: Account

    def delete_recording(self, sid: str) -> None:
        """Delete a recording for ever."""
        with _told():
            self.account.delete_recording(sid)

    def delete_call(self, sid: str) -> None:
        """Delete the provider's record of a call or leg."""
        with _told():
            self.account.delete_call(sid)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (ProviderUnavailableError, ProviderRefusedError) as error:
        raise StillThereError(str(error), is_away=isinstance(error, ProviderUnavailableError)) from error

"""What the provider does not delete is still there, and the log is told whether to ask on."""

from dataclasses import dataclass
from typing import cast

import pytest

from callrouter.calllog.copies import StillThereError
from callrouter.calls.deletion import Deletion
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError


@dataclass
class Office:
    """A provider that deletes, or says why not."""

    error: Exception | None = None

    def delete_recording(self, recording_sid: str) -> None:
        self.delete_call(recording_sid)

    def delete_call(self, call_id: str) -> None:
        assert call_id
        if self.error:
            raise self.error


def deletion(error: Exception | None = None) -> Deletion:
    return Deletion(cast("Account", Office(error)))


def test_what_is_deleted() -> None:
    deletion().delete_recording("RE1")
    deletion().delete_call("CA1")


@pytest.mark.parametrize(
    ("error", "is_away"), [(ProviderUnavailableError("it is out"), True), (ProviderRefusedError("it is not"), False)]
)
def test_what_is_not(error: Exception, is_away: bool) -> None:
    for delete in (deletion(error).delete_recording, deletion(error).delete_call):
        with pytest.raises(StillThereError, match="it is") as raised:
            delete("X")
        assert raised.value.is_away is is_away

"""What the provider does not delete is still there, and the log is told whether to ask on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest

from callrouter.calllog.copies import StillThereError
from callrouter.calls.deletion import Deletion
from callrouter.domain.call import RunningCall
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.sealing import Sealer
from callrouter.telephony.provider import FinishedCall, NumberSetup, ProviderRefusedError, ProviderUnavailableError


@dataclass
class Office:
    """A provider that deletes, or says why not."""

    error: Exception | None = None

    def finished_calls(self, span: Span) -> Iterator[FinishedCall]:
        raise NotImplementedError

    def now(self) -> datetime:
        raise NotImplementedError

    def setup(self, number: PhoneNumber) -> NumberSetup:
        raise NotImplementedError

    def intended(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        raise NotImplementedError

    def configure(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        raise NotImplementedError

    def recording(self, recording_sid: str) -> bytes:
        raise NotImplementedError

    def delete_recording(self, recording_sid: str) -> None:
        self.delete_call(recording_sid)

    def send_sms(self, sender: str, to: PhoneNumber, text: str) -> None:
        raise NotImplementedError

    def place_call(self, call: RunningCall, sealer: Sealer) -> None:
        raise NotImplementedError

    def delete_call(self, call_id: str) -> None:
        assert call_id
        if self.error:
            raise self.error


def test_what_is_deleted() -> None:
    Deletion(Office()).delete_recording("RE1")
    Deletion(Office()).delete_call("CA1")


@pytest.mark.parametrize(
    ("error", "is_away"), [(ProviderUnavailableError("it is out"), True), (ProviderRefusedError("it is not"), False)]
)
def test_what_is_not(error: Exception, is_away: bool) -> None:
    for delete in (Deletion(Office(error)).delete_recording, Deletion(Office(error)).delete_call):
        with pytest.raises(StillThereError, match="it is") as raised:
            delete("X")
        assert raised.value.is_away is is_away

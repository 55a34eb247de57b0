"""One call: all that the log knows of it, as far as somebody may see it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Row, select

from callrouter.calllog.projection import near
from callrouter.calllog.queries import LoggedEvent, earlier_calls, events_of
from callrouter.calllog.review import follow_ups, notes
from callrouter.calllog.tables import RecordingRow
from callrouter.domain.call_filter import EVERYTHING, Sight
from callrouter.domain.review import FollowUp, Note
from callrouter.domain.words import EventKind

_EARLIER = 10


@dataclass(frozen=True, slots=True)
class Story:
    """All that the log knows of a call; *earlier*: what its caller called before, the latest."""

    call: Row[Any]
    events: Sequence[LoggedEvent]
    notes: Sequence[Note]
    follow_ups: Sequence[FollowUp]
    recordings: Sequence[Row[Any]]
    earlier: Sequence[Row[Any]]

    @classmethod
    def of(
        cls, connection: Connection, call: Row[Any], sight: Sight = EVERYTHING, discreet: Collection[str] | None = None
    ) -> Self:
        """Read it; *discreet*: the units that keep no numbers (see `earlier_calls`).

        A company is told of its own phones and notes; follow-ups and messages are for the municipality alone.
        """
        key, events = (call.day, call.call_id), events_of(connection, call.day, call.call_id)
        earlier = earlier_calls(connection, call, _EARLIER, sight, discreet)
        if sight.company is not None:
            own = list(_told_to(sight.company, events))
            return cls(call, own, notes(connection, key, sight.company), (), (), earlier)
        left = recordings_of(connection, call)
        return cls(call, events, notes(connection, key), follow_ups(connection, key), left, earlier)


def recordings_of(connection: Connection, call: Row[Any]) -> Sequence[Row[Any]]:
    """The messages that were left in *call*, the first one first; also those that are deleted."""
    own = near(RecordingRow, [(call.day, call.call_id)])
    return connection.execute(select(RecordingRow.__table__).where(own).order_by(RecordingRow.left_at)).all()


def _told_to(company: str, events: Sequence[LoggedEvent]) -> Iterable[LoggedEvent]:
    """That it came, and the events of the attempts that rang the *company*: the rest tells of what others did."""
    rang = [event.facts for event in events if event.kind is EventKind.RANG]
    own = {facts["attempt"] for facts in rang if facts["company"] == company}
    return (event for event in events if event.kind is EventKind.ARRIVED or event.facts.get("attempt") in own)

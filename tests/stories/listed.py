"""What the network's own list says of the calls that were played, behind the REST interface of a provider."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from callrouter.calllog.database import Database
from callrouter.calls.reconciliation import Reconciled, Reconciliation
from callrouter.domain.words import Origin, Outcome
from callrouter.schedule import read
from callrouter.sealing import Pseudonymizer
from callrouter.telephony.provider import CallList, Direction
from callrouter.telephony.simulator import PlayedCall, PlayedLeg
from tests.service import RunningService
from tests.telephony.contract.office import Kept, KeptRecording, Office, served
from tests.telephony.contract.twilio_desk import TwilioAccountLine

_STATUSES = {
    "completed": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELLED,
}


def kept(call: PlayedCall) -> Iterator[Kept]:
    """*call* and its legs, as the network would list them."""
    assert call.ended_at
    lasted = int((call.ended_at - call.started_at).total_seconds())
    outcome = _STATUSES[call.status]
    yield Kept(call.sid, call.started_at, outcome, lasted, from_=call.from_, to=call.to, ended=call.ended_at)
    yield from (_leg(call, leg) for leg in call.legs)


def _leg(call: PlayedCall, leg: PlayedLeg) -> Kept:
    """Picked up is all that the provider says of whoever was reached."""
    outcome, seconds = Outcome(leg.outcome), 0
    if leg.picked_up_at:
        outcome, seconds = Outcome.ANSWERED, int((leg.ended_at - leg.picked_up_at).total_seconds())
    return Kept(
        *(leg.child_sid, leg.started_at, outcome, seconds, Direction.LEG, call.sid),
        from_=call.to,
        to=leg.number,
        ended=leg.ended_at,
    )


@contextmanager
def list_of(played: Iterable[PlayedCall], taped: Iterable[KeptRecording] = ()) -> Iterator[CallList]:
    """The provider's lists of these calls, and of what was *taped* of them."""
    line = TwilioAccountLine()
    office = Office(calls=[each for call in played for each in kept(call)], stored=list(taped))
    with served(office, line.desk) as url:
        yield line.account(url)
    assert office.complaints == []


def reconciled(
    service: RunningService,
    played: Iterable[PlayedCall],
    taped: Iterable[KeptRecording] = (),
    *,
    is_dry: bool = False,
) -> Reconciled:
    """Hold the log of *service* against the list of these calls, two days after they came."""
    calls, settings = list(played), service.settings
    schedule = read(service.schedule.read_bytes(), calls[0].started_at).schedule
    assert schedule
    database = Database(settings.storage.database_url)
    first, last = (pick(call.started_at for call in calls) for pick in (min, max))
    with list_of(calls, taped) as account:
        run = Reconciliation(
            *(database, account, schedule, Pseudonymizer(settings.privacy_key), last + timedelta(days=2)),
            origin=Origin.PHONE_NETWORK,
            is_dry=is_dry,
        )
        done = run.run(first.date(), last.date() + timedelta(days=1))
    database.close()
    return done

"""The provider's REST interface, as the running service and its commands reach it: through a proxy on loopback."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from callrouter import clock
from callrouter.calllog import outbox
from callrouter.calllog.database import Database
from callrouter.domain.words import NoticeState
from tests.checks.web import certificate
from tests.faults.real import RealTrial
from tests.service import until
from tests.stories.machines import environment
from tests.telephony.contract.office import TROUBLE, Answer, Kept, Office, served
from tests.telephony.contract.twilio_desk import TwilioDesk
from tests.telephony.twilio.signing import TOKEN

NOT_THERE = Answer(502)
TROUBLES = {
    "hangs": Answer(0),
    "is busy": Answer(429, TROUBLE),
    "is broken": Answer(500, TROUBLE),
    "refuses us": Answer(401, TROUBLE),
    "is another page": Answer(200, "<!doctype html><title>Welcome</title>"),
    "is not there": NOT_THERE,
}
"""What becomes of it; what each request gets then."""

CALL = f"CA{1:032x}"
"""One of yesterday that the provider has, and the log has not."""

OWNERS = tuple(f"+46 70 174 06 {number}" for number in range(70, 80))
"""Whom SMS go to."""

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)

_OWNED = re.compile(r"^    numbers: .*$", re.MULTILINE)


@dataclass
class RestTrial(RealTrial):
    """A trial of a service that runs the jobs, too; what they ask, they ask *office*."""

    office: Office = field(kw_only=True)

    def is_well(self) -> bool:
        """Of all its processes: any of them may have run the job that failed."""
        return super().is_well() and 'callrouter_part_ok{part="jobs"} 1.0' in self.page("/metrics")


@contextmanager
def reached(home: Path) -> Iterator[tuple[Office, Mapping[str, str]]]:
    """An office, and the environment of a service that reaches it by the provider's own name."""
    office = Office()
    own = certificate(home / "provider.pem", clock.now() + timedelta(days=30), "api.twilio.com")
    with served(office, TwilioDesk(), own) as proxy:
        more = {"https_proxy": proxy, "REQUESTS_CA_BUNDLE": str(own)}
        yield office, environment(TWILIO_AUTH_TOKEN=TOKEN, CALLROUTER_SMS_FROM="Trygghet", **more)
    assert office.complaints == []


def with_owners(schedule: str, owners: Sequence[str]) -> str:
    """The same schedule; each unit's missed calls are told to another of the *owners*."""
    them = iter(owners)
    return _OWNED.sub(lambda found: f"{found[0]}\n    missed-call: [{next(them)}]", schedule)


@contextmanager
def troubled(trial: RestTrial, gets: Answer) -> Iterator[None]:
    """Each request *gets* that, also those of jobs that somebody runs by hand meanwhile."""
    office, yesterday = trial.office, (clock.now() - A_DAY).replace(microsecond=0)
    office.calls.append(Kept(CALL, yesterday, ended=yesterday + A_MINUTE))
    office.stays, office.is_away = gets, gets is NOT_THERE
    try:
        yield
        asked = trial.service.run("jobs", "run", "reconcile")
        assert (asked.returncode, "The job reconcile failed: Provider" in asked.stderr) == (1, True), asked
        until(lambda: concerns(trial, "reconcile") == 1, "it is told")
    finally:
        office.texts.clear()
        office.stays, office.is_away = None, False


def concerns(trial: RestTrial, job: str) -> float:
    """How many the measures tell of."""
    told = re.search(rf'^callrouter_job_concerns{{job="{job}"}} (.*)$', trial.page("/metrics"), re.MULTILINE)
    return float(told[1]) if told else 0.0


def is_made_good(trial: RestTrial) -> None:
    """What could not be asked is asked, and what could not be sent is sent."""
    asked = trial.service.run("jobs", "run", "reconcile")
    assert (asked.returncode, "1 gap filled" in asked.stdout) == (0, True), asked
    until(lambda: concerns(trial, "reconcile") == 0, "it is told no more")
    assert len(trial.logged([CALL])[CALL]) == 1, "a call that the log lacked is there"
    until(lambda: trial.office.texts, "SMS are sent", 90)
    with closing(Database(trial.service.settings.storage.database_url)) as database, database.reading() as connection:
        assert outbox.counted(connection, clock.now() - A_DAY)[NoticeState.FAILED] == 0, "none is given up"

"""Calls while the mail server hangs: whoever calls notices nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

from callrouter import clock
from callrouter.app import Application, create_app
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.outbox import listed
from callrouter.calllog.queries import calls_named
from callrouter.domain.words import NoticeState
from callrouter.jobs import outbox
from callrouter.jobs.scheduler import JobScheduler
from callrouter.mail_settings import Told
from callrouter.settings import phone_network_settings
from callrouter.telephony.simulator import Caller, NumberConfig, PhoneNetwork, PlayedCall, WsgiTransport
from tests.notices.mail_server import MailHouse, mail_house

ROOT = Path(__file__).parents[2]
BASE = "http://127.0.0.1:8000"
CENTRE = "+46846500400"


@dataclass
class House:
    """The whole service in this process, as for real but for the account, which is that of the phone network."""

    app: Application
    network: PhoneNetwork
    database: Database

    @property
    def jobs(self) -> JobScheduler:
        assert self.app.parts.jobs
        return self.app.parts.jobs

    def call(self) -> PlayedCall:
        """Somebody calls, and hangs up after three seconds."""
        return self.network.call("+46701740650", CENTRE, clock.now(), Caller(hangs_up_after=3))


@contextmanager
def running(home: Path, mail: MailHouse) -> Iterator[House]:
    environ = {"CALLROUTER_DATA_DIR": str(home), "CALLROUTER_SCHEDULE": str(ROOT / "config" / "schedule.yaml")}
    settings = phone_network_settings(BASE, environ)
    database = Database(settings.storage.database_url)
    database.prepare()
    app = create_app(replace(settings, phone_network=False, notices=Told(mail.settings())))
    config = NumberConfig(f"{BASE}/twilio/voice", status_callback=f"{BASE}/twilio/status")
    sid, token = settings.twilio.account_sid, settings.twilio.auth_tokens[0]
    app.parts.recorder.start()
    app.parts.schedules.start()
    try:
        yield House(app, PhoneNetwork(WsgiTransport(app.flask.wsgi_app), sid, token, {CENTRE: config}, {}), database)
    finally:
        mail.is_over.set()
        app.stop()
        database.close()


def test_calls_are_answered_and_kept_while_the_mail_server_hangs(tmp_path: Path) -> None:
    with mail_house(hangs=True) as mail, running(tmp_path, mail) as house:
        played = [house.call()]
        catch_up(house.database)
        sender = Thread(target=house.jobs.run_due, args=[outbox.JOB])
        sender.start()
        assert mail.asked.wait(20), "the mail server was not asked"
        began = clock.monotonic()
        played += [house.call() for _ in range(3)]
        seconds = clock.monotonic() - began
        assert sender.is_alive(), "it did not hang"
        mail.is_over.set()
        sender.join(20)
        catch_up(house.database)
        with house.database.reading() as connection:
            assert all(calls_named(connection, call.sid) for call in played)
            waiting = listed(connection, NoticeState.WAITING, 99)
    assert [call.errors for call in played] == [()] * 4
    assert seconds < 3
    assert any("does not take mail" in (row.error or "") for notice, row in waiting if notice.is_mail)
    assert "does not take mail" in str(house.jobs.condition()["errors"]), "nobody sees that somebody was not told"

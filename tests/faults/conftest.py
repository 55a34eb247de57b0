"""The running services on which faults are tried: two workers each, on SQLite and on PostgreSQL."""

import shutil
import socket
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.calllog.postgres import PostgresServer, needed_server, programs
from tests.faults import changes, clock_ways, database_ways, mail, nodes, rest, ways
from tests.faults.behind import PREFIX, PUBLIC_URL, ProxiedTrial
from tests.faults.figures import Figures
from tests.faults.mail import MailTrial
from tests.faults.nodes import NodesTrial
from tests.faults.orders import OrderedTrial
from tests.faults.real import ClockTrial, HandedMachine, TimedTrial
from tests.faults.rest import RestTrial
from tests.faults.servers import GRANIAN, GUNICORN, ON_ANY_SERVER, kind
from tests.faults.signed_in import signed_in
from tests.faults.table import Row, write
from tests.faults.trial import Trial
from tests.held_socket import HandedSocket
from tests.piped import Piped
from tests.reverse_proxy import Proxy, listening
from tests.service import PATIENCE_SECONDS, RunningService, free_port, until
from tests.stories.machines import Machine, environment

SCHEDULE = Path(__file__).parents[2] / "tests" / "stories" / "schedule.yaml"
FIRST_TABLES = "0001"
OPTIONS = ("--phone-network", "--workers", "2", "--no-jobs")
"""A job that fails says so until its next run, whatever else is well again: they are apart, as `deploy/` has them."""


def tried(service: RunningService) -> Trial:
    """A trial of *service*, with somebody signed in."""
    return Trial(service, signed_in(service))


def started(service: RunningService, schedule: str | None = None) -> Iterator[RunningService]:
    """It runs, by this *schedule* or that of the stories."""
    service.schedule.write_text(schedule or SCHEDULE.read_text("utf-8"), "utf-8")
    service.start()
    until(service.answers, "the service answers")
    yield service
    service.stop()


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[RunningService]:
    home = tmp_path_factory.mktemp("faults")
    yield from started(kind(request)(home, home / "schedule.yaml", OPTIONS))


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server that a story may stop; nobody else's."""
    needed_server()
    found = programs()
    assert found
    server = PostgresServer(found)
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory, server: PostgresServer) -> Iterator[RunningService]:
    home = tmp_path_factory.mktemp("faults")
    given = {"CALLROUTER_DATABASE_URL": server.empty_database()}
    yield from started(RunningService(home, home / "schedule.yaml", OPTIONS, given=given))


@pytest.fixture
def postgres_trial(on_postgres: RunningService) -> Trial:
    """The same on PostgreSQL."""
    return tried(on_postgres)


@pytest.fixture
def on_held_socket(tmp_path: Path) -> Iterator[RunningService]:
    """As `callrouter@.service` runs it."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        yield from started(
            HandedSocket(
                tmp_path,
                tmp_path / "schedule.yaml",
                OPTIONS,
                port=listening.getsockname()[1],
                listening=listening,
            )
        )


@pytest.fixture
def timed_trial(tmp_path: Path) -> Iterator[TimedTrial]:
    """The same with real settings, and a clock that goes with the calls."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        port, options = listening.getsockname()[1], ("--workers", "2", "--no-jobs")
        given = environment(**clock_ways.settable_clock(tmp_path))
        service = HandedMachine(tmp_path, tmp_path / "schedule.yaml", options, given, port, listening=listening)
        for _ in started(service):
            yield TimedTrial(service, signed_in(service), signs_with=service.given["TWILIO_AUTH_TOKEN"])


@pytest.fixture
def nodes_trial(tmp_path: Path, server: PostgresServer) -> Iterator[NodesTrial]:
    """A trial of two services with jobs on one held socket, with a clock that can be set, on PostgreSQL."""
    given = {**clock_ways.settable_clock(tmp_path), "CALLROUTER_DATABASE_URL": server.empty_database()}
    file, options = tmp_path / "schedule.yaml", ("--phone-network", "--workers", "2")
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        service = HandedSocket(tmp_path, file, options, given, listening.getsockname()[1], listening=listening)
        for _ in started(service, nodes.with_hand_over(SCHEDULE.read_text("utf-8"))):
            with NodesTrial(service, signed_in(service)) as trial:
                yield trial


@pytest.fixture
def rest_trial(tmp_path: Path) -> Iterator[RestTrial]:
    """A trial of a service with real settings that runs the jobs, and may ask the provider."""
    with rest.reached(tmp_path) as (office, given):
        service = Machine(tmp_path, tmp_path / "schedule.yaml", ("--workers", "2"), dict(given))
        for _ in started(service, rest.with_owners(SCHEDULE.read_text("utf-8"), rest.OWNERS)):
            yield RestTrial(service, signed_in(service), signs_with=given["TWILIO_AUTH_TOKEN"], office=office)


@pytest.fixture
def mail_trial(tmp_path: Path) -> Iterator[MailTrial]:
    """The same; it sends mail, too, and its clock can be set."""
    port, more = mail.settings(tmp_path)
    with rest.reached(tmp_path) as (office, given):
        service = Machine(tmp_path, tmp_path / "schedule.yaml", ("--workers", "2"), {**given, **more})
        for _ in started(service, rest.with_owners(SCHEDULE.read_text("utf-8"), mail.OWNERS)):
            token = given["TWILIO_AUTH_TOKEN"]
            with MailTrial(service, signed_in(service), signs_with=token, office=office, port=port) as trial:
                yield trial


@pytest.fixture
def small_disk_trial(tmp_path: Path) -> Iterator[Trial]:
    """A trial of a service whose data and spool lie on a disk of their own, which is soon full."""
    with ways.small_disk(tmp_path / "var"):
        for service in started(RunningService(tmp_path, tmp_path / "schedule.yaml", OPTIONS)):
            yield tried(service)


@pytest.fixture
def rota_trial(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Trial]:
    """A trial of a service by whose schedule people take turns."""
    service = kind(request)(tmp_path, tmp_path / "schedule.yaml", OPTIONS)
    for each in started(service, changes.with_rota(SCHEDULE.read_text("utf-8"))):
        yield tried(each)


@pytest.fixture
def clock_trial(tmp_path: Path) -> Iterator[ClockTrial]:
    """A trial of a service with real settings and a clock that can be set."""
    given = environment(**clock_ways.settable_clock(tmp_path))
    service = Machine(tmp_path, tmp_path / "schedule.yaml", ("--workers", "2", "--no-jobs"), given)
    for _ in started(service):
        yield ClockTrial(service, signed_in(service), signs_with=given["TWILIO_AUTH_TOKEN"])


@pytest.fixture
def zoneless_trial(tmp_path: Path) -> Iterator[Trial]:
    """A trial of a service whose system knows no time zones."""
    given = {"PYTHONTZPATH": ""}
    for service in started(RunningService(tmp_path, tmp_path / "schedule.yaml", OPTIONS, given=given)):
        yield tried(service)


@pytest.fixture
def proxied_trial(tmp_path: Path) -> Iterator[ProxiedTrial]:
    """A trial of a service that others reach at a proxy's address, and under a path of it."""
    with listening(Proxy(free_port(), PREFIX)) as proxy:
        given = {"CALLROUTER_PUBLIC_URL": PUBLIC_URL}
        service = RunningService(tmp_path, tmp_path / "schedule.yaml", OPTIONS, given=given, port=proxy.service)
        for each in started(service):
            yield ProxiedTrial(each, signed_in(each), proxy=proxy)


@pytest.fixture
def piped(tmp_path: Path) -> Iterator[Piped]:
    """Its log goes into a pipe."""
    service = Piped(tmp_path, tmp_path / "schedule.yaml", OPTIONS)
    for _ in started(service):
        yield service
    assert service.reader
    service.reader.wait(PATIENCE_SECONDS)


@pytest.fixture
def piped_trial(piped: Piped) -> Trial:
    return tried(piped)


@pytest.fixture
def begun_on_old_tables(tmp_path: Path) -> Iterator[Trial]:
    """A trial of a service that has not begun, and will find the first tables there ever were. Nobody is signed in."""
    service = RunningService(tmp_path, tmp_path / "schedule.yaml", OPTIONS)
    shutil.copy(SCHEDULE, service.schedule)
    trial = Trial(service, "callrouter-session=nobody", is_silent=True)
    trial.database_file.parent.mkdir()
    database_ways.make_tables_of(service.settings.storage.database_url, FIRST_TABLES)
    yield trial
    service.stop()


@pytest.fixture
def held_trial(on_held_socket: RunningService) -> Trial:
    """The same on a socket that is held while services come and go."""
    return tried(on_held_socket)


@pytest.fixture
def trial(on_sqlite: RunningService) -> Trial:
    """A trial of the service on SQLite; it leaves the service well."""
    return tried(on_sqlite)


@pytest.fixture
def ordered_trial(on_sqlite: RunningService) -> OrderedTrial:
    """The same, with callbacks in every order."""
    return OrderedTrial(on_sqlite, signed_in(on_sqlite))


ROWS = pytest.StashKey[list[Row]]()
TESTS = pytest.StashKey[Counter[str]]()
"""How many tests each fault has, whether or not they are asked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long loops too")
    parser.addoption("--server", choices=[GUNICORN, GRANIAN], default=GUNICORN, help="what answers, on SQLite")
    parser.addoption("--write", action="store_true", help="write what was seen into docs/reliability.md")


def pytest_configure(config: pytest.Config) -> None:
    """The table is of the server that calls are answered with."""
    if config.getoption("--write", default=False) and config.getoption("--server", default=GUNICORN) != GUNICORN:
        raise pytest.UsageError("--write is for the server that callrouter has; what another one does is told by hand")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --long, the long ones are not asked for; on another server only those that can be tried there."""
    config.stash[ROWS] = []
    markers = (item.get_closest_marker("fault") for item in items)
    config.stash[TESTS] = Counter(marker.args[0] for marker in markers if marker)
    left_out = []
    if not config.getoption("--long", default=False):
        left_out += [item for item in items if item.get_closest_marker("long")]
    if config.getoption("--server", default=GUNICORN) != GUNICORN:
        left_out += [item for item in items if not ON_ANY_SERVER & {*getattr(item, "fixturenames", ())}]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    marker = item.get_closest_marker("fault")
    if marker and (report.when == "call" or not report.passed):
        given = getattr(item, "funcargs", {}).values()
        figures = next((each.figures for each in given if isinstance(each, Trial)), Figures())
        fault, how = marker.args
        item.config.stash[ROWS].append(Row(fault, how, report.outcome, item.config.stash[TESTS][fault], figures))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--write", default=False):
        rows = session.config.stash[ROWS]
        write(rows)

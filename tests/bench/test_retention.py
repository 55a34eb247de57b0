"""The measurement of retention beside calls leaves the log that it is made on as it was."""

from pathlib import Path

from sqlalchemy import func, select

from bench.retention import AT_ONCE, KEYS, NEW_ID, NOW, TABLES, Gone, added, story
from callrouter.calllog.database import Database
from callrouter.calllog.projection import project
from callrouter.calllog.tables import CallRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.words import Retained
from tests.calllog.told import arrival
from tests.service import until


def rows(database: Database) -> dict[str, list[str]]:
    with database.reading() as connection:
        return {table.__tablename__: sorted(map(str, connection.execute(select(table.__table__)))) for table in TABLES}


def test_what_it_adds_is_older_than_all_else_and_goes_again(tmp_path: Path) -> None:
    database, entry = Database(f"sqlite:///{tmp_path / 'calls.db'}"), arrival()
    database.prepare()
    write_entries(database, KEYS, [entry])
    project(database, [(entry.events[0].day, entry.call_id)])
    before = rows(database)

    with added(database, AT_ONCE) as before_then, Gone(database, Retained.CALLS, before_then) as gone:
        until(lambda: gone.rows, "some of it to be destroyed")
    with added(database, AT_ONCE) as before_then:
        write_entries(database, KEYS, [story(f"{NEW_ID}1", NOW)])
        with database.reading() as connection:
            is_old = select(func.count()).select_from(CallRow).where(CallRow.received_at < before_then)
            assert connection.execute(is_old).scalar() == AT_ONCE + 1
        assert before_then < entry.events[0].at
    assert rows(database) == before
    database.close()

"""The measurement of retention beside calls leaves the log that it is made on as it was."""

from pathlib import Path

from sqlalchemy import func, select

from bench.retention import AT_ONCE, KEYS, NEW_ID, NOW, TABLES, added, story
from callrouter.calllog.database import Database
from callrouter.calllog.projection import project
from callrouter.calllog.tables import CallRow
from callrouter.calllog.writes import write_entries
from tests.calllog.told import arrival


def rows(database: Database) -> dict[str, list[str]]:
    with database.reading() as connection:
        return {table.__tablename__: sorted(map(str, connection.execute(select(table.__table__)))) for table in TABLES}


def test_what_it_adds_is_older_than_all_else_and_goes_again(tmp_path: Path) -> None:
    database, entry = Database(f"sqlite:///{tmp_path / 'calls.db'}"), arrival()
    database.prepare()
    write_entries(database, KEYS, [entry])
    project(database, [(entry.events[0].day, entry.call_id)])
    before = rows(database)

    with added(database, AT_ONCE) as until:
        write_entries(database, KEYS, [story(f"{NEW_ID}1", NOW)])
        with database.reading() as connection:
            is_old = select(func.count()).select_from(CallRow).where(CallRow.received_at < until)
            assert connection.execute(is_old).scalar() == AT_ONCE + 1
        assert until < entry.events[0].at
    assert rows(database) == before
    database.close()

"""What can be seen on this machine: settings, schedule, spool, disk, time-zone data, the last back-up."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryFile
from zoneinfo import TZPATH

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calls.schedule_source import schedule_source
from callrouter.checks.disks import file_systems
from callrouter.checks.finding import Finding, Level
from callrouter.checks.lasting import lasting as lost_by_restart
from callrouter.checks.lasting import mounts
from callrouter.domain.counted import counted, plural
from callrouter.schedule import read
from callrouter.schedule.watched import UnreadableError
from callrouter.setting_values import SettingsError
from callrouter.settings import Storage, platform, schedule_location, service_settings, storage_settings

_SHOWN = 5
_LITTLE_BYTES = 1e9
_NO_BACKUP = "callrouter db backup (one that is kept elsewhere is not seen from here)"
_OLD_BACKUP = timedelta(days=2)
_CHECK_SCHEDULE = "See all of it: callrouter schedule check"


def settings() -> Iterator[Finding]:
    """All that `serve` needs."""
    try:
        service_settings()
    except SettingsError as error:
        for line in str(error).splitlines():
            yield Finding("settings", Level.ERROR, line, "All settings: README, Settings.")
        return
    yield Finding("settings", Level.OK, "all that `callrouter serve` needs are there")


def schedule() -> Iterator[Finding]:
    """Its errors, what lies ahead, and days that nobody has decided about."""
    source = schedule_source(schedule_location(), Database(storage_settings().database_url))
    try:
        reading = read(source.contents().content, clock.now())
    except UnreadableError as error:
        yield Finding("schedule", Level.ERROR, f"{source.place} {error}", "Can the service's user read it?")
        return
    if reading.schedule:
        said = f"version {reading.schedule.version[:8]}, units: {', '.join(reading.schedule.units)}"
        yield Finding("schedule", Level.OK, said)
    told = [(Level.ERROR, problem) for problem in reading.errors]
    told += [(Level.WARNING, problem) for problem in reading.warnings]
    for level, problem in told[:_SHOWN]:
        yield Finding("schedule", level, f"line {problem.line}: {problem.text}", _CHECK_SCHEDULE)
    if len(told) > _SHOWN:
        yield Finding("schedule", told[_SHOWN][0], f"and {len(told) - _SHOWN} more", _CHECK_SCHEDULE)


def spool() -> Iterator[Finding]:
    """Whether it can be written, and what waits in it."""
    place = storage_settings().spool_dir
    if not place.exists():
        yield Finding("spool", Level.OK, f"{place} is not there yet: the service makes it")
        return
    try:
        with TemporaryFile(dir=place) as file:
            file.write(b"x")
    except OSError as error:
        yield Finding("spool", Level.ERROR, f"{place} cannot be written: {error}", "Give it to the service's user.")
        return
    waiting, damaged = (len(list(place.glob(pattern))) for pattern in ("*.jsonl", "*.damaged"))
    if damaged:
        yield Finding("spool", Level.WARNING, counted(damaged, "damaged file"), f"Look at {place}/*.damaged.")
    if waiting:
        files = f"{counted(waiting, 'file')} {plural(waiting, 'waits', 'wait')}"
        yield Finding("spool", Level.WARNING, files, "Is the database well? It empties them.")
    if not damaged and not waiting:
        yield Finding("spool", Level.OK, f"{place} is empty and can be written")


def disk() -> Iterator[Finding]:
    """The space that is left where data is kept."""
    storage = storage_settings()
    for each in file_systems({str(place): place for place in (storage.data_dir, storage.spool_dir)}):
        level = Level.ERROR if each.has_too_little else Level.WARNING if each.free < _LITTLE_BYTES else Level.OK
        told = f"{each.free / 1e9:.1f} GB left at {', '.join(each.names)}"
        yield Finding("disk", level, told, "" if level is Level.OK else "Make room.")


def lasting() -> Iterator[Finding]:
    """Whether what is kept here outlives a restart."""
    found = lost_by_restart(storage_settings(), platform(), mounts())
    yield found or Finding("lasting", Level.OK, "no sign that a restart empties the disk")


def time_zones() -> Iterator[Finding]:
    """The release of the time-zone data, for governments change their clocks."""
    yield zones_of(_zones_release(), clock.now())


def zones_of(release: str | None, at: datetime) -> Finding:
    """What is to be said of a *release* such as `2026f`."""
    if release is None or not release[:4].isdigit():
        return Finding("time zones", Level.WARNING, "nobody says of which release they are", "Install tzdata.")
    if at.year - int(release[:4]) > 1:
        return Finding("time zones", Level.WARNING, f"release {release} is old", "Update the package tzdata.")
    return Finding("time zones", Level.OK, f"release {release}")


def back_up() -> Iterator[Finding]:
    """The newest back-up beside the database, where there is one."""
    yield newest_back_up(storage_settings(), clock.now())


def newest_back_up(storage: Storage, at: datetime) -> Finding:
    """What is to be said *at* of the back-ups that lie where `db backup` puts them."""
    database = Database(storage.database_url).path
    if database is None:
        return Finding("back-up", Level.OK, "not known here: PostgreSQL has tools of its own")
    made = [path.stat().st_mtime for path in database.parent.glob(f"{database.stem}-*.backup")]
    if not made:
        return Finding("back-up", Level.WARNING, "none beside the database", _NO_BACKUP)
    newest = datetime.fromtimestamp(max(made), UTC)
    is_old = at - newest > _OLD_BACKUP
    advice = "callrouter db backup" if is_old else ""
    return Finding(
        "back-up", Level.WARNING if is_old else Level.OK, f"the newest is of {newest:%Y-%m-%d %H:%M} UTC", advice
    )


def _zones_release() -> str | None:
    """That of the system, which goes first, else of the package."""
    for folder in TZPATH:
        release = Path(folder, "tzdata.zi")
        if release.exists():
            with release.open(encoding="ascii", errors="replace") as file:
                found = re.match(r"# version (\S+)", file.readline())
            return found[1] if found else None
    try:
        year, number = version("tzdata").split(".")[:2]
    except PackageNotFoundError:
        return None
    return f"{year}.{number}"

"""How everything tells that it is doing, and what measures it."""

from collections.abc import Mapping
from functools import partial

from callrouter.app.parts import Parts
from callrouter.calllog.database import Database
from callrouter.jobs.registry import JOBS
from callrouter.logs import of_log
from callrouter.logs.writer import Writer
from callrouter.settings import Settings
from callrouter.web.conditions import Disk, Tables
from callrouter.web.counted import measure_jobs, measure_legs, measure_recorder, measure_schedule
from callrouter.web.disturbances import Disturbances
from callrouter.web.health import Condition
from callrouter.web.pulse import Pulse
from callrouter.web.versions import Versions
from callrouter.web.voice import Voice


def watched(
    settings: Settings, parts: Parts, voice: Voice, database: Database, log: Writer | None
) -> tuple[Mapping[str, Condition], Pulse]:
    """The conditions by their names, and the pulse that looks at them. *log*: what writes the service's own."""
    of_database = (database.path.parent,) if database.path else ()
    disk = Disk((settings.storage.data_dir, settings.storage.spool_dir, *of_database))
    versions, tables = Versions(parts.schedules.current, database), Tables(database)
    conditions = {**parts.conditions(), "versions": versions.condition, **of_log(log)}
    conditions |= {"tables": tables.condition, "disk": disk.condition, "clock": voice.clock.condition}
    disturbances = Disturbances(conditions, database)
    pulse = Pulse(
        (
            lambda: measure_recorder(parts.recorder.condition()),
            lambda: measure_schedule(parts.schedules.current()),
            partial(measure_legs, database, settings.origin),
            partial(measure_jobs, database, tuple(job.name for job in JOBS)),
            *(disk.measure, voice.clock.measure, versions.measure, tables.measure, disturbances.tell),
        ),
        look=disturbances.look,
    )
    return {**conditions, "metrics": pulse.condition}, pulse

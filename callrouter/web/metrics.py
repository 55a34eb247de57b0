"""What is counted, in the words of Prometheus. No label ever holds a number or a call."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from callrouter.calllog.entry import Recorded
from callrouter.domain.words import DecidedBy, Outcome, State
from callrouter.telephony.provider import Endpoint

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)

DECISIONS = Counter("callrouter_decisions_total", "Calls decided at arrival.", ["state", "decided_by"])
FAIL_SAFES = Counter("callrouter_fail_safes_total", "Voice webhooks that the fail-safe had to answer.")
REFUSED = Counter("callrouter_refused_webhooks_total", "Webhooks that were not signed by the provider (403).")
WEBHOOK_SECONDS = Histogram(
    "callrouter_webhook_seconds", "Seconds to answer a webhook.", ["endpoint"], buckets=_SECONDS
)
ATTEMPTS = Counter("callrouter_attempts_total", "Attempts to ring somebody that are over.", ["outcome"])
LEGS = Gauge(
    "callrouter_legs",
    "Phones that rang in calls that are over, since the log began.",
    ["outcome"],
    multiprocess_mode="livemostrecent",
)
PAGES_TURNED_AWAY = Counter("callrouter_pages_turned_away_total", "Pages answered with 503, to keep threads for calls.")
RECORDING = Histogram(
    "callrouter_recording_seconds", "Seconds a request waited for its events.", ["kept_in"], buckets=_SECONDS
)
BATCH = Histogram(
    "callrouter_recorder_batch_entries", "Entries written at once.", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)
WAITING = Gauge("callrouter_recorder_waiting", "Entries that wait for the database.", multiprocess_mode="livesum")
SPOOL_FILES = Gauge("callrouter_spool_files", "Spool files to be replayed; 0 is normal.", multiprocess_mode="livemax")
SPOOL_ENTRIES = Gauge("callrouter_spool_entries", "Entries in them.", multiprocess_mode="livemax")
SPOOL_DAMAGED = Gauge(
    "callrouter_spool_damaged_files",
    "Files kept because something in them could not be replayed.",
    multiprocess_mode="livemax",
)
IN_LOG_LINES_ALONE = Gauge(
    "callrouter_in_log_lines_alone",
    "Entries that neither database nor spool could take yet.",
    multiprocess_mode="livesum",
)
UNFOLDED = Gauge(
    "callrouter_unfolded_calls", "Calls whose row lags behind what was written of them.", multiprocess_mode="livesum"
)
SCHEDULE_AGE = Gauge(
    "callrouter_schedule_age_seconds", "Since the schedule in force was loaded.", multiprocess_mode="livemax"
)
SCHEDULE_FAULTY = Gauge(
    "callrouter_schedule_faulty", "1 while its source has errors and an older is in force.", multiprocess_mode="livemax"
)
SCHEDULE_LOADS = Counter("callrouter_schedule_loads_total", "Schedules taken or refused.", ["result"])
JOB_CONCERNS = Gauge(
    "callrouter_job_concerns",
    "What it warns of that it has not found well since.",
    ["job"],
    multiprocess_mode="livemostrecent",
)
JOB_BEGAN = Gauge(
    "callrouter_job_last_run_timestamp_seconds", "Its last run began.", ["job"], multiprocess_mode="livemostrecent"
)
JOB_OK = Gauge("callrouter_job_last_run_ok", "1 unless it failed or died.", ["job"], multiprocess_mode="livemostrecent")
JOB_SECONDS = Gauge("callrouter_job_last_run_seconds", "How long it took.", ["job"], multiprocess_mode="livemostrecent")
PART_OK = Gauge("callrouter_part_ok", "1 while a part is as it should be.", ["part"], multiprocess_mode="livemin")
DISK_FREE = Gauge("callrouter_disk_free_bytes", "Space left there.", ["place"], multiprocess_mode="livemin")
CLOCK_OFF = Gauge("callrouter_clock_off_seconds", "Ahead of the provider, at most.", multiprocess_mode="livemostrecent")


def begin() -> None:
    """Let every series be there from the start: at 0 for Prometheus, and with its place in memory for us."""
    for state in State:
        for decided_by in DecidedBy:
            DECISIONS.labels(state, decided_by)
    for endpoint in Endpoint:
        WEBHOOK_SECONDS.labels(endpoint)
    for outcome in Outcome:
        ATTEMPTS.labels(outcome)
        LEGS.labels(outcome)
    for kept_in in Recorded:
        RECORDING.labels(kept_in)
    for result in ("taken", "refused"):
        SCHEDULE_LOADS.labels(result)


def exposed() -> bytes:
    """All of it, of all processes that share it."""
    if not _is_shared():
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget(pid: int) -> None:
    """A process is gone: its gauges no longer hold, what it counted stays."""
    if _is_shared():
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _is_shared() -> bool:
    return bool(getattr(values.ValueClass, "_multiprocess", False))

"""What is counted, in the words of Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

DECISIONS = Counter("callrouter_decisions_total", "Calls decided at arrival.", ["state", "decided_by"])
FAIL_SAFES = Counter("callrouter_fail_safes_total", "Voice webhooks that the fail-safe had to answer.")
REFUSED = Counter("callrouter_refused_webhooks_total", "Webhooks that were not signed by the provider (403).")
WEBHOOK_SECONDS = Histogram(
    "callrouter_webhook_seconds",
    "Seconds to answer a webhook.",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0),
)
WAITING = Gauge("callrouter_recorder_waiting", "Entries that wait for the database.")
SPOOL_FILES = Gauge("callrouter_spool_files", "Files in the spool that wait to be replayed; 0 is normal.")
SCHEDULE_AGE = Gauge("callrouter_schedule_age_seconds", "Seconds since the schedule in force was loaded.")
SCHEDULE_FAULTY = Gauge(
    "callrouter_schedule_faulty", "1 while the schedule file has errors and an older one is in force."
)

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
PAGES_TURNED_AWAY = Counter("callrouter_pages_turned_away_total", "Pages answered with 503, to keep threads for calls.")
WAITING = Gauge("callrouter_recorder_waiting", "Entries that wait for the database.")
SPOOL_FILES = Gauge("callrouter_spool_files", "Files in the spool that wait to be replayed; 0 is normal.")
SPOOL_ENTRIES = Gauge("callrouter_spool_entries", "Entries in them.")
SPOOL_DAMAGED = Gauge("callrouter_spool_damaged_files", "Files kept because something in them could not be replayed.")
IN_LOG_LINES_ALONE = Gauge("callrouter_in_log_lines_alone", "Entries that neither database nor spool could take yet.")
UNFOLDED = Gauge("callrouter_unfolded_calls", "Calls whose row does not hold yet what this process wrote of them.")
SCHEDULE_AGE = Gauge("callrouter_schedule_age_seconds", "Seconds since the schedule in force was loaded.")
SCHEDULE_FAULTY = Gauge(
    "callrouter_schedule_faulty", "1 while the schedule file has errors and an older one is in force."
)

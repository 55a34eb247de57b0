"""The call log: append-only events, the caller's number apart from them, and the records they fold to."""

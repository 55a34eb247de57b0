"""Whether the service can do its work: one check after another, each with what to do about what it finds."""

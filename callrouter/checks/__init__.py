"""What can be looked at from here: each check says what it found and what to do. The doctor asks, and so do jobs."""

"""What people are told by mail and SMS: what is due, its words, and how it gets to them. Never on the voice path."""

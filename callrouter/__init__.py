"""callrouter: a phone call comes in, and the phone that the schedule names rings."""

__version__ = "0.1.0"

"""Settings of the whole suite: Hypothesis gives the same examples on every run, however slow the machine."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)  # pytest --hypothesis-profile=search
settings.load_profile("repeatable")

"""How long something took, in words."""

import pytest

from callrouter.web.times import in_seconds


@pytest.mark.parametrize(
    ("seconds", "words"), [(-1, "0 s"), (0, "0 s"), (45, "45 s"), (125, "2 min 5 s"), (3720, "1 h 2 min")]
)
def test_seconds_in_words(seconds: int, words: str) -> None:
    """Who hangs up at once has ended the call before it came: the provider tells whole seconds."""
    assert in_seconds(seconds).replace("\N{NO-BREAK SPACE}", " ") == words

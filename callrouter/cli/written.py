"""What is written beside a call, as it is typed."""

from callrouter.calls.discretion import Hidden
from callrouter.cli.by_hand import one_line
from callrouter.cli.numbers import require_discreet
from callrouter.cli.problems import Problem


def written(option: str, text: str, longest: int, caller: Hidden) -> str:
    """*text* in one line, as it is kept beside a call of the *caller*.

    Raises:
        Problem: it is empty, too long, or tells their number.
    """
    line = one_line(option, text, longest)
    if not line:
        raise Problem(f"{option}: expected some words, got nothing.")
    require_discreet(option, line, caller)
    return line

"""What is written beside a call, as it is typed."""

from callrouter.cli.by_hand import one_line
from callrouter.cli.numbers import require_discreet
from callrouter.cli.problems import Problem
from callrouter.domain.phone import PhoneNumber


def written(option: str, text: str, longest: int, number: str | None) -> str:
    """*text* in one line; *number*: that of the caller, if it is kept.

    Raises:
        Problem: it is empty, too long, or tells the number.
    """
    line = one_line(option, text, longest)
    if not line:
        raise Problem(f"{option}: expected some words, got nothing.")
    if number and (caller := PhoneNumber.parse(number)):
        require_discreet(option, line, caller)
    return line

"""The style sheet: every part of it stands by itself, so that none is swallowed by the one before."""

from callrouter.web.rendering import STATIC


def test_each_part_begins_where_the_one_before_is_closed() -> None:
    """A brace that is lost where two parts meet makes all that follows hold for a printer, or a telephone, alone."""
    depth, swallowed = 0, []
    for line in (STATIC / "callrouter.css").read_text("utf-8").splitlines():
        if line.startswith("/*") and depth:
            swallowed.append(line)
        depth += line.count("{") - line.count("}")
    assert (swallowed, depth) == ([], 0)

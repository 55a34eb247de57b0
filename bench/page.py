"""The page that the figures stand on."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def write(name: str, text: str) -> None:
    """Put *text* between the marks of *name* on the page.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text("utf-8")
    new, many = re.subn(
        f"{re.escape(begin)}.*{re.escape(end)}", lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", page, flags=re.DOTALL
    )
    if many != 1:
        raise ValueError(f"docs/performance.md should have {begin} … {end} once, and has it {many} times")
    PAGE.write_text(new, "utf-8")

"""The page that the figures stand on."""

import re
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def write(name: str, text: str) -> None:
    """Put *text* between the marks of *name* on the page.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = _marks(name)
    page = PAGE.read_text("utf-8")
    new, many = re.subn(
        f"{re.escape(begin)}.*{re.escape(end)}", lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", page, flags=re.DOTALL
    )
    if many != 1:
        raise ValueError(f"docs/performance.md should have {begin} … {end} once, and has it {many} times")
    PAGE.write_text(new, "utf-8")


def renew(name: str, tables: Iterable[str]) -> None:
    """Put *tables* there, each in the place of the one with its title (`**title**: …`), and leave the others.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = _marks(name)
    there = PAGE.read_text("utf-8").partition(begin)[2].partition(end)[0]
    known = {_title(each): each.strip() for each in re.split(r"\n(?=\*\*)", there) if each.strip()}
    write(name, "\n\n".join((known | {_title(each): each.strip() for each in tables}).values()))


def _title(table: str) -> str:
    return table.split("**")[1]


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"

"""The design's rules about who may import whom, and how long a file may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "callrouter"
FILES = [path for folder in (PACKAGE, ROOT / "tests") for path in sorted(folder.rglob("*.py"))]
LONGEST_FILE = 300
LONGEST_TEST = 400  # a table has as many rows as its rule


def imported(source: str) -> Iterator[str]:
    """Every module that *source* imports, also inside functions, in dotted form."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def foreign(source: str, own: tuple[str, ...]) -> list[str]:
    """The imports of *source* that are neither the standard library's nor below one of *own*."""
    return [
        name
        for name in imported(source)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not f"{name}.".startswith(tuple(f"{prefix}." for prefix in own))
    ]


def test_import_contracts_hold() -> None:
    """In a process of its own: the linter silences every logger of the one it runs in."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    lint = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout + lint.stderr


@pytest.mark.parametrize(
    ("folder", "own"),
    [
        ("domain", ("callrouter.domain",)),
        # The phone network is an independent peer: sharing code with the service would share its mistakes.
        ("telephony/simulator", ("callrouter.telephony.simulator", "callrouter.domain")),
    ],
)
def test_needs_only_the_standard_library(folder: str, own: tuple[str, ...]) -> None:
    files = sorted((PACKAGE / folder).rglob("*.py"))
    assert files, f"callrouter/{folder} is not there any more: this table wants its new name"
    found = {str(path.relative_to(ROOT)): foreign(path.read_text("utf-8"), own) for path in files}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import heapq\nfrom datetime import date", []),
        ("from callrouter.domain import phone", []),
        ("from callrouter import domain", []),
        ("def f():\n    import yaml", ["yaml"]),
        ("from callrouter import clock", ["callrouter.clock"]),
        ("from callrouter.domains import x", ["callrouter.domains.x"]),
    ],
)
def test_foreign_imports_are_seen(source: str, expected: list[str]) -> None:
    assert foreign(source, ("callrouter.domain",)) == expected


def test_every_folder_is_a_package() -> None:
    """Import-linter sees only packages: a folder without __init__.py would escape the contracts."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE / "calllog/migrations/versions"}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_file_is_too_long() -> None:
    longest = {path: LONGEST_FILE if path.is_relative_to(PACKAGE) else LONGEST_TEST for path in FILES}
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {str(path): length for path, length in lengths.items() if length > longest[path]} == {}

"""The design's rules about who may import whom, and how long a file may be."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "callrouter"
FILES = [path for folder in (PACKAGE, ROOT / "tests") for path in sorted(folder.rglob("*.py"))]
LONGEST_FILE = 300


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


def test_import_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


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
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}

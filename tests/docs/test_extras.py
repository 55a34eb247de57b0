"""What an extra needs is locked as all else is, and its lock is what the program and the page tell to install."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from callrouter.setting_values import SettingsError
from callrouter.settings import service_settings
from tests.docs.told import PAGES, ROOT

EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
INSTALL = ".venv/bin/pip install --require-hashes --no-deps --requirement requirements/{}.txt"


def locked(name: str) -> dict[str, str]:
    """The versions of a lock, by name."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {
        canonicalize_name(found): version for found, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    }


def needed(requirements: list[str], extras: tuple[str, ...] = ("",)) -> set[str]:
    """The names that *requirements* ask for here, with what those ask for in turn."""
    found: set[str] = set()
    for each in map(Requirement, requirements):
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras):
            found |= {canonicalize_name(each.name)}
            found |= needed(requires(each.name) or [], tuple(each.extras) or ("",))
    return found


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_lock_of_an_extra_has_all_that_it_needs_and_the_run_lock_has_not(extra: str) -> None:
    assert needed(EXTRAS[extra]) - set(locked("run")) == set(locked(extra))
    assert locked(extra).items() <= locked("dev").items()


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_page_tells_how_it_is_installed(extra: str) -> None:
    assert INSTALL.format(extra) in (ROOT / "docs" / "installation.md").read_text("utf-8")


def test_nothing_tells_to_install_what_is_not_published() -> None:
    places = (*PAGES, *(ROOT / "deploy").iterdir(), *(ROOT / "callrouter").rglob("*.py"))
    assert [path for path in places if re.search(r"pip install '?\"?callrouter", path.read_text("utf-8"))] == []


WITHOUT = """
import sys
sys.modules[{library!r}] = None
import {module}
"""


def test_an_export_without_its_library_says_how_to_install_it() -> None:
    code = WITHOUT.format(library="pyarrow", module="callrouter.calllog.export.parquet_file")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert INSTALL.format("parquet") in done.stderr


@pytest.mark.parametrize(("name", "extra"), [("SENTRY_DSN", "sentry"), ("OTLP_ENDPOINT", "opentelemetry")])
def test_a_setting_without_its_library_says_how_to_install_it(
    name: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    for module in ("sentry_sdk", "opentelemetry"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(SettingsError, match=re.escape(INSTALL.format(extra))):
        service_settings({f"CALLROUTER_{name}": "https://key@errors.example.se/1"})

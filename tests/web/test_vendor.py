"""What is not ours in static/: each file named with its version, its licence and its hash, and nothing else there."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from callrouter.web import pages

STATIC = Path(pages.__file__).parents[1] / "static"
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text("utf-8"))


def test_every_file_stands_in_the_manifest() -> None:
    assert {path.name for path in VENDOR.iterdir()} == {entry["file"] for entry in MANIFEST} | {"manifest.json"}


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_file_is_what_its_hash_says(entry: dict[str, str]) -> None:
    assert entry.keys() == {"name", "version", "licence", "from", "file", "sha256"}
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_no_style_fetches_anything_from_elsewhere(path: Path) -> None:
    css = path.read_text("utf-8")
    assert [url for url in re.findall(r"url\(\s*[\"']?([^\"')]{0,40})", css) if not url.startswith("data:")] == []
    assert "@import" not in css

"""The browser that the machine has: an installed Chromium."""

import shutil

NAMED = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
MISSING = f"no browser: none of {', '.join(NAMED)} is installed (Debian: apt install chromium)"


def found_browser() -> str | None:
    """Where it is; None if there is none."""
    return next(filter(None, map(shutil.which, NAMED)), None)

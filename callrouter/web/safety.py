"""What protects pages and whoever looks at them: headers, forged requests, addresses to go on to."""

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # the arrows and ticks of the form fields stand in the style sheet
    "media-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_SWITCHED_OFF = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _SWITCHED_OFF),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer of the pages, whatever it is."""

HSTS = "max-age=63072000"
"""Two years, for this host alone: what else the domain serves is not ours to decide."""


def is_genuine(request: Request, origin: str, token: str) -> bool:
    """Whether a change was asked for by one of our own forms in this very browser: *token*, and where it comes from.

    Browsers say whence: Sec-Fetch-Site cannot be set by a page; Origin is for those that do not have it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    is_ours = site == "same-origin" if site is not None else request.headers.get("Origin") == origin
    given = request.form.get(CSRF_FIELD) or request.headers.get(CSRF_HEADER) or ""
    return is_ours and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def origin_of(url: str) -> str:
    """The origin of *url* as browsers write it: `https://calls.example.se`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def safe_path(text: str | None) -> str | None:
    """*text* if it is a path of this site to go on to; an address elsewhere, however disguised, is none."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")):
        return None
    is_plain = text.isprintable() and "\\" not in text and not text.startswith("/static/")
    parts = urlsplit(text)
    return text if is_plain and not parts.scheme and not parts.netloc else None

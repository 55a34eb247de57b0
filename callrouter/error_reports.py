"""Errors told to Sentry, where that is wanted: scrubbed, and nothing of what was asked or answered."""

from collections.abc import Mapping
from typing import Any

from callrouter.logs.scrub import scrubbed_all

_KEPT_OF_REQUEST = ("method",)
_LEFT_OUT = ("user", "modules", "extra")


def begin(dsn: str | None, transport: Any = None) -> None:
    """Report from this process on; None: nowhere. Begun after the fork: the thread that sends does not outlive one.

    Raises:
        ImportError: the extra `sentry` is not installed.
    """
    if dsn is None:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        transport=transport,
        before_send=without_what_is_personal,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=None,
        max_breadcrumbs=0,
        auto_session_tracking=False,
    )


def without_what_is_personal(event: Any, _hint: Mapping[str, Any]) -> Any:
    """*event* without address, headers, cookies and body of the request, and with all of its texts scrubbed."""
    kept = {name: value for name, value in event.items() if name not in _LEFT_OUT}
    if "request" in kept:
        kept["request"] = {name: value for name, value in kept["request"].items() if name in _KEPT_OF_REQUEST}
    return scrubbed_all(kept)

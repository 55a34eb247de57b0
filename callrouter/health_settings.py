"""The settings of what is told about the service: logs and metrics; `settings` reads the environment for them."""

from dataclasses import dataclass
from importlib.util import find_spec

from callrouter import setting_values as values
from callrouter.logs.lines import Format
from callrouter.setting_values import Reader


@dataclass(frozen=True, slots=True)
class Health:
    """*log_format* None: for people on a terminal, JSON elsewhere. *metrics_token* None: only this machine may ask."""

    log_format: Format | None = None
    metrics_token: str | None = None
    sentry_dsn: str | None = None
    otlp_endpoint: str | None = None


def read_health(reader: Reader) -> Health:
    """Read them; what is wrong with them *reader* gathers."""
    return Health(
        log_format=reader.optional("CALLROUTER_LOG_FORMAT", _log_format),
        metrics_token=reader.optional("CALLROUTER_METRICS_TOKEN", values.secret),
        sentry_dsn=reader.optional("CALLROUTER_SENTRY_DSN", _dsn),
        otlp_endpoint=reader.optional("CALLROUTER_OTLP_ENDPOINT", _collector),
    )


def _log_format(text: str) -> Format | None:
    if text not in (*Format, "auto"):
        raise ValueError(f"expected one of {', '.join(Format)}, auto, got {text!r}")
    return None if text == "auto" else Format(text)


def _dsn(text: str) -> str:
    if find_spec("sentry_sdk") is None:
        raise _without("sentry")
    if not text.startswith("https://") or "@" not in text:
        raise ValueError("expected an address such as https://KEY@sentry.example.se/1 (not shown: it may be a secret)")
    return text


def _collector(text: str) -> str:
    if find_spec("opentelemetry") is None:
        raise _without("opentelemetry")
    if not text.startswith(("https://", "http://")):
        raise ValueError(f"expected an address such as http://collector:4318/v1/traces, got {text!r}")
    return text


def _without(extra: str) -> ValueError:
    install = f".venv/bin/pip install --require-hashes --no-deps --requirement requirements/{extra}.txt"
    return ValueError(f"needs the extra `{extra}`; in the checkout: {install}")

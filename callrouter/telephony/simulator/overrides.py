"""What the fragment of a webhook's address asks of the network: time-outs and retries.

twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from callrouter.telephony.simulator.journal import ServiceError
from callrouter.telephony.simulator.transport import Response, TransportFailure

_POLICIES = frozenset({"ct", "rt", "4xx", "5xx", "all"})
_RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_DEFAULTS = {"ct": 5_000, "rt": 15_000, "tt": 15_000, "rc": 1}
_DEFAULT_POLICY = frozenset({"ct"})
_OTHER_KEYS = frozenset({"e", "sni"})


@dataclass(frozen=True, slots=True)
class Overrides:
    """*numbers*: ct, rt, tt (connect, read, total, in milliseconds) and rc (retries); *policy*: what is retried."""

    numbers: Mapping[str, int]
    policy: frozenset[str]
    errors: tuple[ServiceError, ...] = ()

    @property
    def retries(self) -> int:
        """How many attempts may follow the first."""
        return self.numbers["rc"]

    def seconds(self, key: str) -> float:
        """A time-out in seconds."""
        return self.numbers[key] / 1000

    def covers(self, answer: Response | TransportFailure) -> bool:
        """Whether this answer is one that the policy tries again."""
        kind = failure_of(answer)
        return kind is not None and (kind in self.policy or "all" in self.policy)


def failure_of(answer: Response | TransportFailure) -> str | None:
    """The policy's word for what went wrong; None for a 2xx (and a redirect, which no policy names)."""
    if isinstance(answer, TransportFailure):
        return {"connect": "ct", "read": "rt"}[answer.kind]
    return {4: "4xx", 5: "5xx"}.get(answer.status // 100)


def overrides_of(url: str) -> Overrides:
    """The overrides in the fragment of *url*; what is not understood is an error, and the default holds."""
    numbers, policy = dict(_DEFAULTS), _DEFAULT_POLICY
    errors = []
    for key, value in parse_qsl(url.partition("#")[2], keep_blank_values=True):
        problem = _problem(key, value)
        if problem is not None:
            errors.append(ServiceError(*problem, fatal=False, url=url))
        elif key == "rp":
            policy = frozenset(value.split(","))
        elif key in _RANGES:
            numbers[key] = int(value)
    return Overrides(numbers, policy, tuple(errors))


def _problem(key: str, value: str) -> tuple[int, str] | None:
    if key == "rp":
        expected = ", ".join(sorted(_POLICIES))
        is_known = set(value.split(",")) <= _POLICIES
        return None if is_known else (11243, f"rp={value!r} in the fragment: some of {expected} is expected")
    if key in _RANGES:
        low, high = _RANGES[key]
        is_good = value.isascii() and value.isdigit() and low <= int(value) <= high
        return None if is_good else (11100, f"{key}={value!r} in the fragment: {low} to {high} is expected")
    return None if key in _OTHER_KEYS else (11100, f"the fragment has an unknown key {key!r}")

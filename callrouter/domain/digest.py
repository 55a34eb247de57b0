"""Short, stable names for values: what says the same is called the same, on every machine and after every restart."""

from hashlib import blake2b


def digest(*parts: object) -> str:
    """A 16-digit hex name of *parts* (strings, numbers, None), the same for equal parts in equal order."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return blake2b(joined.encode(), digest_size=8).hexdigest()

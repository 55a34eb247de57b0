"""Numbers of things, as English says them."""


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write `1 error`, `2 errors`; *many* where it is not *one* with an s: `2 entries`."""
    return f"{count} {plural(count, one, many)}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """The word alone, for *count* of them: `error`, `errors`, or *many*."""
    return one if count == 1 else many or f"{one}s"


def of_class(count: int, what: str) -> str:
    """Write `1 recording`, `2 recordings` of a class of data that is kept, which is called by its plural."""
    return counted(count, what.removesuffix("s"))

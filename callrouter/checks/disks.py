"""The file systems that data is kept on, and when one has too little left."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TOO_LITTLE_BYTES = 100_000_000
"""Soon nothing can be written: neither the log nor the spool."""


@dataclass(frozen=True, slots=True)
class FileSystem:
    """What lies on one, by name; bytes that are free there, and all there are."""

    names: tuple[str, ...]
    free: int
    total: int

    @property
    def has_too_little(self) -> bool:
        """Whether it makes the service degraded."""
        return self.free < TOO_LITTLE_BYTES


def file_systems(places: Mapping[str, Path]) -> list[FileSystem]:
    """Those that *places* lie on, each once; of a place that does not exist yet, what stands of the way to it counts.

    Raises:
        OSError: a place cannot be asked.
    """
    standing = {name: _standing(place) for name, place in places.items()}
    named: dict[int, list[str]] = {}
    for name, place in standing.items():
        named.setdefault(place.stat().st_dev, []).append(name)
    usages = [(tuple(names), shutil.disk_usage(standing[names[0]])) for names in named.values()]
    return [FileSystem(names, usage.free, usage.total) for names, usage in usages]


def _standing(path: Path) -> Path:
    absolute = path.absolute()
    return next(place for place in (absolute, *absolute.parents) if place.exists())

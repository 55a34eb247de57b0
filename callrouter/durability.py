"""What is on disk, and stays there."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Make what the file *path* holds, or the names in the folder, outlive a power cut.

    Raises:
        OSError: the system cannot say that it does.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

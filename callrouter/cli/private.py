"""Who may read what a command keeps."""

import os


def keep_private() -> None:
    """From now on, files are for no other user of the machine to read: callers' numbers are among them."""
    os.umask(0o077)

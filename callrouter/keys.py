"""The keys of a service on the built-in phone network: made once, kept for nobody else to read."""

import json
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

FILE_NAME = "phone-network-keys.json"


@dataclass(frozen=True, slots=True)
class PhoneNetworkKeys:
    """What a provider and an administrator would have handed over."""

    account_sid: str
    auth_token: str
    secret_key: str
    privacy_key: str

    @classmethod
    def made(cls) -> Self:
        """New random keys."""
        return cls(
            "AC" + secrets.token_hex(16), secrets.token_hex(16), secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        )

    @classmethod
    def kept_in(cls, data_dir: Path) -> Self:
        """The keys kept in *data_dir*; made and written there (mode 600) the first time.

        Raises:
            OSError: the directory cannot be read or written.
            ValueError: the file is not what we wrote.
        """
        path = data_dir / FILE_NAME
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            _write(path, asdict(cls.made()))
        try:
            kept = cls(**json.loads(path.read_text(encoding="utf-8")))
        except (TypeError, ValueError) as error:
            raise _damaged(path, str(error)) from error
        if not all(isinstance(value, str) and value for value in asdict(kept).values()):
            raise _damaged(path, "a key is empty or not a text")
        return kept


def _damaged(path: Path, what: str) -> ValueError:
    return ValueError(f"{path} is damaged ({what}); remove it to make new keys")


def _write(path: Path, keys: dict[str, str]) -> None:
    """Write beside (mode 600), then link: of two processes that start at once, the first one's keys hold for both."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(keys, file)
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()

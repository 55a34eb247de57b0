"""The keys of a service on the built-in phone network: made once, kept for nobody else to read."""

import json
import os
import secrets
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
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path} is damaged ({error}); remove it to make new keys") from error


def _write(path: Path, keys: dict[str, str]) -> None:
    """Write beside, then link: of two processes that start at once, the first one's keys hold for both."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(keys, file)
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()

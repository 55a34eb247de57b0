"""The only reader of the environment. One table in the README says the same in words.

Everything that is missing or malformed is told at once, each with what to set: one lost variable must never turn
citizens away in silence.
"""

import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from callrouter import setting_values as values
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import Origin
from callrouter.health_settings import Health, read_health
from callrouter.keys import FILE_NAME as PHONE_NETWORK_KEYS
from callrouter.keys import PhoneNetworkKeys
from callrouter.mail_settings import Told, read_told
from callrouter.setting_values import Reader, SettingsError
from callrouter.twilio_settings import Twilio, read_twilio
from callrouter.web_settings import Web, read_web

DEFAULT_THREADS = 8
PHONE_NETWORK_LAST_RESORT = PhoneNumber("+46701740699")
"""Under the phone network nobody's real number can be rung: a number reserved for fiction."""

T = TypeVar("T")

ScheduleLocation = Path | Literal["database"]
"""Where the schedule is: a file, or what was last published in the database."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Where things are kept: all that the log and database commands need."""

    data_dir: Path
    spool_dir: Path
    database_url: str

    @property
    def task_dir(self) -> Path:
        """Where tasks keep the files that they make, for a day."""
        return self.data_dir / "tasks"

    @property
    def last_good_schedule(self) -> Path:
        """Where a copy of the last schedule that loaded is kept."""
        return self.data_dir / "last-good-schedule.yaml"

    @property
    def last_good_control(self) -> Path:
        """Where a copy of the overrides and blocks is kept."""
        return self.data_dir / "last-good-control.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a running service."""

    storage: Storage
    schedule: ScheduleLocation
    public_url: str
    secret_key: str
    old_secret_key: str | None
    privacy_key: str
    last_resort: PhoneNumber | None
    twilio: Twilio
    threads: int
    phone_network: bool
    web: Web = field(default_factory=Web)
    health: Health = field(default_factory=Health)
    notices: Told = field(default_factory=Told)
    told: frozenset[str] = frozenset()
    """The variables of the environment that said any of it."""

    @property
    def origin(self) -> Origin:
        """Who makes the calls that the service answers."""
        return Origin.PHONE_NETWORK if self.phone_network else Origin.REAL

    @property
    def account(self) -> Twilio | None:
        """Ours with the provider; under the phone network there is none."""
        return None if self.phone_network else self.twilio


def storage_settings(environ: Mapping[str, str] | None = None) -> Storage:
    """The settings of the storage alone, for commands that need no more. May raise SettingsError."""
    return _alone(_storage, environ)


def public_url(environ: Mapping[str, str] | None = None) -> str | None:
    """Where this service is reached, for commands that name one of its pages; None: not set."""
    return _alone(lambda reader: reader.optional("CALLROUTER_PUBLIC_URL", values.public_url), environ)


def schedule_location(environ: Mapping[str, str] | None = None) -> ScheduleLocation:
    """Where the schedule is, for commands that only read it. May raise SettingsError."""
    return _alone(_schedule, environ)


def privacy_key(environ: Mapping[str, str] | None = None) -> str:
    """The key of the service whose commands run here: without CALLROUTER_PRIVACY_KEY, that of the phone network.

    Raises:
        SettingsError: there is neither, or one is malformed.
    """
    reader = Reader(os.environ if environ is None else environ)
    data_dir = _storage(reader).data_dir
    if reader.optional("CALLROUTER_PRIVACY_KEY", str) is None and (data_dir / PHONE_NETWORK_KEYS).exists():
        key = _phone_network_keys(data_dir).privacy_key
    else:
        key = reader.required("CALLROUTER_PRIVACY_KEY", values.secret, "the text that the service has there")
    reader.finish()
    return key


def secret_keys(environ: Mapping[str, str] | None = None) -> tuple[str, str | None]:
    """The key that seals and, during a rotation, the other one, for commands beside the service; as `privacy_key`."""
    reader = Reader(os.environ if environ is None else environ)
    data_dir = _storage(reader).data_dir
    if reader.optional("CALLROUTER_SECRET_KEY", str) is None and (data_dir / PHONE_NETWORK_KEYS).exists():
        keys: tuple[str, str | None] = (_phone_network_keys(data_dir).secret_key, None)
    else:
        new = reader.required("CALLROUTER_SECRET_KEY", values.secret, "the text that the service has there")
        keys = (new, reader.optional("CALLROUTER_SECRET_KEY_OLD", values.secret))
    reader.finish()
    return keys


def twilio_settings(environ: Mapping[str, str] | None = None) -> Twilio | None:
    """The provider's account, for commands that ask something of it; None: there is none in the settings.

    Raises:
        SettingsError: one of them is missing or malformed.
    """
    return _alone(lambda r: None if r.optional("TWILIO_ACCOUNT_SID", str) is None else read_twilio(r), environ)


def is_handed_its_socket() -> bool:
    """Whether systemd, or whoever started this process, holds the socket to listen on and has handed it over."""
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def platform() -> str | None:
    """The platform this runs on, if it is one that starts each time from an image, by a variable that it sets."""
    return next((name for variable, name in values.PLATFORMS.items() if variable in os.environ), None)


def health_settings(environ: Mapping[str, str] | None = None) -> Health:
    """How the service tells of itself, for a process that answers no calls. May raise SettingsError."""
    return _alone(read_health, environ)


def share_metrics(place: Path) -> None:
    """Let Prometheus's library, before it is imported, share its counts with other processes in *place*."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(place)


def notice_settings(environ: Mapping[str, str] | None = None) -> Told:
    """How people are told by mail and SMS. May raise SettingsError."""
    return _alone(read_told, environ)


def os_user() -> str:
    """The name of the user that this process runs as, or its number where it has no name. Nobody can set it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def service_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of the real service.

    Raises:
        SettingsError: one is missing or malformed.
    """
    reader = Reader(os.environ if environ is None else environ)
    settings = Settings(
        storage=_storage(reader),
        schedule=_schedule(reader),
        public_url=reader.required(
            "CALLROUTER_PUBLIC_URL",
            values.public_url,
            "the https:// address at which the provider reaches this service",
        ),
        secret_key=reader.required(
            "CALLROUTER_SECRET_KEY", values.secret, "a random text that seals the callback URLs"
        ),
        old_secret_key=reader.optional("CALLROUTER_SECRET_KEY_OLD", values.secret),
        privacy_key=reader.required(
            "CALLROUTER_PRIVACY_KEY", values.secret, "a random text that hashes callers' numbers"
        ),
        last_resort=reader.required(
            "CALLROUTER_LAST_RESORT",
            values.number,
            "the number to ring when no schedule has ever loaded, such as +46846500499",
        ),
        twilio=read_twilio(reader),
        threads=_threads(reader),
        phone_network=False,
        web=read_web(reader),
        health=read_health(reader),
        notices=read_told(reader),
        told=reader.told,
    )
    reader.finish()
    return settings


def settings_if_all(played_at: str | None = None) -> Settings | None:
    """The settings of the service beside this process, maybe *played_at* that address; None: they are not all here."""
    try:
        return service_settings()
    except SettingsError:
        keys = storage_settings().data_dir / PHONE_NETWORK_KEYS
        return phone_network_settings(played_at) if played_at and keys.exists() else None


def phone_network_settings(base_url: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a service on the built-in phone network: keys are made and kept in the data directory.

    The provider's credentials in the environment are not used, so that a demo can never touch a real account.

    Raises:
        SettingsError: one is malformed, or the data directory cannot be written.
    """
    reader = Reader(os.environ if environ is None else environ)
    storage = _storage(reader)
    public_url = reader.optional("CALLROUTER_PUBLIC_URL", values.public_url) or base_url
    last_resort = reader.optional("CALLROUTER_LAST_RESORT", values.number) or PHONE_NETWORK_LAST_RESORT
    schedule, threads, web, health = _schedule(reader), _threads(reader), read_web(reader), read_health(reader)
    reader.finish()
    keys = _phone_network_keys(storage.data_dir)
    return Settings(
        storage=storage,
        schedule=schedule,
        public_url=public_url,
        secret_key=keys.secret_key,
        old_secret_key=None,
        privacy_key=keys.privacy_key,
        last_resort=last_resort,
        twilio=Twilio(keys.account_sid, (keys.auth_token,)),
        threads=threads,
        phone_network=True,
        web=web,
        health=health,
        told=reader.told,
    )


def _phone_network_keys(data_dir: Path) -> PhoneNetworkKeys:
    try:
        return PhoneNetworkKeys.kept_in(data_dir)
    except (OSError, ValueError) as error:
        raise SettingsError(f"CALLROUTER_DATA_DIR: the phone network's keys cannot be kept there: {error}") from error


def _alone(read: Callable[[Reader], T], environ: Mapping[str, str] | None) -> T:
    reader = Reader(os.environ if environ is None else environ)
    found = read(reader)
    reader.finish()
    return found


def _storage(reader: Reader) -> Storage:
    data_dir = reader.optional("CALLROUTER_DATA_DIR", Path) or Path("var")
    url = reader.optional("CALLROUTER_DATABASE_URL", values.database_url) or reader.optional(
        "DATABASE_URL", values.database_url
    )
    return Storage(
        data_dir=data_dir,
        spool_dir=reader.optional("CALLROUTER_SPOOL_DIR", Path) or data_dir / "spool",
        database_url=url or values.sqlite_address(data_dir / "callrouter.db"),
    )


def _schedule(reader: Reader) -> ScheduleLocation:
    return reader.optional("CALLROUTER_SCHEDULE", _schedule_location) or Path("config/schedule.yaml")


def _threads(reader: Reader) -> int:
    return reader.optional("CALLROUTER_THREADS", values.thread_count) or DEFAULT_THREADS


def _schedule_location(text: str) -> ScheduleLocation:
    return "database" if text == "database" else Path(text)

"""What a restart takes away is told, by the mounts that Linux tells of and the platforms that are known."""

from pathlib import Path

import pytest

from callrouter.checks.finding import Level
from callrouter.checks.lasting import lasting
from callrouter.settings import Storage

DISK = "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
IMAGE = "27 1 0:50 / / rw,relatime master:3 - overlay overlay rw,lowerdir=/l\n"
VOLUME = "40 27 254:1 /docker/volumes/calls/_data /srv/calls rw - ext4 /dev/vda rw\n"
MEMORY = "41 27 0:25 / /srv rw - tmpfs tmpfs rw\n"
SPACED = "42 27 254:2 / /srv/our\\040calls rw - xfs /dev/vdb rw\n"
NEIGHBOUR = "43 27 254:2 / /srv/call rw - xfs /dev/vdb rw\n"


def found(
    told: str, platform: str | None = None, at: str = "/srv/calls", url: str = "postgresql+psycopg://x/y"
) -> bool:
    return bool(lasting(Storage(Path(at), Path(at, "spool"), url), platform, told))


@pytest.mark.parametrize(
    ("told", "warned"),
    [
        (DISK, False),
        (IMAGE, True),
        (IMAGE + VOLUME, False),
        (VOLUME + IMAGE, False),
        (DISK + MEMORY, True),
        (DISK + MEMORY + VOLUME, False),
        (IMAGE + NEIGHBOUR, True),
        (DISK + IMAGE, True),
        (IMAGE + DISK, False),
        ("", False),
    ],
)
def test_the_deepest_and_last_mount_decides(told: str, warned: bool) -> None:
    assert found(told) is warned


def test_a_space_in_the_name_of_a_mount() -> None:
    assert not found(IMAGE + SPACED, at="/srv/our calls")


@pytest.mark.parametrize(("told", "at", "warned"), [(DISK, "/srv/calls", True), (DISK + VOLUME, "/srv/calls", False)])
def test_on_a_known_platform_only_a_volume_stays(told: str, at: str, warned: bool) -> None:
    assert found(told, "Fly.io", at) is warned


def test_the_platform_s_own_place_for_the_program_is_no_volume() -> None:
    assert found(DISK + DISK.replace(" / rw", " /app rw"), "Heroku", "/app/var")


def test_a_database_in_a_file_goes_too_and_the_advice_says_what_to_take() -> None:
    storage = Storage(Path("/srv/calls"), Path("/srv/calls/spool"), "sqlite:////data/callrouter.db")
    finding = lasting(storage, None, IMAGE)
    assert finding is not None
    assert finding.level is Level.WARNING
    assert "the spool at /srv/calls/spool (on overlay) and the database at /data (on overlay)" in finding.found
    assert all(
        word in finding.advice for word in ("CALLROUTER_SPOOL_DIR", "PostgreSQL", "CALLROUTER_SCHEDULE=database")
    )

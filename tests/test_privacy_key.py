"""Which privacy key a command uses: the one that the service beside it has."""

from pathlib import Path

import pytest

from callrouter.keys import FILE_NAME, PhoneNetworkKeys
from callrouter.setting_values import SettingsError
from callrouter.settings import phone_network_settings, privacy_key

PRIVACY = "pr1vacy-" * 5


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {"CALLROUTER_DATA_DIR": str(folder), **more}


def test_the_key_of_the_environment(tmp_path: Path) -> None:
    assert privacy_key(environ(tmp_path, CALLROUTER_PRIVACY_KEY=PRIVACY)) == PRIVACY


def test_the_key_of_the_environment_before_that_of_a_phone_network(tmp_path: Path) -> None:
    PhoneNetworkKeys.kept_in(tmp_path)
    assert privacy_key(environ(tmp_path, CALLROUTER_PRIVACY_KEY=PRIVACY)) == PRIVACY


@pytest.mark.parametrize("blank", [{}, {"CALLROUTER_PRIVACY_KEY": " "}])
def test_the_key_of_the_phone_network_that_runs_here(tmp_path: Path, blank: dict[str, str]) -> None:
    service = phone_network_settings("http://127.0.0.1:1", environ(tmp_path))
    assert privacy_key(environ(tmp_path, **blank)) == service.privacy_key


def test_no_key_is_made(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        privacy_key(environ(tmp_path))
    assert str(raised.value) == "CALLROUTER_PRIVACY_KEY is not set: set it to the text that the service has there"
    assert list(tmp_path.iterdir()) == []


def test_a_malformed_one_is_told_once_and_not_replaced(tmp_path: Path) -> None:
    PhoneNetworkKeys.kept_in(tmp_path)
    with pytest.raises(SettingsError) as raised:
        privacy_key(environ(tmp_path, CALLROUTER_PRIVACY_KEY="short"))
    (line,) = str(raised.value).splitlines()
    assert line.startswith("CALLROUTER_PRIVACY_KEY: expected at least 32 characters, got 5")


def test_a_damaged_file_of_keys_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="the phone network's keys cannot be kept there"):
        privacy_key(environ(tmp_path))

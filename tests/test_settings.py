"""The settings: every variable, missing and malformed, and the sentence that says what to set."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from callrouter.domain.phone import PhoneNumber
from callrouter.keys import FILE_NAME
from callrouter.setting_values import SettingsError
from callrouter.settings import (
    DEFAULT_THREADS,
    PHONE_NETWORK_LAST_RESORT,
    Settings,
    os_user,
    phone_network_settings,
    privacy_key,
    schedule_location,
    service_settings,
    storage_settings,
)
from callrouter.twilio_settings import Twilio

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "0123456789abcdef" * 2
NEXT_TOKEN = "fedcba9876543210" * 2
SECRET = "s3cret-" * 6
PRIVACY = "pr1vacy-" * 5
MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
REAL = {
    "CALLROUTER_PUBLIC_URL": "https://calls.example.se/",
    "CALLROUTER_SECRET_KEY": SECRET,
    "CALLROUTER_PRIVACY_KEY": PRIVACY,
    "CALLROUTER_LAST_RESORT": "+46 8 465 004-99",
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        service_settings(environ)
    return str(raised.value).splitlines()


class TestService:
    def test_what_must_be_set_is_enough(self) -> None:
        settings = service_settings(REAL)
        assert (settings.public_url, settings.secret_key, settings.privacy_key) == (
            "https://calls.example.se",
            SECRET,
            PRIVACY,
        )
        assert settings.last_resort == PhoneNumber("+46846500499")
        assert settings.twilio == Twilio(SID, (TOKEN,))
        assert (settings.old_secret_key, settings.threads, settings.phone_network) == (None, DEFAULT_THREADS, False)
        assert settings.schedule == Path("config/schedule.yaml")

    def test_what_may_be_set(self) -> None:
        may = {
            "CALLROUTER_SCHEDULE": "/etc/callrouter/schedule.yaml",
            "CALLROUTER_SECRET_KEY_OLD": SECRET.upper(),
            "CALLROUTER_THREADS": "64",
            "TWILIO_AUTH_TOKEN_NEXT": NEXT_TOKEN,
            "TWILIO_REGION": "ie1",
            "TWILIO_EDGE": "dublin",
        }
        settings = service_settings(REAL | may)
        assert settings.schedule == Path("/etc/callrouter/schedule.yaml")
        assert (settings.old_secret_key, settings.threads) == (SECRET.upper(), 64)
        assert settings.twilio == Twilio(SID, (TOKEN, NEXT_TOKEN), "ie1", "dublin")

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            (
                "CALLROUTER_PUBLIC_URL",
                "is not set: set it to the https:// address at which the provider reaches this service",
            ),
            ("CALLROUTER_SECRET_KEY", "is not set: set it to a random text that seals the callback URLs"),
            ("CALLROUTER_PRIVACY_KEY", "is not set: set it to a random text that hashes callers' numbers"),
            (
                "CALLROUTER_LAST_RESORT",
                "is not set: set it to the number to ring when no schedule has ever loaded, such as +46846500499",
            ),
            ("TWILIO_ACCOUNT_SID", "is not set: set it to the account's SID, AC and 32 hex digits"),
            ("TWILIO_AUTH_TOKEN", "is not set: set it to the account's auth token, 32 hex digits"),
        ],
    )
    @pytest.mark.parametrize("lost", [None, "", "  "], ids=["unset", "empty", "blank"])
    def test_without_it_there_is_no_start(self, name: str, sentence: str, lost: str | None) -> None:
        environ = {key: value for key, value in REAL.items() if key != name}
        if lost is not None:
            environ[name] = lost
        assert problems(environ) == [f"{name} {sentence}"]

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            (
                "CALLROUTER_SECRET_KEY",
                "too short",
                f"expected at least 32 characters, got 9; make one with: {MAKE_ONE}",
            ),
            (
                "CALLROUTER_SECRET_KEY_OLD",
                "x" * 31,
                f"expected at least 32 characters, got 31; make one with: {MAKE_ONE}",
            ),
            (
                "CALLROUTER_PRIVACY_KEY",
                "1234",
                f"expected at least 32 characters, got 4; make one with: {MAKE_ONE}",
            ),
            (
                "CALLROUTER_LAST_RESORT",
                "08-465 004 99",
                "expected a number with its country code, such as +46846500499, got '08-465 004 99'",
            ),
            (
                "TWILIO_ACCOUNT_SID",
                "AC123",
                "expected AC and 32 hex digits, got 5 characters (not shown: it may be a secret)",
            ),
            (
                "TWILIO_ACCOUNT_SID",
                "SK" + TOKEN,
                "expected AC and 32 hex digits, got 34 characters (not shown: it may be a secret)",
            ),
            (
                "TWILIO_AUTH_TOKEN",
                TOKEN + "0",
                "expected 32 hex digits, got 33 characters (not shown: it may be a secret)",
            ),
            (
                "TWILIO_AUTH_TOKEN_NEXT",
                "x" * 32,
                "expected 32 hex digits, got 32 characters (not shown: it may be a secret)",
            ),
            ("TWILIO_REGION", "Ireland", "expected a region such as ie1, got 'Ireland'"),
            ("TWILIO_EDGE", "du blin", "expected an edge such as dublin, got 'du blin'"),
            ("CALLROUTER_THREADS", "0", "expected a number from 1 to 64, got '0'"),
            ("CALLROUTER_THREADS", "65", "expected a number from 1 to 64, got '65'"),
            ("CALLROUTER_THREADS", "many", "expected a number from 1 to 64, got 'many'"),
            ("CALLROUTER_THREADS", "-1", "expected a number from 1 to 64, got '-1'"),
        ],
    )
    def test_a_malformed_one_is_told_with_what_is_expected(self, name: str, value: str, sentence: str) -> None:
        assert problems(REAL | {name: value}) == [f"{name}: {sentence}"]

    def test_a_region_needs_the_edge_where_it_is_reached(self) -> None:
        said = "TWILIO_EDGE is not set: set it to where the region is reached, such as dublin for ie1"
        assert problems(REAL | {"TWILIO_REGION": "ie1"}) == [said]
        assert service_settings(REAL | {"TWILIO_REGION": "us1"}).twilio.edge is None

    def test_a_second_region_needs_its_token_and_its_edge(self) -> None:
        assert [line.partition(" ")[0] for line in problems(REAL | {"TWILIO_SECOND_REGION": "ie1"})] == [
            "TWILIO_SECOND_AUTH_TOKEN",
            "TWILIO_SECOND_EDGE",
        ]
        said = "TWILIO_SECOND_REGION: expected another region than the first, us1"
        assert problems(REAL | {"TWILIO_SECOND_REGION": "us1"}) == [said]

    def test_a_second_region_is_the_same_account_with_a_token_of_its_own(self) -> None:
        second = {"REGION": "us1", "AUTH_TOKEN": NEXT_TOKEN, "AUTH_TOKEN_NEXT": TOKEN[::-1]}
        may = {f"TWILIO_SECOND_{name}": value for name, value in second.items()}
        ireland = {"TWILIO_REGION": "ie1", "TWILIO_EDGE": "dublin"}
        twilio = service_settings(REAL | ireland | may).twilio
        america = Twilio(SID, (NEXT_TOKEN, TOKEN[::-1]), "us1")
        assert twilio == Twilio(SID, (TOKEN,), "ie1", "dublin", america)
        assert twilio.regions == (twilio, america)
        assert twilio.accepted_tokens == (TOKEN, NEXT_TOKEN, TOKEN[::-1])

    def test_all_is_told_at_once(self) -> None:
        told = problems({"CALLROUTER_THREADS": "0", "DATABASE_URL": "mysql://db", "TWILIO_EDGE": "?"})
        assert [line.partition(" ")[0].rstrip(":") for line in told] == [
            "DATABASE_URL",
            "CALLROUTER_PUBLIC_URL",
            "CALLROUTER_SECRET_KEY",
            "CALLROUTER_PRIVACY_KEY",
            "CALLROUTER_LAST_RESORT",
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "TWILIO_EDGE",
            "CALLROUTER_THREADS",
        ]


class TestDatabaseUrl:
    @pytest.mark.parametrize("name", ["CALLROUTER_DATABASE_URL", "DATABASE_URL"])
    def test_both_names_are_read(self, name: str) -> None:
        storage = storage_settings({name: "postgres://u:p@db.example.se/calls"})
        assert storage.database_url == "postgresql+psycopg://u:p@db.example.se/calls"

    def test_our_own_name_comes_before_the_usual_one(self) -> None:
        both = {"CALLROUTER_DATABASE_URL": "sqlite:///ours.db", "DATABASE_URL": "postgres://db/theirs"}
        assert storage_settings(both).database_url == "sqlite:///ours.db"

    def test_a_malformed_one_of_ours_is_not_passed_over(self) -> None:
        with pytest.raises(SettingsError, match=r"^CALLROUTER_DATABASE_URL: "):
            storage_settings({"CALLROUTER_DATABASE_URL": "nonsense", "DATABASE_URL": "postgres://db/theirs"})


class TestPlaces:
    def test_by_default_all_is_below_var(self) -> None:
        storage = storage_settings({})
        assert (storage.data_dir, storage.spool_dir) == (Path("var"), Path("var/spool"))
        assert storage.database_url == "sqlite:///var/callrouter.db"
        assert service_settings(REAL).storage.last_good_schedule == Path("var/last-good-schedule.yaml")

    def test_the_data_directory_moves_all(self) -> None:
        storage = storage_settings({"CALLROUTER_DATA_DIR": "/srv/calls"})
        assert storage.spool_dir == Path("/srv/calls/spool")
        assert storage.database_url == "sqlite:////srv/calls/callrouter.db"

    @pytest.mark.parametrize("name", ["a?b", "a%20b", "a b", "a#b", "b\udcff"])
    def test_a_directory_is_the_one_that_is_named(self, name: str) -> None:
        """What means something in an address means nothing there."""
        url = storage_settings({"CALLROUTER_DATA_DIR": f"/srv/{name}"}).database_url
        assert make_url(url).database == f"/srv/{name}/callrouter.db"

    def test_the_spool_may_be_on_another_volume(self) -> None:
        storage = storage_settings({"CALLROUTER_DATA_DIR": "/srv/calls", "CALLROUTER_SPOOL_DIR": "/mnt/spool"})
        assert (storage.data_dir, storage.spool_dir) == (Path("/srv/calls"), Path("/mnt/spool"))

    def test_the_schedule_is_a_file_or_in_the_database(self) -> None:
        assert schedule_location({}) == Path("config/schedule.yaml")
        assert schedule_location({"CALLROUTER_SCHEDULE": "my.yaml"}) == Path("my.yaml")
        assert schedule_location({"CALLROUTER_SCHEDULE": "database"}) == "database"


class TestPhoneNetwork:
    @staticmethod
    def settings(data_dir: Path, **more: str) -> Settings:
        return phone_network_settings("http://127.0.0.1:8000", {"CALLROUTER_DATA_DIR": str(data_dir)} | more)

    def test_nothing_need_be_set(self, tmp_path: Path) -> None:
        settings = self.settings(tmp_path)
        assert settings.phone_network
        assert settings.public_url == "http://127.0.0.1:8000"
        assert settings.last_resort == PHONE_NETWORK_LAST_RESORT

    def test_its_keys_would_do_for_the_real_service(self, tmp_path: Path) -> None:
        made = self.settings(tmp_path)
        real = service_settings(
            REAL
            | {
                "CALLROUTER_SECRET_KEY": made.secret_key,
                "CALLROUTER_PRIVACY_KEY": made.privacy_key,
                "TWILIO_ACCOUNT_SID": made.twilio.account_sid,
                "TWILIO_AUTH_TOKEN": made.twilio.auth_tokens[0],
            }
        )
        assert (real.secret_key, real.privacy_key, real.twilio) == (made.secret_key, made.privacy_key, made.twilio)

    def test_the_real_credentials_are_never_used(self, tmp_path: Path) -> None:
        settings = self.settings(tmp_path, **{name: REAL[name] for name in REAL if name != "CALLROUTER_PUBLIC_URL"})
        assert settings.twilio.account_sid != SID
        assert TOKEN not in settings.twilio.auth_tokens
        assert SECRET not in (settings.secret_key, settings.privacy_key)

    def test_the_keys_stay_over_a_restart(self, tmp_path: Path) -> None:
        assert self.settings(tmp_path) == self.settings(tmp_path)

    def test_a_malformed_setting_is_told_before_any_key_is_made(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"^CALLROUTER_THREADS: expected a number from 1 to 64, got 'x'$"):
            self.settings(tmp_path, CALLROUTER_THREADS="x")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("content", ["{", '{"account_sid": "AC1"}'])
    def test_keys_that_are_damaged_are_told(self, tmp_path: Path, content: str) -> None:
        (tmp_path / FILE_NAME).write_text(content)
        with pytest.raises(SettingsError) as raised:
            self.settings(tmp_path)
        assert str(raised.value).startswith("CALLROUTER_DATA_DIR: the phone network's keys cannot be kept there: ")
        assert str(raised.value).endswith("; remove it to make new keys")

    def test_a_file_in_place_of_the_directory_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(SettingsError, match=r"^CALLROUTER_DATA_DIR: the phone network's keys cannot be kept there"):
            self.settings(tmp_path / "file")


class TestPrivacyKey:
    """The commands that block a caller must hash as the service does."""

    def test_of_the_real_service(self) -> None:
        assert privacy_key({"CALLROUTER_PRIVACY_KEY": PRIVACY}) == PRIVACY

    def test_of_the_phone_network_where_it_was_started(self, tmp_path: Path) -> None:
        made = TestPhoneNetwork.settings(tmp_path)
        environ = {"CALLROUTER_DATA_DIR": str(tmp_path)}
        assert privacy_key(environ) == made.privacy_key
        assert privacy_key(environ | {"CALLROUTER_PRIVACY_KEY": PRIVACY}) == PRIVACY

    def test_there_is_none(self, tmp_path: Path) -> None:
        """And none is made: what it hashed would match nobody."""
        with pytest.raises(SettingsError, match=r"^CALLROUTER_PRIVACY_KEY is not set: set it to the text that"):
            privacy_key({"CALLROUTER_DATA_DIR": str(tmp_path)})
        assert list(tmp_path.iterdir()) == []

    def test_a_malformed_one_is_told(self) -> None:
        with pytest.raises(SettingsError, match=r"^CALLROUTER_PRIVACY_KEY: expected at least 32 characters, got 3"):
            privacy_key({"CALLROUTER_PRIVACY_KEY": "abc"})


def test_a_file_of_ours_has_the_same_owner_as_this_process(tmp_path: Path) -> None:
    assert os_user() == tmp_path.owner()


@pytest.mark.parametrize(
    "name",
    [
        "CALLROUTER_SECRET_KEY",
        "CALLROUTER_SECRET_KEY_OLD",
        "CALLROUTER_PRIVACY_KEY",
        "TWILIO_ACCOUNT_SID",  # where somebody puts the token by mistake
        "TWILIO_AUTH_TOKEN",
        "TWILIO_AUTH_TOKEN_NEXT",
        "TWILIO_SECOND_AUTH_TOKEN",
        "CALLROUTER_DATABASE_URL",
    ],
)
def test_no_message_shows_what_may_be_a_secret(name: str) -> None:
    second = {"TWILIO_SECOND_REGION": "ie1", "TWILIO_SECOND_EDGE": "dublin", "TWILIO_SECOND_AUTH_TOKEN": NEXT_TOKEN}
    told = problems(REAL | second | {name: "hunter2-" + TOKEN[:20]})
    assert len(told) == 1
    assert "hunter2" not in told[0]

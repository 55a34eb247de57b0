"""What a setting's text must look like: addresses, where a mistake costs calls or shows a password."""

import pytest

from callrouter.setting_values import database_url, public_url


class TestPublicUrl:
    @pytest.mark.parametrize(
        ("given", "used"),
        [
            ("https://calls.example.se", "https://calls.example.se"),
            ("https://calls.example.se/", "https://calls.example.se"),
            ("https://calls.example.se:8443/prefix/", "https://calls.example.se:8443/prefix"),
            ("http://localhost:8000", "http://localhost:8000"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("http://[::1]:8000/", "http://[::1]:8000"),
        ],
    )
    def test_of_use(self, given: str, used: str) -> None:
        assert public_url(given) == used

    @pytest.mark.parametrize(
        "given",
        [
            "calls.example.se",
            "http://calls.example.se",  # unsealed: the provider would send callers' numbers in the clear
            "http://localhost.example.se",
            "ftp://calls.example.se",
            "https://",
            "https:///voice",
            "https://calls.example.se?x=1",
            "https://calls.example.se/#top",
            "https://calls.example.se:port",
            "https://calls example.se",
            "https://[::1",
        ],
    )
    def test_of_no_use(self, given: str) -> None:
        with pytest.raises(ValueError, match="expected") as raised:
            public_url(given)
        expected = "expected an address such as https://calls.example.se, without user name, ? and #"
        assert str(raised.value) == f"{expected}, got {given!r}"

    def test_a_password_in_it_is_not_shown(self) -> None:
        with pytest.raises(ValueError, match=r"without user name, \? and #, got 'calls.example.se'$") as raised:
            public_url("https://user:hunter2@calls.example.se")
        assert "hunter2" not in str(raised.value)


class TestDatabaseUrl:
    @pytest.mark.parametrize(
        ("given", "used"),
        [
            ("sqlite:///var/calls.db", "sqlite:///var/calls.db"),
            ("sqlite:////srv/calls.db", "sqlite:////srv/calls.db"),
            ("postgres://u:p@db.example.se/calls", "postgresql+psycopg://u:p@db.example.se/calls"),
            (
                "postgresql://u:p/w:x@db:5432/calls?sslmode=require",
                "postgresql+psycopg://u:p/w:x@db:5432/calls?sslmode=require",
            ),
            ("postgresql+psycopg://db/calls", "postgresql+psycopg://db/calls"),
            ("postgresql://[::1]:5432/calls", "postgresql+psycopg://[::1]:5432/calls"),
            ("postgresql:///calls?host=/run/postgresql", "postgresql+psycopg:///calls?host=/run/postgresql"),
        ],
    )
    def test_of_use(self, given: str, used: str) -> None:
        assert database_url(given) == used

    @pytest.mark.parametrize(
        ("given", "got"),
        [
            ("mysql://root:hunter2@db/calls", "got mysql://…"),
            ("postgresql+asyncpg://u:hunter2@db/calls", "got postgresql+asyncpg://…"),
            ("hunter2", None),
            ("sqlite://", "got sqlite://…"),
            ("sqlite:///", "got no file: what is kept in memory is lost with the process"),
            ("sqlite:///:memory:", "got no file: what is kept in memory is lost with the process"),
            ("sqlite:///file:x?mode=memory&uri=true", "got no file: what is kept in memory is lost with the process"),
            ("postgresql://u:hunter2@db:port/calls", "got a port that is no number"),
            ("postgresql://u:hunter2@db:5432,other:5432/calls", "got a port that is no number"),
        ],
    )
    def test_of_no_use_and_no_password_is_shown(self, given: str, got: str | None) -> None:
        with pytest.raises(ValueError, match="expected") as raised:
            database_url(given)
        expected = "expected sqlite:///FILE or postgresql://USER@HOST/NAME"
        assert str(raised.value) == (f"{expected}, {got}" if got else expected)

"""What is said of the public URL, of its certificate, and of the document for when we are gone."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.checks.finding import Level
from callrouter.checks.outside import answers_at, certificate_of
from callrouter.checks.provider import compared
from tests.checks.web import HOST, answering, certificate
from tests.schedules import CENTRE
from tests.service import free_port


class TestThePublicUrl:
    def test_that_answers_from_here_alone(self) -> None:
        with answering(200, "ok\n") as port:
            near, answers = answers_at(f"http://{HOST}:{port}")
        assert (near.level, answers.level) == (Level.WARNING, Level.OK)
        assert "cannot reach" in near.found

    @pytest.mark.parametrize(("status", "body"), [(404, "ok"), (200, "<h1>Welcome to the proxy</h1>"), (302, "ok")])
    def test_where_somebody_else_answers(self, status: int, body: str) -> None:
        with answering(status, body) as port:
            *_, last = answers_at(f"http://{HOST}:{port}")
        assert last.level is Level.ERROR
        assert str(status) in last.found

    def test_where_nobody_answers(self) -> None:
        *_, last = answers_at(f"http://{HOST}:{free_port()}")
        assert (last.level, "ConnectionError" in last.found) == (Level.ERROR, True)

    def test_of_a_name_that_nobody_has(self) -> None:
        (finding,) = answers_at("https://callrouter.invalid")
        assert (finding.level, "cannot be resolved" in finding.found) == (Level.ERROR, True)


class TestTheCertificate:
    @pytest.mark.parametrize(("days", "level"), [(60, Level.OK), (20, Level.WARNING), (2, Level.ERROR)])
    def test_says_how_long_it_holds(self, tmp_path: Path, days: int, level: Level) -> None:
        ours = certificate(tmp_path / "ours.pem", clock.now() + timedelta(days=days, hours=12))
        trusted = ssl.create_default_context(cafile=str(ours))
        with answering(200, "ok", ours) as port:
            finding = certificate_of(HOST, port, trusted, clock.now())
        assert (finding.level, finding.found) == (level, f"{days} days left")

    def test_that_is_over_or_of_nobody_known_is_an_error(self, tmp_path: Path) -> None:
        over = certificate(tmp_path / "over.pem", clock.now() - timedelta(days=1))
        for trusted in (ssl.create_default_context(cafile=str(over)), ssl.create_default_context()):
            with answering(200, "ok", over) as port:
                finding = certificate_of(HOST, port, trusted, clock.now())
            assert (finding.level, "not trusted" in finding.found) == (Level.ERROR, True)

    def test_of_nobody(self) -> None:
        finding = certificate_of(HOST, free_port(), ssl.create_default_context(), clock.now())
        assert (finding.level, "out of reach" in finding.found) == (Level.ERROR, True)


class TestTheFallbackDocument:
    EXPECTED = "<?xml version='1.0'?><Response><Say>Hej</Say></Response>"

    @pytest.mark.parametrize(
        ("status", "body", "level"),
        [
            (200, "<Response>\n  <Say>Hej</Say>\n</Response>", Level.OK),
            (200, "<Response><Say>Nej</Say></Response>", Level.WARNING),
            (200, "not at all", Level.WARNING),
            (403, EXPECTED, Level.WARNING),
        ],
    )
    def test_is_compared_whatever_its_blanks(self, status: int, body: str, level: Level) -> None:
        with answering(status, body) as port:
            finding = compared(CENTRE.e164, f"http://{HOST}:{port}/", self.EXPECTED, "how")
        assert finding.level is level

    def test_that_is_out_of_reach_is_a_warning(self) -> None:
        finding = compared(CENTRE.e164, f"http://{HOST}:{free_port()}/", self.EXPECTED, "how")
        assert (finding.level, finding.advice) == (Level.WARNING, "how")

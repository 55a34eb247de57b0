"""Headers, forged requests, error pages, and markup in everything that people write."""

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from flask import Blueprint
from sqlalchemy.exc import OperationalError

from callrouter.domain.control import Control, Override
from callrouter.domain.sentence import Sentence
from callrouter.domain.span import Span
from callrouter.domain.words import Role
from callrouter.people.users import By, add
from callrouter.schedule.format.problems import Problem
from callrouter.web.pages import FAMILIES, MOST_BYTES
from callrouter.web.safety import HEADERS, HSTS, safe_path
from callrouter.web.sign import FAULTS, NO_DATABASE
from callrouter.web.site import Site
from callrouter.web.texts import Text
from tests.people.somebody import NOON
from tests.web.pages.house import EXAMPLE, House

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*191}}"


class TestHeaders:
    @pytest.mark.parametrize(
        "path", ["/today", "/sign-in", "/opening-hours", "/opening-hours.json", "/nothing", "/static/mark.svg", "/"]
    )
    def test_they_stand_on_every_answer(self, house: House, path: str) -> None:
        answer = house.signed_in().get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} | {"Cross-Origin-Resource-Policy": ""} == (
            dict(HEADERS) | {"Cross-Origin-Resource-Policy": ""}
        )
        assert answer.headers["Strict-Transport-Security"] == HSTS

    def test_no_script_and_no_style_but_our_own_files(self, house: House) -> None:
        policy = HEADERS["Content-Security-Policy"]
        assert "unsafe" not in policy
        for path in ("/today", "/account", "/units/larm/by-hand", "/opening-hours"):
            page = house.signed_in().get(path).text
            assert " style=" not in page
            assert "<style" not in page
            assert " onclick=" not in page
            scripts = [each for each in page.split("<script")[1:] if not each.startswith(' type="application/ld+json"')]
            assert all(each.startswith(' src="/static/') for each in scripts)

    @pytest.mark.parametrize("path", ["/today", "/account", "/sign-in", "/today/calls", "/nothing"])
    def test_what_is_for_one_reader_is_kept_nowhere(self, house: House, path: str) -> None:
        assert house.signed_in().get(path).headers["Cache-Control"] == "no-store"

    def test_files_are_kept_for_a_year(self, house: House) -> None:
        assert "max-age=31536000" in house.browser().get("/static/mark.svg").headers["Cache-Control"]


class TestForgedRequests:
    def made(self, house: House, **changed: Any) -> int:
        browser = house.signed_in()
        asked: dict[str, Any] = {"at": "/account", "site": "same-origin"} | changed
        return browser.post("/account/sign-out-everywhere", **asked).status_code

    def test_our_own_form_is_followed(self, house: House) -> None:
        assert self.made(house) == 303

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
    def test_another_site_is_refused(self, house: House, site: str) -> None:
        assert self.made(house, site=site) == 403

    @pytest.mark.parametrize("token", ["", "0" * 64, "å" * 64, "f"])
    def test_another_token_is_refused(self, house: House, token: str) -> None:
        assert self.made(house, csrf=token) == 403

    def test_the_token_of_another_session_is_refused(self, house: House) -> None:
        theirs = house.signed_in(Role.REVIEWER).get("/account").text.partition('name="csrf" value="')[2][:64]
        assert self.made(house, csrf=theirs) == 403

    def test_the_token_of_a_visitor_does_not_fit_once_they_are_signed_in(self, house: House) -> None:
        visitor = house.browser().get("/sign-in").text.partition('name="csrf" value="')[2][:64]
        assert self.made(house, csrf=visitor) == 403

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Origin": "https://calls.example.se"}, 303),
            ({"Origin": "https://calls.example.se.evil.example"}, 403),
            ({"Origin": "http://calls.example.se"}, 403),
            ({"Origin": "null"}, 403),
            ({}, 403),
        ],
    )
    def test_a_browser_without_fetch_metadata_says_its_origin(
        self, house: House, headers: dict[str, str], status: int
    ) -> None:
        browser = house.signed_in()
        token = browser.get("/account").text.partition('name="csrf" value="')[2][:64]
        answer = browser.client.post(
            "/account/sign-out-everywhere", data={"csrf": token}, headers=headers, base_url=browser.public_url
        )
        assert answer.status_code == status

    def test_nobody_can_sign_somebody_in_from_elsewhere(self, house: House) -> None:
        assert house.browser().post("/sign-in", site="cross-site", name="anna", password="x").status_code == 403


class TestErrors:
    @pytest.mark.parametrize("language", ["sv", "en"])
    @pytest.mark.parametrize("role", [None, Role.REVIEWER])
    def test_no_such_page(self, house: House, role: Role | None, language: str) -> None:
        browser = (house.signed_in(role) if role else house.browser()).speaks(language)
        answer = browser.get("/nothing")
        assert answer.status_code == 404
        assert getattr(FAULTS[404][0], language) in answer.text
        assert f'<html lang="{language}">' in answer.text

    def test_no_such_method(self, house: House) -> None:
        answer = house.signed_in().client.delete("/today", base_url=house.public_url)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert FAULTS[405][0].sv in answer.text

    def test_too_much(self, house: House) -> None:
        answer = house.browser().post("/sign-in", name="anna", password="x" * MOST_BYTES)
        assert (answer.status_code, FAULTS[413][0].sv in answer.text) == (413, True)

    @pytest.mark.parametrize(
        ("error", "status", "told"),
        [
            (RuntimeError("secret detail"), 500, FAULTS[500]),
            (OperationalError("SELECT secret", {}, OSError("secret")), 503, NO_DATABASE),
        ],
    )
    def test_what_breaks_inside_stays_inside(
        self, house: House, error: Exception, status: int, told: tuple[Text, Text], caplog: pytest.LogCaptureFixture
    ) -> None:
        def family(_site: Site) -> Blueprint:
            routes = Blueprint("today", __name__)

            def page() -> str:
                raise error

            routes.add_url_rule("/broken", "page", page)
            return routes

        house.rebuild([each for each in FAMILIES if each.__module__ != "callrouter.web.pages.today"] + [family])
        answer = house.signed_in().get("/broken")
        assert answer.status_code == status
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert told[0].sv in answer.text
        assert [record.levelno for record in caplog.records] == [logging.ERROR]

    def test_without_its_database_a_page_says_that_calls_go_on(self, house: House) -> None:
        gone = House("sqlite:////nowhere/at/all.db")
        browser = gone.browser()
        browser.client.set_cookie(house.session_cookie, "of somebody", domain="calls.example.se")
        answer = browser.get("/today")
        assert answer.status_code == 503
        assert all(text.sv in answer.text for text in NO_DATABASE)
        assert gone.browser().get("/opening-hours").status_code == 200

    def test_every_fault_has_words_in_both_languages(self) -> None:
        assert all(
            text.sv and text.en and text.sv != text.en for pair in (*FAULTS.values(), NO_DATABASE) for text in pair
        )


class TestMarkup:
    """What people write is shown as they wrote it, and does nothing."""

    def pages(self, house: House) -> dict[str, str]:
        browser = house.signed_in()
        paths = (
            "/today",
            "/today/units",
            "/units/larm/by-hand",
            "/account",
            "/opening-hours",
            "/opening-hours?lang=en",
        )
        return {path: browser.get(path).text for path in paths}

    def test_in_an_override(self, house: House) -> None:
        span = Span(NOON, NOON.replace(hour=20))
        house.control = Control((Override(1, "trygghetscenter", span, None, "security", MARKUP, MARKUP),))
        found = self.pages(house)
        assert "&lt;script&gt;" in found["/today"]
        assert "&lt;script&gt;" not in found["/opening-hours"], "who and why is nobody's business out there"
        self.harmless(found)

    def test_in_the_schedule(self, house: House) -> None:
        text = EXAMPLE.read_text("utf-8").replace("name: Trygghetscenter", f"name: {json.dumps(MARKUP[:60])}")
        text = text.replace("name: Bevakningen", f"name: {json.dumps(MARKUP[:60])}")
        house.use_schedule(text.replace("why: Personalmöte", f"why: {json.dumps(MARKUP)}"))
        found = self.pages(house)
        assert "&lt;script&gt;" in found["/opening-hours"]
        self.harmless(found)

    def test_in_what_is_wrong_with_the_schedule(self, house: House) -> None:
        house.loaded = replace(house.loaded, errors=(Problem(1, (MARKUP,), Sentence(MARKUP)),))
        house.conditions = {"recorder": lambda: {"ok": False, "error": MARKUP, "waiting": 3}}
        house.rebuild()
        found = self.pages(house)
        assert "&lt;script&gt;" in found["/today"]
        self.harmless(found)

    def test_in_what_is_typed(self, house: House) -> None:
        house.now = NOON
        typed = {"what": MARKUP, "destination": MARKUP, "until": MARKUP, "why": MARKUP}
        answer = house.signed_in().post("/units/trygghetscenter/by-hand", **typed)
        assert answer.status_code == 422
        entered = house.browser().post("/sign-in", name=MARKUP, password=MARKUP, next=MARKUP)
        self.harmless({"by hand": answer.text, "sign in": entered.text})

    def test_in_a_company(self, house: House) -> None:
        browser = house.signed_in(Role.CONTRACTOR)
        with house.database.writing() as connection:
            connection.exec_driver_sql("UPDATE user SET company = ?", (MARKUP,))
            add(connection, "dan", Role.CONTRACTOR, MARKUP, By("root", NOON))
        self.harmless({path: browser.get(path).text for path in ("/company", "/account")})

    def harmless(self, found: dict[str, str]) -> None:
        for path, page in found.items():
            assert "<script>alert" not in page, path
            assert "<img src=x" not in page, path
            assert "1337" not in page, path


@pytest.mark.parametrize("text", [None, "", "x", "https://x", "//x", "/\\x", "/x\n", "/x\\y", "/static/x", "/\u2028"])
def test_no_path_of_ours(text: str | None) -> None:
    assert safe_path(text) is None

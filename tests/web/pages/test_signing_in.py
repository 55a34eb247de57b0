"""Signing in and out over HTTP: cookies, addresses to go on to, one-time links, one's own password."""

from datetime import timedelta

import pytest

from callrouter.domain.words import Role
from callrouter.people import attempts, links, sessions
from tests.people.somebody import BY, PASSWORD, added, deeds
from tests.web.pages.house import Browser, House

NEW = "sju gröna cyklar hemma"


def enter(browser: Browser, password: str = PASSWORD, **more: str) -> str:
    """Where whoever types anna's name and *password* is sent."""
    answer = browser.post("/sign-in", name="Anna", password=password, **more)
    return answer.headers.get("Location", "") or str(answer.status_code)


def link(house: House) -> str:
    with house.database.writing() as connection:
        return f"/welcome/{links.made(connection, 'anna', BY)}"


class TestCookies:
    def test_over_tls_the_cookie_is_bound_to_this_host(self, house: House) -> None:
        added(house.database)
        answer = house.browser().post("/sign-in", name="anna", password=PASSWORD)
        (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if "session" in each]
        name, *flags = cookie.split("; ")
        assert name.startswith("__Host-callrouter-session=")
        assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]

    def test_so_is_the_one_with_the_language(self, house: House) -> None:
        (cookie,) = house.browser().post("/language", at="/sign-in", to="en").headers.getlist("Set-Cookie")
        name, *flags = cookie.split("; ")
        assert name == "__Host-callrouter-language=en"
        assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(flags)

    def test_on_loopback_without_tls_it_can_be_no_secure_one(self, house: House) -> None:
        house.public_url = "http://127.0.0.1:8000"
        house.rebuild()
        added(house.database)
        answer = house.browser().post("/sign-in", name="anna", password=PASSWORD)
        (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if "session" in each]
        assert cookie.startswith("callrouter-session=")
        assert "Secure" not in cookie
        assert "Strict-Transport-Security" not in answer.headers

    def test_a_session_of_before_is_over(self, house: House) -> None:
        """Nobody can prepare a browser with a session of their own choosing."""
        browser = house.signed_in(Role.REVIEWER)
        before = browser.client.get_cookie(house.session_cookie, domain="calls.example.se")
        added(house.database)
        browser.post("/sign-in", at="/account", name="anna", password=PASSWORD)
        after = browser.client.get_cookie(house.session_cookie, domain="calls.example.se")
        assert before
        assert after
        assert before.value != after.value
        with house.database.reading() as connection:
            assert sessions.holder(connection, before.value, house.now) is None


class TestTheWayIn:
    @pytest.mark.parametrize(
        ("wanted", "sent_to"),
        [
            ("", "/"),
            ("/today?x=1", "/today?x=1"),
            ("/units/f%C3%A4ltgruppen/by-hand", "/units/f%C3%A4ltgruppen/by-hand"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("\\/evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/a\\b", "/"),
            ("javascript:alert(1)", "/"),
            ("today", "/"),
        ],
    )
    def test_one_goes_on_to_pages_of_ours_alone(self, house: House, wanted: str, sent_to: str) -> None:
        added(house.database)
        assert enter(house.browser(), next=wanted) == sent_to

    def test_who_was_sent_to_sign_in_comes_back(self, house: House) -> None:
        added(house.database, role=Role.ADMINISTRATOR)
        browser = house.browser()
        way = browser.get("/units/trygghetscenter/by-hand?what=send").headers["Location"]
        assert 'value="/units/trygghetscenter/by-hand?what=send"' in browser.get(way).text

    def test_a_part_of_an_open_page_sends_the_whole_page_there(self, house: House) -> None:
        answer = house.browser().get("/today/calls", **{"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")

    def test_the_wrong_password_and_the_wrong_name_look_the_same(self, house: House) -> None:
        added(house.database)
        pages = [house.browser().post("/sign-in", name=name, password="x").text for name in ("anna", "nobody")]
        assert pages[0].count("stämmer inte") == 1
        assert len({page.replace("nobody", "anna").partition("<form method")[0] for page in pages}) == 1

    def test_who_guesses_must_wait(self, house: House) -> None:
        added(house.database)
        browser = house.browser()
        tries = [enter(browser, "wrong wrong wrong") for _ in range(attempts.MOST_FROM_ONE_PLACE + 1)]
        assert tries == ["422"] * attempts.MOST_FROM_ONE_PLACE + ["429"]

    def test_behind_a_proxy_the_address_is_what_the_proxy_saw(self, house: House) -> None:
        house.proxies = 1
        house.rebuild()
        added(house.database)
        browser = house.browser()
        for _ in range(attempts.MOST_FROM_ONE_PLACE):
            enter(browser, "wrong wrong wrong")
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9, 192.0.2.7"
        assert enter(browser) == "/"

    @pytest.mark.parametrize(
        "addresses",
        [
            [f"192.0.2.7:{port}" for port in range(50_000, 50_006)],
            [f"[2001:db8::7]:{port}" for port in range(50_000, 50_006)],
            [f"2001:db8:1:2:{n}::7" for n in range(6)],
            ["::ffff:192.0.2.7", "192.0.2.7", "[::ffff:192.0.2.7]", *["192.0.2.7"] * 3],
        ],
        ids=["ports", "ports with IPv6", "a network of one's own", "IPv4 in IPv6"],
    )
    def test_who_has_many_addresses_must_wait_too(self, house: House, addresses: list[str]) -> None:
        house.proxies = 1
        house.rebuild()
        added(house.database)
        browser = house.browser()
        assert len(addresses) == attempts.MOST_FROM_ONE_PLACE + 1
        answers = []
        for address in addresses:
            browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = address
            answers.append(browser.post("/sign-in", name="anna", password="wrong wrong wrong").status_code)
        assert answers == [422] * attempts.MOST_FROM_ONE_PLACE + [429]
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "2001:db8:1:3::7"
        assert enter(browser) == "/"

    def test_who_is_signed_in_is_not_asked_again(self, house: House) -> None:
        assert house.signed_in(Role.REVIEWER).get("/sign-in").headers["Location"] == "/"


class TestSession:
    def test_a_page_that_stands_open_keeps_nobody_awake(self, house: House) -> None:
        browser = house.signed_in(Role.REVIEWER)
        house.now += sessions.IDLE / 2
        assert browser.get("/today/calls").status_code == 200
        house.now += sessions.IDLE / 2
        assert browser.get("/today").status_code == 303

    def test_who_uses_it_stays_signed_in(self, house: House) -> None:
        browser = house.signed_in(Role.REVIEWER)
        for _ in range(4):
            house.now += sessions.IDLE / 2
            assert browser.get("/today").status_code == 200

    @pytest.mark.parametrize(("language", "said"), [("sv", "Din inloggning är slut"), ("en", "Your session has ended")])
    def test_a_form_that_is_sent_too_late_changes_nothing_and_leads_to_sign_in(
        self, house: House, language: str, said: str
    ) -> None:
        browser, form = self.left_open(house)
        answer = browser.speaks(language).post("/units/larm/by-hand", at="/sign-in", **form)
        assert (answer.status_code, said in answer.text, answer.headers.get("Location")) == (401, True, None)
        assert 'href="/sign-in?next=/units/larm/by-hand"' in answer.text
        assert house.control.overrides == ()

    def test_what_was_written_in_it_can_be_copied_and_no_password(self, house: House) -> None:
        browser, form = self.left_open(house)
        written = browser.post("/units/larm/by-hand", at="/sign-in", **form).text
        assert ">\n&lt;b&gt;Vattenläcka</textarea>" in written
        changed = browser.post("/account/password", at="/sign-in", present=PASSWORD, password=NEW, again=NEW)
        assert (changed.status_code, PASSWORD in changed.text, NEW in changed.text) == (401, False, False)

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
    def test_what_another_site_sends_is_not_shown(self, house: House, site: str) -> None:
        browser, form = self.left_open(house)
        answer = browser.post("/units/larm/by-hand", at="/sign-in", site=site, **form)
        assert (answer.status_code, "Vattenläcka" in answer.text) == (401, False)

    @pytest.mark.parametrize("path", ["/sign-out", "/language"])
    def test_the_buttons_of_a_page_that_stood_open_say_so_too(self, house: House, path: str) -> None:
        browser, form = self.left_open(house)
        answer = browser.post(path, at="/sign-in", **form)
        assert (answer.status_code, "Din inloggning är slut" in answer.text) == (401, True)

    def test_without_any_session_a_forged_form_is_refused_as_before(self, house: House) -> None:
        assert house.browser().post("/language", site="cross-site", to="en").status_code == 403

    def left_open(self, house: House) -> tuple[Browser, dict[str, str]]:
        """A browser whose session has ended, and what it sends from a page that stood open."""
        browser = house.signed_in()
        token = browser.get("/account").text.partition('name="csrf" value="')[2][:64]
        house.now += sessions.IDLE + timedelta(seconds=1)
        return browser, {"csrf": token, "what": "close", "why": "<b>Vattenläcka", "until": "2099-01-01T00:00"}

    def test_not_every_page_writes(self, house: House) -> None:
        browser = house.signed_in(Role.REVIEWER)
        house.now += sessions.NOTED_EVERY - timedelta(seconds=1)
        with house.database.writing():  # SQLite lets one write at a time: a second one would wait, and fail
            assert browser.get("/today").status_code == 200

    def test_signing_out(self, house: House) -> None:
        browser = house.signed_in(Role.REVIEWER)
        secret = browser.client.get_cookie(house.session_cookie, domain="calls.example.se")
        answer = browser.post("/sign-out", at="/account")
        assert (answer.headers["Location"], answer.headers["Clear-Site-Data"]) == ("/sign-in", '"cache"')
        assert browser.client.get_cookie(house.session_cookie, domain="calls.example.se") is None
        assert secret
        with house.database.reading() as connection:
            assert sessions.holder(connection, secret.value, house.now) is None

    def test_signing_out_everywhere(self, house: House) -> None:
        here, there = house.signed_in(Role.REVIEWER), house.signed_in(Role.REVIEWER)
        assert "2 webbläsare" in here.get("/account").text
        here.post("/account/sign-out-everywhere", at="/account")
        assert there.get("/today").status_code == 303


class TestOneTimeLink:
    def test_a_password_is_chosen_once(self, house: House) -> None:
        added(house.database)
        path = link(house)
        browser = house.browser()
        assert browser.get(path).status_code == browser.get(path).status_code == 200
        then = browser.post(path, password=NEW, again=NEW).headers["Location"]
        assert "Lösenordet är sparat" in browser.get(then).text
        assert enter(browser, NEW) == "/"
        assert house.browser().get(path).status_code == 404

    def test_who_forgot_it_need_not_wait(self, house: House) -> None:
        added(house.database)
        browser = house.browser()
        for _ in range(attempts.MOST_FROM_ONE_PLACE):
            enter(browser, "wrong wrong wrong")
        browser.post(link(house), password=NEW, again=NEW)
        assert enter(browser, NEW) == "/"

    @pytest.mark.parametrize(
        ("password", "again", "said"),
        [
            ("kort", "kort", "minst 12 tecken"),
            (NEW, NEW + "!", "två olika"),
            ("anna anna anna", "anna anna anna", "ditt namn"),
            ("aaaaaaaaaaaaa", "aaaaaaaaaaaaa", "lätt att gissa"),
            ("x" * 257, "x" * 257, "högst 256"),
        ],
    )
    def test_what_is_no_good(self, house: House, password: str, again: str, said: str) -> None:
        added(house.database)
        path = link(house)
        answer = house.browser().post(path, password=password, again=again)
        assert answer.status_code == 422
        assert said in answer.text
        assert password not in answer.text or password == "kort"
        assert house.browser().get(path).status_code == 200

    def test_a_link_of_nobody(self, house: House) -> None:
        answer = house.browser().get("/welcome/%F0%9F%90%8E")
        assert (answer.status_code, "gäller inte längre" in answer.text) == (404, True)


class TestOwnPassword:
    def test_the_present_one_is_asked_for(self, house: House) -> None:
        browser = house.signed_in(Role.REVIEWER)
        answer = browser.post("/account/password", at="/account", present="wrong", password=NEW, again=NEW)
        assert answer.status_code == 422
        assert "nuvarande lösenordet stämmer inte" in answer.text

    def test_the_others_are_signed_out(self, house: House) -> None:
        here, there = house.signed_in(Role.REVIEWER), house.signed_in(Role.REVIEWER)
        answer = here.post("/account/password", at="/account", present=PASSWORD, password=NEW, again=NEW)
        assert answer.headers["Location"] == "/account?done=password"
        assert "Lösenordet är bytt" in here.get("/account?done=password").text
        assert there.get("/today").status_code == 303
        assert ("bertil", "password-set", "user bertil") in deeds(house.database)

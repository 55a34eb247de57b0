"""Every page in every look: accessible, nothing wider than a small telephone, nothing wrong behind it."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, Route

from callrouter.domain.words import Role
from callrouter.web.safety import HEADERS
from callrouter.web.sign import sign
from callrouter.web.texts import Language
from tests.service import RunningService, until
from tests.web.browser.looking import looking
from tests.web.browser.places import NO_PAGES, PLACES, WAYS, places
from tests.web.pages.house import House
from tests.web.pages.test_access import BY_TOKEN, PATHS

IN_EACH_LANGUAGE = pytest.mark.parametrize("language", Language)
SIGN = "/turned-away"
TITLE = "Object.assign(document.querySelector('h1'), {{textContent: '{}'}})"


def test_every_page_is_looked_at(service: RunningService) -> None:
    house = House(service.settings.storage.database_url)
    asked_for = {rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    house.close()
    reached = {way.endpoint for way in WAYS} & asked_for
    assert asked_for - set(BY_TOKEN) == set(PLACES) | NO_PAGES | reached
    assert NO_PAGES.isdisjoint(PLACES)


def test_who_is_not_let_in_is_told_what_the_page_said(service: RunningService, chromium: Browser) -> None:
    def away(asked: Route) -> None:
        if asked.request.method == "POST":
            asked.fulfill(status=503, content_type="text/html", body="<p>Databasen svarar inte</p>")
        else:
            asked.continue_()

    with looking(chromium, service.url) as look:
        look.page.route("**/sign-in", away)
        with pytest.raises(
            AssertionError, match=r"anna is not let in: 503; http\S+/sign-in says: Databasen svarar inte"
        ):
            look.sign_in(Role.ADMINISTRATOR)
        look.page.add_init_script("addEventListener('submit', sent => sent.preventDefault())")
        look.page.set_default_timeout(2_000)
        with pytest.raises(AssertionError, match=r"Enter sent nothing; http\S+/sign-in says: .*Logga in"):
            look.sign_in(Role.ADMINISTRATOR)
        look.forgive(503)


def test_what_is_no_page_shows_none(service: RunningService, chromium: Browser) -> None:
    with looking(chromium, service.url) as look:
        for role in Role:
            look.sign_in(role)
            for endpoint in NO_PAGES:
                answer = look.page.request.get(service.url + PATHS[endpoint], max_redirects=0)
                assert not (answer.ok and "<title>" in answer.text()), endpoint
            look.page.context.clear_cookies()


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_every_page_in_every_look(
    chromium: Browser, service: RunningService, filled: Mapping[str, str], role: Role | None, language: Language
) -> None:
    """WCAG 2.2 AA, by axe-core; what it cannot judge is for people."""
    found = {}
    with looking(chromium, service.url) as look:
        if role:
            look.sign_in(role)
        look.speaks(language)
        for path in (*places(role, {**filled, "language": language}), "/nothing"):
            look.at(path)
            assert look.page.locator("html").get_attribute("lang") == language
            found[path] = look.wrong_in_any_look()
        look.forgive(404, 422, 503)  # nothing, a period that is none, and an identity provider that is away
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@IN_EACH_LANGUAGE
def test_every_page_that_a_button_leads_to(
    chromium: Browser, service: RunningService, filled: Mapping[str, str], language: Language
) -> None:
    found = {}
    for way in WAYS:
        with looking(chromium, service.url) as look:
            look.sign_in(way.role)
            look.speaks(language)
            way.go(look, filled)
            found[f"{way.endpoint} from {way.start}"] = look.wrong_in_any_look()
            look.forgive(422)
    assert {way: wrong for way, wrong in found.items() if wrong} == {}


def test_the_sign_for_who_is_turned_away(chromium: Browser, service: RunningService) -> None:
    """It is made without any of the pages' own machinery, while the pages are too busy."""

    def turned_away(route: Route) -> None:
        route.fulfill(status=503, headers={"Content-Type": "text/html; charset=utf-8", **HEADERS}, body=sign(503))

    with looking(chromium, service.url) as look:
        look.page.route(f"**{SIGN}", turned_away)
        look.at(SIGN)
        assert look.wrong_in_any_look() == []
        look.forgive(503)


@pytest.mark.parametrize(
    ("spoilt", "seen"),
    [
        ("document.querySelectorAll('label').forEach(each => each.replaceWith(...each.children))", "light: label:"),
        ("document.querySelector('h1').style.color = 'light-dark(#ddd, #333d48)'", "dark: color-contrast:"),
        ("document.querySelector('h1').style.color = 'light-dark(#ddd, #333d48)'", "light: color-contrast:"),
        ("document.querySelector('h1').style.width = '400px'", "px wider than 320"),
        ("document.querySelector('[name=name]').style.borderColor = '#999'", "light: faint field: name 2."),
        ("document.querySelector('[name=name]').style.borderColor = '#555'", "dark: faint field: name 2."),
        ("document.querySelector('.sheet p, .sheet label').style.width = '100rem'", "1280: runs out of its card: "),
        (f"{TITLE.format('2026-11-28')}.style.width = '9rem'", "320: torn in two: 2026-11-28"),
        (f"{TITLE.format('98,5 %')}.style.width = '5rem'", "1280: torn in two: 5 %"),
        ("document.querySelector('main').setAttribute('hx-get', '')", "1280: has no id: <input"),
        (f"{TITLE.format('+46 70 174 06 50')}.style.width = '9rem'", "1280: torn in two: +46 70 174 06 50"),
    ],
)
def test_what_is_wrong_with_a_page_is_seen(chromium: Browser, service: RunningService, spoilt: str, seen: str) -> None:
    with looking(chromium, service.url) as look:
        look.at("/sign-in").evaluate(spoilt)
        assert [each for each in look.wrong_in_any_look() if seen in each] != []


@pytest.mark.parametrize(
    ("spoilt", "seen"), [("console.error('oh')", "oh"), ("fetch('http://192.0.2.1/').catch(() => 0)", "//192.0.2.1/")]
)
def test_what_is_wrong_behind_a_page_is_seen(
    chromium: Browser, service: RunningService, spoilt: str, seen: str
) -> None:
    with looking(chromium, service.url) as look:
        look.at("/sign-in").evaluate(spoilt)
        until(lambda: (look.page.title(), seen in "".join(look.wrong))[1], "it is seen")
        look.wrong.clear()

"""Signing in at an identity provider: there, back, and everything that cannot be believed."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import RSAKey

from callrouter.domain.words import Role
from callrouter.people import users
from callrouter.web_settings import IdentityProvider
from tests.people.somebody import BY, NOON, PASSWORD, added, deeds
from tests.service import free_port
from tests.web.pages.house import Browser, House
from tests.web.pages.identity import Claims, IdentityServer


@pytest.fixture
def provider(house: House) -> Iterator[IdentityServer]:
    """A provider that knows bertil, and a house that knows the provider."""
    provider = IdentityServer(at=int(NOON.timestamp()))
    provider.start()
    known = IdentityProvider(provider.issuer, provider.client_id, provider.client_secret, "preferred_username")
    house.identity_provider = known
    house.rebuild()
    with house.database.writing() as connection:
        users.add(connection, "bertil", Role.REVIEWER, None, BY)
    yield provider
    provider.stop()


def come_back(browser: Browser, provider: IdentityServer, path: str = "/sign-in/provider") -> tuple[int, str]:
    """Sign in at the provider; the status that one is met with, and where one is sent."""
    there = browser.get(path).headers["Location"]
    assert there.startswith(provider.issuer)
    answer = browser.get(provider.signs_in(there))
    return answer.status_code, answer.headers.get("Location", "")


def test_there_and_back(house: House, provider: IdentityServer) -> None:
    browser = house.browser()
    assert "organisationens konto" in browser.get("/sign-in").text
    assert come_back(browser, provider, "/sign-in/provider?next=/account") == (303, "/account")
    assert "bertil" in browser.get("/account").text
    assert [deed for who, deed, _ in deeds(house.database) if who == "bertil"][-2:] == ["user-bind", "sign-in"]


def test_who_has_a_password_signs_in_with_it_first(house: House, provider: IdentityServer) -> None:
    provider.who = {"sub": "99", "preferred_username": "anna"}
    added(house.database, "anna", Role.REVIEWER)
    stranger, anna = house.browser(), house.browser()
    answer = stranger.get(provider.signs_in(stranger.get("/sign-in/provider").headers["Location"]))
    assert (answer.status_code, "Du har ett lösenord här." in answer.text) == (403, True)
    anna.post("/sign-in", name="anna", password=PASSWORD)
    assert "Knyt organisationens konto" in anna.get("/account").text
    assert come_back(anna, provider, "/sign-in/provider?next=/account") == (303, "/account")
    assert "Knyt organisationens konto" not in anna.get("/account").text
    assert come_back(stranger, provider) == (303, "/"), "from now on they are known by the provider's own subject"


def test_one_goes_on_to_pages_of_ours_alone(house: House, provider: IdentityServer) -> None:
    assert come_back(house.browser(), provider, "/sign-in/provider?next=//evil.example") == (303, "/")


def test_who_has_no_account_here_does_not_get_in(house: House, provider: IdentityServer) -> None:
    provider.who = {"sub": "99", "preferred_username": "mallory"}
    browser = house.browser()
    answer = browser.get(provider.signs_in(browser.get("/sign-in/provider").headers["Location"]))
    assert (answer.status_code, "Be en administratör lägga till dig" in answer.text) == (403, True)


@pytest.mark.parametrize(
    "twist",
    [
        lambda claims: claims | {"iss": "https://evil.example"},
        lambda claims: claims | {"aud": "another service"},
        lambda claims: claims | {"nonce": "of another browser"},
        lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
        lambda claims: claims | {"exp": int(NOON.timestamp()) - 120},
        lambda claims: claims | {"iat": int(NOON.timestamp()) + 3600},
        lambda claims: {name: value for name, value in claims.items() if name != "sub"},
        lambda claims: {name: value for name, value in claims.items() if name != "preferred_username"},
    ],
    ids=["issuer", "audience", "nonce", "no nonce", "expired", "of tomorrow", "no subject", "no name"],
)
def test_what_cannot_be_believed(house: House, provider: IdentityServer, twist: Callable[[Claims], Claims]) -> None:
    provider.twist = twist
    assert come_back(house.browser(), provider) == (403, "")


def test_a_token_that_somebody_else_signed(house: House, provider: IdentityServer) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    assert come_back(house.browser(), provider) == (403, "")


def test_the_way_of_another_browser(house: House, provider: IdentityServer) -> None:
    """Nobody can be signed in as somebody else by an address that they follow."""
    mallory, victim = house.browser(), house.browser()
    way_back = provider.signs_in(mallory.get("/sign-in/provider").headers["Location"])
    assert victim.get(way_back).status_code == 403
    victim.get("/sign-in/provider")
    assert victim.get(way_back).status_code == 403


def test_an_answer_to_another_question(house: House, provider: IdentityServer) -> None:
    """The state, in the very browser that asked: all else about it is right."""
    browser = house.browser()
    way_back = provider.signs_in(browser.get("/sign-in/provider").headers["Location"])
    assert browser.get(way_back.partition("&state=")[0] + "&state=another").status_code == 403


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?error=access_denied&state=x", "?code=x&state="])
def test_coming_back_with_nothing(house: House, provider: IdentityServer, query: str) -> None:
    browser = house.browser()
    browser.get("/sign-in/provider")
    answer = browser.get(f"/sign-in/provider/back{query}")
    assert answer.status_code == 403
    assert "avbröts eller gick inte att lita på" in answer.text, "nothing is known of their account"
    assert "Be en administratör lägga till dig" not in answer.text


def test_a_code_is_good_once(house: House, provider: IdentityServer) -> None:
    browser = house.browser()
    way_back = provider.signs_in(browser.get("/sign-in/provider").headers["Location"])
    assert browser.get(way_back).status_code == 303
    assert browser.get(way_back).status_code == 403


def test_a_provider_that_is_away(house: House) -> None:
    house.identity_provider = IdentityProvider(f"http://127.0.0.1:{free_port()}", "callrouter", "secret", "name")
    house.rebuild()
    answer = house.browser().get("/sign-in/provider")
    assert (answer.status_code, "svarar inte" in answer.text) == (503, True)


def test_one_that_calls_itself_something_else(house: House, provider: IdentityServer) -> None:
    address = provider.issuer.replace("127.0.0.1", "localhost")
    house.identity_provider = IdentityProvider(address, "callrouter", provider.client_secret, "preferred_username")
    house.rebuild()
    assert house.browser().get("/sign-in/provider").status_code == 503


def test_without_a_provider_nothing_is_offered(house: House) -> None:
    browser = house.browser()
    assert "organisationens konto" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/provider").status_code == 404
    assert urlsplit(browser.get("/sign-in/provider/back").headers.get("Location", "")).netloc == ""


@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_it_is_followed_nowhere_else(house: House, provider: IdentityServer, path: str) -> None:
    """Neither the secret nor the trust goes to where an answer of the provider points."""
    provider.moved = (path,)
    assert come_back(house.browser(), provider) == (403, "")


def test_who_adds_a_user_is_told_whose_name_it_must_be(house: House, provider: IdentityServer) -> None:
    said = "Loggar personen in med organisationens konto? Skriv namnet precis som där."
    assert said in house.signed_in().get("/administration/users").text
    house.identity_provider = None
    house.rebuild()
    assert said not in house.signed_in().get("/administration/users").text

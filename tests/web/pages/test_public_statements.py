"""The statements that the law wants everybody to be able to read."""

import pytest

from callrouter.web.unbroken import unbroken
from tests.web.pages.house import EXAMPLE, House

TOLD = {
    "CALLROUTER_ORGANISATION": "Exempel <kommun>",
    "CALLROUTER_CONTACT": "kontakt@example.se",
    "CALLROUTER_DATA_PROTECTION_OFFICER": "+46 8 465 004 01",
    "CALLROUTER_LEGAL_BASIS": "artikel 6.1 e",
    "CALLROUTER_PROCESSORS": "Driftbolaget AB; Molnet AB",
    "CALLROUTER_ACCESSIBILITY": "partly",
    "CALLROUTER_ACCESSIBILITY_ASSESSED": "2026-10-01",
}


@pytest.fixture
def told(house: House) -> House:
    house.environ = TOLD
    house.rebuild()
    return house


def text(house: House, path: str) -> str:
    return " ".join(house.browser().get(path).text.split())


def test_data_protection_says_who_why_what_and_how_long(told: House) -> None:
    page = text(told, "/data-protection")
    for said in ("Exempel &lt;kommun&gt;", "mailto:kontakt@example.se", 'href="tel:+46846500401"', "artikel 6.1 e"):
        assert said in page
    schedule = told.loaded.schedule
    assert schedule is not None
    assert schedule.retention
    for rule in schedule.retention:
        assert f"{rule.decision}, {unbroken(rule.decided_on)}" in page
    for processor in ("Nordbevakning AB", "Driftbolaget AB", "Molnet AB"):
        assert processor in page
    assert "Integritetsskyddsmyndigheten" in page
    assert "6 månader" in page


def test_how_long_in_words(told: House) -> None:
    told.use_schedule(EXAMPLE.read_text("utf-8").replace("keep: 6 months", "keep: 1 month"))
    assert ">1 månad</td>" in text(told, "/data-protection")


def test_what_nobody_has_decided_is_told_too(told: House) -> None:
    text_without = EXAMPLE.read_text("utf-8").partition("\nretention:")[0] + "\n"
    told.use_schedule(text_without)
    assert text(told, "/data-protection").count("inget beslut än") == 5


@pytest.mark.parametrize(
    ("level", "said"), [("full", "helt förenlig"), ("partly", "delvis förenlig"), ("not", "inte förenlig")]
)
def test_accessibility_has_all_that_the_law_asks_for(told: House, level: str, said: str) -> None:
    told.environ = TOLD | {"CALLROUTER_ACCESSIBILITY": level}
    told.rebuild()
    page = text(told, "/accessibility")
    expected: tuple[str, ...] = (
        "Exempel &lt;kommun&gt;",
        "callrouter",
        said,
        "kontakt@example.se",
        "https://www.digg.se/tdosanmalan",
    )
    expected += ("2026-10-01", "självskattning", "12 §", "9 §", "Innehåll som inte är tillgängligt")
    assert [each for each in expected if each not in page] == []


@pytest.mark.parametrize("path", ["/data-protection", "/accessibility"])
class TestBoth:
    def test_for_everybody_in_both_languages_and_kept_for_a_minute(self, told: House, path: str) -> None:
        first = told.browser().get(path)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in first.headers
        again = told.browser().get(path, **{"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert '<html lang="en">' in told.browser().get(f"{path}?lang=en").text

    def test_what_nobody_has_stated_is_not_made_up(self, house: House, path: str) -> None:
        assert "inte angivet ännu" in text(house, path)

    def test_every_page_leads_there(self, house: House, path: str) -> None:
        for page in (
            house.signed_in().get("/today"),
            house.browser().get("/sign-in"),
            house.browser().get("/opening-hours"),
        ):
            assert f'href="{path}?lang=sv"' in page.text

"""The desk: what a colleague does is seen at once."""

from playwright.sync_api import Browser, expect

from callrouter.domain.words import Role
from tests.service import RunningService
from tests.web.browser.conftest import missed
from tests.web.browser.looking import looking


def test_an_open_page_tells_the_time_and_says_when_nobody_answers(chromium: Browser, service: RunningService) -> None:
    """On a wall it stands open for days: what is old must not look like what is so now."""
    with looking(chromium, service.url) as look:
        look.sign_in(Role.REVIEWER)
        page = look.at("/today")
        now = page.locator("#now")
        told = now.inner_text()
        now.evaluate("each => { each.textContent = 'some time ago' }")
        expect(now).to_contain_text(told.partition(",")[0])
        page.route("**/today/*", lambda route: route.abort())
        expect(page.get_by_role("alert")).to_contain_text("Det som står här kan vara gammalt")
        assert look.inaccessible() == []
        page.unroute("**/today/*")
        expect(page.get_by_role("alert")).to_be_hidden()
        look.wrong.clear()


def test_an_open_list_tells_when_a_colleague_takes_one(chromium: Browser, service: RunningService) -> None:
    missed(service, "+46701740662")
    with looking(chromium, service.url) as mine, looking(chromium, service.url, scripts=False) as theirs:
        mine.sign_in(Role.REVIEWER)
        page = mine.at("/call-backs?unit=larm")
        theirs.sign_in(Role.ADMINISTRATOR)
        row = "+467******62"
        other = theirs.at("/call-backs?unit=larm")
        other.get_by_role("row").filter(has_text=row).get_by_role("button", name="Ring upp").click()
        expect(page.get_by_role("row").filter(has_text=row)).to_contain_text("anna ringer upp")
        other.get_by_role("button", name="Lämna den till någon annan").click()
        expect(page.get_by_role("row").filter(has_text=row).get_by_role("button")).to_be_visible()

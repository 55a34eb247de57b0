"""Administration: users, sessions, the audit log, retention, holds, back-ups, settings."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import insert, select, update

import callrouter
from callrouter.calllog import tasks
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.tables import AuditRow, CallerRow, DestructionRow
from callrouter.domain.task import Task
from callrouter.domain.visible import visible
from callrouter.domain.words import Role, TaskKind, TaskState
from callrouter.people import users
from callrouter.web.deeds import DEEDS
from callrouter.web.setting_words import SETTINGS
from callrouter.web_settings import IdentityProvider
from tests.calllog.export.rows import START, keep, made
from tests.calllog.told import CITIZEN
from tests.docs.test_readme import README, first_cells, section
from tests.people.somebody import PASSWORD, deeds
from tests.service import until
from tests.web.pages.house import SECRET, Browser, House

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "a\x00b\x1b[31m\u202eb",
    "x" * 10_000,
]


def shown(house: House, path: str, role: Role = Role.ADMINISTRATOR) -> str:
    return " ".join(house.signed_in(role).get(path).text.split())


def kind_done(house: House, kind: TaskKind) -> Task:
    def newest() -> Task:
        with house.database.reading() as connection:
            return tasks.newest(connection, [kind])[0]

    until(lambda: newest().outcome, "it is over")
    return newest()


def can_sign_in(browser: Browser) -> tuple[int, int]:
    """How many can, by the overview and by the list of users."""
    overview = re.search(r"(\d+) kan logga in", browser.get("/administration").text)
    listed = re.search(r'Kan logga in <span class="count">(\d+)', browser.get("/administration/users").text)
    assert overview
    assert listed
    return int(overview[1]), int(listed[1])


class TestUsers:
    def test_added_with_a_link_that_is_shown_once(self, house: House) -> None:
        administrator = house.signed_in()
        answer = administrator.post("/administration/users", name="Dora", role="reviewer")
        link = re.search(r'value="https://calls.example.se(/welcome/[\w-]+)"', answer.text)
        assert link
        assert answer.headers["Cache-Control"] == "no-store"
        assert "/welcome/" not in administrator.get("/administration/users").text
        assert ("anna", "user-add", "user dora") in deeds(house.database)
        newcomer = house.browser()
        newcomer.post(link[1], password=PASSWORD, again=PASSWORD)
        assert newcomer.post("/sign-in", name="dora", password=PASSWORD).headers["Location"] == "/"

    def test_who_has_chosen_no_password_is_not_said_to_get_in(self, house: House) -> None:
        """Unless the organisation's own sign-in vouches for them."""
        browser = house.signed_in()
        before = can_sign_in(browser)
        browser.post("/administration/users", name="dora", role="reviewer")
        assert can_sign_in(browser) == before
        assert "nej, inget lösenord är valt än" in browser.get("/administration/users/dora").text
        house.identity_provider = IdentityProvider("http://127.0.0.1:1", "callrouter", "secret", "name")
        house.rebuild()
        assert can_sign_in(house.signed_in()) == (before[0] + 1, before[1] + 1)

    def test_another_link_leaves_the_first_one_dead(self, house: House) -> None:
        administrator = house.signed_in()
        house.signed_in(Role.REVIEWER)
        pages = [administrator.post("/administration/users/bertil/link", at="/administration/users").text for _ in "12"]
        first, second = (re.findall(r"(/welcome/[\w-]+)", page)[0] for page in pages)
        assert house.browser().get(first).status_code == 404
        assert house.browser().get(second).status_code == 200

    def test_a_role_is_changed_and_they_are_signed_out(self, house: House) -> None:
        administrator, reviewer = house.signed_in(), house.signed_in(Role.REVIEWER)
        form = {"role": "contractor", "company": "Nordbevakning AB"}
        answer = administrator.post("/administration/users/bertil", **form)
        assert answer.headers["Location"] == "/administration/users/bertil?done=user-changed"
        assert reviewer.get("/today").headers["Location"].startswith("/sign-in")
        assert "Nordbevakning AB" in administrator.get("/administration/users").text

    def test_disabled_and_enabled(self, house: House) -> None:
        administrator, reviewer = house.signed_in(), house.signed_in(Role.REVIEWER)
        administrator.post("/administration/users/bertil/disable", at="/administration/users/bertil")
        assert reviewer.get("/today").status_code == 303
        assert "avstängd" in administrator.get("/administration/users").text
        administrator.post("/administration/users/bertil/enable", at="/administration/users/bertil")
        with house.database.reading() as connection:
            user = users.find(connection, "bertil")
        assert user is not None
        assert user.disabled_at is None

    @pytest.mark.parametrize(
        ("path", "form", "said"),
        [
            ("", {"name": "dora"}, "Välj en roll"),
            ("", {"name": "do ra", "role": "reviewer"}, "1 till 60 bokstäver"),
            ("", {"name": "anna", "role": "reviewer"}, "redan en användare"),
            ("", {"name": "dora", "role": "contractor"}, "Välj vilket företag"),
            ("/anna", {"role": "reviewer"}, "Din egen roll"),
            ("/anna/disable", {}, "Din egen roll"),
            ("/anna/enable", {}, "inte avstängd"),
        ],
    )
    def test_what_cannot_be_is_said(self, house: House, path: str, form: dict[str, str], said: str) -> None:
        answer = house.signed_in().post(f"/administration/users{path}", at="/administration/users", **form)
        assert answer.status_code == 422
        assert said in answer.text
        with house.database.reading() as connection:
            (only,) = users.users(connection)
        assert (only.role, only.disabled_at) == (Role.ADMINISTRATOR, None)


class TestSessions:
    def test_an_administrator_ends_anybodys(self, house: House) -> None:
        administrator, reviewer = house.signed_in(), house.signed_in(Role.REVIEWER)
        page = administrator.get("/administration/sessions").text
        assert "den här webbläsaren" in page
        (key,) = re.findall(r'name="key" value="(\w+)"', page)
        answer = administrator.post("/administration/sessions/end", at="/administration/sessions", key=key)
        assert answer.headers["Location"].endswith("done=session-ended")
        assert reviewer.get("/today").status_code == 303
        assert ("anna", "session-end", "user bertil") in deeds(house.database)
        again = administrator.post("/administration/sessions/end", at="/administration/sessions", key=key)
        assert again.headers["Location"].endswith("done=session-over")

    def test_everybody_ends_their_own_and_no_other(self, house: House) -> None:
        here, there, administrator = house.signed_in(Role.REVIEWER), house.signed_in(Role.REVIEWER), house.signed_in()
        (own,) = re.findall(r'name="key" value="(\w+)"', here.get("/account").text)
        keys = set(re.findall(r'name="key" value="(\w+)"', there.get("/account").text)) | {own}
        others = set(re.findall(r'name="key" value="(\w+)"', administrator.get("/administration/sessions").text)) - keys
        for key in (own, *others):
            here.post("/account/sessions/end", at="/account", key=key)
        assert there.get("/today").status_code == 303
        assert (here.get("/today").status_code, administrator.get("/today").status_code) == (200, 200)


class TestAudit:
    def test_newest_first_page_by_page(self, house: House) -> None:
        administrator = house.signed_in()
        with house.database.writing() as connection:
            for n in range(120):
                append(connection, Deed("system", "review", f"call CA{n:03}", {"n": n}, house.now))

        def calls(path: str) -> list[str]:
            return re.findall(r"samtal (CA\d+)", administrator.get(path).text)

        def way(path: str, rel: str) -> str:
            (found,) = re.findall(rf'href="([^"]+)" rel="{rel}"', administrator.get(path).text)
            return str(found).replace("&amp;", "&")

        first = "/administration/audit?what=review"
        second = way(first, "next")
        third = way(second, "next")
        assert calls(first) + calls(second) + calls(third) == [f"CA{n:03}" for n in reversed(range(120))]
        assert calls(way(third, "prev")) == calls(second)
        assert calls(way(way(third, "prev"), "prev")) == calls(first)
        assert 'rel="next"' not in administrator.get(third).text

    def test_by_whom_and_when(self, house: House) -> None:
        administrator = house.signed_in()
        with house.database.writing() as connection:
            append(connection, Deed("bo", "review", "call CA1", {}, house.now))
            append(connection, Deed("bo", "review", "call CA2", {}, house.now + timedelta(days=1)))
        page = administrator.get("/administration/audit?who=bo&from=2026-11-24&to=2026-11-24").text
        assert re.findall(r"samtal (CA\d)", page) == ["CA2"]
        assert administrator.get("/administration/audit?from=nu").status_code == 422
        assert administrator.get("/administration/audit?before=x&after=²").status_code == 200

    def test_what_is_chosen_from_words_and_what_no_word_is_known_for(self, house: House) -> None:
        administrator = house.signed_in()
        with house.database.writing() as connection:
            append(connection, Deed("bo", "sign-in", "user bo", {}, house.now))
        page = administrator.get("/administration/audit?what=sign-in").text
        assert '<option value="sign-in" selected>loggade in</option>' in page
        assert ">loggade in</a>" in page
        assert "<option selected>of a later release</option>" in shown(
            house, "/administration/audit?what=of+a+later+release"
        )

    def test_the_check_of_the_chain(self, house: House) -> None:
        administrator = house.signed_in()
        administrator.post("/administration/audit/check", at="/administration/audit")
        assert kind_done(house, TaskKind.AUDIT_CHECK).result["broken_at"] is None
        with house.database.writing() as connection:
            connection.execute(update(AuditRow).where(AuditRow.seq == 1).values(who="mallory"))
        house.now += timedelta(seconds=1)
        administrator.post("/administration/audit/check", at="/administration/audit")
        assert kind_done(house, TaskKind.AUDIT_CHECK).result["broken_at"] == 1
        assert "Kedjan är bruten vid post 1" in administrator.get("/administration/audit").text

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("{last}", "Den antecknade är den för post 1: inget fram till den har rörts sedan dess."),
            (f" {'AB' * 32} ", "Den antecknade finns inte i den: poster har tagits bort från slutet"),
        ],
    )
    def test_the_chain_is_held_against_a_hash_that_was_noted_earlier(self, house: House, typed: str, said: str) -> None:
        administrator = house.signed_in()
        with house.database.reading() as connection:
            first = connection.execute(select(AuditRow.hash).where(AuditRow.seq == 1)).scalar_one()
        noted = {"noted": typed.format(last=first)}
        administrator.post("/administration/audit/check", at="/administration/audit", **noted)
        assert kind_done(house, TaskKind.AUDIT_CHECK).result["broken_at"] is None
        assert said in administrator.get("/administration/audit").text

    def test_what_is_no_hash_is_not_sought_in_the_chain(self, house: House) -> None:
        administrator = house.signed_in()
        answer = administrator.post("/administration/audit/check", at="/administration/audit", noted="abc")
        assert (answer.status_code, "En kontrollsumma har 64 tecken" in answer.text) == (422, True)
        with house.database.reading() as connection:
            assert tasks.newest(connection, [TaskKind.AUDIT_CHECK]) == []

    @pytest.mark.parametrize("text", NASTY)
    def test_what_people_write_stays_text(self, house: House, text: str) -> None:
        with house.database.writing() as connection:
            append(connection, Deed("bo", text[:50], text, {"why": text}, house.now))
        page = house.signed_in().get("/administration/audit").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert escape(visible(text)) in page


class TestRetention:
    def aged(self, house: House) -> None:
        """Two calls that are older than the schedule's decisions, and one that is not."""
        ages = (START - timedelta(days=4000), START - timedelta(days=4001), START)
        facts = {"unit": "trygghetscenter", "origin": "phone-network"}  # the provider has nothing of them
        keep(house.database, [made(f"CA{n}", at, key=f"{n:064}", **facts) for n, at in enumerate(ages)])

    def test_the_preview_says_what_by_which_decision(self, house: House) -> None:
        self.aged(house)
        page = shown(house, "/administration/retention")
        schedule = house.loaded.schedule
        assert schedule is not None
        for rule in schedule.retention:
            assert rule.decision in page
        assert "skulle gallras" not in page

    def test_how_much_is_counted_on_request_and_told_to_whoever_looks_later(self, house: House) -> None:
        self.aged(house)
        page = "/administration/retention"
        answer = house.signed_in().post(f"{page}/preview", at=page)
        assert (answer.status_code, answer.headers["Location"]) == (303, page)
        task = kind_done(house, TaskKind.RETENTION_PREVIEW)
        found = {each["what"]: each["count"] for each in task.result["found"]}
        assert found["numbers"] == 2
        assert ("anna", "retention-preview", f"task {task.key}") in deeds(house.database)
        for path in (page, "/administration/tasks/preview"):
            assert f"{sum(found.values())} poster skulle gallras" in shown(house, path)
        with house.database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM call").scalar_one() == 3

    def test_without_a_schedule_nothing_is_counted(self, house: House) -> None:
        house.loaded = replace(house.loaded, schedule=None)
        answer = house.signed_in().post("/administration/retention/preview", at="/administration/retention")
        assert (answer.status_code, "ingenting gallras" in answer.text) == (422, True)

    def test_a_run_needs_a_tick_and_is_told_in_the_protocol(self, house: House) -> None:
        self.aged(house)
        administrator = house.signed_in()
        refused = administrator.post("/administration/retention")
        assert (refused.status_code, "Kryssa" in refused.text) == (422, True)
        administrator.post("/administration/retention", sure="yes")
        task = kind_done(house, TaskKind.RETENTION)
        assert task.outcome is TaskState.DONE
        assert task.result["count"] > 0
        assert ("anna", "retention-run", f"task {task.key}") in deeds(house.database)
        page = shown(house, "/administration/retention/protocol")
        assert ">anna<" in page
        csv = administrator.get("/administration/retention/protocol.csv")
        assert csv.headers["Content-Type"].startswith("text/csv")
        assert csv.text.startswith("\ufeffat;by;what;unit")
        assert ";anna;" in csv.text

    def test_the_protocol_from_a_day_on(self, house: House) -> None:
        row: dict[str, Any] = {"by": "retention", "what": "calls", "unit": None, "decision": "KS-1", "decided_on": None}
        row |= {"count": 7, "held": 0, "outstanding": 0, "result": "done", "before": datetime(2020, 1, 1, tzinfo=UTC)}
        with house.database.writing() as connection:
            for day in (1, 20):
                connection.execute(insert(DestructionRow), [row | {"at": datetime(2026, 11, day, 12, tzinfo=UTC)}])
        administrator = house.signed_in()
        assert len(administrator.get("/administration/retention/protocol.csv").text.splitlines()) == 3
        assert len(administrator.get("/administration/retention/protocol.csv?from=2026-11-10").text.splitlines()) == 2
        assert "2026-11-01" not in administrator.get("/administration/retention/protocol?from=2026-11-10").text


class TestHolds:
    def test_the_number_is_in_no_reason(self, house: House) -> None:
        """A hold outlives an erasure."""
        keep(house.database, [made("CAabc1")])
        with house.database.writing() as connection:
            connection.execute(update(CallerRow).values(number=CITIZEN.e164))
        administrator, page = house.signed_in(), "/administration/holds"
        answer = administrator.post(page, call="CAabc1", why="Anmälan 070-1740650")
        assert (answer.status_code, "Utelämna numret" in answer.text) == (422, True)
        assert administrator.post(page, call="CAabc1", why="Anmälan 7").status_code == 303

    def test_set_listed_lifted(self, house: House) -> None:
        keep(house.database, [made("CAabc1"), made("CAabc2")])
        administrator = house.signed_in()
        page = "/administration/holds"
        assert "Fler än ett samtal" in administrator.post(page, call="CAabc", why="x").text
        assert "Inget samtal har" in administrator.post(page, call="CAz", why="x").text
        assert "Skriv varför" in administrator.post(page, call="CAabc1", why=" ").text
        assert administrator.post(page, call="CAabc1", why="Ärende 7 <b>").status_code == 303
        assert "Ärende 7 &lt;b&gt;" in administrator.get(page).text
        assert administrator.post(f"{page}/1/lift", at=page).headers["Location"].endswith("done=hold-lifted")
        assert administrator.post(f"{page}/1/lift", at=page).headers["Location"].endswith("done=hold-over")
        assert ("anna", "hold", "call CAabc1") in deeds(house.database)
        assert "hävd" in administrator.get(page).text


class TestBackUps:
    def test_made_listed_checked(self, house: House) -> None:
        administrator = house.signed_in()
        page = "/administration/back-ups"
        administrator.post(page)
        task = kind_done(house, TaskKind.BACK_UP)
        assert task.outcome is TaskState.DONE
        name = str(task.asked["file"])
        assert name in administrator.get(page).text
        administrator.post(f"{page}/check", at=page, file=name)
        assert kind_done(house, TaskKind.BACK_UP_CHECK).result["problems"] == []
        assert "den kan återställas" in administrator.get(page).text
        assert administrator.post(f"{page}/check", at=page, file="../callrouter.db").status_code == 404


class TestSettings:
    def test_every_setting_of_the_readme_is_told(self) -> None:
        told = [re.sub(r"[`† ]", "", cell) for cell in first_cells(section(README, "## Settings"))]
        assert [each.name for each in SETTINGS] == told

    def test_secrets_never_and_where_each_comes_from(self, house: House) -> None:
        house.environ = {"CALLROUTER_ORGANISATION": "Sollentuna kommun", "CALLROUTER_THREADS": "16"}
        house.rebuild()
        page = shown(house, "/administration/settings")
        settings = house.settings
        for secret in (settings.secret_key, settings.privacy_key, settings.twilio.auth_tokens[0], SECRET):
            assert secret not in page
        assert settings.twilio.account_sid not in page
        assert re.search(r"CALLROUTER_ORGANISATION.*?Sollentuna kommun</td> <td[^>]*>miljön", page)
        assert re.search(r"CALLROUTER_SECRET_KEY</code>.*?finns, visas inte</td> <td[^>]*>miljön", page)
        assert "postgresql" not in page


def test_the_overview_says_what_the_statements_lack(house: House) -> None:
    assert "CALLROUTER_LEGAL_BASIS" in shown(house, "/administration")
    told = {f"CALLROUTER_{name}": "x" for name in ("ORGANISATION", "CONTACT", "LEGAL_BASIS")}
    told |= {"CALLROUTER_DATA_PROTECTION_OFFICER": "x", "CALLROUTER_ACCESSIBILITY_ASSESSED": "2026-11-01"}
    house.environ = told
    house.rebuild()
    assert "Att fylla i" not in shown(house, "/administration")


def test_the_navigation_marks_where_one_is(house: House) -> None:
    administrator = house.signed_in()
    for path in ("users", "users/anna", "sessions", "audit", "retention/protocol", "settings", "health"):
        page = administrator.get(f"/administration/{path}").text
        assert re.findall(r'href="([^"]+)" aria-current="page"', page)[0] == "/administration"
        assert len(re.findall('aria-current="page"', page)) == 2
    assert "/administration" not in house.signed_in(Role.REVIEWER).get("/today").text


def test_every_deed_has_words() -> None:
    """Those that stand in the code beside the function that writes them down."""
    named = re.compile(r'(?:Deed\([\w.()]+|_tell\(connection|_deed\(act|_mark\(connection, call, act), "([a-z -]+)"')
    told = {
        action
        for path in Path(callrouter.__file__).parent.rglob("*.py")
        for action in named.findall(path.read_text("utf-8"))
    }
    assert len(told) > 30
    assert told - set(DEEDS) == set()

"""The statement as CSV for a spreadsheet, and as a page to print."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest

from callrouter.calllog.statement import statement_csv, statement_data
from callrouter.calllog.statement_page import LANGUAGES, statement_page
from callrouter.calllog.statement_words import WORDS
from callrouter.domain.destination import ServiceTarget
from callrouter.domain.ledger import Dispute, Line, Statement
from callrouter.domain.period import Period
from callrouter.domain.words import Outcome
from tests.calllog.export.files import csv_rows
from tests.schedules import STOCKHOLM

AT = datetime(2026, 11, 3, 18, 30, tzinfo=STOCKHOLM)
FAST = ServiceTarget(0.8, 30)
OPEN = Dispute(1, "Nordvakt", '=HYPERLINK("x")', "anna", AT)
SETTLED = Dispute(2, "Nordvakt", "<script>x</script>", "anna", AT, AT + timedelta(days=1), "bo", "Räknas & betalas")
LINES = (
    Line(date(2026, 11, 3), "CA1", AT.isoformat(), "centre", Outcome.ANSWERED, 12, 61, FAST),
    Line(date(2026, 11, 3), "CA2", AT.isoformat(), "centre", Outcome.ANSWERED, 45, 60, FAST, (OPEN,)),
    Line(date(2026, 11, 3), "CA3", AT.isoformat(), None, Outcome.CANCELLED, None, 0, FAST, (SETTLED,)),
    Line(date(2026, 11, 3), "CA4", AT.isoformat(), "centre", None, None, 0, None),
)
MADE_AT = datetime(2026, 12, 1, 8, tzinfo=UTC)


def made(*lines: Line, origin: str = "real") -> Statement:
    return Statement("Nordvakt & Co", Period.month(2026, 11), origin, "c7e91f572d9e5095", lines)


class TestCsv:
    def test_a_row_a_call(self) -> None:
        first, second, third, fourth = csv_rows(statement_csv(made(*LINES)))
        assert first == {
            "local_time": AT.isoformat(),
            "unit": "centre",
            "call_id": "CA1",
            "outcome": "answered",
            "seconds_from_first_ring": "12",
            "promised_seconds": "30",
            "within_promise": "yes",
            "talked_seconds": "61",
            "started_minutes": "2",
            "dispute": "",
            "reason": "",
            "result": "",
            "events_destroyed": "no",
        }
        assert (second["within_promise"], second["dispute"], second["reason"]) == ("no", "open", '\'=HYPERLINK("x")')
        assert (third["unit"], third["dispute"], third["result"]) == ("", "settled", "Räknas & betalas")
        assert (fourth["outcome"], fourth["promised_seconds"], fourth["within_promise"]) == ("not-told", "", "")


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str | None]] = {}
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.text += " "
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


class TestPage:
    def test_each_time_has_its_offset_and_so_the_hour_that_comes_twice_is_told_apart(self) -> None:
        first, second = (datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=STOCKHOLM) for fold in (0, 1))
        lines = [Line(at.date(), "CA1", at.isoformat(), "centre", None, None, 0, None) for at in (first, second)]
        text = " ".join(Page(statement_page(made(*lines), MADE_AT, "en")).text.split())
        assert "2026-10-25 02:30:00 +02:00" in text
        assert "2026-10-25 02:30:00 +01:00" in text
        assert "2026-12-01 08:00:00 +00:00" in text

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_whole_and_asks_nothing_of_anybody(self, language: str) -> None:
        text = statement_page(made(*LINES), MADE_AT, language)
        page = Page(text)
        assert page.open == []
        assert page.attributes["lang"] == [language]
        assert not {"script", "link", "img", "iframe", "a"} & set(page.tags)
        assert not {"src", "href"} & set(page.attributes)
        assert not any(word in text for word in ("http:", "https:", "url(", "@import"))

    def test_what_people_wrote_stays_text(self) -> None:
        page = Page(statement_page(made(*LINES), MADE_AT, "sv"))
        assert "<script>x</script> → Räknas & betalas" in " ".join(page.text.split())
        assert "Nordvakt & Co, november 2026" in page.text

    def test_in_swedish_unless_asked_otherwise(self) -> None:
        swedish, english = (" ".join(Page(statement_page(made(*LINES), MADE_AT, x)).text.split()) for x in ("sv", "en"))
        assert "Avtalat: 80 % inom 30 s 33,3 % (1/3) ej uppfyllt" in swedish
        assert "Promised: 80 % within 30 s 33.3 % (1/3) missed" in english
        assert "Framtagen 2026-12-01 08:00" in swedish
        assert "besvarat, efter avtalad tid" in swedish

    def test_heads_say_what_stands_under_and_beside_them(self) -> None:
        page = Page(statement_page(made(*LINES), MADE_AT, "sv"))
        assert page.tags.count("th") == len(page.attributes["scope"])
        assert "caption" in page.tags

    def test_a_month_without_calls_says_so(self) -> None:
        assert "erbjöds inga samtal" in statement_page(made(), MADE_AT, "sv")

    def test_a_month_of_which_calls_were_destroyed_says_so(self) -> None:
        gone = replace(made(), gone_before=date(2026, 11, 20))
        page = statement_page(gone, MADE_AT, "sv")
        assert "Ofullständig: samtal från före 2026-11-20 är gallrade" in page
        assert "erbjöds inga samtal" not in page
        assert statement_data(gone)["calls_destroyed_before"] == "2026-11-20"
        assert statement_data(made())["calls_destroyed_before"] is None

    def test_of_calls_whose_events_were_destroyed_it_does_not_promise_that_they_can_be_computed(self) -> None:
        whole, bare = made(*LINES), replace(made(*LINES), without_events=frozenset({(LINES[0].day, LINES[0].call_id)}))
        for language, promise, said in (
            ("sv", "Varje rad kan räknas fram ur", "Händelserna i 1 av 4 samtal är gallrade enligt beslut"),
            ("en", "Each line can be computed from", "The events of 1 of 4 calls have been destroyed by decision"),
        ):
            pages = [statement_page(each, MADE_AT, language) for each in (whole, bare)]
            assert [promise in page for page in pages] == [True, False]
            assert [said in page for page in pages] == [False, True]
        assert [row["events_destroyed"] for row in csv_rows(statement_csv(bare))] == ["yes", "no", "no", "no"]
        data = statement_data(bare)
        assert data["calls_without_events"] == 1
        assert [call["events_destroyed"] for call in data["calls"]] == [True, False, False, False]

    def test_calls_that_nobody_pays_for_are_marked(self) -> None:
        assert "phone-network" in statement_page(made(*LINES, origin="phone-network"), MADE_AT, "sv")
        assert "simulerade" not in statement_page(made(*LINES), MADE_AT, "sv")

    def test_every_language_has_every_word(self) -> None:
        words = {language: (set(said), set(said["line"])) for language, said in WORDS.items()}
        assert words["sv"] == words["en"]

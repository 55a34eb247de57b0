"""Every text in both languages: in templates, in code, and in the words of the log."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment
from werkzeug.http import parse_options_header

from callrouter.domain.words import Role
from callrouter.web import pages
from callrouter.web.texts import Language, Text, language_of
from callrouter.web.words import WORDS
from tests.docs.test_readme import GLOSSARY, section
from tests.web.pages.house import House

WEB = Path(pages.__file__).parents[1]
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
SPOKEN_ATTRIBUTES = {"aria-label", "alt", "placeholder", "title"}
THE_SAME = {
    "clock",  # `callrouter clock`
    "callrouter",
    "s",
    "CSV",
    "Excel",
    "n",
    "h",
    "mm",
    "ss",
    "MB",
    "db",
    "restore",
    "digg",
    "se",
    "tdosanmalan",
    "imy",
    "readyz",
    "sign",
    "in",
    "override",
    "export",
}
"""Words that need no translation."""
PAIR = re.compile(r"""\bt\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
TEXT = re.compile(r'Text\(\s*(f?"(?:[^"\\]|\\.)*")\s*,\s*(f?"(?:[^"\\]|\\.)*")', re.DOTALL)
ENUMERATIONS = {"state": "State", "decided_by": "DecidedBy", "disposition": "Disposition", "outcome": "Outcome"}
ENUMERATIONS |= {"origin": "Origin", "role": "Role", "call_back": "CallBackResult", "retained": "Retained"}


class Bare(HTMLParser):
    """Gathers the words of a template that stand outside of any expression."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self.words += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_data(self, data: str) -> None:
        self.words += re.findall(r"[^\W\d_]+", data)


def bare_words(template: str) -> list[str]:
    """What a template says in one language alone: its text without expressions and statements."""
    parts = ("" if kind != "data" else value for _, kind, value in Environment(autoescape=True).lex(template))
    bare = Bare()
    bare.feed("".join(parts))
    return [word for word in bare.words if word not in THE_SAME]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_in_one_language_alone(path: Path) -> None:
    assert bare_words(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('<p>{{ t("Hej", "Hello") }}</p>', []),
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<img alt="A dog">', ["A dog"]),
        ("<p>{% if x %}yes{% endif %}</p>", ["yes"]),
        ("<!-- a remark -->{# another #}", []),
    ],
)
def test_what_is_said_in_one_language_is_seen(template: str, found: list[str]) -> None:
    assert bare_words(template) == found


def test_each_pair_has_two_texts_with_the_same_values() -> None:
    pairs = [pair for path in TEMPLATES for pair in PAIR.findall(path.read_text("utf-8"))]
    pairs += [pair for path in WEB.rglob("*.py") for pair in TEXT.findall(path.read_text("utf-8"))]
    assert len(pairs) > 150
    assert [pair for pair in pairs if not all(len(text.strip("f\"'")) > 0 for text in pair)] == []
    assert [pair for pair in pairs if placeholders(pair[0]) != placeholders(pair[1])] == []


def test_every_call_of_t_is_such_a_pair() -> None:
    for path in TEMPLATES:
        template = path.read_text("utf-8")
        assert len(re.findall(r"\bt\(", template)) == len(PAIR.findall(template)), path.name


@pytest.mark.parametrize("column", ENUMERATIONS)
def test_the_words_are_those_of_the_glossary(column: str) -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| ([^|]+?) \|", section(GLOSSARY, f"### {ENUMERATIONS[column]}:"), re.MULTILINE)
    assert {value: text.sv for value, text in WORDS[column].items()} == dict(rows)


@pytest.mark.parametrize(("typed", "language"), [("sv", "sv"), ("en", "en"), ("de", "sv"), ("", "sv"), (None, "sv")])
def test_swedish_is_the_usual_one(typed: str | None, language: str) -> None:
    assert language_of(typed) == language


def test_a_text_with_values() -> None:
    text = Text("till {time}", "until {time}")
    assert [text.said(language, time="{x}") for language in Language] == ["till {x}", "until {x}"]


def test_switching(house: House) -> None:
    browser = house.signed_in(Role.REVIEWER)
    assert '<html lang="sv">' in browser.get("/today").text
    answer = browser.post("/language", at="/today", to="en", back="/account?done=password")
    assert answer.headers["Location"] == "/account?done=password"
    cookie = parse_options_header(answer.headers["Set-Cookie"])[1]
    assert "Max-Age" in cookie or "31536000" in answer.headers["Set-Cookie"]
    assert '<html lang="en">' in browser.get("/today").text
    assert "Sign out" in browser.get("/today").text


@pytest.mark.parametrize(
    ("posted", "at", "back"),
    [
        ("/account/password", "/account", "/account"),
        ("/units/larm/by-hand", "/units/larm/by-hand", "/units/larm/by-hand"),
        ("/no-such/page", "/account", ""),
    ],
)
def test_from_the_answer_to_a_form_it_leads_back_to_the_form(house: House, posted: str, at: str, back: str) -> None:
    page = house.signed_in().post(posted, at=at).text
    assert f'name="back" value="{back}"' in page


def test_the_language_of_the_public_page_stands_in_its_address(house: House) -> None:
    """What proxies keep for everybody must not depend on anybody's cookie."""
    browser = house.browser().speaks("en")
    assert '<html lang="en">' in browser.get("/opening-hours?lang=en").text
    assert '<html lang="sv">' in browser.get("/opening-hours?lang=sv").text
    for path in ("/opening-hours", "/data-protection", "/accessibility"):
        assert '<html lang="sv">' in browser.get(path).text

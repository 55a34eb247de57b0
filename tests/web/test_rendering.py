"""What templates may use: addresses of rows, functions, macros."""

import gc
from pathlib import Path
from urllib.parse import unquote
from weakref import ref

import pytest
from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined, UndefinedError

from callrouter import web
from callrouter.web.rendering import address_of, prepare
from callrouter.web.templating import PageEnvironment

APP = Flask(__name__)
APP.add_url_rule("/calls/<day>/<call_id>", "call")


@given(st.text(min_size=1), st.text())
def test_an_address_of_a_row_says_what_url_for_says(call_id: str, unit: str) -> None:
    with APP.test_request_context():
        address = address_of("call", "day", "call_id", unit=unit)("2026-11-03", call_id)
        assert unquote(address) == unquote(url_for("call", day="2026-11-03", call_id=call_id, unit=unit))


def test_the_texts_of_one_row_are_not_those_of_another() -> None:
    with APP.test_request_context():
        address = address_of("call", "day", "call_id")
        assert address("2026-11-03", "{day}") == "/calls/2026-11-03/%7Bday%7D"
        assert address("~call_id~", "CA2?") == "/calls/~call_id~/CA2%3F"


TEMPLATES = PageEnvironment(Flask(__name__), autoescape=True, undefined=StrictUndefined)
BOLD = "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}"


def test_functions_are_called_as_python_does_and_what_macros_make_is_not_escaped_again() -> None:
    def twice(text: str, *, end: str) -> str:
        return f"{text}{text}{end}"

    each = '{% for each in "a<" %}{% set seen = each %}{{ twice(seen, end="&") }}{{ bold(seen) }}{% endfor %}'
    made = TEMPLATES.from_string(f"{BOLD}{{% block all %}}{BOLD}{each}{{% endblock %}}").render(twice=twice)
    assert made == "aa&amp;<b>a</b>&lt;&lt;&amp;<b>&lt;</b>"


def test_a_function_that_is_not_there_is_told() -> None:
    with pytest.raises(UndefinedError, match="'twice' is undefined"):
        TEMPLATES.from_string("{{ twice(1) }}").render()


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+46701740650", "+46 70 174 06 50"),
        ("+12005550100", "+1 200 555 0100"),  # some countries write hyphens, at which a browser would break the line
        ("+99955501234", "+99955501234"),  # of no country that there is
    ],
)
def test_a_number_is_written_as_people_read_it(number: str, read: str) -> None:
    app = Flask(__name__)
    prepare(app, frozenset(), str)
    with app.test_request_context():
        assert app.jinja_env.from_string("{{ in_full(number) }}").render(number=number) == read


def test_no_function_wants_what_it_would_not_be_given() -> None:
    app = Flask(__name__)
    prepare(app, frozenset(), str)
    with app.test_request_context():
        assert [name for name, each in app.jinja_env.globals.items() if hasattr(each, "jinja_pass_arg")] == []


def test_none_of_ours_says_that_it_wants_it() -> None:
    ours = Path(web.__file__).parent.rglob("*.py")
    wanting = ("pass_context", "pass_eval_context", "pass_environment", "jinja_pass_arg")
    assert [file.name for file in ours if any(want in file.read_text("utf-8") for want in wanting)] == []


def test_what_a_page_was_made_of_goes_when_it_is_made() -> None:
    class Shown:
        """Whatever a page shows."""

    gc.disable()
    try:
        gone = ref(shown := Shown())
        template = TEMPLATES.from_string("{% macro say(it) %}{{ said(it) }}{% endmacro %}{{ say(shown) }}")
        assert template.render(shown=shown, said=lambda _: "x") == "x"
        del shown
        assert gone() is None
    finally:
        gc.enable()

"""The bytes of a schedule file as a tree, or the reason why they are none."""

import re
import unicodedata

import yaml

from callrouter.domain.sentence import Sentence
from callrouter.schedule.format.problems import Findings, Problem
from callrouter.schedule.format.text import code_of
from callrouter.schedule.format.tree import Broken, Mapping, TooDeepError, grow

LARGEST = 1024 * 1024
"""Bytes of a schedule file: ten thousand exceptions need half of them."""

# What YAML calls not printable, and the line breaks that only YAML knows.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_SENTENCES = {
    "mapping values are not allowed": Sentence(
        "a colon that YAML does not understand here; put a text that contains "
        "': ' in quotes, and check how far this line and the one above are indented"
    ),
    "could not find expected ':'": Sentence("no colon; expected 'setting: value'"),
    "did not find expected key": Sentence("this line is not indented like the settings around it"),
    "did not find expected '-' indicator": Sentence("this line is not indented like the list around it"),
    "block sequence entries are not allowed": Sentence("a list cannot begin here; put its first '-' on a new line"),
    "did not find expected ',' or": Sentence("a bracket is not closed"),
    "did not find expected node content": Sentence("a value is missing, or a bracket is not closed"),
    "found character that cannot start any token": Sentence("a text that begins with this character needs quotes"),
    "found unexpected end of stream": Sentence("a quotation mark is not closed"),
    "found unknown escape character": Sentence("a backslash inside \"…\" has a meaning of its own; use '…' instead"),
}


def tree_of(content: str | bytes, found: Findings) -> Mapping | None:
    """Return the tree of *content*, or None where it is none; the reasons are noted in *found*."""
    size = len(content) if isinstance(content, bytes) else len(content.encode(errors="surrogatepass"))
    if size > LARGEST:
        found.error(Broken(1, ()), "the file has {n} bytes; expected at most {most} (1 MiB)", n=size, most=LARGEST)
        return None
    text = _decoded(content, found)
    if text is None or _has_odd_characters(text, found):
        return None
    return _grown(text, found)


def _decoded(content: str | bytes, found: Findings) -> str | None:
    # A text that cannot be written as UTF-8 (half a surrogate pair) is refused like bytes that are none.
    raw = content.encode(errors="surrogatepass") if isinstance(content, str) else content
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found.error(Broken(line, ()), "not UTF-8; save the file with the encoding UTF-8")
        return None
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


def _has_odd_characters(text: str, found: Findings) -> bool:
    """Refuse tabs, which look like spaces and are none, and what no editor shows."""
    before = len(found.errors)
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            found.error(Broken(number, ()), "a tab; use spaces")
        elif odd := _INVISIBLE.search(line):
            found.error(Broken(number, ()), "an invisible character ({code}); delete it", code=code_of(odd[0]))
    return len(found.errors) > before


def _grown(text: str, found: Findings) -> Mapping | None:
    try:
        root = grow(text, found)
    except TooDeepError as error:
        found.error(Broken(error.line, ()), "brackets or blocks within each other, deeper than any setting")
        return None
    except yaml.YAMLError as error:
        found.errors.append(_syntax_problem(error, text))
        return None
    if isinstance(root, Mapping):
        return root
    if not found.errors:
        found.error(root, "expected settings such as 'version: 1', one a line")
    return None


def _syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    said = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = min((mark.line if mark else 0) + 1, text.rstrip().count("\n") + 1)
    why = next((words for begin, words in _SENTENCES.items() if said.startswith(begin)), Sentence(said))
    opened = getattr(error, "context_mark", None)
    if opened and opened.line + 1 < line:
        text = "this is not YAML: {why} (what it belongs to begins on line {line})"
        return Problem(line, (), Sentence.of(text, why=why, line=opened.line + 1))
    return Problem(line, (), Sentence.of("this is not YAML: {why}", why=why))

"""The sentences of our code, found in its syntax tree: what is told to people in their language."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

TELLING = {
    "error",
    "warn",
    "of",
    "Sentence",
    "Unreadable",
    "HolidayDataError",
    "UnreadableError",
    "UnreadableFileError",
}
"""What a sentence is given to, as its first argument or the one after its place."""


def sentences(files: Iterable[Path]) -> Iterator[str]:
    """Yield each as a pattern: itself, or with `.+` where another text is put into its English."""
    for file in files:
        tree = ast.parse(file.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                yield from _of_a_function(function)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and _name(call) == "Sentence":
                yield from _patterns(call.args[0], {})


def _of_a_function(function: ast.FunctionDef) -> Iterator[str]:
    texts: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for name, value in _assigned(node):
                texts.setdefault(name, []).append(value)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node) in TELLING:
            for argument in node.args[:2]:
                yield from _patterns(argument, texts)


def _assigned(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    target = node.targets[0]
    if isinstance(target, ast.Name):
        yield target.id, node.value
    elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        yield from (
            (name.id, value)
            for name, value in zip(target.elts, node.value.elts, strict=True)
            if isinstance(name, ast.Name)
        )


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _patterns(node: ast.expr, texts: dict[str, list[ast.expr]]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _patterns(one, texts)
            yield from _patterns(other, texts)
        case ast.Name(id=name):
            for each in texts.get(name, ()):
                yield from _patterns(each, {})
        case _:
            pass  # a sentence that was made elsewhere

"""What nothing acts on yet is told with its line, so that nobody relies on it."""

from callrouter.schedule import read
from callrouter.schedule.format.not_used import NOT_USED
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed


def told(text: str) -> list[str]:
    reading = read(text, NOW)
    assert reading.schedule, reading.errors
    return [str(problem) for problem in reading.warnings if "this setting is read and checked" in str(problem)]


def test_the_example_uses_all_of_them() -> None:
    assert {line.split(": ")[1] for line in told(EXAMPLE)} == set(NOT_USED)


def test_it_says_where_and_what_it_means() -> None:
    text = changed(SHORT, ("units:", "test-calls: [{destination: desk, at: mon 09:30}]\nunits:"))
    assert told(text) == ["line 3: test-calls: this setting is read and checked, but no test call is made yet"]


def test_a_file_without_them_is_not_bothered() -> None:
    assert told(SHORT) == []

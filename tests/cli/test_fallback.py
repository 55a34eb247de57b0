"""`callrouter fallback`: the document for the time when the service itself is gone."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callrouter.cli import main
from callrouter.schedule import load
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.simulator.verbs import Dial, Document, Hangup, Say

ROOT = Path(__file__).parents[2]
SCHEDULE = ROOT / "config" / "schedule.yaml"


def fallback(unit: str) -> Result:
    return CliRunner().invoke(main, ["fallback", str(SCHEDULE), "--unit", unit])


def document(text: str) -> Document:
    return read(text.encode(), "text/xml", "https://fallback.example.org/")


@pytest.mark.parametrize("unit", load(SCHEDULE.read_bytes()).units)
def test_every_unit_has_one_that_the_provider_takes(unit: str) -> None:
    given = fallback(unit)
    assert given.exit_code == 0, given.stderr
    read_back = document(given.stdout)
    assert read_back.errors == ()
    assert isinstance(read_back.verbs[-1], Hangup)
    assert len(given.stdout) < 4000
    assert "TwiML Bins" in given.stderr


def test_it_rings_the_fixed_numbers_of_the_closed_path_and_calls_nobody_back() -> None:
    dial, *rest = document(fallback("trygghetscenter").stdout).verbs
    assert isinstance(dial, Dial)
    assert [number.number for number in dial.numbers] == ["+46313900620"], "the rota is left out"
    assert dial.action is None
    assert all(number.url is None and number.status_callback is None for number in dial.numbers)
    assert [type(verb) for verb in rest] == [Say, Say, Hangup]


def test_a_unit_that_is_not_there() -> None:
    given = fallback("trygghetscentre")
    assert given.exit_code == 1
    assert "did you mean 'trygghetscenter'?" in given.stderr

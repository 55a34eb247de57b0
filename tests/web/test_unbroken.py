"""What stays on one line of a page; that it does in a browser, `tests/web/browser/test_looks.py` sees."""

import pytest
from markupsafe import Markup, escape

from callrouter.web.unbroken import unbroken


@pytest.mark.parametrize("whole", ["2026-11-28", "+467******50", "+46 70 174 06 50", "08–12", "13–17:30"])
def test_a_date_a_number_and_hours_are_held_together(whole: str) -> None:
    assert unbroken(f"from {whole} on") == f'from <span class="unbroken">{whole}</span> on'


def test_what_stands_around_them_is_text() -> None:
    assert unbroken("<b>2026-11-28 & on") == '&lt;b&gt;<span class="unbroken">2026-11-28</span> &amp; on'
    assert isinstance(unbroken("2026-11-28"), Markup)


def test_nothing_else_changes() -> None:
    assert escape(unbroken("mon-thu 08:00-12:00 <b>, +5 s")) == "mon-thu 08:00-12:00 &lt;b&gt;, +5 s"

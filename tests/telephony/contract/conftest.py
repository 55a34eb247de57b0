"""Each test of the contract runs once for every provider."""

import pytest

from tests.telephony.contract.line import Line
from tests.telephony.contract.lines import LINES


@pytest.fixture(params=LINES)
def line(request: pytest.FixtureRequest) -> Line:
    return LINES[request.param]

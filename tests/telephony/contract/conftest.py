"""Each test of the contract runs once for every provider."""

import pytest

from tests.telephony.contract.line import Line
from tests.telephony.contract.lines import ACCOUNTS, LINES
from tests.telephony.contract.office import AccountLine


@pytest.fixture(params=LINES)
def provider_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def line(provider_name: str) -> Line:
    return LINES[provider_name]


@pytest.fixture
def account_line(provider_name: str) -> AccountLine:
    return ACCOUNTS[provider_name]

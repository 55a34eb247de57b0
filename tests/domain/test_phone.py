"""Telephone numbers."""

import pytest

from callrouter.domain.phone import PhoneNumber


@pytest.mark.parametrize("text", ["+46846500400", "+4670174", "+123456789012345"])
def test_e164_is_a_number(text: str) -> None:
    assert PhoneNumber.parse(text) == PhoneNumber(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "464",
        "anonymous",
        "client:x",
        "sip:a@b",
        "0046846500400",
        "+0846500400",
        "+46 8 465 004 00",
        "+4684650040012345",
        "+46846500400\n",
        "+4684650040٠",
        "112",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert PhoneNumber.parse(text) is None
    with pytest.raises(ValueError, match=r"E\.164"):
        PhoneNumber(text)


def test_it_is_masked_wherever_it_is_printed() -> None:
    number = PhoneNumber("+46846500499")
    assert number.masked == "+468******99"
    assert f"{number} {number!r}" == "+468******99 PhoneNumber(+468******99)"

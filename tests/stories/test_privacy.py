"""A unit that keeps no numbers: nothing of the caller's stands anywhere, and nobody hears it."""

from pathlib import Path

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers
from tests.service import RunningService
from tests.stories.conftest import Phones

VICTIM_SUPPORT = PhoneNumber("+46846500463")
SWITCHBOARD = PhoneNumber("+46846500462")
ANNA = PhoneNumber("+46701740611")
MONDAY_11 = "2026-11-23 11:00"
SECRET = "46701740688"


@pytest.mark.parametrize("is_broken", [False, True], ids=["with a database", "without"])
@pytest.mark.parametrize(("to", "keys"), [(VICTIM_SUPPORT, ()), (SWITCHBOARD, ("4",))], ids=["direct", "by the menu"])
def test_the_number_is_neither_kept_nor_heard_nor_shown(
    own_service: RunningService, to: PhoneNumber, keys: tuple[str, ...], is_broken: bool
) -> None:
    if is_broken:
        (own_service.home / "var" / "callrouter.db").mkdir(parents=True)
    own_service.start()
    stage = Phones(own_service)
    seen: list[str] = []

    def anna(ring):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        seen.append(ring.caller_id)
        return answers()(ring)

    stage.on(ANNA, does=anna)
    call = stage.call(to, at=MONDAY_11, from_="+" + SECRET, keys=keys)
    assert call.answered_by == ANNA.e164
    assert seen == [to.e164], "the schedule says caller-id: caller, and privacy comes first"
    prompt = next(entry.detail for entry in call.timeline if entry.kind == "whispered")
    assert prompt == "Samtal från Brottsofferstöd. Tryck 1 för att ta samtalet."
    if not is_broken:
        row = stage.logged(call)
        assert (row.unit, row.number) == ("victim-support", None)
    own_service.stop()
    assert [path.name for path in _files(own_service.home) if SECRET.encode() in path.read_bytes()] == []


def test_repeat_callers_can_still_be_told_by_the_hash(phones: Phones) -> None:
    phones.on(ANNA, does=answers())
    keys = [_key(phones, "+46701740687"), _key(phones, "+46701740687"), _key(phones, "+46701740686")]
    assert keys[0] == keys[1] != keys[2]


def _key(phones: Phones, from_: str) -> str:
    from sqlalchemy import select

    from callrouter.calllog.database import Database
    from callrouter.calllog.tables import CallerRow

    call = phones.call(VICTIM_SUPPORT, at=MONDAY_11, from_=from_)
    phones.logged(call)
    database = Database(phones.service.settings.storage.database_url)
    with database.reading() as connection:
        key = connection.execute(select(CallerRow.key).where(CallerRow.call_id == call.sid)).scalar_one()
    database.close()
    assert key
    return str(key)


def _files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]

"""A unit that keeps no numbers: nothing of the caller's stands anywhere, and nobody hears it."""

import json
from pathlib import Path

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers
from tests.service import RunningService
from tests.stories.conftest import Phones

VICTIM_SUPPORT = PhoneNumber("+46846500463")
VICTIM_LISTENER = PhoneNumber("+46846500464")
SWITCHBOARD = PhoneNumber("+46846500462")
ANNA = PhoneNumber("+46701740611")
MONDAY_11 = "2026-11-23 11:00"
SECRET = "46701740688"
FORWARDER = "46406280413"


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
    call = stage.call(to, at=MONDAY_11, from_="+" + SECRET, keys=keys, forwarded_from="+" + FORWARDER)
    assert call.answered_by == ANNA.e164
    assert seen == [to.e164], "the schedule says caller-id: caller, and privacy comes first"
    prompt = next(entry.detail for entry in call.timeline if entry.kind == "whispered")
    assert prompt == "Samtal från Brottsofferstöd. Tryck 1 för att ta samtalet."
    if not is_broken:
        row = stage.logged(call)
        assert (row.unit, row.number, row.forwarded_from) == ("victim-support", None, None)
    own_service.stop()
    kept = [path.read_bytes() for path in _files(own_service.home)]
    assert not any(number.encode() in content for content in kept for number in (SECRET, FORWARDER))


def test_the_unit_alone_is_named_also_for_a_withheld_caller(phones: Phones) -> None:
    phones.on(ANNA, does=answers())
    call = phones.call(VICTIM_SUPPORT, at=MONDAY_11, from_="anonymous")
    prompt = next(entry.detail for entry in call.timeline if entry.kind == "whispered")
    assert prompt == "Samtal från Brottsofferstöd. Tryck 1 för att ta samtalet."


def test_a_withheld_caller_whom_somebody_forwards_leaves_nothing_either(phones: Phones) -> None:
    call = phones.call(VICTIM_SUPPORT, at=MONDAY_11, from_="anonymous", forwarded_from="+" + FORWARDER)
    assert phones.logged(call).forwarded_from is None


def test_a_message_is_taken_and_the_log_knows_which_recording_it_is(phones: Phones) -> None:
    """So that it can be deleted in time, though nobody knows whose it is."""
    call = phones.call(VICTIM_LISTENER, at=MONDAY_11, from_="+" + SECRET, message=9, ends_message="#")
    row = phones.logged(call)
    assert (row.unit, row.disposition, row.number) == ("victim-listener", "message", None)
    told = json.loads(phones.service.run("log", "show", call.sid, "--json").stdout)["events"]
    said = next(request.form for request in call.requests if request.kind == "record-action")
    sids = {event["facts"]["sid"] for event in told if event["kind"] in ("message-left", "recorded")}
    assert sids == {said["RecordingSid"]}


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

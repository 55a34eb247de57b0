"""Who may not be known and leaves a message: somebody must have decided how long it is kept."""

from tests.schedule.files import EXAMPLE, SHORT, changed, schedule, warnings

DECIDED = ("  - {what: recordings, keep: 30 days, decision: KS-2026-0508, date: 2026-03-01}\n", "")
PRIVATE = ("    open: desk", "    privacy: hash\n    open: desk")
VOICEMAIL = ("{ring: [+46 31 390 06 10]}", "{ring: [+46 31 390 06 10], voicemail: yes}")
WARNING = (
    "line 9: units > centre > privacy: callers may leave a message at 'guard', and nobody has decided how long it is "
    "kept; expected 'recordings: 7 days', say, beside it"
)


def test_a_unit_without_callers_numbers_that_keeps_messages_for_ever_is_warned_of() -> None:
    assert warnings(changed(SHORT, PRIVATE, VOICEMAIL)) == [WARNING]


def test_a_message_may_be_left_on_the_way_of_the_open_unit_too() -> None:
    edits = PRIVATE, ("{ring: [+46 8 465 004 10], then: guard}", "{ring: [+46 8 465 004 10], voicemail: yes}")
    assert warnings(changed(SHORT, *edits)) == [WARNING.replace("'guard'", "'desk'")]


def test_what_is_decided_for_the_unit_or_for_all_is_enough() -> None:
    decided = ("    privacy: hash", "    privacy: hash\n    recordings: 7 days")
    assert warnings(changed(SHORT, PRIVATE, VOICEMAIL, decided)) == []
    about = "line 54: units > brottsofferstöd > privacy"
    assert not any(told.startswith(about) for told in warnings(EXAMPLE))
    assert any(told.startswith(about) for told in warnings(changed(EXAMPLE, DECIDED)))


def test_a_unit_that_takes_no_message_or_keeps_numbers_is_not_bothered() -> None:
    assert warnings(changed(SHORT, PRIVATE)) == []
    assert warnings(changed(SHORT, VOICEMAIL)) == []


def test_what_the_unit_says_is_read() -> None:
    text = changed(SHORT, ("    open: desk", "    recordings: 2 veckor\n    open: desk"))
    assert schedule(text).unit("centre").recordings_kept == "2 weeks"
    assert schedule(SHORT).unit("centre").recordings_kept is None

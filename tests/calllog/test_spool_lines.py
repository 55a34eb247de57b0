"""A line of the spool: what was kept, or nothing; never something else."""

import zlib
from dataclasses import replace

from callrouter.calllog.entry import Entry
from callrouter.calllog.spool_lines import as_line, entries_in
from callrouter.domain.phone import PhoneNumber
from callrouter.sealing import Sealer
from tests.calllog.told import CITIZEN, DIGITS, SEALER, arrival, poison, whole_story

STORY = Entry(tuple(whole_story()), CITIZEN, key="hash", forwarded_from=PhoneNumber("+46406280425"))


def read(lines: list[bytes], sealer: Sealer = SEALER) -> tuple[list[Entry], int]:
    """The entries, and how many lines are damaged."""
    entries, damaged = entries_in(lines, sealer)
    assert set(damaged) <= set(lines)
    assert [line for _, line in entries] == [line for line in lines if line in {line for _, line in entries}]
    return [entry for entry, _ in entries], len(damaged)


def test_what_goes_in_comes_out() -> None:
    entries = [STORY, arrival(number=None), poison()]
    assert read([as_line(entry, SEALER) for entry in entries], SEALER) == (entries, 0)


def test_odd_text_stays_on_its_line() -> None:
    odd = Entry((replace(STORY.events[0], call_id="CA\0\r\n\u2028\ud800å", facts={"\n": ["\r\n", "\0"]}),))
    line = as_line(odd, SEALER)
    assert line.count(b"\n") == 1
    assert read([line], SEALER) == ([odd], 0)


def test_the_number_cannot_be_read() -> None:
    line = as_line(STORY, SEALER)
    assert DIGITS not in line
    assert b"406280425" not in line


def test_a_line_from_before_it_was_told_who_forwarded_is_read() -> None:
    text = as_line(arrival(), SEALER).split(b" ", 1)[1].rstrip(b"\n").replace(b'"forwarded_from":null,', b"")
    assert b"forwarded_from" not in text
    assert read([b"%08x %s\n" % (zlib.crc32(text), text)], SEALER) == ([arrival()], 0)


def test_another_key_costs_the_number_not_the_events() -> None:
    entries, damaged = read([as_line(STORY, SEALER)], Sealer("another secret than the one that sealed it"))
    assert (entries, damaged) == ([Entry(STORY.events, None, "hash")], 1)


def test_a_byte_that_flipped_is_never_taken_for_the_truth() -> None:
    entry = arrival(number=None)
    line = as_line(entry, SEALER)
    for place in range(len(line) - 1):
        flipped = bytearray(line)
        flipped[place] ^= 0x04
        assert read([bytes(flipped)], SEALER) in (([], 1), ([entry], 0)), place  # 0x04 makes no other hex digit


def test_what_is_no_line_of_ours_is_damaged() -> None:
    lines = [b"\n", b"x\n", b"\xff\xfe\n", b"00000000 \n", b"{}\n", b"a3a6bf43 {}\n"]
    assert read(lines, SEALER) == ([], len(lines))

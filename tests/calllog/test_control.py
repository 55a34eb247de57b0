"""Overrides and blocks in both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog.control import (
    add_block,
    add_override,
    blocks,
    end_block,
    end_override,
    load_control,
    overrides,
)
from callrouter.calllog.database import Database
from callrouter.calllog.tables import OverrideRow
from callrouter.domain.control import Block, Control, Ending, Override
from callrouter.domain.span import Span
from callrouter.domain.words import State

AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPAN = Span(AT, AT + HOUR)
CLOSED = Override(0, "centre", SPAN, State.CLOSED, None, "Personalmöte å 'x'", "anna")
SENT = Override(0, "larm", SPAN, None, "security", "flytt", "bo")
BLOCK = Block(0, "centre", "c0ffee", "key-1", SPAN, "hot", "anna")


def kept(database: Database, *made: Override) -> list[Override]:
    """What was made, with the ids it got."""
    with database.writing() as connection:
        return [replace(each, id=add_override(connection, each)) for each in made]


def found(database: Database) -> list[Override]:
    with database.reading() as connection:
        return overrides(connection)


def test_at_first_nothing_is_decided_by_hand(database: Database) -> None:
    assert load_control(database, AT) == Control()


def test_what_is_added_is_found_under_numbers_that_grow(database: Database) -> None:
    made = kept(database, CLOSED, SENT)
    assert 0 < made[0].id < made[1].id
    with database.writing() as connection:
        number = add_block(connection, BLOCK)
    assert load_control(database, AT) == Control(tuple(made), (replace(BLOCK, id=number),))


def test_what_was_over_long_ago_is_not_loaded_but_listed(database: Database) -> None:
    over, lasting = kept(database, replace(CLOSED, span=Span(AT - 2 * HOUR, AT - HOUR)), CLOSED)
    with database.writing() as connection:
        add_block(connection, replace(BLOCK, span=Span(AT - 2 * HOUR, AT - HOUR)))
    assert load_control(database, AT - HOUR) == Control((lasting,))
    assert len(load_control(database, AT - 2 * HOUR).blocks) == 1
    assert found(database) == [over, lasting]


def test_ending_shortens_the_span_and_keeps_who_why_and_the_end_that_was_planned(database: Database) -> None:
    first, second = kept(database, CLOSED, CLOSED)
    at = AT + HOUR / 2
    with database.writing() as connection:
        assert end_override(connection, first.id, at, "bo", "mötet är slut")
    ended = replace(first, span=Span(AT, at), ended=Ending("bo", "mötet är slut", AT + HOUR))
    assert found(database) == [ended, second]


@pytest.mark.parametrize("late", [timedelta(0), HOUR])
def test_what_is_over_is_not_ended_again(database: Database, late: timedelta) -> None:
    (made,) = kept(database, CLOSED)
    with database.writing() as connection:
        assert not end_override(connection, made.id, AT + HOUR + late, "bo", None)
        assert not end_override(connection, made.id + 1, AT, "bo", None)
    assert found(database) == [made]


def test_of_two_who_end_the_same_one_the_first_did_it(database: Database) -> None:
    (made,) = kept(database, CLOSED)
    with database.writing() as connection:
        answers = [end_override(connection, made.id, AT, who, None) for who in ("anna", "bo")]
    assert answers == [True, False]
    assert [each.ended for each in found(database)] == [Ending("anna", None, AT + HOUR)]


def test_a_block_is_ended_without_a_word(database: Database) -> None:
    with database.writing() as connection:
        number = add_block(connection, BLOCK)
        assert end_block(connection, number, AT, "bo", None)
        assert not end_block(connection, number + 1, AT, "bo", None)
        (ended,) = blocks(connection)
    assert ended == replace(BLOCK, id=number, span=Span(AT, AT), ended=Ending("bo", None, AT + HOUR))


def test_a_word_of_a_later_release_takes_nothing_else_with_it(database: Database) -> None:
    strange, usual = kept(database, CLOSED, CLOSED)
    with database.writing() as connection:
        connection.execute(update(OverrideRow).where(OverrideRow.id == strange.id).values(state="maintenance"))
    assert load_control(database, AT).overrides == (replace(strange, state=None), usual)


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    without_end = replace(CLOSED, span=Span(AT))
    with pytest.raises(SQLAlchemyError):
        kept(database, CLOSED, without_end)
    assert found(database) == []

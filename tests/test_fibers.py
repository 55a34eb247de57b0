"""Fibers: requests that wait without a thread, woken by whoever sets their flag, or by time."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from threading import Event, Thread, get_ident
from typing import TypeVar
from weakref import ref

import pytest
from greenlet import getcurrent, greenlet

from callrouter.clock import monotonic
from callrouter.fibers import MOST_KEPT, Fibers, Flag
from tests import loops

PATIENCE_SECONDS = 10.0
_Result = TypeVar("_Result")


def in_a_loop(asked: Callable[[], Awaitable[_Result]]) -> _Result:
    async def all_of_it() -> _Result:
        return await asyncio.wait_for(asked(), PATIENCE_SECONDS)

    return loops.run(all_of_it())


def test_many_wait_in_one_thread_and_one_flag_wakes_them_all() -> None:
    flag, threads = Flag(), set()

    def waits() -> bool:
        threads.add(get_ident())
        return flag.wait(PATIENCE_SECONDS)

    async def many() -> tuple[int, list[bool]]:
        fibers = Fibers()
        waiting = [asyncio.ensure_future(fibers.run(waits)) for _ in range(100)]
        await asyncio.sleep(0)
        Thread(target=flag.set).start()
        return get_ident(), await asyncio.gather(*waiting)

    loop, woken = in_a_loop(many)
    assert woken == [True] * 100
    assert threads == {loop}


def test_one_that_waits_in_vain_goes_on_in_time_and_alone() -> None:
    never, soon = Flag(), Flag()

    async def two() -> tuple[bool, bool]:
        in_vain = asyncio.ensure_future(Fibers().run(never.wait, 0.01))
        other = asyncio.ensure_future(Fibers().run(soon.wait, PATIENCE_SECONDS))
        waited = await in_vain
        soon.set()
        return waited, await other

    assert in_a_loop(two) == (False, True)


def test_a_flag_that_is_set_late_wakes_nobody_a_second_time() -> None:
    flag, later, woken = Flag(), Flag(), []

    def waits_twice() -> None:
        woken.append(flag.wait(0.01))
        woken.append(later.wait(PATIENCE_SECONDS))

    async def asked() -> None:
        running = asyncio.ensure_future(Fibers().run(waits_twice))
        while not woken:  # noqa: ASYNC110 - what it waits for is no event of the loop
            await asyncio.sleep(0)
        flag.set()
        await asyncio.sleep(0.01)
        assert woken == [False]
        later.set()
        await running

    in_a_loop(asked)
    assert woken == [False, True]


def test_one_that_is_set_already_keeps_nobody_waiting() -> None:
    flag = Flag()
    flag.set()
    assert flag.wait(0)
    assert in_a_loop(lambda: Fibers().run(flag.wait, PATIENCE_SECONDS)) is True


def test_it_goes_on_to_its_end_when_whoever_asked_is_gone() -> None:
    flag, ended = Flag(), Event()

    def works() -> None:
        flag.wait(PATIENCE_SECONDS)
        ended.set()

    async def asked() -> None:
        running = asyncio.ensure_future(Fibers().run(works))
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not ended.is_set()
        flag.set()
        while not ended.is_set():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)

    in_a_loop(asked)
    assert ended.is_set()


def test_what_it_raises_is_raised_where_it_was_asked_for() -> None:
    flag = Flag()

    def breaks() -> None:
        flag.wait(0.01)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_a_loop(lambda: Fibers().run(breaks))


def test_each_has_the_context_of_whoever_asked() -> None:
    name: ContextVar[str] = ContextVar("name")
    flag = Flag()

    def told() -> str:
        flag.wait(PATIENCE_SECONDS)
        return name.get()

    async def asked() -> list[str]:
        fibers = Fibers()
        name.set("first")
        first = asyncio.ensure_future(fibers.run(told))
        await asyncio.sleep(0)
        name.set("second")
        second = asyncio.ensure_future(fibers.run(told))
        await asyncio.sleep(0)
        flag.set()
        both = [await first, await second]
        name.set("third, in a fiber that is used again")
        return [*both, await fibers.run(told)]

    assert in_a_loop(asked) == ["first", "second", "third, in a fiber that is used again"]


def test_some_are_kept_and_used_again() -> None:
    fibers, at_once = Fibers(), MOST_KEPT + 10

    def waits(flag: Flag) -> greenlet:
        flag.wait(PATIENCE_SECONDS)
        return getcurrent()

    async def many() -> set[greenlet]:
        flag = Flag()
        waiting = [asyncio.ensure_future(fibers.run(waits, flag)) for _ in range(at_once)]
        await asyncio.sleep(0)
        flag.set()
        return set(await asyncio.gather(*waiting))

    async def twice() -> tuple[set[greenlet], set[greenlet]]:
        return await many(), await many()

    first, then = in_a_loop(twice)
    assert len(first) == len(then) == at_once
    assert len(first & then) == MOST_KEPT


def test_one_that_is_kept_holds_nothing_of_what_it_did() -> None:
    class Asked: ...

    async def asked() -> Asked | None:
        fibers, what = Fibers(), Asked()
        await fibers.run(lambda _what: None, what)
        forgotten = ref(what)
        del what
        return forgotten()

    assert in_a_loop(asked) is None


def test_a_thread_waits_as_at_a_lock() -> None:
    flag = Flag()
    began = monotonic()
    assert not flag.wait(0.01)
    assert monotonic() - began >= 0.01
    Thread(target=flag.set).start()
    assert all(flag.wait(PATIENCE_SECONDS) for _ in range(3))

"""Coroutines run in a thread of their own: a browser of the same process holds the main loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine gives, run by a loop that ends with it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@dataclass(frozen=True)
class Loop:
    """A loop that goes on in a thread of its own; any thread may give it coroutines."""

    loop: asyncio.AbstractEventLoop
    ended: asyncio.Event

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Return what a coroutine gives; what it raises is raised here."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def end(self) -> None:
        """Let the loop end; tasks that are left are cancelled."""
        self.loop.call_soon_threadsafe(self.ended.set)


@contextmanager
def lasting() -> Iterator[Loop]:
    """Give a loop that lasts as long as the block."""
    begun: Future[Loop] = Future()

    async def last() -> None:
        loop = Loop(asyncio.get_running_loop(), asyncio.Event())
        begun.set_result(loop)
        await loop.ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(last()), daemon=True)
    thread.start()
    loop = begun.result()
    try:
        yield loop
    finally:
        loop.end()
        thread.join()

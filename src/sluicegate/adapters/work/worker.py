"""The worker of a node: one thread does jobs, another sends messages; both end when told."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

from sqlalchemy.exc import DBAPIError

from sluicegate.core.clock import Clock
from sluicegate.services.ports.store import Store

BEATS_PER_LEASE = 4
Stop = threading.Event


def worker_name() -> str:
    """Return a name that no other worker has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Heartbeat:
    """Renews a job's lease from a thread of its own while the job is under way.

    A step may take longer than the lease: a worker that lives keeps its job, one
    that died loses it.
    """

    store: Store
    worker: str
    lease: timedelta
    clock: Clock

    @contextmanager
    def __call__(self, job_id: str) -> Iterator[None]:
        """Renew the lease of a job while the context is open."""
        done = threading.Event()
        thread = threading.Thread(target=self._beat, args=(job_id, done), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _beat(self, job_id: str, done: threading.Event) -> None:
        every = self.lease.total_seconds() / BEATS_PER_LEASE
        while not done.wait(every):
            until = self.clock.now() + self.lease
            try:
                if not self.store.work.renew_job(job_id, self.worker, lease_until=until):
                    return
            except DBAPIError:
                # A long transaction holds the database; the next beat tries again.
                continue


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Give what is set when this process is asked to end: it then ends at the next step."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {one: signal.signal(one, ask) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@dataclass(frozen=True)
class Round:
    """Something done again and again: `work` says whether there was anything to do.

    After a round without work the thread rests for `rest_seconds`.
    """

    name: str
    work: Callable[[], bool]
    rest_seconds: float


def run_rounds(rounds: Sequence[Round], stop: Stop, *, is_once: bool = False) -> None:
    """Do rounds, each in its own thread, until told to stop.

    `is_once` ends each when it finds nothing more to do. A fault in one of them
    stops all and is raised here, so that whoever watches the worker starts it anew.
    """
    faults: list[BaseException] = []
    threads = [
        threading.Thread(target=_go_round, args=(one, stop, is_once, faults), name=one.name)
        for one in rounds
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        # Signals reach the main thread only while it does not block for good.
        while thread.is_alive():
            thread.join(0.2)
    if faults:
        raise faults[0]


def _go_round(one: Round, stop: Stop, is_once: bool, faults: list[BaseException]) -> None:
    try:
        while not stop.is_set():
            if one.work():
                continue
            if is_once:
                return
            stop.wait(one.rest_seconds)
    except BaseException as fault:
        faults.append(fault)
        stop.set()

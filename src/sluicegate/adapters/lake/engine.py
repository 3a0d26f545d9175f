"""A DuckDB connection of one intake: bounded memory, two or more threads, progress."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

MEMORY_LIMIT = "1200MB"
_PROGRESS_SECONDS = 0.2

Report = Callable[[float], None]
"""Told a share from 0 to 1; for display only."""


@contextmanager
def engine(scratch: Path, memory_limit: str = MEMORY_LIMIT) -> Iterator[Any]:
    """Open an in-memory engine that spills into a scratch folder."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET memory_limit = '{memory_limit}'")
        connection.execute("SET temp_directory = ?", [str(scratch)])
        yield connection
    finally:
        connection.close()


def run_watched(connection: Any, sql: str, report: Report | None) -> None:
    """Run a long statement; tell how far it is while it runs."""
    if report is None:
        connection.execute(sql)
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_PROGRESS_SECONDS):
            share = connection.query_progress()
            if share > 0:
                report(min(share / 100, 1.0))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        connection.execute(sql)
    finally:
        done.set()
        watcher.join()

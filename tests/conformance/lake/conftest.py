"""The engines that every test of the lake runs on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sluicegate.adapters.lake.usage_lake import DuckDbLake

OpenLake = Callable[[Path], DuckDbLake]


def _duckdb(folder: Path) -> DuckDbLake:
    return DuckDbLake(folder, threads=2, memory_limit="500MB")


ENGINES: dict[str, OpenLake] = {"duckdb": _duckdb}
"""Name → opener. A Spark engine joins here, with a mark for the service it needs."""


@pytest.fixture(params=sorted(ENGINES), scope="session")
def open_lake(request: pytest.FixtureRequest) -> OpenLake:
    """Return a function that opens a lake folder; the caller closes it."""
    return ENGINES[request.param]

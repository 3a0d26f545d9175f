"""One node with two organisations for the proofs of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from leak_calls import Calls
from leak_world import LeakWorld, leak_world


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as found:
        yield found


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeakWorld]:
    with leak_world(tmp_path_factory.mktemp("leaks")) as found:
        yield found


@pytest.fixture(scope="session")
def calls(world: LeakWorld, runner: asyncio.Runner) -> Iterator[Calls]:
    made = Calls(world, runner)
    yield made
    made.close()

"""One node with two organisations for the proofs of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from event_loops import Loop, lasting
from leak_calls import Calls
from leak_world import LeakWorld, leak_world


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    with lasting() as found:
        yield found


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeakWorld]:
    with leak_world(tmp_path_factory.mktemp("leaks")) as found:
        yield found


@pytest.fixture(scope="session")
def calls(world: LeakWorld, loop: Loop) -> Iterator[Calls]:
    made = Calls(world, loop)
    yield made
    made.close()

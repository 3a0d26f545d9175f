"""One API over one small node for the tests of its endpoints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from event_loops import Loop, lasting
from served_api import Caller, api_node, api_over
from sluicegate.api import Api, Rates
from sluicegate.wiring import OpenNode
from sluicegate.wiring.http import Rate

UNHURRIED = Rates(Rate(100_000, 100_000), Rate(100_000, 100_000), Rate(100_000, 100_000))


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    with lasting() as found:
        yield found


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNode]:
    with api_node(tmp_path_factory.mktemp("api")) as found:
        yield found


@pytest.fixture(scope="session")
def api(node: OpenNode) -> Api:
    return api_over(node, rates=UNHURRIED)


@pytest.fixture(scope="session")
def caller(api: Api, loop: Loop) -> Caller:
    return Caller(api, loop)

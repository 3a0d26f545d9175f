"""One API over one small node for the tests of its endpoints."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

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


@pytest.fixture(scope="session")
def address(api: Api) -> Iterator[str]:
    """Where the API listens while the tests run."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(api, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    waited = time.monotonic() + 20
    while not server.started and time.monotonic() < waited:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    listening.close()

"""How long one `ask` takes over HTTP, against a bare endpoint of the same server.

A copy of a node is served on loopback by one process, with real tokens and the
shipped policies. Another process sends requests at a fixed rate, each on its
own time whether or not the one before is answered, and notes how long each
took from the moment it was due. The control is an endpoint that answers `{}`
through the same server at the same rate, in turn with `ask`. Exits 1 when the
95th percentile of `ask` is above the limit, unless --small.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

from sluicegate.cli.demo import run_demo

CUSTOMERS = 400
"""Customers of the demo that is served where no node is named."""
LIMIT_MS = 25.0
ASK = "/v1/ask/eu_systemic_risk"
BODY = {
    "facts": {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"},
    "as_of": "2025-09-01",
}


def free_port() -> int:
    """Return a loopback port that nothing listens at now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def serve(folder: str, port: int, channel: Any) -> None:
    """Serve a node, and a bare endpoint beside it; send a token when ready."""
    import uvicorn
    from joserfc.jwk import ECKey
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    from sluicegate.cli.serve import served_application
    from sluicegate.services.ports.identity import Rights
    from sluicegate.wiring import opened
    from sluicegate.wiring.identity import identity_of, operator_desk

    async def nothing(_request: Any) -> JSONResponse:
        return JSONResponse({})

    here = f"http://127.0.0.1:{port}"
    bare = Starlette(routes=[Route("/bare", nothing, methods=["POST"])])
    with opened(Path(folder)) as node:
        key = ECKey.generate_key("P-256")
        identity = identity_of(node, base_url=here)
        client = identity.add_client(
            operator_desk(node),
            "benchmark",
            json.dumps(key.as_dict(private=False)),
            Rights(roles=frozenset({"analyst"})),
        )
        channel.send((client.id, json.dumps(key.as_dict(private=True))))
        app = served_application(node, here=here, is_proxied=False)

        async def joined(scope: Any, receive: Any, send: Any) -> None:
            chosen = bare if scope.get("path") == "/bare" else app
            await chosen(scope, receive, send)

        config = uvicorn.Config(joined, port=port, lifespan="off", log_level="error")
        uvicorn.Server(config).run()


def token_of(address: str, client: str, key: str) -> str:
    """Exchange a signed assertion for a token, as a machine does."""
    import secrets

    from joserfc import jwt
    from joserfc.jwk import ECKey

    now = int(time.time())
    claims = {
        "iss": client,
        "sub": client,
        "aud": f"{address}/oauth/token",
        "exp": now + 120,
        "jti": secrets.token_hex(16),
    }
    assertion = jwt.encode({"alg": "ES256"}, claims, ECKey.import_key(json.loads(key)))
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    for _ in range(100):
        try:
            got = httpx.post(f"{address}/oauth/token", data=form)
        except httpx.ConnectError:
            time.sleep(0.2)
            continue
        got.raise_for_status()
        return str(got.json()["access_token"])
    raise TimeoutError("the node did not start")


async def measure(
    client: httpx.AsyncClient, path: str, rate: int, seconds: int
) -> tuple[list[float], int]:
    """Send requests at a rate; return the milliseconds of each, and how many failed."""
    took: list[float] = []
    failed = 0

    async def one(due: float) -> None:
        nonlocal failed
        got = await client.post(path, json=BODY)
        took.append((time.perf_counter() - due) * 1000)
        failed += got.status_code != 200

    start = time.perf_counter() + 0.1
    tasks = []
    for number in range(rate * seconds):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    return took, failed


def told(name: str, took: list[float], failed: int) -> float:
    """Print the percentiles of one series; return the 95th."""
    cuts = quantiles(took, n=100)
    print(
        f"{name:8} p50 {cuts[49]:7.2f} ms  p95 {cuts[94]:7.2f} ms  p99 {cuts[98]:7.2f} ms  "
        f"{len(took)} requests, {failed} failed"
    )
    return cuts[94]


async def run(address: str, token: str, rate: int, seconds: int, rounds: int) -> float:
    """Measure control and `ask` in turn; return the median of the 95th percentiles of `ask`."""
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=50)
    headers = {"Authorization": f"Bearer {token}"}
    found = []
    async with httpx.AsyncClient(
        base_url=address, headers=headers, limits=limits, timeout=30
    ) as client:
        await measure(client, ASK, rate, 1)
        await measure(client, "/bare", rate, 1)
        for _ in range(rounds):
            told("control", *await measure(client, "/bare", rate, seconds))
            found.append(told("ask", *await measure(client, ASK, rate, seconds)))
    return sorted(found)[len(found) // 2]


def main() -> int:
    """Serve, measure and say what was found."""
    import fastapi
    import uvicorn

    import sluicegate

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node", type=Path, help="a node, a copy is served; else a small demo")
    parser.add_argument("--rate", type=int, default=100, help="requests a second")
    parser.add_argument("--seconds", type=int, default=20, help="length of each series")
    parser.add_argument("--rounds", type=int, default=3, help="series of each kind")
    parser.add_argument("--small", action="store_true", help="one short round, no verdict")
    given = parser.parse_args()
    seconds, rounds = (3, 1) if given.small else (given.seconds, given.rounds)
    print(
        f"sluicegate {sluicegate.__version__}, Python {platform.python_version()}, "
        f"FastAPI {fastapi.__version__}, uvicorn {uvicorn.__version__}, {platform.machine()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {given.rate} requests/s"
    )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "node"
        if given.node is None:
            run_demo(copy, seed=1, customers=CUSTOMERS)
        else:
            shutil.copytree(given.node, copy)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        here, there = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(
            target=serve, args=(str(copy), port, there), daemon=True
        )
        server.start()
        try:
            token = token_of(address, *here.recv())
            p95 = asyncio.run(run(address, token, given.rate, seconds, rounds))
        finally:
            server.terminate()
            server.join(10)
    print(f"median p95 of ask {p95:.2f} ms, limit {LIMIT_MS} ms")
    return 1 if p95 > LIMIT_MS and not given.small else 0


if __name__ == "__main__":
    sys.exit(main())

"""`sluicegate serve`: the console and the API of a node."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sluicegate.cli.output import HERE, Exit, NodeOption, leave, say
from sluicegate.cli.working import node_at

if TYPE_CHECKING:
    from sluicegate.wiring import OpenNode

PORT = 8400
THREADS = 12
"""Requests that wait for the store at once; a database takes no more at a time."""

_GRACE_SECONDS = 10

App = Callable[[Any, Any, Any], Awaitable[None]]


def serve(
    node: NodeOption = HERE,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port.")] = PORT,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="A proxy in front of the node brings https."),
    ] = False,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Also do the node's long work.")
    ] = True,
) -> None:
    """Serve a node: the console in a browser, and the API below /v1.

    It listens on this machine alone. For others it needs https: set public_url
    under [serve] and let a proxy bring it, or say --behind-proxy.

    Example: sluicegate serve --node my-node
    """
    with node_at(node) as opened:
        settings = opened.node.settings
        is_public = (settings.public_url or "").startswith("https://")
        if not _is_loopback(host) and not is_public and not behind_proxy:
            leave(
                Exit.USAGE,
                f"--host {host}: others would reach the node without https; set public_url under "
                "[serve] to its https address, or say --behind-proxy",
            )
        here = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        app = served_application(opened, here=here, is_proxied=behind_proxy or is_public)
        handle = _worker(node) if worker else None
        say(f"console and API: {settings.public_url or here} (end with Ctrl-C)")
        try:
            asyncio.run(_run(app, host, port, is_proxied=behind_proxy or is_public))
        finally:
            if handle is not None:
                handle.stop()


def served_application(node: OpenNode, *, here: str, is_proxied: bool) -> App:
    """Return the console and the API of an open node as one ASGI application.

    `here` is the address of the node where no `public_url` is set.
    """
    from sluicegate import api, web
    from sluicegate.wiring import NodeError
    from sluicegate.wiring.serving import served_of

    try:
        served = served_of(node, base_url=node.node.settings.public_url or here)
    except NodeError as error:
        leave(Exit.USAGE, str(error))
    parts = api.Parts(served, served.identities, is_loopback_trusted=not is_proxied)
    machines = api.application(parts)
    people = parts.metrics.wrap(web.application(served))

    async def joined(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        chosen = machines if api.takes(scope["path"]) else people
        await chosen(scope, receive, send)

    return joined


def _worker(node: Path) -> Any:
    from sluicegate.wiring.work import start_worker

    return start_worker(node)


async def _run(app: App, host: str, port: int, *, is_proxied: bool) -> None:
    import anyio.to_thread
    import uvicorn

    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",
        server_header=False,
        access_log=False,
        log_level="warning",
        proxy_headers=is_proxied,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # The rules and templates stay: looking for garbage among them costs a request 0.1 s and more.
    gc.collect()
    gc.freeze()
    await uvicorn.Server(config).serve()


def _is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address.

    >>> _is_loopback("127.0.0.1"), _is_loopback("::1"), _is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

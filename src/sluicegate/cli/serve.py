"""`sluicegate serve`: the console and the API of a node."""

from __future__ import annotations

import asyncio
import errno
import gc
import ipaddress
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

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
    try:
        with _ended_by_signals():
            _serve(node, host, port, behind_proxy=behind_proxy, has_worker=worker)
    except KeyboardInterrupt:
        say("stopped")


def _serve(node: Path, host: str, port: int, *, behind_proxy: bool, has_worker: bool) -> None:
    with node_at(node) as opened:
        settings = opened.node.settings
        is_public = (settings.public_url or "").startswith("https://")
        if not _is_loopback(host) and not is_public and not behind_proxy:
            leave(
                Exit.USAGE,
                f"--host {host}: others would reach the node without https; set public_url under "
                "[serve] to its https address, or say --behind-proxy",
            )
        with _bound(host, port) as place:
            here = f"http://{f'[{host}]' if ':' in host else host}:{place.getsockname()[1]}"
            is_proxied = behind_proxy or is_public
            app = served_application(opened, here=here, is_proxied=is_proxied)
            told = f"console and API: {settings.public_url or here} (end with Ctrl-C)"
            handle = _worker(node) if has_worker else None
            try:
                asyncio.run(_run(app, place, told, is_proxied=is_proxied))
            except OSError as error:
                _leave_taken(host, port, error)
            finally:
                _stop(handle)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let whoever ends or hangs up this process end it as Ctrl-C does: the worker ends too."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket at an address; one that cannot be had ends the command with the reason."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        place = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        leave(Exit.USAGE, f"--host {host}: is no address of this machine: {error}")
    with place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind(address)
        except OSError as error:
            _leave_taken(host, port, error)
        yield place


def _leave_taken(host: str, port: int, error: OSError) -> NoReturn:
    if error.errno == errno.EADDRINUSE:
        leave(
            Exit.USAGE,
            f"--port {port}: another program listens at {host} already; end it, or give another "
            "port, e.g. --port 0 for any that is free",
        )
    leave(Exit.USAGE, f"--host {host} --port {port}: cannot be used: {error.strerror or error}")


def _stop(handle: Any) -> None:
    """End the worker: at its next step, or at once when asked again."""
    if handle is None:
        return
    try:
        handle.stop()
    except KeyboardInterrupt:
        handle.stop(patience=0)


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
    parts = api.Parts.of(served, is_loopback_trusted=not is_proxied)
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


async def _run(app: App, place: socket.socket, told: str, *, is_proxied: bool) -> None:
    """Serve until told to end; what is told people is said once requests are taken."""
    import anyio.to_thread
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                say(told)

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Take a hang-up for an end too: one raised inside the loop could be lost there."""

            def end(_signal: int, frame: FrameType | None) -> None:
                self.handle_exit(signal.SIGTERM, frame)

            before = signal.signal(signal.SIGHUP, end)
            try:
                with super().capture_signals():
                    yield
            finally:
                signal.signal(signal.SIGHUP, before)

    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    config = uvicorn.Config(
        app,
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
    try:
        await Server(config).serve(sockets=[place])
    finally:
        gc.unfreeze()  # what is never freed an engine would complain of at the end


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

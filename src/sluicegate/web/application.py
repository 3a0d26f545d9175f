"""The console: every page under one application, which `sluicegate serve` puts at the root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sluicegate.web.assets import served_assets
from sluicegate.web.pages import NAV, PAGES
from sluicegate.web.problems import Problem, problem_of, problem_page
from sluicegate.web.routing import Console
from sluicegate.web.security import harden
from sluicegate.wiring.http import Buckets, Rate
from sluicegate.wiring.serving import Served

_FOREVER = "public, max-age=31536000, immutable"
_SIGN_INS_A_SECOND = 1
"""Of one address, beside those that may come at once: each costs some tenths of a second."""

ErrorHandler = Callable[[Request, Exception], Awaitable[Response]]


def application(served: Served) -> ASGIApp:
    """Return the console of a node as an ASGI application."""
    paces = Buckets(Rate(_SIGN_INS_A_SECOND, 3 * served.settings.address_rate))
    console = Console(served, NAV, paces)
    routes = [console.route(one) for one in PAGES]
    routes.append(Route("/static/{name}", _static, name="static"))
    made = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _known(console), Exception: _broken(console)},
    )
    return Hardened(made, is_https=served.is_https)


async def _static(request: Request) -> Response:
    """Answer with a file that never changes under its name."""
    asset = served_assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _FOREVER})


def _known(console: Console) -> ErrorHandler:
    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return problem_page(console.visit(request), problem_of(status))

    return answer


def _broken(console: Console) -> ErrorHandler:
    async def answer(request: Request, _error: Exception) -> Response:
        return problem_page(console.visit(request), Problem.BROKEN)

    return answer


class Hardened:
    """Puts the safe headers on every answer, also on one that went wrong."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_static = scope["path"].startswith("/static/")

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                response = Response(status_code=message["status"])
                response.raw_headers = list(message["headers"])
                harden(response, is_https=self._is_https, is_static=is_static)
                message = {**message, "headers": response.raw_headers}
            await send(message)

        await self._app(scope, receive, hardened)

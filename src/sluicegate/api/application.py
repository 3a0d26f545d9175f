"""The API as one ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from fastapi import FastAPI, Request, Response

from sluicegate.api.gates import RateGate, TokenGate
from sluicegate.api.models.common import Problem
from sluicegate.api.openapi import describe
from sluicegate.api.parts import Parts
from sluicegate.api.problems import install
from sluicegate.api.routes import ROUTERS
from sluicegate.api.routing import STREAMED
from sluicegate.core.exact import dump_json
from sluicegate.wiring.http import App, BodyGuard, BodyLimits, Headers, Receive, Scope, Send

PREFIXES = ("/v1", "/oauth", "/health", "/metrics", "/problems")
"""Where the API answers; the rest of a node's addresses belongs to the console."""


@dataclass(frozen=True)
class Api:
    """The API of a served node: an ASGI application, and its FastAPI part for those who look."""

    app: App
    routes: FastAPI
    parts: Parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.app(scope, receive, send)


def application(parts: Parts) -> Api:
    """Return the API of a node, with everything that stands before it."""
    routes = make_routes()
    routes.state.parts = parts
    app: App = cast("App", routes)
    app = RateGate(app, parts)
    app = TokenGate(app, parts)
    app = BodyGuard(app, parts.limits, upload_limits(parts.limits))
    app = Headers(app, is_https=parts.served.is_https)
    return Api(parts.metrics.wrap(app), routes, parts)


def make_routes() -> FastAPI:
    """Return the endpoints alone; the OpenAPI document needs no node."""
    routes = FastAPI(
        title="Sluicegate",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    install(routes)
    for router in ROUTERS:
        routes.include_router(
            router, responses={"default": {"model": Problem, "description": "A problem."}}
        )
    document = lru_cache(maxsize=1)(lambda: dump_json(describe(routes)).encode())

    async def openapi_document(_request: Request) -> Response:
        return Response(document(), media_type="application/json")

    endpoint: Callable[[Request], Awaitable[Response]] = openapi_document
    routes.add_route("/v1/openapi.json", cast("Any", endpoint), include_in_schema=False)
    return routes


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document; it needs no node."""
    return describe(make_routes())


def takes(path: str) -> bool:
    """Say whether an address belongs to the API.

    >>> takes("/v1/cases"), takes("/v1"), takes("/v1x"), takes("/cases")
    (True, True, False, False)
    """
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)


def upload_limits(limits: BodyLimits) -> Callable[[Scope], int | None]:
    """Return what says how many bytes an address takes that reads its body as it comes."""
    shapes = [path.strip("/").split("/") for path in STREAMED]

    def limit_of(scope: Scope) -> int | None:
        if scope["method"] != "POST":
            return None
        given = scope["path"].strip("/").split("/")
        for shape in shapes:
            if len(shape) == len(given) and all(
                part.startswith("{") or part == own for part, own in zip(shape, given, strict=True)
            ):
                return limits.bulk_bytes if shape[-1] == "many" else limits.upload_bytes
        return None

    return limit_of

"""The OpenAPI document: FastAPI's, with the scheme of tokens, problems and examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from sluicegate import __version__
from sluicegate.api.examples import EXAMPLES
from sluicegate.api.routes import ROUTERS
from sluicegate.api.routing import ChangingRoute
from sluicegate.wiring.http import PROBLEM_MEDIA_TYPE

OPEN = frozenset({"health_live", "health_ready", "metrics", "token", "get_problem"})
"""Operations that ask for no token."""

DESCRIPTION = """\
Everything that `sluicegate` can do, for machines. Figures of compute are exact decimal text.
Errors are problem documents (RFC 9457) whose `type` never changes. A request that changes
something takes an `Idempotency-Key`; a single thing has a strong `ETag`; a list has a cursor.
"""

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "With the same key and body the answer is given again; nothing is done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def describe(routes: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all endpoints."""
    found = get_openapi(
        title="Sluicegate",
        version=__version__,
        description=DESCRIPTION,
        routes=routes.routes,
        tags=[{"name": name} for name in _tags()],
    )
    found["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    changing = _changing()
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(operation, changing=(path, method) in changing)
    _drop_unused(found)
    whole: dict[str, Any] = _whole(found)
    return whole


def _whole(value: Any) -> Any:
    """Return a document whose limits are whole numbers; FastAPI makes them floats."""
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) else value


def _routes() -> Iterator[APIRoute]:
    for router in ROUTERS:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def _tags() -> list[str]:
    return list(dict.fromkeys(str(tag) for route in _routes() for tag in route.tags))


def _changing() -> set[tuple[str, str]]:
    return {
        (route.path_format, method.lower())
        for route in _routes()
        if isinstance(route, ChangingRoute)
        for method in route.methods or ()
    }


def _complete(operation: dict[str, Any], *, changing: bool) -> None:
    name = operation["operationId"]
    if name not in OPEN:
        operation["security"] = [{"token": []}]
    if changing:
        operation.setdefault("parameters", []).append(_KEY)
    operation["responses"].pop("422", None)
    problem = operation["responses"].get("default")
    if problem is not None:
        schema = problem["content"].pop("application/json")["schema"]
        problem["content"] = {PROBLEM_MEDIA_TYPE: {"schema": schema}}
    example = EXAMPLES.get(name)
    if example is None:
        return
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.values:
            parameter["example"] = example.values[parameter["name"]]
    if example.body is not None:
        for content in operation["requestBody"]["content"].values():
            content["example"] = example.body


def _drop_unused(found: dict[str, Any]) -> None:
    """Leave out schemas that nothing refers to."""
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    while left := set(schemas) - set(_named(found)):
        for name in left:
            del schemas[name]


def _named(value: Any) -> Iterator[str]:
    """Yield the names of schemas to which a part of the document refers."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        for one in value.values():
            yield from _named(one)
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)

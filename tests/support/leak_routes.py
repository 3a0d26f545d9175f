"""Every route of the API and the console, and how it is called.

Routes are walked from the applications; the tables only say how each is called.
A route that they do not know fails the matrix with the words to add it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.routing import Route

from leak_api_routes import API, API_OF_CASES, API_OF_RULES, API_OF_SETTINGS
from leak_console_routes import CONSOLE
from leak_hows import How, RouteId
from leak_kyc_routes import API_OF_KYC
from leak_lab_routes import API_OF_LAB
from leak_lineage_routes import API_OF_LINEAGES
from sluicegate.api.application import make_routes
from sluicegate.web.pages import PAGES


def walked() -> Iterator[RouteId]:
    """Yield every route of both applications, found by walking their routers."""
    for path, methods in _api(make_routes().routes):
        for method in methods:
            yield RouteId("API", method, path)
    for page in PAGES:
        yield RouteId("console", "POST" if page.is_post else "GET", page.path)
    yield RouteId("console", "GET", "/static/{name}")


def _api(routes: Any) -> Iterator[tuple[str, list[str]]]:
    for one in routes:
        inner = getattr(one, "original_router", None) or (
            one if getattr(one, "routes", None) and not isinstance(one, Route) else None
        )
        if inner is not None:
            yield from _api(inner.routes)
        else:
            yield one.path, sorted(set(one.methods or ()) - {"HEAD"})


EVERY: Mapping[str, Mapping[str, How]] = {
    "API": {
        **API,
        **API_OF_SETTINGS,
        **API_OF_RULES,
        **API_OF_CASES,
        **API_OF_KYC,
        **API_OF_LAB,
        **API_OF_LINEAGES,
    },
    "console": CONSOLE,
}
"""Face → all entries."""


def entries(route: RouteId) -> Mapping[str, How]:
    """Return the entries of a route by their whole names: its own, and its variants."""
    table = EVERY[route.face]
    name = f"{route.method} {route.path}"
    return {key: how for key, how in table.items() if key == name or key.startswith(f"{name}: ")}

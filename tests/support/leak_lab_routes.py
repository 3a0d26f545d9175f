"""How the routes of the policy lab are called, and what they need."""

from __future__ import annotations

from collections.abc import Mapping

from leak_hows import How
from sluicegate.services.access.actions import Action

A = Action

_OF_RUNS = (A.RUN_READ,)
_TABLE = b"name,developers,published,flop\nAlder 1,Example Labs,2026-01-02,1.5e25\n"
_TRY = {"data": "registry", "threshold": "1e25", "as_of": "2026-06-30"}
_FORECAST = {"data": "registry", "threshold": "1e25", "set": "last_fit_year=2026"}
_MOVING = {"rule": "=us.eccn_4e091.control_level"}
_OF_REGISTRY = {"data": "registry"}
_ABOUT = {
    "file": "own.csv",
    "name": "own-models",
    "known_on": "2026-01-31",
    "source": "Example Institute",
}

API_OF_LAB: Mapping[str, How] = {
    "GET /v1/lab/data": How(A.LAB_READ),
    "GET /v1/lab/data/{name}": How(A.LAB_READ, then=_OF_RUNS, path={"name": "=registry"}),
    "POST /v1/lab/data": How(A.LAB_LOAD, good=(201,), query=_ABOUT, content=_TABLE),
    "GET /v1/lab/threshold": How(A.LAB_READ, then=_OF_RUNS, query=_TRY),
    "GET /v1/lab/threshold/picture": How(A.LAB_READ, then=_OF_RUNS, query=_TRY),
    "GET /v1/lab/scenarios": How(A.LAB_READ),
    "GET /v1/lab/forecast": How(A.LAB_READ, then=_OF_RUNS, query=_FORECAST),
    "GET /v1/lab/forecast/picture": How(A.LAB_READ, then=_OF_RUNS, query=_FORECAST),
    "GET /v1/lab/moving": How(A.LAB_READ, then=_OF_RUNS, query=_OF_REGISTRY),
    "GET /v1/lab/moving/{rule}": How(A.LAB_READ, path=_MOVING),
    "GET /v1/lab/moving/{rule}/value": How(
        A.LAB_READ, then=_OF_RUNS, path=_MOVING, query=_OF_REGISTRY
    ),
    "GET /v1/lab/moving/{rule}/series": How(
        A.LAB_READ, then=_OF_RUNS, path=_MOVING, query=_OF_REGISTRY
    ),
}
"""Routes of the API of the policy lab."""

CONSOLE_OF_LAB: Mapping[str, How] = {
    "GET /lab": How(A.LAB_READ),
    "GET /lab/options.csv": How(A.LAB_READ, then=_OF_RUNS, query=_TRY),
    "GET /lab/options.json": How(A.LAB_READ, then=_OF_RUNS, query=_TRY),
    "GET /lab/options.svg": How(A.LAB_READ, then=_OF_RUNS, query=_TRY),
    "GET /lab/data": How(A.LAB_READ),
    "POST /lab/data": How(A.LAB_LOAD, good=(422,), form={"name": "own-models"}),
    "GET /lab/forecast": How(A.LAB_READ),
    "GET /lab/forecast.csv": How(A.LAB_READ, then=_OF_RUNS, query=_FORECAST),
    "GET /lab/forecast.json": How(A.LAB_READ, then=_OF_RUNS, query=_FORECAST),
    "GET /lab/forecast.svg": How(A.LAB_READ, then=_OF_RUNS, query=_FORECAST),
    "GET /lab/moving": How(A.LAB_READ, then=_OF_RUNS, query=_OF_REGISTRY),
    "GET /lab/moving/{rule}": How(A.LAB_READ, then=_OF_RUNS, path=_MOVING, query=_OF_REGISTRY),
    "GET /lab/moving/{rule}/series.json": How(
        A.LAB_READ, then=_OF_RUNS, path=_MOVING, query=_OF_REGISTRY
    ),
    "GET /lab/moving/{rule}/series.svg": How(
        A.LAB_READ, then=_OF_RUNS, path=_MOVING, query=_OF_REGISTRY
    ),
}
"""Pages of the policy lab."""

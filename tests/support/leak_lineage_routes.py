"""How the pages and routes of the API about lineages are called, and what is planted for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kept_lineages import keep_lineage, lineage_json, student
from leak_hows import How
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk

A = Action

LINEAGE_NOT_THERE = {"lineage": "ln-0000000000000000"}
"""Kind → an id that nothing has."""

_TARGET = {"target": "student_1"}
_NODE = {"id": "student_1"}
_STATED = {
    "kind": "independence",
    "cause": "teacher_run_1",
    "target": "student_1",
    "reason": "another cluster",
    "evidence": "a log",
}

_API_STATED = {
    "statement": "independence",
    **{name: text for name, text in _STATED.items() if name != "kind"},
}
_API_WITHDRAWN = {name: text for name, text in _API_STATED.items() if name != "evidence"}

CONSOLE_LINEAGES: Mapping[str, How] = {
    "GET /lineages": How(A.LINEAGE_READ),
    "POST /lineages": How(A.LINEAGE_WRITE, good=(403, 422), form={}),
    "GET /lineages/account": How(A.LINEAGE_READ),
    "POST /lineages/account": How(
        A.LINEAGE_READ,
        form={"text": '{"nodes": [{"id": "m", "kind": "model", "flop": "1"}], "edges": []}'},
    ),
    "GET /lineages/{lineage}": How(A.LINEAGE_READ, on="lineage"),
    "GET /lineages/{lineage}/target": How(A.LINEAGE_READ, on="lineage", query=_NODE),
    "GET /lineages/{lineage}/compare": How(A.LINEAGE_READ, on="lineage", query=_NODE),
    "POST /lineages/{lineage}/statements": How(
        A.LINEAGE_WRITE, on="lineage", good=(303,), form=_STATED
    ),
    "POST /lineages/{lineage}/statements/end": How(
        A.LINEAGE_WRITE, on="lineage", good=(303, 422), form=_STATED
    ),
}

_OF = "/v1/lineages/{lineage}"
_BODY = lineage_json(student())

API_OF_LINEAGES: Mapping[str, How] = {
    "GET /v1/lineages": How(A.LINEAGE_READ),
    "POST /v1/lineages/import": How(
        A.LINEAGE_WRITE, good=(202,), query={"name": "a.json"}, content=_BODY
    ),
    "POST /v1/lineages/account": How(A.LINEAGE_READ, query=_TARGET, content=_BODY),
    f"GET {_OF}": How(A.LINEAGE_READ, on="lineage"),
    f"GET {_OF}/document": How(A.LINEAGE_READ, on="lineage"),
    f"GET {_OF}/accounts": How(A.LINEAGE_READ, on="lineage", query=_TARGET),
    f"GET {_OF}/compare": How(A.LINEAGE_READ, on="lineage", query=_TARGET),
    f"GET {_OF}/unknowns": How(A.LINEAGE_READ, on="lineage", query=_TARGET),
    f"GET {_OF}/what-if": How(A.LINEAGE_READ, on="lineage", query=_TARGET),
    f"GET {_OF}/picture": How(A.LINEAGE_READ, on="lineage", query=_TARGET),
    f"GET {_OF}/tree": How(A.LINEAGE_READ, on="lineage", query=_TARGET),
    f"POST {_OF}/statements": How(A.LINEAGE_WRITE, on="lineage", good=(200, 409), json=_API_STATED),
    f"POST {_OF}/statements/withdraw": How(
        A.LINEAGE_WRITE, on="lineage", good=(200, 409), json=_API_WITHDRAWN
    ),
}


def add_lineages(
    officer: Desk, plant: Callable[[str], str], put: Callable[[str, str, Resource], None]
) -> None:
    """Keep a lineage whose names are secrets of its tenant."""
    lineage = student()
    nodes = tuple(replace(node, label=plant(f"node {node.id}")) for node in lineage.nodes)
    name = plant("lineage").replace("/", "-")
    identifier = keep_lineage(officer, replace(lineage, nodes=nodes), name)
    put("lineage", identifier, Resource("lineage", officer.principal.tenant, identifier))

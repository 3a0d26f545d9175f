"""Random lineages for the second reading, each from its number alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

KINDS = ("run", "model", "data", "output", "human", "other")
ROLES = (
    *("base", "finetune", "student", "data_preparation", "data_preparation_for_finetune"),
    *("teacher_training", "teacher_training", "synthetic_data_generation"),
    *("synthetic_data_generation", "discarded_trial_human_judged", "discarded_trial_automatic"),
)
GENERATOR_ROLES = ("base", *("teacher_training", "synthetic_data_generation") * 3)
GENERATOR_SHARES = (0.05, 0.06, 0.1, "0.100001", 0.3, 0.4)
RULES = ("kthf", "us_4e091", "sb53", "raise", "eu_ai_act")
FIGURES = ("1.31e26", "131000000000000000000000000", 10**25, "2.5e24", "1e25", "0", "7")
SHARES = (0.03, 0.05, 0.0999999, 0.1, 0.10000001, 0.07, "0.2", "1e-1", 0.6, 0, 1)
SECONDS = (1, 3, "0.7", "1e-3", 86400, 2.5)
FAULTS = ("cycle", "self", "dangling", "duplicate", "negative", "target")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a lineage is drawn to show: by roles or by causes alone, many generators or few."""

    has_roles: bool
    many_generators: bool


def drawn(number: int) -> dict[str, Any]:
    """Return a lineage without faults; its nodes and edges stand in no order."""
    draw = random.Random(f"lineage {number}")
    has_roles = draw.random() < 0.8
    kind = Kind(has_roles, has_roles and draw.random() < 0.4)
    sizes = (8, 16) if kind.many_generators else (2, 13)
    ids = [f"n{place}" for place in range(draw.randint(*sizes))]
    nodes = [_node(draw, name, kind) for name in ids]
    edges = _edges(draw, ids, draw.uniform(0.4, 0.7) if kind.many_generators else None)
    queries = [_query(draw, ids, kind) for _ in range(draw.randint(2, 6))]
    draw.shuffle(nodes)
    draw.shuffle(edges)
    return {"nodes": nodes, "edges": edges, "queries": queries}


def with_fault(number: int) -> tuple[dict[str, Any], str]:
    """Return a lineage with a fault planted in it, and which."""
    draw = random.Random(f"fault {number}")
    document = drawn(number)
    nodes, edges = document["nodes"], document["edges"]
    ids = [node["id"] for node in nodes]
    fault = FAULTS[number % len(FAULTS)]
    if fault == "cycle":
        around = draw.sample(ids, draw.randint(2, len(ids)))
        closed = zip(around, [*around[1:], around[0]], strict=True)
        ways: list[dict[str, Any]] = [{"from": cause, "to": effect} for cause, effect in closed]
        # A cycle is one over the edges as given, be they cut or not.
        ways[0]["human_substantial_change"] = draw.random() < 0.5
        edges.extend(ways)
        draw.shuffle(edges)
    elif fault == "self":
        edges.append({"from": ids[0], "to": ids[0]})
    elif fault == "dangling":
        end = draw.choice(("from", "to"))
        other = "to" if end == "from" else "from"
        edges.insert(draw.randint(0, len(edges)), {end: "nobody", other: draw.choice(ids)})
    elif fault == "duplicate":
        nodes.append({**draw.choice(nodes), "label": "again"})
        draw.shuffle(nodes)
    elif fault == "negative":
        field = draw.choice(("flop", "flop_low", "flop_high"))
        draw.choice(nodes).update({"flop": "5", field: draw.choice(("-1", -3, "-1e20"))})
    else:
        document["queries"][0] |= {"target": "nobody", "quantity": "training_compute"}
    return document, {"self": "cycle", "target": "dangling"}.get(fault, fault)


def _node(draw: random.Random, name: str, kind: Kind) -> dict[str, Any]:
    node: dict[str, Any] = {"id": name, "kind": draw.choice(KINDS)}
    if draw.random() < 0.3:
        # What names a node or dates it joins it to nothing.
        day = draw.choice(("2025-11-03", "2026-02-28", "2026-07-01"))
        node |= {"label": "one", "developer": "Lasius AI (invented)", "date": day}
    if draw.random() < (0.05 if kind.many_generators else 0.15):
        node["discarded_by"] = draw.choice(("human", "automatic", "failure"))
    if draw.random() < 0.2:
        return node
    node |= _compute(draw)
    if kind.has_roles:
        node |= _role(draw, kind)
    return node


def _compute(draw: random.Random) -> dict[str, Any]:
    if draw.random() < 0.15:
        low, high = sorted((draw.randint(0, 10**20), draw.randint(10**18, 10**26)))
        found: dict[str, Any] = {"flop": None}
        if draw.random() < 0.5:
            found["flop_low"] = str(low)
        if draw.random() < 0.5:
            found["flop_high"] = str(high)
        return found
    # Figures of one size, so that bounds overlap; and some that are equal, or of no size.
    usual = draw.randint(10**24, 10**25)
    value = draw.choice(FIGURES) if draw.random() < 0.4 else str(usual)
    found = {"flop": value}
    number = int(Decimal(str(value)))
    if draw.random() < 0.3:
        found["flop_low"] = str(number // draw.randint(2, 9))
    if draw.random() < 0.3:
        found["flop_high"] = str(number * draw.randint(2, 9) + 1)
    return found


def _role(draw: random.Random, kind: Kind) -> dict[str, Any]:
    roles, shares = (GENERATOR_ROLES, GENERATOR_SHARES) if kind.many_generators else (ROLES, SHARES)
    found: dict[str, Any] = {"role": draw.choice(roles)}
    if found["role"] in ("teacher_training", "synthetic_data_generation"):
        keys = ("Reed", "Sedge") if kind.many_generators else ("Reed", "Sedge", "Rush")
        found["generator"] = draw.choice(keys)
        found["published"] = draw.random() < 0.25
    if found["role"] == "synthetic_data_generation":
        found["share_of_training"] = None if draw.random() < 0.1 else draw.choice(shares)
    return found


def _edges(draw: random.Random, ids: list[str], given: float | None) -> list[dict[str, Any]]:
    dense = draw.uniform(0.15, 0.6) if given is None else given
    cut = 0.2 if given is None else 0.05
    edges: list[dict[str, Any]] = []
    for place, effect in enumerate(ids):
        for cause in ids[:place]:
            while draw.random() < dense and len(edges) < 60:
                edge: dict[str, Any] = {"from": cause, "to": effect}
                if draw.random() < cut:
                    edge["human_substantial_change"] = draw.random() < 0.8
                edges.append(edge)
                if draw.random() < 0.8:
                    break
    return edges


def _query(draw: random.Random, ids: list[str], kind: Kind) -> dict[str, Any]:
    quantity = draw.choice(
        ("training_compute", "output_compute", "union_compute", "inference_compute_rate")
    )
    # Most of what is asked of lies late in the lineage, where much is behind it.
    late = ids[len(ids) // 2 :] if draw.random() < 0.7 else ids
    late = ids[-2:] if kind.many_generators else late
    query: dict[str, Any] = {"quantity": quantity, "target": draw.choice(late)}
    if quantity == "union_compute":
        query["target"] = draw.sample(ids, draw.randint(1, min(4, len(ids))))
    if quantity == "inference_compute_rate":
        query["target"] = draw.sample(ids, 2)
        query["seconds_between"] = draw.choice(SECONDS)
    if kind.many_generators and draw.random() < 0.6:
        return query | {"counting_rule": "us_4e091"}
    if not kind.has_roles:
        stated: dict[str, Any] = draw.choice(
            ({}, {"counting_rule": "kthf"}, {"counting_rule": None})
        )
        return query | stated
    return query | {"counting_rule": draw.choice(RULES)}

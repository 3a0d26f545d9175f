"""A second reading of how a lineage is counted: plain, slow and without the product's code.

Written from the texts before the product was looked at: the fixed names of `lineage.json`, the
question `training_compute`, the texts it cites and the choices of ADR 0007. Everything is a set
or a dictionary, and every figure an exact fraction, so that it can be followed by eye.

Where the texts leave something open, the comment beside it begins with "Open:".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

Document = Mapping[str, Any]
Node = Mapping[str, Any]

COUNTED_BY_EVERY_RULE = {"base", "finetune", "student"}
ABOVE_THIS_SHARE = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Row:
    """What one query comes to; `figure` is FLOP, or FLOP/s for a rate."""

    target: str | Sequence[str]
    quantity: str
    counting_rule: str
    figure: Fraction
    low: Fraction
    high: Fraction | None
    complete: bool
    excluded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a graph is refused, and the ids that take part in the fault."""

    error: str
    nodes: frozenset[str]


def exact(stated: object) -> Fraction:
    """Return a figure of the file as a fraction; text such as "1.31e26" or an integer."""
    return Fraction(Decimal(str(stated)))


# Faults


def faults_of(document: Document) -> list[Fault]:
    """Return each kind of fault in a graph; a cycle is given with all nodes that lie on one."""
    ids = [node["id"] for node in document["nodes"]]
    twice = {one for one in ids if ids.count(one) > 1}
    ends = {end for edge in document["edges"] for end in (edge["from"], edge["to"])}
    negative = {
        node["id"]
        for node in document["nodes"]
        for field in ("flop", "flop_low", "flop_high")
        if node.get(field) is not None and exact(node[field]) < 0
    }
    circling = {one for one in ids if one in causes_of(document, {one}, whole=True)}
    found = [
        Fault("duplicate", frozenset(twice)),
        Fault("dangling", frozenset(ends - set(ids))),
        Fault("negative", frozenset(negative)),
        Fault("cycle", frozenset(circling)),
    ]
    return [fault for fault in found if fault.nodes]


# Ancestry


def causes_of(document: Document, effects: Iterable[str], *, whole: bool) -> set[str]:
    """Return what leads to some nodes over one edge or more.

    `whole` follows every edge as given. Otherwise an edge that a human changed substantially
    leads nowhere, and nothing passes a node that a human discarded. Of two edges between the
    same nodes one that is not cut suffices.
    """
    discarded = {one["id"] for one in document["nodes"] if one.get("discarded_by") == "human"}
    reached: set[str] = set()
    waiting = set(effects)
    while waiting:
        before: set[str] = set()
        for edge in document["edges"]:
            if edge["to"] not in waiting:
                continue
            cut = edge.get("human_substantial_change") is True
            if whole or not (cut or edge["from"] in discarded or edge["to"] in discarded):
                before.add(edge["from"])
        waiting = before - reached
        reached |= before
    return reached


def ancestry(document: Document, target: str) -> set[str]:
    """Return the target and all that counts as its cause, each once."""
    nodes = by_id(document)
    causes = causes_of(document, {target}, whole=False)
    if nodes[target].get("discarded_by") == "human":
        # Open: what is asked of a node that was itself discarded. The discard says what the
        # node adds to others; its own training took what it took, so it is followed as if
        # nobody had discarded it. (The first draft of this reference gave nothing.)
        kept = {**nodes[target], "discarded_by": None}
        changed = {**document, "nodes": [*({**nodes, target: kept}).values()]}
        causes = causes_of(changed, {target}, whole=False)
    return {target} | causes


def by_id(document: Document) -> dict[str, Node]:
    """Return the nodes of a graph by their ids."""
    return {one["id"]: one for one in document["nodes"]}


# Figures


BOUNDS = ("low", "central", "high")


def figure(node: Node, bound: str) -> Fraction:
    """Return the FLOP of a node at a bound; of what nobody disclosed, the least that is known.

    Without a high bound an undisclosed figure adds its least there too, and the caller says
    that there is no high bound of the total.
    """
    given = node["flop"]
    least = node.get("flop_low")
    most = node.get("flop_high")
    known = least if given is None else given
    central = Fraction(0) if known is None else exact(known)
    if bound == "low" and least is not None:
        return exact(least)
    if bound == "high" and most is not None:
        return exact(most)
    return central


def added(nodes: Iterable[Node], bound: str) -> Fraction:
    """Return what nodes come to together at a bound."""
    return sum((figure(one, bound) for one in nodes), Fraction(0))


# Counting rules


@dataclass(frozen=True, slots=True)
class Count:
    """The nodes counted at each bound, and all those that a total may hang on."""

    at: Mapping[str, set[str]]
    possible: set[str]


def count(document: Document, target: str, rule: str) -> Count:
    """Return the nodes whose own compute a rule counts towards a target."""
    nodes = by_id(document)
    lineage = [nodes[one] for one in sorted(ancestry(document, target)) if "flop" in nodes[one]]
    if rule == "us_4e091":
        return count_4e091(lineage)
    chosen = {one["id"] for one in lineage if counts_by_role(one, rule)}
    return Count(dict.fromkeys(BOUNDS, chosen), chosen)


def counts_by_role(node: Node, rule: str) -> bool:
    """Say whether a rule counts a node, where that hangs on the node alone."""
    role = node.get("role")
    if rule == "kthf":
        # The role leaves the trial itself out. Only `discarded_by` stops the way to its causes.
        return role != "discarded_trial_human_judged"
    if role in COUNTED_BY_EVERY_RULE:
        return True
    if rule == "eu_ai_act":
        return role == "synthetic_data_generation" and not node.get("published")
    if rule in ("sb53", "raise"):
        return False
    raise ValueError(f"{rule}: no such counting rule")


def count_4e091(lineage: Sequence[Node]) -> Count:
    """Return what ECCN 4E091 counts, by Technical Notes 2 and 3."""
    always = {one["id"] for one in lineage if one.get("role") in COUNTED_BY_EVERY_RULE}
    generations: dict[str, list[Node]] = {}
    for node in lineage:
        if node.get("role") == "synthetic_data_generation" and not node.get("published"):
            generations.setdefault(node["generator"], []).append(node)
    # Open: a share that nobody stated is not shown to be above a tenth, and adds nothing.
    large = sorted(
        key
        for key, runs in generations.items()
        if sum((exact(one.get("share_of_training") or 0) for one in runs), Fraction(0))
        > ABOVE_THIS_SHARE
    )
    always |= {one["id"] for key in large for one in generations[key]}
    trainings = {
        key: [
            one
            for one in lineage
            if one.get("role") == "teacher_training"
            and one["generator"] == key
            and not one.get("published")
        ]
        for key in large
    }
    # Open: which training is the largest, where figures are estimates. It is judged at each
    # bound, so that the low bound is what counts at least and the high one what counts at most.
    # The fixed names say "the sums of the bounds of what is counted": taken literally, the
    # bounds would be those of the training that is largest by the central figures.
    at = {bound: set(always) for bound in BOUNDS}
    for bound in BOUNDS:
        if trainings:
            # Open: two equally large; the figure is the same, and the first key is taken.
            largest = max(large, key=lambda key: added(trainings[key], bound))
            at[bound] |= {one["id"] for one in trainings[largest]}
    # One that is not the largest by what is known may be so if it is not disclosed.
    possible = always | {one["id"] for runs in trainings.values() for one in runs}
    return Count(at, possible)


# Queries


def answers(document: Document) -> list[Row]:
    """Return one row per query of a graph without faults."""
    return [answer(document, query) for query in document["queries"]]


def answer(document: Document, query: Mapping[str, Any]) -> Row:
    """Return what one query comes to."""
    nodes = by_id(document)
    rule = query.get("counting_rule") or "kthf"
    quantity, target = query["quantity"], query["target"]
    known: set[str] = set()
    over = Fraction(1)
    if quantity == "inference_compute_rate":
        known = ancestry(document, target[0])
        over = exact(query["seconds_between"])
        asked = [target[1]]
    else:
        asked = target if quantity == "union_compute" else [target]
    # A share is a share of one model's training, so the rule looks at each target alone, and
    # what it counts for any of them is counted once.
    counts = [count(document, one, rule) for one in asked]
    at = {bound: set().union(*(one.at[bound] for one in counts)) - known for bound in BOUNDS}
    possible = set().union(*(one.possible for one in counts)) - known
    totals = {bound: added((nodes[one] for one in at[bound]), bound) / over for bound in BOUNDS}
    unbounded = any(
        nodes[one]["flop"] is None and nodes[one].get("flop_high") is None for one in possible
    )
    return Row(
        target=target,
        quantity=quantity,
        counting_rule=rule,
        figure=totals["central"],
        low=totals["low"],
        high=None if unbounded else totals["high"],
        complete=all(nodes[one]["flop"] is not None for one in possible),
        excluded=frozenset(left_out(document, asked, at["central"], known)),
    )


def left_out(
    document: Document, targets: Sequence[str], chosen: set[str], known: set[str]
) -> set[str]:
    """Return what reaches a target as given and is left out.

    That is a node with compute that is not counted, and one without compute that reaches the
    target only through what is cut or discarded.
    """
    nodes = by_id(document)
    whole = set(targets) | causes_of(document, targets, whole=True)
    living = set().union(*(ancestry(document, one) for one in targets))
    # Open: `known`, what an earlier output already stands on. It is not new, so that a rate
    # does not add it, but no cut, discard or rule leaves it out. It is not named.
    return {
        one
        for one in whole - chosen
        if one not in living or ("flop" in nodes[one] and one not in known)
    }

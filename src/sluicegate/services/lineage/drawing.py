"""What a picture or a tree of a lineage shows: nodes, ties, and what is folded away.

Amounts are exact, in FLOP. The target comes first; every other node is a cause
of one that came before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sluicegate.core.quantities import Exact, flop_text
from sluicegate.lineage.document import Compute, Discard, NodeKind


class Standing(Enum):
    """How a counting rule treats a node of the target's ancestry.

    `WITHOUT` has no compute of its own, so there is nothing to count. `OUT` reaches
    the target only through what a human changed or discarded.
    """

    COUNTED = "counted"
    LEFT_OUT = "left_out"
    UNADDRESSED = "unaddressed"
    WITHOUT = "without_compute"
    OUT = "out"

    @property
    def code(self) -> str:
        """The code by which its label is found."""
        return f"standing_{self.value}"


class Tie(Enum):
    """Why an earlier node is drawn to a later one.

    A cut tie is stated, but a human changed what it led to: nothing counts over it.
    """

    STATED = "stated"
    PRESUMED = "presumed"
    CUT = "cut"

    @property
    def code(self) -> str:
        """The code by which its label is found."""
        return f"tie_{self.value}"


def kind_code(kind: NodeKind) -> str:
    """Return the code by which the label of a kind is found.

    >>> kind_code(NodeKind.RUN)
    'node_run'
    """
    return f"node_{kind.value}"


def discard_code(discard: Discard) -> str:
    """Return the code by which the label of a discard is found.

    >>> discard_code(Discard.HUMAN)
    'discard_human'
    """
    return f"discard_{discard.value}"


@dataclass(frozen=True, slots=True)
class Amount:
    """What is counted of several nodes, and how many of them disclose nothing.

    With any undisclosed the amount is a lower bound.
    """

    flop: Exact = 0
    undisclosed: int = 0


@dataclass(frozen=True, slots=True)
class Folded:
    """Nodes that are not drawn, by the drawn node that they are causes of."""

    nodes: int
    amount: Amount


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node as it is drawn.

    `cumulative`: what counts for the target of this node and all its causes, each
    once; None for a node that is out. `folded`: causes of it that are not drawn.
    """

    id: str
    label: str
    kind: NodeKind
    standing: Standing
    compute: Compute | None
    cumulative: Amount | None
    is_target: bool = False
    discarded_by: Discard | None = None
    role: str | None = None
    folded: Folded | None = None

    @property
    def is_undisclosed(self) -> bool:
        """Whether it has compute that nobody disclosed."""
        return self.compute is not None and self.compute.central is None


@dataclass(frozen=True, slots=True)
class DrawnTie:
    """A tie from a cause to what it is a cause of; `evidence` is of a human's change."""

    cause: str
    target: str
    tie: Tie
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLineage:
    """The part of a lineage that is drawn for one target (empty: nothing to draw).

    `total` is what the rule counts, `nodes_in_all` the nodes that lead to the target.
    """

    nodes: tuple[DrawnNode, ...] = ()
    ties: tuple[DrawnTie, ...] = ()
    total: Amount = Amount()
    nodes_in_all: int = 0


def node_row(one: DrawnNode) -> dict[str, Any]:
    """Return a drawn node as a row; FLOP are decimal strings, None where nothing is said."""
    compute, amount, folded = one.compute, one.cumulative, one.folded
    central = None if compute is None else compute.central
    return {
        "id": one.id,
        "label": one.label,
        "kind": one.kind.value,
        "standing": one.standing.value,
        "role": one.role,
        "discarded_by": None if one.discarded_by is None else one.discarded_by.value,
        "flop": None if central is None else flop_text(central),
        "undisclosed": one.is_undisclosed,
        "cumulative": None if amount is None else flop_text(amount.flop),
        "cumulative_complete": amount is None or not amount.undisclosed,
        "is_target": one.is_target,
        "hidden_nodes": 0 if folded is None else folded.nodes,
        "hidden_flop": None if folded is None else flop_text(folded.amount.flop),
        "hidden_undisclosed": 0 if folded is None else folded.amount.undisclosed,
    }


def tie_row(one: DrawnTie) -> dict[str, str]:
    """Return a drawn tie as a row."""
    return {
        "cause": one.cause,
        "target": one.target,
        "tie": one.tie.value,
        "evidence": one.evidence,
    }


def drawing_document(drawn: DrawnLineage) -> dict[str, Any]:
    """Return all that is drawn, as a program reads it."""
    return {
        "nodes_in_all": drawn.nodes_in_all,
        "flop": flop_text(drawn.total.flop),
        "undisclosed": drawn.total.undisclosed,
        "nodes": [node_row(one) for one in drawn.nodes],
        "edges": [tie_row(one) for one in drawn.ties],
    }

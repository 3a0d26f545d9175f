"""What a picture or a tree of a lineage shows: nodes, ties, and what is folded away.

Amounts are exact, in FLOP. The target comes first; every other node is a cause
of one that came before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sluicegate.core.quantities import Exact
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

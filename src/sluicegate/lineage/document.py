"""A lineage: what was computed or made, and what caused what.

Nodes are runs, data, models, outputs, humans and other computations; an edge
says that its first end is a cause of its last. The nodes stand in the order in
which they were given; edges are kept as arrays, by the node they lead to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sluicegate.core.quantities import Exact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NodeKind(Enum):
    """What a node is."""

    RUN = "run"
    MODEL = "model"
    DATA = "data"
    OUTPUT = "output"
    HUMAN = "human"
    OTHER = "other"


class Discard(Enum):
    """Who or what threw a node's result away.

    Of what a human judged and discarded nothing counts, and its ancestors count
    only through another way. The rest counts if it has a causal path.
    """

    HUMAN = "human"
    AUTOMATIC = "automatic"
    FAILURE = "failure"


class Fault(Enum):
    """Why a graph is refused, by the words of `lineage account`."""

    CYCLE = "cycle"
    DANGLING = "dangling"
    DUPLICATE = "duplicate"
    NEGATIVE = "negative"


class GraphError(ValueError):
    """A graph that is none: which fault, and the nodes that show it, in order.

    Of a cycle these are its nodes, each once, each a cause of the next.
    """

    def __init__(self, fault: Fault, nodes: Iterable[str]) -> None:
        self.fault = fault
        self.nodes = tuple(nodes)
        shown = ", ".join(self.nodes[:8]) + (", …" if len(self.nodes) > 8 else "")
        super().__init__(f"{fault.value}: {shown}")


@dataclass(frozen=True, slots=True)
class Compute:
    """Operations of one node in FLOP, exact.

    `central` None: not disclosed. `high` None: no upper bound is known. `source`
    says where the figure comes from. A figure of a file is read by `of`.
    """

    central: Exact | None
    low: Exact = 0
    high: Exact | None = None
    source: str = ""

    @classmethod
    def of(
        cls,
        flop: Exact | None,
        low: Exact | None = None,
        high: Exact | None = None,
        source: str = "",
    ) -> Compute:
        """Read a figure with the bounds given: a bound that is not given is the figure itself.

        Without a figure the low bound is 0 and there is no high one unless given.

        >>> Compute.of(10**25).high == 10**25, Compute.of(None).high
        (True, None)
        """
        if flop is None:
            return cls(None, 0 if low is None else low, high, source)
        return cls(flop, flop if low is None else low, flop if high is None else high, source)


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the graph; `compute` None: it has no compute of its own.

    `role`, `generator`, `share_of_training` and `published` are those of question
    training_compute. `storage`, `accounts` and `fabrics` are the physical ways by
    which a later computation could have been reached from this one, `imports` what it
    names as taken in; `started` and `ended` are days.
    """

    id: str
    kind: NodeKind
    label: str = ""
    compute: Compute | None = None
    discarded_by: Discard | None = None
    role: str | None = None
    developer: str | None = None
    generator: str | None = None
    share_of_training: Fraction | None = None
    published: bool | None = None
    made_on: date | None = None
    started: date | None = None
    ended: date | None = None
    storage: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    fabrics: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HumanChange:
    """A substantial change that a human made between a cause and what followed."""

    evidence: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Independence:
    """A statement that earlier computation did not affect later: why, and by what evidence."""

    cause: str
    target: str
    reason: str
    evidence: str
    by: str = ""
    on: date | None = None


class Quantity(Enum):
    """What is asked of a graph (Keep the Future Human, App. A)."""

    TRAINING_COMPUTE = "training_compute"
    OUTPUT_COMPUTE = "output_compute"
    UNION_COMPUTE = "union_compute"
    INFERENCE_COMPUTE_RATE = "inference_compute_rate"


@dataclass(frozen=True, slots=True)
class Query:
    """A quantity of one target, of several (union), or of [earlier, later] (rate).

    `cluster_flop_per_second` is the speed of the cluster that serves steadily, where known:
    the scheme's approximation of the rate.
    """

    targets: tuple[str, ...]
    quantity: Quantity
    counting_rule: str = "kthf"
    seconds_between: Exact | None = None
    cluster_flop_per_second: Exact | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """Two successive outputs of a system and the seconds between them, as stated.

    `cluster_flop_per_second` as in `Query`.
    """

    earlier: str
    later: str
    seconds: Exact
    cluster_flop_per_second: Exact | None = None

    def query(self) -> Query:
        """Return the query for the inference compute rate between the outputs."""
        return Query(
            (self.earlier, self.later),
            Quantity.INFERENCE_COMPUTE_RATE,
            seconds_between=self.seconds,
            cluster_flop_per_second=self.cluster_flop_per_second,
        )


@dataclass(frozen=True, slots=True)
class Lineage:
    """A graph without faults.

    Edges: the causes of node i are `parents[offsets[i]:offsets[i + 1]]`, places of
    nodes, each once. `cuts` are the edges that a human's substantial change cuts, by
    (place of cause, place of target). Independence statements take presumed edges
    away, never stated ones. `intervals` lie between outputs that are nodes of it.
    """

    nodes: tuple[Node, ...]
    offsets: NDArray[np.int64]
    parents: NDArray[np.int64]
    places: Mapping[str, int]
    cuts: Mapping[tuple[int, int], HumanChange] = field(default_factory=dict)
    independence: tuple[Independence, ...] = ()
    intervals: tuple[Interval, ...] = ()
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out of the whole graph once, such as its presumed causes."""

    def causes(self, place: int) -> list[int]:
        """Return the places of a node's stated causes, cut edges included, in order."""
        causes: list[int] = self.parents[self.offsets[place] : self.offsets[place + 1]].tolist()
        return causes

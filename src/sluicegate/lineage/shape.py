"""The shape of a graph as arrays, checked, with its nodes numbered so that causes come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sluicegate.lineage.document import Fault, GraphError

Places = NDArray[np.int32]
Given = Sequence[int] | NDArray[Any]

MOST = 2**31 - 2
"""Nodes or edges that one graph may have."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Causes of node i are `parents[offsets[i]:offsets[i + 1]]`, and all are below i.

    `order[i]` is the node that stands at place i, `rank` the inverse; None where
    nodes were given in such an order already. A cause may be listed twice.
    """

    offsets: NDArray[np.int64]
    parents: Places
    order: Places | None = None
    rank: Places | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def placed(self, nodes: NDArray[np.int64]) -> NDArray[Any]:
        """Return the places of nodes."""
        return nodes if self.rank is None else self.rank[nodes]

    def named(self, places: NDArray[Any]) -> NDArray[np.int64]:
        """Return the nodes at places."""
        named = places if self.order is None else self.order[places]
        return named.astype(np.int64)


def shape_of(parent_offsets: Given, parents: Given) -> Shape:
    """Check arrays and bring the nodes into an order in which causes come first.

    Raises TypeError for what is no integer, ValueError for arrays that do not fit,
    `GraphError` naming one cycle by the numbers of its nodes.
    """
    offsets = _whole(parent_offsets, "parent_offsets").astype(np.int64)
    if not len(offsets):
        raise ValueError("parent_offsets: empty; give 0 and then where each node's causes end")
    causes = _whole(parents, "parents")
    if offsets[0] != 0 or offsets[-1] != len(causes):
        raise ValueError(
            f"parent_offsets: from {offsets[0]} to {offsets[-1]}, but there are {len(causes)}"
            f" parents; begin with 0 and end with {len(causes)}"
        )
    falls = np.flatnonzero(np.diff(offsets) < 0)
    if len(falls):
        raise ValueError(
            f"parent_offsets: falls after node {int(falls[0])}; each is at least the one before"
        )
    count = len(offsets) - 1
    if max(count, len(causes)) > MOST:
        raise ValueError(f"the graph has more than {MOST} nodes or edges; split it")
    if len(causes) and (causes.min() < 0 or causes.max() >= count):
        edge = int(np.argmax((causes < 0) | (causes >= count)))
        child = int(np.searchsorted(offsets, edge, side="right")) - 1
        raise ValueError(
            f"parents of node {child}: {int(causes[edge])} is no node; give 0 to {count - 1}"
        )
    return _ordered(offsets, causes.astype(np.int32))


def _whole(given: Given, name: str) -> NDArray[Any]:
    """Return one dimension of integers."""
    array = np.asarray(given)
    if array.ndim != 1:
        raise ValueError(f"{name}: {array.ndim} dimensions; give a flat sequence of integers")
    if not array.size:
        return np.zeros(0, dtype=np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: items of {array.dtype}; give integers")
    return array


def _ordered(offsets: NDArray[np.int64], parents: Places) -> Shape:
    """Number the nodes anew unless every cause stands before what it causes."""
    children = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    if not (parents >= children).any():
        return Shape(offsets, parents)
    order = np.asarray(depth_first(offsets.tolist(), parents.tolist()), dtype=np.int32)
    return renumbered(offsets, parents, order)


def renumbered(offsets: NDArray[np.int64], parents: Places, order: Places) -> Shape:
    """Return the shape with node `order[i]` at place i."""
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order), dtype=np.int32)
    counts = np.diff(offsets)[order]
    ends = np.zeros(len(offsets), dtype=np.int64)
    np.cumsum(counts, out=ends[1:])
    edges = np.repeat(offsets[:-1][order] - ends[:-1], counts) + np.arange(len(parents))
    return Shape(ends, rank[parents[edges]], order, rank)


def depth_first(offsets: Sequence[int], parents: Sequence[int]) -> list[int]:
    """Return all nodes, causes first; raise `GraphError` with a cycle if there is one."""
    count = len(offsets) - 1
    state = bytearray(count)
    upcoming = list(offsets[:-1])
    order: list[int] = []
    for start in range(count):
        if state[start]:
            continue
        path = [start]
        state[start] = 1
        while path:
            node = path[-1]
            edge = upcoming[node]
            if edge == offsets[node + 1]:
                state[node] = 2
                order.append(path.pop())
                continue
            upcoming[node] = edge + 1
            cause = parents[edge]
            if not state[cause]:
                state[cause] = 1
                path.append(cause)
            elif state[cause] == 1:
                cycle = path[path.index(cause) :]
                raise GraphError(Fault.CYCLE, map(str, reversed(cycle)))
    return order

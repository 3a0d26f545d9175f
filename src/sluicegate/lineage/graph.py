"""A causal graph as arrays: what any of its nodes adds up to, with all its causes.

Sums are exact whatever the size of the figures, and nothing here is recursive,
so that a chain of a million nodes is a graph like any other.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sluicegate.lineage.figures import Figures, Given, Total, Totals, figures_of
from sluicegate.lineage.plain import PlainWays
from sluicegate.lineage.shape import Shape, order_plain, shape_of
from sluicegate.lineage.ways import Ways, all_of, many_of

WORTH_COMPILING = 300_000
"""Nodes and edges from which numba is used; loading it and its loops takes about a second."""


class Graph:
    """Nodes 0 to n - 1, their causes and their figures; build it with `from_arrays`."""

    def __init__(self, shape: Shape, figures: Figures, ways: Ways) -> None:
        self._shape = shape
        self._figures = figures
        self._ways = ways

    @classmethod
    def from_arrays(
        cls,
        parent_offsets: Sequence[int] | NDArray[np.integer[Any]],
        parents: Sequence[int] | NDArray[np.integer[Any]],
        flop: Given,
        *,
        low: Given | None = None,
        high: Given | None = None,
        compiled: bool | None = None,
    ) -> Graph:
        """Build a graph in which `parents[parent_offsets[i]:parent_offsets[i + 1]]` cause node i.

        `flop`, and `low` and `high` as its bounds: ints of any size, integer arrays or
        object arrays of length n, None where undisclosed, in a unit of the caller's
        choice. A bound that is not given is the figure itself; what is undisclosed has
        at least 0 and no upper bound. A cause listed twice is one cause. Unless said by
        `compiled`, numba serves where it is installed and the graph is large; every
        result is the same without it.

        Raises TypeError for floats and whatever else is not an exact integer,
        ValueError for arrays that do not fit one another, parents out of range,
        negative figures or bounds out of order, and `GraphError` for a cycle, which it
        names.

        >>> graph = Graph.from_arrays([0, 0, 1, 2, 4], [0, 0, 1, 2], [10**27, 5, 7, 1])
        >>> graph.account(3).flop == 10**27 + 13
        True
        """
        if compiled is None:
            is_large = len(parent_offsets) + len(parents) >= WORTH_COMPILING
            compiled = is_large and find_spec("numba") is not None
        if compiled:
            from sluicegate.lineage.compiled import CompiledWays, order_compiled

            shape = shape_of(parent_offsets, parents, order_compiled)
            figures = _figures(shape, flop, low, high)
            return cls(shape, figures, CompiledWays(shape, figures.cells))
        shape = shape_of(parent_offsets, parents, order_plain)
        figures = _figures(shape, flop, low, high)
        return cls(shape, figures, PlainWays(shape, figures.cells))

    def __len__(self) -> int:
        return len(self._shape)

    def account(self, node: int) -> Total:
        """Add up a node and all its causes, direct and indirect, each once."""
        place = self._checked(node)
        if self._shape.rank is not None:
            place = int(self._shape.rank[place])
        return self._figures.total(self._ways.walked(place))

    def account_many(self, nodes: Iterable[int]) -> Totals:
        """Add up each of some nodes with its causes, in the order given."""
        return self._figures.totals(many_of(self._shape, self._ways, self._places(nodes)))

    def account_all(self) -> Totals:
        """Add up every node with its causes, in order."""
        sums = all_of(self._shape, self._ways)
        return self._figures.totals(sums if self._shape.rank is None else sums[self._shape.rank])

    def ancestors(self, node: int) -> NDArray[np.int64]:
        """Return a node and all its causes, sorted."""
        return self.ancestors_of_any((node,))

    def ancestors_of_any(self, nodes: Iterable[int]) -> NDArray[np.int64]:
        """Return nodes and all causes of any of them, sorted, each once."""
        return np.sort(self._shape.named(self._ways.reached(self._places(nodes))))

    def _places(self, nodes: Iterable[int]) -> NDArray[np.int32]:
        """Return the places of nodes, in the order given."""
        if isinstance(nodes, np.ndarray) and nodes.dtype.kind in "iu" and nodes.ndim == 1:
            for wrong in nodes[(nodes < 0) | (nodes >= len(self))][:1].tolist():
                self._checked(wrong)
            asked = nodes.astype(np.int32)
        else:
            asked = np.fromiter(map(self._checked, nodes), dtype=np.int32)
        return asked if self._shape.rank is None else self._shape.rank[asked]

    def _checked(self, node: int) -> int:
        """Return a node that is one, or say what is wrong with it."""
        if isinstance(node, bool | np.bool):
            raise TypeError(f"node {node}: a truth value; give a number from 0")
        number = operator.index(node)
        if not 0 <= number < len(self):
            raise IndexError(
                f"node {number}: there are {len(self)} nodes; give 0 to {len(self) - 1}"
            )
        return number


def _figures(shape: Shape, flop: Given, low: Given | None, high: Given | None) -> Figures:
    """Return the figures of all places."""
    if len(flop) != len(shape):
        raise ValueError(f"flop: {len(flop)} figures for {len(shape)} nodes; give one each")
    figures = figures_of(flop, low, high)
    return figures if shape.order is None else figures.in_order(shape.order)

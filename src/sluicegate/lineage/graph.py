"""A causal graph as arrays: what any of its nodes adds up to, with all its causes.

Sums are exact whatever the size of the figures, and nothing here is recursive,
so that a chain of a million nodes is a graph like any other.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sluicegate.lineage.figures import Figures, Given, Total, Totals, figures_of
from sluicegate.lineage.shape import Shape, shape_of


class Graph:
    """Nodes 0 to n - 1, their causes and their figures; build it with `from_arrays`."""

    def __init__(self, shape: Shape, figures: Figures) -> None:
        self._shape = shape
        self._figures = figures
        self._rows: list[tuple[int, ...]] = _rows(shape)

    @classmethod
    def from_arrays(
        cls,
        parent_offsets: Sequence[int] | NDArray[np.integer],
        parents: Sequence[int] | NDArray[np.integer],
        flop: Given,
        *,
        low: Given | None = None,
        high: Given | None = None,
    ) -> Graph:
        """Build a graph in which `parents[parent_offsets[i]:parent_offsets[i + 1]]` cause node i.

        `flop`, and `low` and `high` as its bounds: ints of any size, integer arrays or
        object arrays of length n, None where undisclosed, in a unit of the caller's
        choice. A bound that is not given is the figure itself; what is undisclosed has
        at least 0 and no upper bound. A cause listed twice is one cause.

        Raises TypeError for floats and whatever else is not an exact integer,
        ValueError for arrays that do not fit one another, parents out of range,
        negative figures or bounds out of order, and `GraphError` for a cycle, which it
        names.

        >>> graph = Graph.from_arrays([0, 0, 1, 2, 4], [0, 0, 1, 2], [10**27, 5, 7, 1])
        >>> graph.account(3).flop == 10**27 + 13
        True
        """
        shape = shape_of(parent_offsets, parents)
        if len(flop) != len(shape):
            raise ValueError(f"flop: {len(flop)} figures for {len(shape)} nodes; give one each")
        figures = figures_of(flop, low, high)
        return cls(shape, figures if shape.order is None else figures.in_order(shape.order))

    def __len__(self) -> int:
        return len(self._shape)

    def account(self, node: int) -> Total:
        """Add up a node and all its causes, direct and indirect, each once."""
        return self._figures.total_of(self._walked([node]))

    def account_many(self, nodes: Iterable[int]) -> Totals:
        """Add up each of some nodes with its causes, in the order given."""
        sums = [
            self._figures.cells[self._walked([node])].sum(axis=0, dtype=np.uint64) for node in nodes
        ]
        columns = self._figures.cells.shape[1]
        return self._figures.totals(np.array(sums, dtype=np.uint64).reshape(-1, columns))

    def account_all(self) -> Totals:
        """Add up every node with its causes, in order."""
        return self.account_many(range(len(self)))

    def ancestors(self, node: int) -> NDArray[np.int64]:
        """Return a node and all its causes, sorted."""
        return self.ancestors_of_any([node])

    def ancestors_of_any(self, nodes: Iterable[int]) -> NDArray[np.int64]:
        """Return nodes and all causes of any of them, sorted, each once."""
        return np.sort(self._shape.named(self._walked(nodes)))

    def _walked(self, nodes: Iterable[int]) -> NDArray[np.int64]:
        """Return the places of nodes and their causes, in no order."""
        asked = np.fromiter(map(self._checked, nodes), dtype=np.int64)
        seen: set[int] = set()
        row = self._rows.__getitem__
        found = set(self._shape.placed(asked).tolist())
        while found:
            seen |= found
            found = set().union(*map(row, found)) - seen
        return np.fromiter(seen, dtype=np.int64, count=len(seen))

    def _checked(self, node: int) -> int:
        """Return a node that is one, or say what is wrong with it."""
        if isinstance(node, bool):
            raise TypeError(f"node {node}: a truth value; give a number from 0")
        place = operator.index(node)
        if not 0 <= place < len(self):
            raise IndexError(
                f"node {place}: there are {len(self)} nodes; give 0 to {len(self) - 1}"
            )
        return place


def _rows(shape: Shape) -> list[tuple[int, ...]]:
    """Return the causes of each place."""
    parents = shape.parents.tolist()
    ends = shape.offsets.tolist()
    return [tuple(parents[a:b]) for a, b in itertools.pairwise(ends)]

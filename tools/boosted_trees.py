"""Boosted trees that never fall where they may only rise, fitted with numpy alone.

A tree asks the same few questions of every row, each "is this amount above that
edge?", and the answers together name its leaf. A step of boosting adds the tree that
lessens the logistic loss most (Friedman 2001; questions of one kind a level as in
Prokhorenkova et al. 2018). Where a measure may only raise, leaves that differ in its
question alone are held in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_EDGES = 62
_ROUNDS = 200
_LEAST_IN_LEAF = 4.0
"""Weight of second derivatives that a side of a question has to hold."""


@dataclass(frozen=True)
class Tree:
    """Questions, each a column and an edge, and the log-odds of each leaf.

    Leaf `n` is that of rows whose answer to question `k` is bit `k` of `n`.
    """

    columns: tuple[int, ...]
    edges: tuple[float, ...]
    leaves: Floats

    def odds(self, amounts: Floats) -> Floats:
        """Return what the tree adds to each row."""
        place = np.zeros(len(amounts), dtype=np.int64)
        for bit, (column, edge) in enumerate(zip(self.columns, self.edges, strict=True)):
            place |= (amounts[:, column] > edge).astype(np.int64) << bit
        found: Floats = self.leaves[place]
        return found


@dataclass(frozen=True)
class Plan:
    """How trees are fitted: `ridge` holds leaves near 0, `rate` is the share of each step."""

    trees: int
    depth: int
    rate: float
    ridge: float


@dataclass(frozen=True)
class Bed:
    """Rows by the place of their amounts among the edges of each column."""

    edges: tuple[Floats, ...]
    places: Ints

    @classmethod
    def of(cls, amounts: Floats) -> Bed:
        """Lay rows out; edges lie in the middle between amounts that are there."""
        edges = tuple(_edges(column) for column in amounts.T)
        places = [
            np.searchsorted(own, column, side="left")
            for own, column in zip(edges, amounts.T, strict=True)
        ]
        return cls(edges, np.stack(places))


def _edges(column: Floats) -> Floats:
    values = np.unique(column)
    if len(values) > _MOST_EDGES:
        values = np.unique(np.quantile(column, np.linspace(0.0, 1.0, _MOST_EDGES + 1)))
    middles: Floats = np.round((values[1:] + values[:-1]) / 2, 3)
    return np.unique(middles)


def grown(
    amounts: Floats, labels: Floats, weights: Floats, base: Floats, signs: Sequence[int], plan: Plan
) -> Iterator[Tree]:
    """Yield trees, each fitted to what those before it and `base` (log-odds) leave.

    `signs` says for each column whether a greater amount may only raise (1), only
    lower (-1), or either (0).
    """
    bed = Bed.of(amounts)
    odds = base.copy()
    weights = weights * len(weights) / weights.sum()
    for _ in range(plan.trees):
        chances = 1.0 / (1.0 + np.exp(-odds))
        slope, bend = weights * (labels - chances), weights * chances * (1.0 - chances)
        tree = _tree(bed, slope, bend, signs, plan)
        odds += tree.odds(amounts)
        yield tree


def _tree(bed: Bed, slope: Floats, bend: Floats, signs: Sequence[int], plan: Plan) -> Tree:
    leaf = np.zeros(len(slope), dtype=np.int64)
    columns: list[int] = []
    edges: list[float] = []
    for level in range(plan.depth):
        gains = [
            _gains(bed, column, leaf, 1 << level, slope, bend, signs[column], plan.ridge)
            for column in range(len(bed.edges))
        ]
        column = int(np.argmax([own.max(initial=-np.inf) for own in gains]))
        edge = int(np.argmax(gains[column]))
        columns.append(column)
        edges.append(float(bed.edges[column][edge]))
        leaf |= (bed.places[column] > edge).astype(np.int64) << level
    count = 1 << plan.depth
    up = np.bincount(leaf, slope, count)
    across: Floats = np.bincount(leaf, bend, count).astype(np.float64) + plan.ridge
    leaves = ordered(up / across, across, [signs[column] for column in columns])
    return Tree(tuple(columns), tuple(edges), plan.rate * leaves)


def _gains(
    bed: Bed, column: int, leaf: Ints, leaves: int, slope: Floats, bend: Floats,
    sign: int, ridge: float,
) -> Floats:  # fmt: skip
    """Return for each edge of a column what asking it of every leaf gains."""
    count = len(bed.edges[column]) + 1
    place = leaf * count + bed.places[column]
    up = np.bincount(place, slope, leaves * count).reshape(leaves, count).cumsum(axis=1)
    across = np.bincount(place, bend, leaves * count).reshape(leaves, count).cumsum(axis=1)
    low_up, low_across = up[:, :-1], across[:, :-1]
    high_up, high_across = up[:, -1:] - low_up, across[:, -1:] - low_across
    low, high = low_up / (low_across + ridge), high_up / (high_across + ridge)
    whole = up[:, -1:] ** 2 / (across[:, -1:] + ridge)
    is_held = (sign * (high - low) < 0) | (np.minimum(low_across, high_across) < _LEAST_IN_LEAF)
    apart = low * low_up + high * high_up
    found: Floats = np.where(is_held, whole, apart).sum(axis=0) - whole.sum()
    return found


def ordered(leaves: Floats, weights: Floats, signs: Sequence[int]) -> Floats:
    """Return leaves moved as little as it takes to rise and fall as the signs ask.

    >>> ordered(np.array([1.0, 0.0]), np.array([1.0, 1.0]), [1])
    array([0.5, 0.5])
    """
    held = leaves.copy()
    places = np.arange(len(held))
    pairs = [
        (low, low | 1 << bit, sign)
        for bit, sign in enumerate(signs)
        if sign
        for low in places[(places >> bit & 1) == 0].tolist()
    ]
    for _ in range(_ROUNDS):
        is_ordered = True
        for low, high, sign in pairs:
            if sign * (held[high] - held[low]) < 0.0:
                both = weights[low] + weights[high]
                held[[low, high]] = (held[low] * weights[low] + held[high] * weights[high]) / both
                is_ordered = False
        if is_ordered:
            return held
    for low, high, sign in pairs:  # what averaging leaves is a rounding error; order is exact
        held[high] = sign * max(sign * held[high], sign * held[low])
    return held

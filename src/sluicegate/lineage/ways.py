"""The ways to add up over a graph, and how one is chosen.

One target is walked. Many are swept in blocks: a word with a bit for each target
goes from each place to its causes, so what targets share is followed once. For
all places there is a second way, a descent: the causes of a place are those of one
chosen cause and what that one lacks, so a walk down the tree of chosen causes
meets only what is new. Which of the two is less work hangs on the graph; samples
tell.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sluicegate.lineage.figures import Cells, Sums
from sluicegate.lineage.shape import Places, Shape

FEW = 16
"""Targets that are walked one by one."""
_SAMPLES = 6
_PAIRS = 256
_FOLLOWED = 24
"""Steps of a way that are followed to tell a place with much behind it from one with little."""


class Ways(Protocol):
    """Adding up the figures of places and of their causes, each once."""

    @property
    def block(self) -> int:
        """How many targets are swept at once."""
        ...

    @property
    def columns(self) -> int:
        """How many columns the figures have."""
        ...

    @property
    def sweep_cost(self) -> float:
        """What an edge costs in a sweep, where it costs 1 in a descent; measured."""
        ...

    def reached(self, targets: Places) -> Places:
        """Return the targets and their causes, in no order."""
        ...

    def walked(self, target: int) -> Sums:
        """Return the sums of one target (columns,)."""
        ...

    def swept(self, targets: Places) -> Sums:
        """Return the sums of each target (m, columns); targets rise and differ."""
        ...

    def descended(self, chosen: Places) -> Sums:
        """Return the sums of all places (n, columns); `chosen` is a cause of each, or -1."""
        ...

    def over(self, cells: Cells) -> Ways:
        """Return the same over other figures."""
        ...


def many_of(shape: Shape, ways: Ways, places: Places) -> Sums:
    """Return the sums of places (m, columns), in the order given."""
    if len(places) <= FEW:
        walked = [ways.walked(place) for place in places.tolist()]
        return np.array(walked, dtype=np.uint64).reshape(len(walked), ways.columns)
    distinct, back = np.unique(places, return_inverse=True)
    if 4 * len(distinct) > len(shape):
        return all_of(shape, ways)[places]
    swept: Sums = _in_blocks(ways, distinct)[back]
    return swept


def all_of(shape: Shape, ways: Ways) -> Sums:
    """Return the sums of all places (n, columns), by the way that is less work."""
    chosen = chosen_causes(shape)
    if len(shape) > FEW and _is_sweep_less(shape, ways, chosen):
        return _in_blocks(ways, np.arange(len(shape), dtype=np.int32))
    return ways.descended(chosen)


def chosen_causes(shape: Shape) -> Places:
    """Return of each place the cause that is likely to have the most behind it, or -1.

    That is the one with the longest way behind it, as far as ways are followed, and of
    several the last. A cause with little behind it would leave almost all to be met again.
    """
    chosen = np.full(len(shape), -1, dtype=np.int32)
    has_causes = np.diff(shape.offsets) > 0
    if len(shape.parents):
        starts = shape.offsets[:-1][has_causes]
        depths = np.zeros(len(shape), dtype=np.int8)
        for _ in range(_FOLLOWED):
            deeper = np.maximum.reduceat(depths[shape.parents], starts) + 1
            if np.array_equal(deeper, depths[has_causes]):
                break
            depths[has_causes] = deeper
        keys = depths[shape.parents].astype(np.int64) * len(shape) + shape.parents
        chosen[has_causes] = np.maximum.reduceat(keys, starts) % len(shape)
    return chosen


def _is_sweep_less(shape: Shape, ways: Ways, chosen: Places) -> bool:
    """Estimate from samples whether a sweep of all places is less work than a descent.

    A sweep follows the edges of every block's ancestry, a descent those that a place
    reaches and its chosen cause does not: the difference of what the two reach.
    """
    degrees = np.diff(shape.offsets)
    block = min(ways.block, len(shape))
    starts = np.linspace(0, len(shape) - block, _SAMPLES).astype(np.int32)
    runs = [np.arange(start, start + block, dtype=np.int32) for start in starts]
    swept = sum(int(degrees[ways.reached(run)].sum()) for run in runs) / (block * _SAMPLES)
    tried = np.unique(np.linspace(0, len(shape) - 1, _PAIRS).astype(np.int32))
    some = tried[chosen[tried] >= 0]
    if not len(some):
        return False
    counting = ways.over(degrees.astype(np.uint32).reshape(-1, 1))
    own = _edges(counting, some)
    inherited = _edges(counting, chosen[some])
    return swept * ways.sweep_cost < (own - inherited) / len(tried)


def _edges(counting: Ways, places: NDArray[Any]) -> int:
    """Return how many edges the places have behind them, each place by itself."""
    distinct, back = np.unique(places, return_inverse=True)
    return int(_in_blocks(counting, distinct)[back].sum())


def _in_blocks(ways: Ways, places: Places) -> Sums:
    """Sweep rising, differing places, a block after the other."""
    starts = range(0, len(places), ways.block)
    return np.concatenate([ways.swept(places[start : start + ways.block]) for start in starts])

"""Causal graphs drawn for benchmarks, invented and the same for the same seed.

`programmes`: every node belongs to one of several programmes that compute at the
same time, so the nodes of one lie scattered over all numbers; its causes are
three (two, one) earlier nodes of its programme, at most `reach` before it. Near
enough all of a programme's past is behind each of its nodes, so the mean number of
ancestors is about half a programme.

`core`: each node of a core, which comes first, has three causes among the 400 core
nodes before it; every later node has two causes in the core's last tenth and one
among the 30 nodes before it or, as likely, a third in the core.

`layers`: eight layers, each node of which has three causes drawn from the whole layer
before. Nodes share no more than chance gives, which is the hardest for all nodes.

Figures are drawn evenly from 10**18 to 10**27 FLOP, of which the last nine digits
are zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNIT = 10**9
CAUSES = 3
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph as arrays; figures are in units of 10**9 FLOP."""

    offsets: Array
    parents: Array
    figures: Array
    targets: Array

    def write(self, path: Path) -> None:
        """Write the arrays for another process."""
        np.savez(
            path,
            offsets=self.offsets,
            parents=self.parents,
            figures=self.figures,
            targets=self.targets,
        )


def programmes(count: int, size: int, reach: int, *, seed: int = 1) -> Drawn:
    """Draw programmes of `size` nodes on the mean."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(max(1, count // size), size=count)
    by_owner = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[by_owner], owner[by_owner])
    place = np.arange(count)[:, np.newaxis] - rng.integers(1, reach + 1, size=(count, CAUSES))
    is_cause = place >= first[:, np.newaxis]
    causes = np.empty((count, CAUSES), dtype=np.int64)
    has_cause = np.empty((count, CAUSES), dtype=bool)
    causes[by_owner] = by_owner[np.maximum(place, 0)]
    has_cause[by_owner] = is_cause
    return _drawn(causes, has_cause, rng)


def core(count: int, size: int, *, seed: int = 1) -> Drawn:
    """Draw a core of `size` nodes and all that rests on it."""
    rng = np.random.default_rng(seed)
    number = np.arange(count)[:, np.newaxis]
    near = number - rng.integers(1, 401, size=(count, CAUSES))
    last = size - 1 - rng.integers(0, max(1, size // 10), size=(count, CAUSES))
    just_before = number[:, 0] - rng.integers(1, 31, size=count)
    last[:, 2] = np.where(rng.random(count) < 0.5, last[:, 2], just_before)
    causes = np.where(number < size, near, last)
    return _drawn(causes, (causes >= 0) & (causes < number), rng)


def layers(count: int, *, seed: int = 1) -> Drawn:
    """Draw eight layers."""
    rng = np.random.default_rng(seed)
    size = -(-count // 8)
    layer = np.arange(count)[:, np.newaxis] // size
    causes = (layer - 1) * size + rng.integers(size, size=(count, CAUSES))
    return _drawn(causes, np.broadcast_to(layer > 0, causes.shape), rng)


def _drawn(causes: Array, has_cause: Array, rng: np.random.Generator) -> Drawn:
    """Lay causes out as arrays and draw the figures and the targets."""
    count = len(causes)
    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(has_cause.sum(axis=1), out=offsets[1:])
    figures = rng.integers(10**9, 10**18, size=count, dtype=np.uint64)
    targets = rng.choice(count, size=min(1000, count), replace=False)
    return Drawn(offsets, causes[has_cause], figures, targets)

"""Graphs drawn as arrays, and what each node comes to by a reference that walks nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.lineage import Graph, Total

Figure = int | None


@dataclass(frozen=True)
class Given:
    """Causes of each node, its figure and its bounds."""

    causes: Sequence[Sequence[int]]
    flop: Sequence[Figure]
    low: Sequence[Figure] | None = None
    high: Sequence[Figure] | None = None

    def arrays(self) -> tuple[list[int], list[int]]:
        """Return offsets and parents."""
        offsets = [0]
        parents: list[int] = []
        for causes in self.causes:
            parents += causes
            offsets.append(len(parents))
        return offsets, parents

    def graph(self, *, compiled: bool) -> Graph:
        """Build the product's graph."""
        offsets, parents = self.arrays()
        return Graph.from_arrays(
            offsets, parents, self.flop, low=self.low, high=self.high, compiled=compiled
        )


def ancestries(causes: Sequence[Sequence[int]]) -> list[set[int]]:
    """Close the relation over all pairs, node by node, as Warshall does."""
    behind = [{node, *direct} for node, direct in enumerate(causes)]
    for middle in range(len(causes)):
        for found in behind:
            if middle in found:
                found |= behind[middle]
    return behind


def reference(given: Given) -> list[Total]:
    """Add up every ancestry from its members."""
    return [total_of(given, found) for found in ancestries(given.causes)]


def total_of(given: Given, found: set[int]) -> Total:
    """Add up a set of nodes."""
    flop = low = high = 0
    bounded = complete = True
    for node in found:
        own = given.flop[node]
        least = None if given.low is None else given.low[node]
        most = None if given.high is None else given.high[node]
        complete &= own is not None
        bounded &= own is not None or most is not None
        value = own if own is not None else least or 0
        flop += value
        low += value if least is None else least
        high += value if most is None else most
    return Total(flop, low, high if bounded else None, complete)


def drawn(seed: int, most: int = 60) -> Given:
    """Draw a graph: of any shape, numbered in any order, with figures of any size."""
    rng = random.Random(seed)
    count = rng.randint(1, most)
    number = list(range(count))
    if rng.random() < 0.6:
        rng.shuffle(number)
    causes: list[list[int]] = [[] for _ in range(count)]
    window = rng.choice((1, 3, 10, count))
    degree = rng.choice((0, 1, 2, 4))
    for place in range(1, count):
        nearest = range(max(0, place - window), place)
        some = rng.choices(nearest, k=rng.randint(0, degree))
        causes[number[place]] = [number[one] for one in some]
    size = rng.choice((10, 2**32, 2**64, 10**27, 10**40))
    hidden = rng.choice((0, 0, 0.1))
    flop = [None if rng.random() < hidden else rng.randrange(size) for _ in range(count)]
    if rng.random() < 0.5:
        return Given(causes, flop)
    low = [rng.randrange((one or 0) + 1) if rng.random() < 0.5 else None for one in flop]
    high = [
        max(one or 0, least or 0) + rng.randrange(size) if rng.random() < 0.5 else None
        for one, least in zip(flop, low, strict=True)
    ]
    return Given(causes, flop, low, high)

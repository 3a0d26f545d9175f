"""Adding up over a graph in Python and numpy alone, where numba is not installed or not worth it.

A set of places is joined with the causes of all that was found last, so the loops
over edges run inside `set`. Sweeps keep one Python int of bits per place; how deep
the graph is does not matter to any of them.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sluicegate.lineage.figures import Cells, Sums
from sluicegate.lineage.shape import Places, Shape

_EIGHT = 8
_LEAVE = -1
_ROWS_AT_ONCE = 512
_BITS_COST = 75
_WALK_COST = 30
"""What a place costs, measured: with k targets 75 + k in a sweep by bits, 30 in each walk."""


class PlainWays:
    """Walks, sweeps and descents over one graph in Python."""

    block = 1024
    sweep_cost = 15.0

    def __init__(self, shape: Shape, cells: Cells) -> None:
        self._cells = cells
        self.columns = cells.shape[1]
        self._causes = _causes_of(shape)

    def over(self, cells: Cells) -> PlainWays:
        """Return the same over other figures."""
        other = copy.copy(self)
        other._cells = cells
        other.columns = cells.shape[1]
        return other

    def reached(self, targets: Places) -> Places:
        """Return the targets and their causes, in no order."""
        met = self._met(targets.tolist())
        return np.fromiter(met, dtype=np.int32, count=len(met))

    def walked(self, target: int) -> Sums:
        """Return the sums of one target (columns,)."""
        met = self._met((target,))
        return self._sum(np.fromiter(met, dtype=np.int32, count=len(met)))

    def swept(self, targets: Places) -> Sums:
        """Return the sums of each target (m, columns), which rise and differ.

        Where they share little, each is walked by itself.
        """
        count = len(targets)
        some = targets[:: -(-count // _EIGHT)]
        mean = sum(len(self.reached(one)) for one in some.reshape(-1, 1)) // len(some)
        met = self._met(targets.tolist())
        if count <= _EIGHT or len(met) * (_BITS_COST + count) > _WALK_COST * count * mean:
            return np.array([self.walked(one) for one in targets.tolist()], dtype=np.uint64)
        return self._by_bits(targets.tolist(), sorted(met, reverse=True))

    def descended(self, chosen: Places) -> Sums:
        """Return the sums of all places (n, columns); `chosen` is a cause of each, or -1."""
        count, columns = self._cells.shape
        totals = descend(self._causes, packed(self._cells), chosen.tolist())
        size = columns * _EIGHT
        data = b"".join([one.to_bytes(size, "little") for one in totals])
        sums = np.frombuffer(data, dtype="<u8").reshape(count, columns)
        return sums.astype(np.uint64, copy=False)

    def _met(self, targets: Sequence[int]) -> set[int]:
        causes = self._causes.__getitem__
        met: set[int] = set()
        found = set(targets)
        while found:
            met |= found
            found = set().union(*map(causes, found)) - met
        return met

    def _sum(self, places: Places) -> Sums:
        rows = self._cells.take(places, axis=0)
        sums: Sums = np.add.reduce(rows, axis=0, dtype=np.uint64)
        return sums

    def _by_bits(self, targets: list[int], places: list[int]) -> Sums:
        """Hand bits from places to their causes, the last first; then add up by bits."""
        causes = self._causes
        bits = dict.fromkeys(places, 0)
        for number, target in enumerate(targets):
            bits[target] = 1 << number
        for place in places:
            mine = bits[place]
            for cause in causes[place]:
                bits[cause] |= mine
        size = -(-len(targets) // _EIGHT)
        sums = np.zeros((len(targets), self._cells.shape[1]), dtype=np.uint64)
        for start in range(0, len(places), _ROWS_AT_ONCE):
            some = places[start : start + _ROWS_AT_ONCE]
            data = b"".join([bits[place].to_bytes(size, "little") for place in some])
            table = np.frombuffer(data, dtype=np.uint8).reshape(len(some), size)
            cells = self._cells.take(some, axis=0)
            sums += _added_by_bits(table, cells, len(targets))
        return sums


def _causes_of(shape: Shape) -> list[tuple[int, ...]]:
    """Return the causes of each place."""
    parents = shape.parents.tolist()
    return [tuple(parents[a:b]) for a, b in itertools.pairwise(shape.offsets.tolist())]


def _added_by_bits(table: NDArray[np.uint8], cells: Cells, wanted: int) -> Sums:
    """Add row i of `cells` to each target whose bit is set in row i of `table`.

    Eight rows at a time: the 256 sums that they can have are made once, and each
    target looks up its own.
    """
    columns = cells.shape[1]
    eights = -(-len(table) // _EIGHT)
    sums = np.zeros((eights, 256, columns), dtype=np.uint64)
    padded = np.zeros((eights * _EIGHT, columns), dtype=np.uint64)
    padded[: len(cells)] = cells
    figures = padded.reshape(eights, _EIGHT, columns)
    for bit in range(_EIGHT):
        known = 1 << bit
        sums[:, known : 2 * known] = sums[:, :known] + figures[:, bit : bit + 1]
    each = np.unpackbits(table, axis=1, bitorder="little", count=wanted)
    looked_up = np.packbits(each, axis=0, bitorder="little").astype(np.intp)
    looked_up += np.arange(eights, dtype=np.intp)[:, np.newaxis] * 256
    flat = sums.reshape(-1, columns)
    return np.stack(
        [
            np.add.reduce(np.ascontiguousarray(flat[:, column]).take(looked_up), axis=0)
            for column in range(columns)
        ],
        axis=1,
    )


def packed(cells: Cells) -> list[int]:
    """Return each row as one int with 64 bits a column, so that one addition adds them all."""
    size = cells.shape[1] * _EIGHT
    data = cells.astype("<u8").tobytes()
    return [
        int.from_bytes(data[start : start + size], "little") for start in range(0, len(data), size)
    ]


def descend(
    causes: Sequence[Iterable[int]], figures: Sequence[int], chosen: Sequence[int]
) -> list[int]:
    """Return the sum of each place and its causes, from that of its chosen cause.

    On the way down the tree of chosen causes the current place and its causes are
    kept in a set; what a place added is taken back when it is left.
    """
    effects: list[list[int]] = [[] for _ in chosen]
    for place, cause in enumerate(chosen):
        if cause >= 0:
            effects[cause].append(place)
    totals = [0] * len(chosen)
    met: set[int] = set()
    added_by: list[list[int]] = []
    todo = [place for place, cause in enumerate(chosen) if cause < 0]
    while todo:
        place = todo.pop()
        if place < 0:
            met.difference_update(added_by.pop())
            continue
        total = totals[chosen[place]] if chosen[place] >= 0 else 0
        added = [place]
        met.add(place)
        for one in added:
            total += figures[one]
            for cause in causes[one]:
                if cause not in met:
                    met.add(cause)
                    added.append(cause)
        totals[place] = total
        added_by.append(added)
        todo.append(_LEAVE)
        todo.extend(effects[place])
    return totals

"""Adding up over a graph in Python and numpy alone, where numba is not installed or not worth it.

A walk is a loop over tuples of causes. Every place is one int object wherever it
stands, so that what a walk reads lies close together. Sweeps keep one Python int of
bits per place; how deep the graph is does not matter to any of them.
"""

from __future__ import annotations

import copy
import itertools
import threading
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sluicegate.lineage.figures import Cells, Sums
from sluicegate.lineage.shape import Places, Shape

_EIGHT = 8
_LEAST = 64
"""Targets below which a sweep saves nothing."""
_LEAVE = -1
_ROWS_AT_ONCE = 512
_BITS_COST = 200
_WALK_COST = 30
"""What a place costs, measured: with k targets 200 + k in a sweep by bits, 30 in each walk."""


class _Seen(threading.local):
    """Which walk of a thread has met each place last: quicker than a set of places."""

    def __init__(self, count: int) -> None:
        self.by: list[object] = [None] * count


class PlainWays:
    """Walks, sweeps and descents over one graph in Python."""

    block = 1024
    sweep_cost = 15.0

    def __init__(self, shape: Shape, cells: Cells) -> None:
        self._cells = cells
        self.columns = cells.shape[1]
        self._causes = _causes_of(shape)
        self._seen = _Seen(len(shape))

    def over(self, cells: Cells) -> PlainWays:
        """Return the same over other figures."""
        other = copy.copy(self)
        other._cells = cells
        other.columns = cells.shape[1]
        return other

    def reached(self, targets: Places) -> Places:
        """Return the targets and their causes, in no order."""
        return np.array(self._met(targets.tolist()), dtype=np.int32)

    def walked(self, target: int) -> Sums:
        """Return the sums of one target (columns,)."""
        rows = self._cells.take(self._met((target,)), axis=0)
        sums: Sums = np.add.reduce(rows, axis=0, dtype=np.uint64)
        return sums

    def swept(self, targets: Places) -> Sums:
        """Return the sums of each target (m, columns), which rise and differ.

        Where they share little, fewer are swept at once, or each is walked by itself.
        """
        parts = []
        todo = [targets]
        while todo:
            some = todo.pop()
            met = self._met(some.tolist())
            if self._is_worth_sweeping(some, len(met)):
                parts.append(self._by_bits(some.tolist(), sorted(met, reverse=True)))
            elif len(some) > _LEAST:
                todo.extend(reversed(np.array_split(some, 4)))
            else:
                walked = [self.walked(one) for one in some.tolist()]
                parts.append(np.array(walked, dtype=np.uint64))
        return np.concatenate(parts)

    def _is_worth_sweeping(self, targets: Places, met: int) -> bool:
        """Say whether a sweep is less than walks, by what a few targets reach."""
        some = targets[:: -(-len(targets) // _EIGHT)].tolist()
        reached = sum(len(self._met((one,))) for one in some) / len(some)
        return met * (_BITS_COST + len(targets)) < _WALK_COST * len(targets) * reached

    def descended(self, chosen: Places) -> Sums:
        """Return the sums of all places (n, columns); `chosen` is a cause of each, or -1."""
        count, columns = self._cells.shape
        totals = descend(self._causes, packed(self._cells), chosen.tolist())
        size = columns * _EIGHT
        data = b"".join([one.to_bytes(size, "little") for one in totals])
        sums = np.frombuffer(data, dtype="<u8").reshape(count, columns)
        return sums.astype(np.uint64, copy=False)

    def _met(self, targets: Iterable[int]) -> list[int]:
        causes = self._causes
        seen_by = self._seen.by
        walk = object()
        met: list[int] = []
        add = met.append
        for target in targets:
            if seen_by[target] is not walk:
                seen_by[target] = walk
                add(target)
        for place in met:
            for cause in causes[place]:
                if seen_by[cause] is not walk:
                    seen_by[cause] = walk
                    add(cause)
        return met

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
    places = list(range(len(shape)))
    parents = list(map(places.__getitem__, shape.parents.tolist()))
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

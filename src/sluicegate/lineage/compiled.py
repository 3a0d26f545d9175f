"""The loops over a graph, compiled by numba (extra `numba`) and kept compiled beside it.

Import it only when it is to be used: that loads numba. All work on places, where
causes stand before what they cause. Figures come four columns at a time, which is
enough for figures up to 2**96 with one column of counts. Scratch that is lent is
given back as it came, but for stamps.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit, types
from numba.core.cgutils import true_bit
from numba.core.extending import intrinsic
from numpy.typing import NDArray

from sluicegate.lineage.figures import Cells, Sums
from sluicegate.lineage.shape import Places, Shape, order_of

BAND = 4
"""Columns that are added at once."""
_WORD = 64
_ONE = np.uint64(1)
_NONE = np.uint64(0)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

Code = TypeVar("Code", bound=Callable[..., Any])


def _compiled(signature: str) -> Callable[[Code], Code]:
    """Compile a function for one signature, without the interpreter's lock."""
    return cast("Callable[[Code], Code]", njit(signature, cache=True, nogil=True))


def _lowest_bit(_context: Any, _word: Any) -> Any:
    """Make the number of the lowest bit that is set."""

    def code(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], true_bit)

    return types.uint64(types.uint64), code


def _bits_set(_context: Any, _word: Any) -> Any:
    """Make the number of bits that are set."""

    def code(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.ctpop(given[0])

    return types.uint64(types.uint64), code


lowest_bit: Any = intrinsic(_lowest_bit)
bits_set: Any = intrinsic(_bits_set)
ordered = _compiled("i8(i8[::1], i4[::1], u1[::1], i8[::1], i4[::1], i4[::1], i8[::1])")(order_of)


@_compiled("i8(i8[::1], i4[::1], i4[::1], i4[::1], i4, i4[::1])")
def reach(offsets: Any, parents: Any, targets: Any, stamps: Any, stamp: Any, log: Any) -> int:
    """Put the targets and all their causes into `log`, each once; return how many.

    What carries `stamp` in `stamps` has been met.
    """
    tail = 0
    for target in targets:
        if stamps[target] != stamp:
            stamps[target] = stamp
            log[tail] = target
            tail += 1
    head = 0
    while head < tail:
        node = log[head]
        head += 1
        for edge in range(offsets[node], offsets[node + 1]):
            cause = parents[edge]
            if stamps[cause] != stamp:
                stamps[cause] = stamp
                log[tail] = cause
                tail += 1
    return tail


@_compiled("void(u4[:, ::1], i4[::1], i8, u8[::1])")
def add(cells: Any, log: Any, count: int, sums: Any) -> None:
    """Add the figures of what stands in `log`."""
    for place in range(count):
        for column in range(cells.shape[1]):
            sums[column] += cells[log[place], column]


@_compiled("i8(u8[::1], u8[::1], i4[::1])")
def seed(words: Any, groups: Any, targets: Any) -> int:
    """Give each target its bit; return how many places have any."""
    for number in range(len(targets)):
        place = targets[number]
        words[place] = _ONE << np.uint64(number)
        groups[place >> 6] |= _ONE << np.uint64(63 - (place & 63))
    return len(targets)


@_compiled("i8(i8[::1], i4[::1], u8[::1], u8[::1], i8, u8)")
def spread(offsets: Any, parents: Any, words: Any, groups: Any, place: Any, word: Any) -> int:
    """Hand the word of a place to its causes; return how many had none before."""
    fresh = 0
    for edge in range(offsets[place], offsets[place + 1]):
        cause = parents[edge]
        had = words[cause]
        if had == _NONE:
            fresh += 1
            groups[cause >> 6] |= _ONE << np.uint64(63 - (cause & 63))
        words[cause] = had | word
    return fresh


@_compiled("void(u4[:, ::1], i8, u8, u8[:, ::1])")
def add_to_each(cells: Any, place: Any, word: Any, sums: Any) -> None:
    """Add the figures of a place to the targets whose bits are set."""
    first = np.uint64(cells[place, 0])
    second = np.uint64(cells[place, 1])
    third = np.uint64(cells[place, 2])
    fourth = np.uint64(cells[place, 3])
    while word != _NONE:
        number = np.int64(lowest_bit(word))
        word &= word - _ONE
        sums[number, 0] += first
        sums[number, 1] += second
        sums[number, 2] += third
        sums[number, 3] += fourth


@_compiled("void(u4[:, ::1], i8, u8, u8[:, ::1], u8[::1])")
def add_to_most(cells: Any, place: Any, missing: Any, sums: Any, common: Any) -> None:
    """Add the figures of a place to what all share, and take them off those without it."""
    first = np.uint64(cells[place, 0])
    second = np.uint64(cells[place, 1])
    third = np.uint64(cells[place, 2])
    fourth = np.uint64(cells[place, 3])
    common[0] += first
    common[1] += second
    common[2] += third
    common[3] += fourth
    while missing != _NONE:
        number = np.int64(lowest_bit(missing))
        missing &= missing - _ONE
        sums[number, 0] -= first
        sums[number, 1] -= second
        sums[number, 2] -= third
        sums[number, 3] -= fourth


@_compiled("void(i8[::1], i4[::1], u4[:, ::1], i4[::1], u8[::1], u8[::1], u8[:, ::1])")
def sweep(
    offsets: Any, parents: Any, cells: Any, targets: Any, words: Any, groups: Any, sums: Any
) -> None:
    """Add to `sums[j]` target j and its causes, for up to 64 rising, differing targets.

    Bit j of `words[i]` says that i is target j or one of its causes; from the last
    place down each hands its word on. `groups` has a bit for every place that has a
    word, the last place of 64 in its lowest bit. What most targets share is added
    once and taken off the rest: sums wrap around, so this is exact.
    """
    wanted = len(targets)
    full = _ALL >> np.uint64(_WORD - wanted)
    half = np.uint64(wanted // 2)
    common = np.zeros(BAND, dtype=np.uint64)
    pending = seed(words, groups, targets)
    group = np.int64(targets[wanted - 1]) >> 6
    while pending > 0:
        mask = groups[group]
        if mask == _NONE:
            group -= 1
            continue
        groups[group] = mask & (mask - _ONE)
        place = group * 64 + 63 - np.int64(lowest_bit(mask))
        word = words[place]
        words[place] = _NONE
        pending += spread(offsets, parents, words, groups, place, word) - 1
        if bits_set(word) <= half:
            add_to_each(cells, place, word, sums)
        else:
            add_to_most(cells, place, full & ~word, sums, common)
    for number in range(wanted):
        for column in range(BAND):
            sums[number, column] += common[column]


@_compiled("void(i8[::1], i4[::1], u4[:, ::1], i4[::1], i4[::1])")
def lay_out(offsets: Any, parents: Any, cells: Any, starts: Any, rows: Any) -> None:
    """Write a row for each place, so that what a walk needs of it lies together.

    A row is a mark (0), the number of causes, the figures, and where the rows of the
    causes start.
    """
    for place in range(len(starts)):
        starts[place] = offsets[place] + place * (2 + BAND)
    for place in range(len(starts)):
        at = np.int64(starts[place])
        rows[at] = 0
        rows[at + 1] = offsets[place + 1] - offsets[place]
        for column in range(BAND):
            rows[at + 2 + column] = np.int32(cells[place, column])
        at += 2 + BAND - offsets[place]
        for edge in range(offsets[place], offsets[place + 1]):
            rows[at + edge] = starts[parents[edge]]


@_compiled("i8(i4[::1], i4[::1], i8, u8[::1])")
def meet(rows: Any, log: Any, tail: int, sums: Any) -> int:
    """Follow all that is not marked from the last row in `log`, and add it to `sums`."""
    head = tail - 1
    first, second, third, fourth = sums[0], sums[1], sums[2], sums[3]
    while head < tail:
        at = np.int64(log[head])
        head += 1
        first += np.uint64(np.uint32(rows[at + 2]))
        second += np.uint64(np.uint32(rows[at + 3]))
        third += np.uint64(np.uint32(rows[at + 4]))
        fourth += np.uint64(np.uint32(rows[at + 5]))
        start = at + 2 + BAND
        for edge in range(start, start + rows[at + 1]):
            cause = rows[edge]
            if rows[cause] == 0:
                rows[cause] = 1
                log[tail] = cause
                tail += 1
    sums[0], sums[1], sums[2], sums[3] = first, second, third, fourth
    return tail


@_compiled("void(i4[::1], i4[::1], i4[::1], i4[::1], i4[::1], u8[:, ::1], i4[:, ::1])")
def descend(
    starts: Any, rows: Any, chosen: Any, child: Any, sibling: Any, sums: Any, scratch: Any
) -> None:
    """Fill `sums` for every place from the sums of its chosen cause.

    On the way down the tree of chosen causes the current place and its causes are
    marked; what a place added is taken back when it is left. `child` and `sibling`
    are -1.
    """
    log, path, bases = scratch[0], scratch[1], scratch[2]
    for place in range(len(chosen) - 1, -1, -1):
        if chosen[place] >= 0:
            sibling[place] = child[chosen[place]]
            child[chosen[place]] = place
    tail = 0
    for root in range(len(chosen)):
        depth = -1
        upcoming = root if chosen[root] < 0 else -1
        while upcoming >= 0 or depth >= 0:
            if upcoming >= 0:
                depth += 1
                path[depth] = upcoming
                bases[depth] = tail
                if depth > 0:
                    sums[upcoming] = sums[path[depth - 1]]
                rows[starts[upcoming]] = 1
                log[tail] = starts[upcoming]
                tail = meet(rows, log, tail + 1, sums[upcoming])
                upcoming = child[upcoming]
                continue
            while tail > bases[depth]:
                tail -= 1
                rows[log[tail]] = 0
            upcoming = sibling[path[depth]]
            depth -= 1


class _Scratch(threading.local):
    """Arrays that one thread lends to the loops, made when first needed."""

    def __init__(self, count: int) -> None:
        self.stamp = 0
        self.stamps = np.zeros(count, dtype=np.int32)
        self.log = np.empty(count, dtype=np.int32)
        self.words = np.zeros(count, dtype=np.uint64)
        self.groups = np.zeros(count // 64 + 1, dtype=np.uint64)

    def next_stamp(self) -> int:
        """Return a stamp that nothing carries."""
        if self.stamp == np.iinfo(np.int32).max:
            self.stamps[:] = 0
            self.stamp = 0
        self.stamp += 1
        return self.stamp


class CompiledWays:
    """Compiled walks, sweeps and descents over one graph."""

    block = _WORD
    sweep_cost = 2.5

    def __init__(self, shape: Shape, cells: Cells) -> None:
        self._shape = shape
        self._offsets = shape.offsets
        self._parents = shape.parents
        self._cells = cells
        self.columns = cells.shape[1]
        self._bands = _bands(cells)
        self._scratch = _Scratch(len(shape))

    def over(self, cells: Cells) -> CompiledWays:
        """Return the same over other figures."""
        return CompiledWays(self._shape, cells)

    def _met(self, targets: Places) -> Places:
        scratch = self._scratch
        stamp = scratch.next_stamp()
        count = reach(self._offsets, self._parents, targets, scratch.stamps, stamp, scratch.log)
        return scratch.log[:count]

    def reached(self, targets: Places) -> Places:
        """Return the targets and their causes, in no order."""
        return self._met(targets).copy()

    def walked(self, target: int) -> Sums:
        """Return the sums of one target (columns,)."""
        met = self._met(np.array([target], dtype=np.int32))
        sums = np.zeros(self._cells.shape[1], dtype=np.uint64)
        add(self._cells, met, len(met), sums)
        return sums

    def swept(self, targets: Places) -> Sums:
        """Return the sums of each target (m, columns), which rise and differ."""
        scratch = self._scratch
        parts = []
        for band in self._bands:
            sums = np.zeros((len(targets), BAND), dtype=np.uint64)
            sweep(self._offsets, self._parents, band, targets, scratch.words, scratch.groups, sums)
            parts.append(sums)
        return self._joined(parts)

    def descended(self, chosen: Places) -> Sums:
        """Return the sums of all places (n, columns); `chosen` is a cause of each, or -1."""
        count = len(chosen)
        starts = np.empty(count, dtype=np.int32)
        rows = np.empty(count * (2 + BAND) + len(self._parents), dtype=np.int32)
        scratch = np.empty((3, count), dtype=np.int32)
        parts = []
        for band in self._bands:
            sums = np.zeros((count, BAND), dtype=np.uint64)
            child, sibling = (np.full(count, -1, dtype=np.int32) for _ in range(2))
            lay_out(self._offsets, self._parents, band, starts, rows)
            descend(starts, rows, chosen, child, sibling, sums, scratch)
            parts.append(sums)
        return self._joined(parts)

    def _joined(self, parts: list[Sums]) -> Sums:
        whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        return whole[:, : self._cells.shape[1]]


def order_compiled(offsets: NDArray[np.int64], parents: Places) -> tuple[Places, Places]:
    """Return the nodes with causes first, and one cycle, each caused by the next, or none."""
    count = len(offsets) - 1
    path = np.empty(count, dtype=np.int32)
    order = np.empty(count, dtype=np.int32)
    start = np.zeros(1, dtype=np.int64)
    state = np.zeros(count, dtype=np.uint8)
    length = ordered(offsets, parents, state, offsets[:-1].copy(), path, order, start)
    return order, path[start[0] : start[0] + max(length, 0)]


def _bands(cells: Cells) -> list[Cells]:
    """Cut columns into fours, the last filled up with zeros."""
    count = -(-cells.shape[1] // BAND)
    wide = np.zeros((count, len(cells), BAND), dtype=np.uint32)
    for column in range(cells.shape[1]):
        wide[column // BAND, :, column % BAND] = cells[:, column]
    return list(wide)

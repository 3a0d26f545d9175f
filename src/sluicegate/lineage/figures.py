"""Operations of many nodes, kept so that any set of them adds up exactly.

A figure of any size is cut into limbs of 32 bits, the lowest first, and each
limb is summed on its own in 64 bits: up to 2**32 figures cannot overflow, and
the sum is put together as a Python int. Bounds that are the same as the figure
take no room of their own. What is not disclosed is counted in a column beside.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray

Given = Sequence[Any] | NDArray[Any]
"""Figures as they are given: ints, None where none is known."""

Cells = NDArray[np.uint32]
Sums = NDArray[np.uint64]

_LIMB_BITS = 32
_LIMB_BYTES = _LIMB_BITS // 8


@dataclass(frozen=True, slots=True)
class Total:
    """What a set of nodes adds up to, in the unit in which the figures were given.

    `flop` counts each node once; of an undisclosed one its lower bound. `high` None:
    something in it has no upper bound. `complete` False: something is undisclosed,
    and `flop` is a lower bound.
    """

    flop: int
    low: int
    high: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which columns hold what; `low`, `high` None: the same as `central`."""

    central: slice
    low: slice | None
    high: slice | None
    undisclosed: int | None
    unbounded: int | None

    def total(self, sums: Sequence[int]) -> Total:
        flop = _joined(sums[self.central])
        low = flop if self.low is None else _joined(sums[self.low])
        is_bounded = self.unbounded is None or not sums[self.unbounded]
        high = flop if self.high is None else _joined(sums[self.high])
        complete = self.undisclosed is None or not sums[self.undisclosed]
        return Total(flop, low, high if is_bounded else None, complete)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of all nodes: a row each (n, columns), and how a row is read."""

    cells: Cells
    layout: _Layout

    def total(self, sums: Sums) -> Total:
        """Read the sums of some rows (columns,)."""
        return self.layout.total(sums.tolist())

    def total_of(self, nodes: NDArray[np.integer[Any]]) -> Total:
        """Add up nodes, each of which is given once."""
        return self.total(np.add.reduce(self.cells.take(nodes, axis=0), axis=0, dtype=np.uint64))

    def totals(self, sums: Sums) -> Totals:
        """Read a table of sums (m, columns) as a sequence of totals."""
        return Totals(self, sums)

    def in_order(self, order: NDArray[np.integer[Any]]) -> Figures:
        """Return the figures with node `order[i]` at place i."""
        return Figures(self.cells.take(order, axis=0), self.layout)


class Totals(Sequence[Total]):
    """Totals in order, put together when they are looked at; equal to a list of the same."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, figures: Figures, sums: Sums) -> None:
        self._figures = figures
        self._sums = sums

    def __len__(self) -> int:
        return len(self._sums)

    @overload
    def __getitem__(self, place: SupportsIndex) -> Total: ...
    @overload
    def __getitem__(self, place: slice) -> Totals: ...
    def __getitem__(self, place: SupportsIndex | slice) -> Total | Totals:
        if isinstance(place, slice):
            return Totals(self._figures, self._sums[place])
        return self._figures.total(self._sums[operator.index(place)])

    def __iter__(self) -> Iterator[Total]:
        step = 4096
        for start in range(0, len(self._sums), step):
            yield from map(self._figures.layout.total, self._sums[start : start + step].tolist())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str | bytes):
            return NotImplemented
        return len(self) == len(other) and all(map(operator.eq, self, other))

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:3]))
        return f"Totals([{shown}{', …' if len(self) > 3 else ''}])"


def figures_of(flop: Given, low: Given | None = None, high: Given | None = None) -> Figures:
    """Keep figures and their bounds, one for each node.

    A bound that is not given is the figure; of an undisclosed figure the lower
    is 0 and there is no upper. Raises TypeError for what is no integer, ValueError
    for negative figures and for bounds that do not enclose the figure.
    """
    plain = _whole_array(flop, "flop")
    if plain is not None and low is None and high is None:
        return _laid_out(_Columns(plain))
    central = _listed(flop, "flop")
    lows = _beside(low, "low", central)
    highs = _beside(high, "high", central)
    hidden = [one is None for one in central]
    known = [one if one is not None else low or 0 for one, low in zip(central, lows, strict=True)]
    if low is None and high is None and not any(hidden):
        return _laid_out(_Columns(known))
    lower = [one if low is None else low for one, low in zip(known, lows, strict=True)]
    upper = [
        None if high is None and is_hidden else one if high is None else high
        for one, high, is_hidden in zip(known, highs, hidden, strict=True)
    ]
    _must_enclose(known, lower, upper)
    return _laid_out(_Columns(known, lower, upper, hidden))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Figures before they are cut into limbs; what is the same as `central` is None."""

    central: NDArray[np.uint64] | Sequence[int]
    low: Sequence[int] | None = None
    high: Sequence[int | None] | None = None
    undisclosed: Sequence[bool] | None = None


def _laid_out(columns: _Columns) -> Figures:
    """Place limbs and counts side by side, each only where it says something."""
    parts: list[Cells] = []

    def place(part: Cells) -> slice:
        start = sum(one.shape[1] for one in parts)
        parts.append(part)
        return slice(start, start + part.shape[1])

    def flags(values: Iterable[bool]) -> int | None:
        column = np.fromiter(values, dtype=np.uint32).reshape(-1, 1)
        return place(column).start if column.any() else None

    central = place(_limbs(columns.central))
    low = high = None
    undisclosed = unbounded = None
    if columns.low is not None and columns.low != columns.central:
        low = place(_limbs(columns.low))
    if columns.high is not None:
        top = [one or 0 for one in columns.high]
        if any(
            h is not None and h != c for h, c in zip(columns.high, columns.central, strict=True)
        ):
            high = place(_limbs(top))
        unbounded = flags(one is None for one in columns.high)
    if columns.undisclosed is not None:
        is_same = columns.high is not None and all(
            hidden == (one is None)
            for hidden, one in zip(columns.undisclosed, columns.high, strict=True)
        )
        undisclosed = unbounded if is_same else flags(columns.undisclosed)
    cells = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    return Figures(np.ascontiguousarray(cells), _Layout(central, low, high, undisclosed, unbounded))


def _joined(limbs: Sequence[int]) -> int:
    total = 0
    for limb in reversed(limbs):
        total = (total << _LIMB_BITS) + limb
    return total


def _limbs(values: NDArray[np.uint64] | Sequence[int]) -> Cells:
    """Cut figures into limbs (n, limbs), as many as the largest needs."""
    largest = int(max(values)) if isinstance(values, Sequence) and values else 0
    if isinstance(values, np.ndarray):
        largest = int(values.max()) if len(values) else 0
    count = max(1, -(-largest.bit_length() // _LIMB_BITS))
    if isinstance(values, np.ndarray):
        limbs = values.astype("<u8", copy=False).view("<u4").reshape(-1, 2)
        return limbs[:, :count].astype(np.uint32)
    size = count * _LIMB_BYTES
    data = b"".join([one.to_bytes(size, "little") for one in values])
    return np.frombuffer(data, dtype="<u4").reshape(-1, count).astype(np.uint32)


def _whole_array(given: Given, name: str) -> NDArray[np.uint64] | None:
    """Return an integer array as unsigned; None for a sequence or an array of objects."""
    if not isinstance(given, np.ndarray):
        return None
    if isinstance(given, np.ma.MaskedArray):
        raise TypeError(f"{name}: a masked array; give an object array with None where undisclosed")
    if given.ndim != 1:
        raise ValueError(f"{name}: the array has {given.ndim} dimensions; give one figure a node")
    if given.dtype.kind == "O" or not len(given):
        return None
    if given.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: an array of {given.dtype}, which may not be exact;"
            " give integers, or an object array of Python ints"
        )
    if given.dtype.kind == "i" and given.min() < 0:
        place = int(np.argmax(given < 0))
        raise ValueError(_negative(name, place, int(given[place])))
    return given.astype(np.uint64)


def _listed(given: Given, name: str) -> list[int | None]:
    """Return figures as Python ints of any size, None where none is given."""
    whole = _whole_array(given, name)
    if whole is not None:
        listed: list[int | None] = whole.tolist()
        return listed
    values = given.tolist() if isinstance(given, np.ndarray) else list(given)
    if not set(map(type, values)) <= {int, type(None)}:
        values = [_checked(one, name, place) for place, one in enumerate(values)]
    if any(one is not None and one < 0 for one in values):
        place = next(i for i, one in enumerate(values) if one is not None and one < 0)
        raise ValueError(_negative(name, place, values[place]))
    return values


def _checked(value: Any, name: str, place: int) -> int | None:
    """Return an item as a Python int."""
    if value is None:
        return None
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return operator.index(value)
    raise TypeError(
        f"{name} of node {place}: {value!r} is a {type(value).__name__};"
        " give an exact int, or None if it is not disclosed"
    )


def _negative(name: str, place: int, value: int) -> str:
    return f"{name} of node {place}: {value} is negative; give 0 or more"


def _beside(given: Given | None, name: str, central: Sequence[int | None]) -> list[int | None]:
    """Return bounds beside the figures; where none are given, None each."""
    if given is None:
        return [None] * len(central)
    bounds = _listed(given, name)
    if len(bounds) != len(central):
        raise ValueError(
            f"{name}: {len(bounds)} bounds for {len(central)} nodes; give one each, or None"
        )
    return bounds


def _must_enclose(known: Sequence[int], lower: Sequence[int], upper: Sequence[int | None]) -> None:
    """Refuse bounds out of order."""
    for place, (one, low, high) in enumerate(zip(known, lower, upper, strict=True)):
        if low > one or (high is not None and high < one):
            raise ValueError(
                f"bounds of node {place}: {low} to {high} do not enclose {one};"
                " give low <= flop <= high"
            )

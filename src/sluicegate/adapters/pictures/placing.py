"""Where boxes of a layered picture stand, and by which points a long line passes rows.

The layered layout of Sugiyama et al. (1981): a line that passes rows gets a
narrow place of its own in each, rows are put in order by the mean place of
neighbours, and then moved to stand near them without touching one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sluicegate.adapters.pictures.layers import depths, put_in_order

_PASS = 14.0
"""Width of the place that a passing line takes in a row, in pixels."""
_ROUNDS = 12
_STRAIGHT = 8.0
"""How much more a piece of a line between two passed rows wants to be straight."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Middles of boxes in pixels from the left, their rows from the top, and the whole width.

    `ways` give for each pair the middles by which its line passes the rows between.
    """

    middle: Mapping[str, float]
    row: Mapping[str, int]
    ways: Mapping[tuple[str, str], tuple[float, ...]]
    rows: int
    width: float


def placed(ids: Sequence[str], falls: Sequence[tuple[str, str]], box: float, gap: float) -> Placed:
    """Place ids above what they lead to; `falls` are pairs of an upper and a lower id.

    `box` and `gap` are the width of a box and the least room between two, in pixels.
    """
    depth = depths(ids, falls)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for one in ids:
        rows[depth[one]].append(one)
    passes: dict[tuple[str, str], list[str]] = {}
    steps: list[tuple[str, str]] = []
    for number, (upper, lower) in enumerate(falls):
        between = range(depth[upper] + 1, depth[lower])
        way = [f"\n{number} {place}" for place in between]
        for place, key in zip(between, way, strict=True):
            rows[place].append(key)
        passes[(upper, lower)] = way
        stops = [upper, *way, lower]
        steps += pairwise(stops)
    put_in_order(rows, steps)
    middle = _middles(rows, steps, dict.fromkeys(ids, box), gap)
    left = min((middle[one] - box / 2 for one in ids), default=0.0)
    left = min([left, *(middle[one] for way in passes.values() for one in way)])
    middle = {one: x - left for one, x in middle.items()}
    ends = [middle[one] + box / 2 for one in ids]
    ends += [middle[one] for way in passes.values() for one in way]
    return Placed(
        {one: middle[one] for one in ids},
        depth,
        {pair: tuple(middle[one] for one in way) for pair, way in passes.items()},
        len(rows),
        max(ends, default=0.0),
    )


def _middles(
    rows: Sequence[Sequence[str]],
    steps: Sequence[tuple[str, str]],
    widths: Mapping[str, float],
    gap: float,
) -> dict[str, float]:
    """Return the middle of each place: near its neighbours, in the order of its row."""
    near: dict[str, list[str]] = {}
    for upper, lower in steps:
        near.setdefault(upper, []).append(lower)
        near.setdefault(lower, []).append(upper)
    middle: dict[str, float] = {}
    for row in rows:
        at = 0.0
        for one in row:
            middle[one] = at + widths.get(one, _PASS) / 2
            at += widths.get(one, _PASS) + gap
        for one in row:
            middle[one] -= (at - gap) / 2
    for turn in range(_ROUNDS):
        for row in rows if turn % 2 else reversed(rows):
            wanted = [_wanted(one, near.get(one, [one]), middle, widths) for one in row]
            sizes = [widths.get(one, _PASS) for one in row]
            middle.update(zip(row, _without_touching(wanted, sizes, gap), strict=True))
    return middle


def _wanted(
    one: str, near: Sequence[str], middle: Mapping[str, float], widths: Mapping[str, float]
) -> float:
    """Return the mean of neighbours; where a line passes rows it had rather stay straight."""
    weights = [_STRAIGHT if not (one in widths or each in widths) else 1.0 for each in near]
    return sum(middle[each] * weight for each, weight in zip(near, weights, strict=True)) / sum(
        weights
    )


def _without_touching(wanted: Sequence[float], sizes: Sequence[float], gap: float) -> list[float]:
    """Return places in order, nearest to those wanted by the sum of squares, none touching.

    What is pooled moves as one (isotonic regression over the room that each takes).

    >>> _without_touching([0.0, 0.0], [10.0, 10.0], 2.0)
    [-6.0, 6.0]
    """
    room = [0.0]
    for before, after in pairwise(sizes):
        room.append(room[-1] + (before + after) / 2 + gap)
    pools: list[tuple[float, int]] = []
    for want, taken in zip(wanted, room, strict=False):
        total, count = want - taken, 1
        while pools and pools[-1][0] * count >= total * pools[-1][1]:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + taken for mean, taken in zip(means, room, strict=False)]

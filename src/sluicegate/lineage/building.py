"""A lineage from nodes and causes: checked, then kept as arrays.

Faults are looked for in this order, and the first kind found is told: ids given
twice, negative figures, ends that no node has, a cycle over all edges as given.

numpy is imported where it is used: who builds no graph does not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING

from sluicegate.core.quantities import Exact
from sluicegate.lineage.document import (
    Fault,
    GraphError,
    HumanChange,
    Independence,
    Lineage,
    Node,
)
from sluicegate.lineage.ends import Edge, NumberedEdges

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]

__all__ = ["Edge", "causes_first", "find_cycle", "lineage_of"]


@dataclass(frozen=True, slots=True)
class _Ends:
    """Edges as places: cause and target of each, and the changes by number of edge."""

    causes: Places
    targets: Places
    changes: Mapping[int, HumanChange]


@dataclass(frozen=True, slots=True)
class _Joined:
    """Edges by the node they lead to, each once."""

    offsets: Places
    parents: Places
    cuts: Mapping[tuple[int, int], HumanChange]


def lineage_of(
    nodes: Iterable[Node], edges: Iterable[Edge], independence: Iterable[Independence] = ()
) -> Lineage:
    """Check nodes and edges and return them as a lineage.

    Edges between the same two nodes are one; it is cut only if each of them is.
    Raises GraphError with the nodes at fault, in the order given; ValueError when a
    figure lies outside its bounds, naming node and field.
    """
    kept = tuple(nodes)
    places = {node.id: place for place, node in enumerate(kept)}
    _refuse_duplicates(kept, places)
    _refuse_negative(kept)
    if isinstance(edges, NumberedEdges) and edges.are_of(kept):
        ends = _numbered(edges)
    else:
        ends = _ends(places, edges)
    joined = _join(len(kept), ends)
    cycle = find_cycle(joined.offsets, joined.parents)
    if cycle:
        raise GraphError(Fault.CYCLE, (kept[place].id for place in cycle))
    for node in kept:
        _refuse_wrong_bounds(node)
    return Lineage(kept, joined.offsets, joined.parents, places, joined.cuts, tuple(independence))


def _refuse_duplicates(nodes: Sequence[Node], places: Mapping[str, int]) -> None:
    if len(places) == len(nodes):
        return
    last = (node.id for place, node in enumerate(nodes) if places[node.id] != place)
    raise GraphError(Fault.DUPLICATE, dict.fromkeys(last))


def _refuse_negative(nodes: Sequence[Node]) -> None:
    def is_negative(figure: Exact | None) -> bool:
        return figure is not None and figure < 0

    found = [
        node.id
        for node in nodes
        if node.compute is not None
        and (
            is_negative(node.compute.central)
            or node.compute.low < 0
            or is_negative(node.compute.high)
        )
    ]
    if found:
        raise GraphError(Fault.NEGATIVE, found)


def _refuse_wrong_bounds(node: Node) -> None:
    compute = node.compute
    if compute is None:
        return
    if compute.central is not None and compute.low > compute.central:
        raise ValueError(
            f"node {node.id}: flop_low is above flop; give a lower bound that is not above it"
        )
    least = compute.low if compute.central is None else compute.central
    if compute.high is not None and compute.high < least:
        raise ValueError(
            f"node {node.id}: flop_high is below"
            f" {'flop_low' if compute.central is None else 'flop'};"
            " give an upper bound that is not below it"
        )


def _ends(places: Mapping[str, int], edges: Iterable[Edge]) -> _Ends:
    """Return edges as places; raises GraphError naming the ids that no node has."""
    import numpy as np

    given = edges if isinstance(edges, Sequence) else list(edges)
    # In C throughout: of millions of edges a loop takes three times as long.
    causes = list(map(places.get, map(itemgetter(0), given), repeat(-1)))
    targets = list(map(places.get, map(itemgetter(1), given), repeat(-1)))
    firsts, lasts = np.array(causes, dtype=np.int64), np.array(targets, dtype=np.int64)
    wrong = np.flatnonzero((firsts < 0) | (lasts < 0)).tolist()
    ends = (end for number in wrong for end in given[number][:2])
    missing = dict.fromkeys(end for end in ends if end not in places)
    if missing:
        raise GraphError(Fault.DANGLING, missing)
    changes = {number: one[2] for number, one in enumerate(given) if one[2] is not None}
    return _Ends(firsts, lasts, changes)


def _numbered(edges: NumberedEdges) -> _Ends:
    """Return edges that know their places; raises GraphError naming the ids that no node has."""
    import numpy as np

    wrong = np.flatnonzero((edges.causes < 0) | (edges.targets < 0)).tolist()
    missing = dict.fromkeys(
        edges.strangers[-1 - place]
        for number in wrong
        for place in (int(edges.causes[number]), int(edges.targets[number]))
        if place < 0
    )
    if missing:
        raise GraphError(Fault.DANGLING, missing)
    return _Ends(edges.causes, edges.targets, edges.changes)


def _join(size: int, ends: _Ends) -> _Joined:
    import numpy as np

    keys = ends.targets * size + ends.causes
    unique, counts = np.unique(keys, return_counts=True)
    offsets = np.zeros(size + 1, dtype=np.int64)
    parents = unique
    if size:
        np.cumsum(np.bincount(unique // size, minlength=size), out=offsets[1:])
        parents = unique % size
    return _Joined(offsets, parents, _cuts(ends, keys, unique, counts))


def _cuts(
    ends: _Ends, keys: Places, unique: Places, counts: Places
) -> dict[tuple[int, int], HumanChange]:
    """Return the joined edges of which every part is cut, with the first change of each."""
    import numpy as np

    by_key: dict[int, list[HumanChange]] = {}
    for number, change in ends.changes.items():
        by_key.setdefault(int(keys[number]), []).append(change)
    cut: dict[tuple[int, int], HumanChange] = {}
    for number in ends.changes:
        key = int(keys[number])
        pair = (int(ends.causes[number]), int(ends.targets[number]))
        if pair not in cut and len(by_key[key]) == counts[np.searchsorted(unique, key)]:
            cut[pair] = by_key[key][0]
    return cut


def find_cycle(offsets: Places, parents: Places) -> list[int]:
    """Return the places of one cycle, each a cause of the next, from its smallest; or none.

    In the time of nodes and edges; at once where every cause stands before what it led to.
    """
    import numpy as np

    targets = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    if bool(np.all(parents < targets)):
        return []
    order = causes_first(offsets, parents)
    if len(order) == len(offsets) - 1:
        return []
    left = np.ones(len(offsets) - 1, dtype=np.bool_)
    left[order] = False
    return _cycle_among(offsets, parents, left)


def causes_first(offsets: Places, parents: Places) -> list[int]:
    """Return places so that causes stand before what they led to, without those behind a cycle."""
    import numpy as np

    size = len(offsets) - 1
    targets = np.repeat(np.arange(size), np.diff(offsets))
    if bool(np.all(parents < targets)):
        return list(range(size))
    by_cause = np.argsort(parents, kind="stable")
    starts = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(parents, minlength=size), out=starts[1:])
    begins: list[int] = starts.tolist()
    led_to: list[int] = targets[by_cause].tolist()
    waiting: list[int] = np.diff(offsets).tolist()
    order = [place for place, causes in enumerate(waiting) if not causes]
    for place in order:
        for target in led_to[begins[place] : begins[place + 1]]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return order


def _cycle_among(offsets: Places, parents: Places, left: NDArray[np.bool_]) -> list[int]:
    """Walk from cause to cause among places that all have one there until one comes again."""
    import numpy as np

    place = int(np.flatnonzero(left)[0])
    seen: dict[int, int] = {}
    way: list[int] = []
    while place not in seen:
        seen[place] = len(way)
        way.append(place)
        causes = parents[offsets[place] : offsets[place + 1]]
        place = int(causes[left[causes]][0])
    cycle = way[seen[place] :][::-1]
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]

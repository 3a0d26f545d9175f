"""Where the parties of an ownership picture stand: layers from owners down to owned.

A small form of the layered layout of Sugiyama et al. (1981): longest paths
give the layers, every owner comes down to just above what it owns, then each
layer is put in order by the mean place of its neighbours. Holdings that lead
back up are set aside first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sluicegate.services.report import HoldingEdge, PartyNode


@dataclass(frozen=True, slots=True)
class Layers:
    """Ids by layer from the top, the edges that lead down, and those that lead back up.

    `hidden` counts the parties left out, by the shown party that they hang on
    (or "" for those that hang on none).
    """

    rows: tuple[tuple[str, ...], ...]
    down: tuple[HoldingEdge, ...]
    up: tuple[HoldingEdge, ...]
    hidden: Mapping[str, int]


def layered(
    nodes: Sequence[PartyNode], edges: Sequence[HoldingEdge], most_rows: int, most_in_row: int
) -> Layers:
    """Return the layout; edges to parties that are not among the nodes are left out."""
    known = {node.id for node in nodes}
    edges = [edge for edge in edges if edge.owner in known and edge.owned in known]
    down, up = _without_cycles([node.id for node in nodes], edges)
    falls = [(edge.owner, edge.owned) for edge in down]
    depth = depths([node.id for node in nodes], falls)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        rows[depth[node.id]].append(node.id)
    put_in_order(rows, falls)
    important = {node.id for node in nodes if node.is_subject}
    kept = [_kept(row, important, most_in_row) for row in rows[:most_rows]]
    shown = {one for row in kept for one in row}
    return Layers(
        tuple(map(tuple, kept)),
        tuple(edge for edge in down if edge.owner in shown and edge.owned in shown),
        tuple(edge for edge in up if edge.owner in shown and edge.owned in shown),
        _hidden([node.id for node in nodes if node.id not in shown], edges, shown),
    )


def _without_cycles(
    ids: Sequence[str], edges: Sequence[HoldingEdge]
) -> tuple[list[HoldingEdge], list[HoldingEdge]]:
    """Split edges into those that lead down and those that close a circle (no recursion)."""
    below: dict[str, list[HoldingEdge]] = {one: [] for one in ids}
    owned = {edge.owned for edge in edges}
    for holding in edges:
        below[holding.owner].append(holding)
    state: dict[str, int] = {}
    down: list[HoldingEdge] = []
    up: list[HoldingEdge] = []
    for root in sorted(ids, key=lambda one: one in owned):
        if root in state:
            continue
        state[root] = 1
        walk = [(root, iter(below[root]))]
        while walk:
            here, rest = walk[-1]
            edge = next(rest, None)
            if edge is None:
                state[here] = 2
                walk.pop()
            elif state.get(edge.owned) == 1:
                up.append(edge)
            else:
                down.append(edge)
                if edge.owned not in state:
                    state[edge.owned] = 1
                    walk.append((edge.owned, iter(below[edge.owned])))
    return down, up


def depths(ids: Sequence[str], falls: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the layer of each id: its longest path from the top, then as low as it can be.

    `falls` are pairs of an upper and a lower id, without a circle. The upper stands in
    the layer right above the highest that it leads to, so that lines are short; what
    leads to nothing stays where the longest path ends.
    """
    waiting = dict.fromkeys(ids, 0)
    below: dict[str, list[str]] = {one: [] for one in ids}
    for upper, lower in falls:
        waiting[lower] += 1
        below[upper].append(lower)
    depth = dict.fromkeys(ids, 0)
    ready = [one for one in ids if not waiting[one]]
    done: list[str] = []
    while ready:
        here = ready.pop()
        done.append(here)
        for one in below[here]:
            depth[one] = max(depth[one], depth[here] + 1)
            waiting[one] -= 1
            if not waiting[one]:
                ready.append(one)
    for here in reversed(done):
        if below[here]:
            depth[here] = min(depth[one] for one in below[here]) - 1
    return depth


def put_in_order(rows: list[list[str]], falls: Sequence[tuple[str, str]]) -> None:
    """Sort each row by the mean place of its neighbours, down and up again, twice."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for upper, lower in falls:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    for neighbours, order in ((above, rows[1:]), (below, rows[-2::-1])) * 2:
        place = {one: spot / max(len(row), 1) for row in rows for spot, one in enumerate(row)}
        for row in order:
            means = {
                one: sum(map(place.__getitem__, near)) / len(near)
                for one in row
                if (near := neighbours.get(one))
            }
            row.sort(key=lambda one, means=means, place=place: means.get(one, place[one]))  # type: ignore[misc]
            place.update({one: spot / len(row) for spot, one in enumerate(row)})


def _kept(row: Sequence[str], important: set[str], most: int) -> list[str]:
    """Return the parties of a row that are shown: the subject always, then the first."""
    if len(row) <= most:
        return list(row)
    first = [one for one in row if one in important][:most]
    rest = [one for one in row if one not in important][: most - len(first)]
    chosen = {*first, *rest}
    return [one for one in row if one in chosen]


def _hidden(
    left_out: Sequence[str], edges: Sequence[HoldingEdge], shown: set[str]
) -> dict[str, int]:
    """Count each party left out once, at the nearest shown party it hangs on."""
    near: dict[str, list[str]] = {}
    for edge in edges:
        near.setdefault(edge.owned, []).append(edge.owner)
    for edge in edges:
        near.setdefault(edge.owner, []).append(edge.owned)
    counts: dict[str, int] = {}
    for one in left_out:
        home, seen, waiting = "", {one}, [one]
        while waiting and not home:
            here = waiting.pop(0)
            for next_one in near.get(here, ()):
                if next_one in shown:
                    home = next_one
                    break
                if next_one not in seen:
                    seen.add(next_one)
                    waiting.append(next_one)
        counts[home] = counts.get(home, 0) + 1
    return counts

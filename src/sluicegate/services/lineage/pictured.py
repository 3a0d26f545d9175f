"""Which part of a lineage is drawn for an account, and what is folded away.

Everything that leads to the target is looked at once; what is drawn is chosen
from the target upwards, row by row, the largest amounts first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sluicegate.core.quantities import Exact, whole
from sluicegate.lineage.accounting import Account
from sluicegate.lineage.document import Lineage
from sluicegate.lineage.tallying import Ground
from sluicegate.lineage.walking import Way, is_open, places_of, stated
from sluicegate.services.lineage.drawing import (
    Amount,
    DrawnLineage,
    DrawnNode,
    DrawnTie,
    Folded,
    Standing,
    Tie,
)

_MOST_LOOKED = 2_000
"""Causes of one drawn node that are looked at to choose those drawn; all are counted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is drawn: rows above the target, and nodes in each."""

    depth: int = 6
    in_row: int = 5


@dataclass(frozen=True, slots=True)
class _Reach:
    """All that leads to some targets over the edges as given, and over those presumed.

    `inside` is what counts may count of: it leads to a target past nothing cut or
    discarded. Only what is inside has presumed causes, and only such that are not
    discarded. `order` has what follows before its causes; places from the number of
    nodes on are joints of presumption, which are no nodes.
    """

    lineage: Lineage
    way: Way
    roots: tuple[int, ...]
    inside: frozenset[int] = frozenset()
    order: tuple[int, ...] = ()

    @classmethod
    def of(cls, lineage: Lineage, way: Way, roots: Sequence[int]) -> _Reach:
        """Walk from the targets to all their causes, and put them in order."""
        inside = frozenset(_inside(lineage, way, roots))
        empty = cls(lineage, way, tuple(roots), inside)
        waiting = dict.fromkeys(roots, 0)
        stack = list(waiting)
        while stack:
            for cause, _ in empty.causes(stack.pop()):
                if cause not in waiting:
                    waiting[cause] = 0
                    stack.append(cause)
                waiting[cause] += 1
        ready = [one for one, count in waiting.items() if not count]
        order: list[int] = []
        while ready:
            here = ready.pop()
            order.append(here)
            for cause, _ in empty.causes(here):
                waiting[cause] -= 1
                if not waiting[cause]:
                    ready.append(cause)
        return cls(lineage, way, tuple(roots), inside, tuple(order))

    def is_node(self, place: int) -> bool:
        """Say whether a place is a node and no joint."""
        return place < len(self.lineage.nodes)

    def causes(self, place: int) -> Iterator[tuple[int, Tie]]:
        """Yield the causes of a place with their ties, joints as they are."""
        if self.is_node(place):
            cuts = self.lineage.cuts if self.way.cuts else {}
            for cause in self.lineage.causes(place):
                yield cause, Tie.CUT if (cause, place) in cuts else Tie.STATED
        if place not in self.inside:
            return
        for cause in self.way.added.causes.get(place, ()):
            if cause in self.inside:
                yield cause, Tie.PRESUMED

    def nodes_behind(self, place: int) -> Iterator[tuple[int, Tie]]:
        """Yield the nodes that are causes of a place, passing through joints, each once."""
        seen: set[int] = set()
        waiting = [place]
        while waiting:
            for cause, tie in self.causes(waiting.pop()):
                if cause in seen:
                    continue
                seen.add(cause)
                if self.is_node(cause):
                    yield cause, tie
                else:
                    waiting.append(cause)

    def counts_over(self, cause: int, tie: Tie) -> bool:
        """Say whether something may count over a tie to this cause."""
        return tie is not Tie.CUT and is_open(self.lineage, cause, self.way)


def _inside(lineage: Lineage, way: Way, roots: Sequence[int]) -> set[int]:
    """Return what leads to targets past nothing cut or discarded, joints among it."""
    stack = list(roots)
    found = set(stack)
    while stack:
        place = stack.pop()
        causes = stated(lineage, place, way) if place < len(lineage.nodes) else []
        for cause in (*causes, *way.added.causes.get(place, ())):
            if cause not in found and is_open(lineage, cause, way):
                found.add(cause)
                stack.append(cause)
    return found


AS_A_PICTURE = Limits()


def drawn(ground: Ground, account: Account, limits: Limits = AS_A_PICTURE) -> DrawnLineage:
    """Return what is drawn of an account of one target or several, made on a ground."""
    lineage = ground.lineage
    reach = _Reach.of(lineage, ground.way(), places_of(lineage, account.targets))
    amounts = _amounts(ground, account)
    shown = _shown(reach, amounts, limits)
    inside = reach.inside
    cumulative = _cumulative(reach, amounts, [one for one in shown if one in inside])
    folded = _folded(reach, amounts, shown)
    nodes = tuple(
        DrawnNode(
            node.id,
            node.label,
            node.kind,
            _standing(ground, account, place, inside),
            ground.compute(place),
            cumulative.get(place),
            place in reach.roots,
            node.discarded_by,
            None if (part := account.parts.get(node.id)) is None else part.role,
            folded.get(place),
        )
        for place, node in ((place, lineage.nodes[place]) for place in shown)
    )
    total = sum((one.flop for one in amounts.values()), 0)
    return DrawnLineage(
        nodes,
        _ties(reach, shown),
        Amount(whole(total), sum(one.undisclosed for one in amounts.values())),
        sum(map(reach.is_node, reach.order)),
    )


def _amounts(ground: Ground, account: Account) -> Mapping[int, Amount]:
    """Return what counts of each node, by place."""
    found = {}
    for one, flop in account.counted.items():
        place = ground.lineage.places[one]
        compute = ground.compute(place)
        found[place] = Amount(flop, int(compute is not None and compute.central is None))
    return found


def _standing(ground: Ground, account: Account, place: int, inside: frozenset[int]) -> Standing:
    node = ground.lineage.nodes[place]
    if node.id in account.counted:
        return Standing.COUNTED
    if place not in inside:
        return Standing.OUT
    if node.id in account.unaddressed.nodes:
        return Standing.UNADDRESSED
    return Standing.WITHOUT if ground.compute(place) is None else Standing.LEFT_OUT


def _largest(reach: _Reach, amounts: Mapping[int, Amount]) -> Mapping[int, Exact]:
    """Return for each place the largest amount counted of one node at or behind it."""
    found: dict[int, Exact] = {}
    for place in reversed(reach.order):
        own = amounts.get(place, Amount()).flop
        found[place] = max((own, *(found[cause] for cause, _ in reach.causes(place))))
    return found


def _shown(reach: _Reach, amounts: Mapping[int, Amount], limits: Limits) -> tuple[int, ...]:
    """Return the places drawn: targets, then row by row the causes with most behind them."""
    largest = _largest(reach, amounts)
    shown = dict.fromkeys(reach.roots)
    row: Iterable[int] = reach.roots
    for _ in range(limits.depth):
        found: dict[int, None] = {}
        for place in row:
            for looked, (cause, _tie) in enumerate(reach.nodes_behind(place)):
                if looked == _MOST_LOOKED:
                    break
                if cause not in shown:
                    found[cause] = None
        row = sorted(found, key=lambda one: _rank(one, largest, amounts))[: limits.in_row]
        if not row:
            break
        shown.update(dict.fromkeys(row))
    return tuple(shown)


def _rank(
    place: int, largest: Mapping[int, Exact], amounts: Mapping[int, Amount]
) -> tuple[Exact, int, int]:
    """Order places: the largest amount behind first, then those not disclosed, then as given."""
    return -largest[place], -amounts.get(place, Amount()).undisclosed, place


def _cumulative(
    reach: _Reach, amounts: Mapping[int, Amount], shown: Sequence[int]
) -> Mapping[int, Amount]:
    """Return for each drawn place what counts of it and all behind it, each node once.

    One pass: every place learns as bits behind which drawn ones it stands.
    """
    bits = {place: 1 << spot for spot, place in enumerate(shown)}
    behind: dict[int, int] = {}
    sums: dict[int, Amount] = {}
    for place in reach.order:
        mask = behind.pop(place, 0) | bits.get(place, 0)
        if not mask:
            continue
        if place in amounts:
            sums[mask] = _plus(sums.get(mask, Amount()), amounts[place])
        for cause, tie in reach.causes(place):
            if reach.counts_over(cause, tie):
                behind[cause] = behind.get(cause, 0) | mask
    found = dict.fromkeys(shown, Amount())
    for mask, amount in sums.items():
        for place, bit in bits.items():
            if mask & bit:
                found[place] = _plus(found[place], amount)
    return found


def _plus(one: Amount, other: Amount) -> Amount:
    return Amount(whole(one.flop + other.flop), one.undisclosed + other.undisclosed)


def _folded(
    reach: _Reach, amounts: Mapping[int, Amount], shown: Sequence[int]
) -> Mapping[int, Folded]:
    """Count every place that is not drawn once, at the first drawn one it is a cause of."""
    home = {place: place for place in shown}
    found: dict[int, Folded] = {}
    row = list(shown)
    while row:
        further: list[int] = []
        for place in row:
            for cause, _ in reach.causes(place):
                if cause in home:
                    continue
                home[cause] = home[place]
                further.append(cause)
                if reach.is_node(cause):
                    before = found.get(home[place], Folded(0, Amount()))
                    more = _plus(before.amount, amounts.get(cause, Amount()))
                    found[home[place]] = Folded(before.nodes + 1, more)
        row = further
    return found


def _ties(reach: _Reach, shown: Sequence[int]) -> tuple[DrawnTie, ...]:
    """Return the ties between drawn places; a presumed one that follows from others is left out."""
    nodes = reach.lineage.nodes
    kept = set(shown)
    ties: dict[tuple[int, int], Tie] = {}
    for place in shown:
        for cause, tie in reach.nodes_behind(place):
            if cause in kept:
                ties[(cause, place)] = tie
    above: dict[int, list[int]] = {}
    for (cause, place), tie in ties.items():
        if tie is not Tie.CUT:
            above.setdefault(place, []).append(cause)
    found = []
    for (cause, place), tie in ties.items():
        if tie is Tie.PRESUMED and _leads(cause, place, above):
            continue
        change = reach.lineage.cuts.get((cause, place)) if tie is Tie.CUT else None
        evidence = "" if change is None else change.evidence
        found.append(DrawnTie(nodes[cause].id, nodes[place].id, tie, evidence))
    return tuple(found)


def _leads(cause: int, place: int, above: Mapping[int, Sequence[int]]) -> bool:
    """Say whether a cause leads to a place past another drawn one."""
    waiting = [one for one in above.get(place, ()) if one != cause]
    seen = set(waiting)
    while waiting:
        for one in above.get(waiting.pop(), ()):
            if one == cause:
                return True
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return False

"""Bonds that are found and not used, because they would join customers who have nothing else.

Two patterns fuse a thousand customers that do not belong together, though every
single link is rare and true:

* a **hub**: a reseller, a formation agent or a payment processor shares one
  thing with each of very many, who share nothing among themselves. A bond of a
  hub that rests on one family of evidence is not used;
* a **chain**: each is linked with the next, by ever new things. The strongest
  bonds join first; a bond that would make a group of more than `largest`
  customers is not used, and no weaker bond that touches it is.

What a person accepted, and who stands under one control, is joined in any case.
The result does not depend on the order of the input; nothing is recursive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain, groupby

from sluicegate.screening.linkage.links import Bond, Pair


class Pattern(Enum):
    """Why a bond that is enough by itself is not used."""

    HUB = "hub"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class Aside:
    """Why a bond is not used, and how many customers it would have joined."""

    pattern: Pattern
    customers: int


def hubs(bonds: Iterable[Bond], unit_of: Mapping[str, str], most: int) -> dict[Pair, Aside]:
    """Return the bonds of hubs that rest on one family of evidence.

    A hub stands beside more than `most` customers that share nothing. `unit_of`
    is customer → who stands for all under one control; those without one are
    their own. Cut bonds belong in here too: who is a hub stays one when a
    person cuts one of its bonds, so that no cut joins the others.
    """
    beside: dict[str, dict[str, list[Bond]]] = {}
    for bond in bonds:
        a, b = (unit_of.get(one, one) for one in bond.pair)
        if a != b:
            beside.setdefault(a, {}).setdefault(b, []).append(bond)
            beside.setdefault(b, {}).setdefault(a, []).append(bond)
    found: dict[Pair, Aside] = {}
    for others in beside.values():
        single = {
            other: own for other, own in others.items() if all(one.families == 1 for one in own)
        }
        parts = _parts(single, beside) if len(single) > most else 0
        if parts > most:
            for bond in chain.from_iterable(single.values()):
                before = found.get(bond.pair)
                if before is None or before.customers <= parts:
                    found[bond.pair] = Aside(Pattern.HUB, parts + 1)
    return found


def chains(
    bonds: Iterable[Bond], joined: Iterable[Pair], unit_of: Mapping[str, str], largest: int
) -> dict[Pair, Aside]:
    """Return the bonds that would make a group of more than `largest` customers.

    Those under one control (`unit_of`) count once; `joined` are pairs held
    together in any case. A cut bond has no place in here: it parts the group,
    and what was too large may be used again.
    """

    def units(pair: Pair) -> Pair:
        return unit_of.get(pair[0], pair[0]), unit_of.get(pair[1], pair[1])

    sets = _Sets()
    for pair in joined:
        sets.join(*units(pair))
    found: dict[Pair, Aside] = {}
    for _, equals in groupby(sorted(bonds, key=_strength, reverse=True), key=_strength):
        tier = [(bond.pair, units(bond.pair)) for bond in equals]
        for _, (a, b) in tier:
            sets.join(a, b)
        for pair, (a, b) in tier:
            if a != b and sets.size(a) > largest:
                found[pair] = Aside(Pattern.CHAIN, sets.size(a))
    return found


def _strength(bond: Bond) -> tuple[int, int]:
    """Return what a bond weighs, and of equal weight how rare the rarest thing is."""
    return bond.weight, -min(link.sharers for link in bond.links)


def _parts(around: Collection[str], beside: Mapping[str, Iterable[str]]) -> int:
    """Count the sets into which customers fall by the bonds among themselves."""
    sets = _Sets()
    for one in around:
        for other in beside[one]:
            if other in around:
                sets.join(one, other)
    return len({sets.top(one) for one in around})


class _Sets:
    """Disjoint sets of customers, each with how many it has."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}
        self._size: dict[str, int] = {}

    def top(self, one: str) -> str:
        """Return who stands for the set of a customer."""
        root = one
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(one, one)) != root:
            self._above[one] = root
            one = above
        return root

    def size(self, one: str) -> int:
        """Return how many customers the set of one has."""
        return self._size.get(self.top(one), 1)

    def join(self, one: str, other: str) -> None:
        """Make one set of two, the smaller below the larger."""
        a, b = self.top(one), self.top(other)
        if a != b:
            less, more = sorted((a, b), key=lambda top: (self._size.get(top, 1), top))
            self._above[less] = more
            self._size[more] = self._size.get(less, 1) + self._size.get(more, 1)

"""The chains of holdings between an owner and a party, and what runs along them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holding

MOST_PATHS = 20
"""Paths listed per owner; a circle or a lattice can have more than anyone can read."""

_MOST_STEPS = 5_000


@dataclass(frozen=True, slots=True)
class ShareRange:
    """The low and the high end of a share, from 0 to 1."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class OwnershipPath:
    """A chain of holdings from an owner down to a party, the owner's first."""

    steps: tuple[Holding, ...]

    @property
    def share(self) -> ShareRange:
        """The product of the shares along the chain."""
        low = high = Fraction(1)
        for step in self.steps:
            low, high = low * step.low, high * step.high
        return ShareRange(low, high)

    @property
    def parties(self) -> tuple[PartyId, ...]:
        """The parties on the chain, the owner first."""
        return (self.steps[0].owner, *(step.owned for step in self.steps))


def runs_in_circles(share: ShareRange, paths: Iterable[OwnershipPath]) -> bool:
    """Say whether a share is more than its chains come to, as holdings lead back in a circle."""
    return share.low > sum((one.share.low for one in paths), Fraction(0))


@dataclass(frozen=True, slots=True)
class OwnershipPaths:
    """The chains between two parties, and whether these are all of them."""

    found: tuple[OwnershipPath, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Above:
    """The holdings above a party by their owner; those nearest the party come first."""

    party: PartyId
    down: Mapping[PartyId, list[Holding]]

    @classmethod
    def of(cls, above: Iterable[Holding], party: PartyId) -> Above:
        """Sort what `holdings.upstream` gives; a holding of nothing is no link of a chain."""
        down: dict[PartyId, list[Holding]] = {}
        for holding in above:
            if holding.high or holding.has_control or holding.is_unknown:
                down.setdefault(holding.owner, []).append(holding)
        return cls(party, down)

    def paths(self, owner: PartyId) -> OwnershipPaths:
        """Return the chains from an owner to the party that name no party twice.

        The search goes down from the owner, where all ways lead to the party,
        so it costs what lies between the two, however many others hold it. It
        ends after `MOST_PATHS` chains or a bounded number of steps and says so.
        """
        found: list[OwnershipPath] = []
        chain: list[Holding] = []
        on_chain = {owner}
        work = [iter(self.down.get(owner, ()))]
        for _ in range(_MOST_STEPS):
            step = next(work[-1], None)
            if step is None:
                work.pop()
                if not work:
                    return OwnershipPaths(tuple(found), True)
                on_chain.discard(chain.pop().owned)
            elif step.owned == self.party:
                if len(found) == MOST_PATHS:
                    break
                found.append(OwnershipPath((*chain, step)))
            elif step.owned not in on_chain:
                chain.append(step)
                on_chain.add(step.owned)
                work.append(iter(self.down.get(step.owned, ())))
        return OwnershipPaths(tuple(found), False)


def reached(start: PartyId, down: Mapping[PartyId, Iterable[PartyId]]) -> frozenset[PartyId]:
    """Return everything that can be reached downward, the start only through a circle."""
    seen: set[PartyId] = set()
    queue = [start]
    for party in queue:
        for owned in down.get(party, ()):
            if owned not in seen:
                seen.add(owned)
                queue.append(owned)
    return frozenset(seen)

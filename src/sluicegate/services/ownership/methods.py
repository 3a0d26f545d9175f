"""Two methods of reckoning what listed parties own of a party, each with its path.

The 50 percent rules count by the cascade in aggregate: an owner that is listed,
or reached itself, counts with all it holds; nothing is multiplied, and an owner
that is not reached passes nothing on. The multiplied economic share forms the
product along every chain and adds the chains up. The two differ both ways, so
both are shown; a rule says which one decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence
from sluicegate.kyc.ownership import Coverage, cover
from sluicegate.kyc.ownership import Holding as Counted
from sluicegate.registry.holdings import Bound, upstream
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.paths import OwnershipPath, ShareRange, runs_in_circles
from sluicegate.rules.law import Law
from sluicegate.services.ownership.fifty_percent import Regime, Stakes, stakes_at


class Method(Enum):
    """How ownership through others is reckoned."""

    CASCADE = "cascade_in_aggregate"
    MULTIPLIED = "multiplied_share"

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"method_{self.value}"


@dataclass(frozen=True, slots=True)
class CountedHolding:
    """A holding that counts in the cascade: its owner is listed, or reached itself."""

    owner: PartyId
    share: Exact
    is_listed: bool


@dataclass(frozen=True, slots=True)
class CascadeStep:
    """One party of the cascade: what counts in it, together, and whether that reaches it."""

    party: PartyId
    aggregate: Exact
    is_reached: bool
    holdings: tuple[CountedHolding, ...]
    left_out: tuple[CountedHolding, ...]


@dataclass(frozen=True, slots=True)
class Cascade:
    """The cascade in aggregate at one end of the ranges; `steps` begin with the party itself.

    `lists` are those behind the party, `owners` the listed owners that reach it;
    the most restrictive of them governs. `has_unknown` says that one that
    counts holds a share that nobody states.
    """

    share: Exact
    is_reached: bool
    has_unknown: bool
    lists: frozenset[str]
    owners: tuple[PartyId, ...]
    steps: tuple[CascadeStep, ...]
    corrections: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ListedChain:
    """What one listed party holds along its chains, multiplied."""

    owner: PartyId
    share: ShareRange
    paths: tuple[OwnershipPath, ...]
    has_all_paths: bool

    @property
    def runs_in_circles(self) -> bool:
        """Whether more is owned than the chains come to, as holdings lead back in a circle."""
        return self.has_all_paths and runs_in_circles(self.share, self.paths)


@dataclass(frozen=True, slots=True)
class Multiplied:
    """The multiplied economic share of all listed parties together, and of each."""

    share: ShareRange
    owners: tuple[ListedChain, ...]


@dataclass(frozen=True, slots=True)
class BothMethods:
    """Both figures of one party under one regime; the cascade at both ends of the ranges."""

    party: PartyId
    regime: Regime
    limit: Exact
    cascade: Cascade
    cascade_at_most: Cascade
    multiplied: Multiplied


def both_methods(
    graph: OwnershipGraph,
    party: PartyId,
    listed: Mapping[PartyId, frozenset[str]],
    regime: Regime,
    law: Law,
) -> BothMethods:
    """Reckon what the listed parties that count own of a party, by both methods."""
    graph = graph.attributed()
    above = {holding.owner for holding in upstream(graph.holdings, party)}
    listed = {one: lists for one, lists in listed.items() if one in above or one == party}
    counting = regime.counting(listed, law)
    ends = {end: stakes_at(graph, listed, regime, party=party, end=end, law=law) for end in Bound}
    return BothMethods(
        party=party,
        regime=regime,
        limit=regime.limit(law).value,
        cascade=_cascade(ends[Bound.CERTAIN], party, counting, regime, law),
        cascade_at_most=_cascade(ends[Bound.POSSIBLE], party, counting, regime, law),
        multiplied=_multiplied(graph, party, sorted(counting)),
    )


def _cascade(
    found: Stakes,
    party: PartyId,
    counting: Mapping[PartyId, frozenset[str]],
    regime: Regime,
    law: Law,
) -> Cascade:
    holdings = [Counted(one.owner, one.owned, one.share) for one in found.stakes]
    coverage = cover(
        holdings, {str(name): lists for name, lists in counting.items()}, regime.limit(law)
    )
    steps = _steps(found, party, counting, coverage)
    reached = frozenset(coverage.covered)
    return Cascade(
        share=coverage.aggregate.get(party, 0),
        is_reached=party in reached,
        has_unknown=party in coverage.unknown,
        lists=coverage.lists.get(party, frozenset()),
        owners=_governing(party, steps),
        steps=steps,
        corrections=found.corrections,
    )


def _governing(party: PartyId, steps: Sequence[CascadeStep]) -> tuple[PartyId, ...]:
    """Return the listed owners from whom coverage flows to a party; none where none does."""
    by_party = {step.party: step for step in steps if step.is_reached}
    owners: set[PartyId] = set()
    waiting, seen = [party], {party}
    for here in waiting:
        step = by_party.get(here)
        for one in () if step is None else step.holdings:
            if one.is_listed and one.share:
                owners.add(one.owner)
            elif one.share and one.owner not in seen:
                seen.add(one.owner)
                waiting.append(one.owner)
    return tuple(sorted(owners))


def _steps(
    found: Stakes,
    party: PartyId,
    counting: Mapping[PartyId, frozenset[str]],
    coverage: Coverage,
) -> tuple[CascadeStep, ...]:
    """Return the party and everybody above it whose owners count, each once, the party first."""
    reached = frozenset(coverage.covered)
    above: dict[PartyId, list[CountedHolding]] = {}
    for stake in found.stakes:
        held = CountedHolding(stake.owner, stake.share or 0, stake.owner in counting)
        above.setdefault(stake.owned, []).append(held)
    steps = []
    waiting, seen = [party], {party}
    for here in waiting:
        held_here = above.get(here, [])
        counted = [h for h in held_here if h.is_listed or h.owner in reached]
        others = [h for h in held_here if not h.is_listed and h.owner not in reached]
        if here == party or counted:
            share = coverage.aggregate.get(here, 0)
            steps.append(CascadeStep(here, share, here in reached, tuple(counted), tuple(others)))
        for one in held_here:
            if one.owner not in seen and not one.is_listed:
                seen.add(one.owner)
                waiting.append(one.owner)
    return tuple(steps)


def _multiplied(graph: OwnershipGraph, party: PartyId, listed: Sequence[PartyId]) -> Multiplied:
    chains = []
    for owner in listed:
        if owner == party:
            continue
        paths = graph.paths(owner, party)
        if paths.found:
            share = graph.effective_share(owner, party)
            chains.append(ListedChain(owner, share, paths.found, paths.is_complete))
    holders = [one.owner for one in chains]
    none = ShareRange(Fraction(0), Fraction(0))
    together = graph.share_together(holders, party) if holders else none
    return Multiplied(together, tuple(chains))

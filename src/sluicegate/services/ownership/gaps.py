"""What of the ownership of parties calls for diligence: pure, of one day.

Where listed parties stand above, the question ownership_50_percent says for
whom diligence is due. Beside that a party calls for it when the high end of a
range would be enough for the rule, when what nobody states could be, when a
listed party directs it without shares, when a nominee holds for nobody knows
whom, and when a source says that an owner cannot be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.registry.holdings import Bound as End
from sluicegate.registry.holdings import Holding
from sluicegate.registry.nominees import unexplained
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import CustomerKind
from sluicegate.rules.law import Law
from sluicegate.services.asking import ask_question
from sluicegate.services.ownership.fifty_percent import (
    QUESTION,
    Regime,
    fifty_percent_facts,
    parties_below,
)
from sluicegate.services.ownership.roles import has_open_share, unspecified_of
from sluicegate.services.ports.ownership_diligence import Gap, Ground

_NONE, _WHOLE = Fraction(0), Fraction(1)


def gaps_of(
    graph: OwnershipGraph, listed: Mapping[PartyId, frozenset[str]], law: Law
) -> dict[PartyId, tuple[Gap, ...]]:
    """Return party → its gaps in order, of every party that has any."""
    found: dict[PartyId, set[Gap]] = {}
    together: dict[PartyId, Exact] = {}
    reached: set[PartyId] = set()
    for regime in Regime:
        counting = regime.counting(listed, law)
        if not counting:
            continue
        asked = _Asked(graph, counting, regime, law)
        reached |= asked.reached
        for party, share in asked.aggregate.items():
            together[party] = max(share, together.get(party, 0))
        for party, gap in asked.gaps():
            found.setdefault(party, set()).add(gap)
    for party, gap in _stated(graph, listed, law, together, reached):
        found.setdefault(party, set()).add(gap)
    return {party: tuple(sorted(found[party])) for party in sorted(found)}


class _Asked:
    """What the question says of everybody below the parties that count under one regime."""

    def __init__(
        self,
        graph: OwnershipGraph,
        counting: Mapping[PartyId, frozenset[str]],
        regime: Regime,
        law: Law,
    ) -> None:
        self.graph, self.law, self.regime = graph.attributed(), law, regime
        self.among = parties_below(self.graph, counting)
        certain = self._answer(counting, End.CERTAIN)
        possible = self._answer(counting, End.POSSIBLE)
        self.aggregate = _shares(certain)
        limit = regime.limit(law)
        self.reached = {party for party, share in self.aggregate.items() if limit.passed_by(share)}
        at_most = {one for one, share in _shares(possible).items() if limit.passed_by(share)}
        self.wanted = sorted({*certain["diligence_parties"], *(at_most - self.reached)})
        self.counting = {*counting, *self.reached}
        self.counting_at_most = {*self.counting, *at_most}
        self.minority = law.share("assess.kyc.significant_minority_share")

    def _answer(self, counting: Mapping[PartyId, frozenset[str]], end: End) -> Mapping[str, Any]:
        law = self.law
        facts = fifty_percent_facts(
            self.graph, counting, self.regime, among=self.among, end=end, law=law
        )
        return ask_question(
            QUESTION, facts, as_of=law.day, book=law.book, known_on=law.known_on
        ).answer

    def gaps(self) -> Iterator[tuple[PartyId, Gap]]:
        """Yield what calls for diligence: a significant minority, and shares that are not known.

        A share is not known that nobody states, and one that is stated as a range
        where its high end would be enough for the rule.
        """
        for party in map(PartyId, self.wanted):
            held = self.graph.owners(party)
            share = self.aggregate[party]
            if share >= self.minority:
                owners = {one.owner for one in held if one.owner in self.counting and one.low}
                ground = Ground.SIGNIFICANT_MINORITY.value
                yield party, Gap(ground, self.regime.value, flop_text(share), _sorted(owners))
            owners = {
                one.owner
                for one in held
                if (has_open_share(one) and one.owner in self.counting)
                or (one.high > one.low and one.owner in self.counting_at_most)
            }
            if owners:
                ground = Ground.UNKNOWN_SHARE.value
                yield party, Gap(ground, self.regime.value, flop_text(share), _sorted(owners))


def _shares(answer: Mapping[str, Any]) -> Mapping[PartyId, Exact]:
    return {PartyId(party): share for party, share in answer["aggregate_share"].items()}


def _sorted(owners: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(owners))


def _stated(
    graph: OwnershipGraph,
    listed: Mapping[PartyId, frozenset[str]],
    law: Law,
    together: Mapping[PartyId, Exact],
    reached: set[PartyId],
) -> Iterator[tuple[PartyId, Gap]]:
    """Yield the gaps that the graph itself shows."""
    limit = Regime.OFAC.limit(law)
    attributed = graph.attributed()
    for owned, holdings in graph.holdings.items():
        if graph.party(owned).kind is CustomerKind.INDIVIDUAL or owned in graph.parents:
            continue
        remainder = unknown_remainder(attributed.owners(owned))
        possible = remainder + Fraction(together.get(owned, 0))
        if owned not in reached and remainder and limit.passed_by(possible):
            yield owned, Gap(Ground.UNKNOWN_REMAINDER.value, "", flop_text(remainder))
        yield from _named(owned, holdings, listed)
    for holding in unexplained(graph.holdings):
        ground = Ground.NOMINEE_UNEXPLAINED.value
        share = "" if holding.is_unknown else flop_text(holding.high)
        yield holding.owned, Gap(ground, "", share, (holding.owner,))


def _named(
    owned: PartyId, holdings: Iterable[Holding], listed: Mapping[PartyId, frozenset[str]]
) -> Iterator[tuple[PartyId, Gap]]:
    directing = sorted(
        holding.owner
        for holding in holdings
        if holding.owner in listed and holding.has_control and not holding.high
    )
    if directing:
        yield owned, Gap(Ground.CONTROL_BY_LISTED.value, "", "", tuple(directing))
    for holding in holdings:
        if holding.edge is not None and unspecified_of(holding.edge.role) is not None:
            yield owned, Gap(Ground.OWNER_NOT_NAMED.value, "", "", (holding.owner,))


def unknown_remainder(holdings: Iterable[Holding]) -> Fraction:
    """Return the share that is surely stated of nobody: what the high ends leave of the whole.

    A holding whose share nobody states is a part of it. A party of whose shares
    nothing is stated at all, because only its directors are, has none: nobody
    began to tell.
    """
    shares = [one for one in holdings if not one.is_unknown or has_open_share(one)]
    if not shares:
        return _NONE
    return max(_WHOLE - sum((one.high for one in shares), _NONE), _NONE)

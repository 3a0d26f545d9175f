"""Customers owned to half or more by listed parties, by each rule that reaches through owners.

The low end of shares with confirmed matches makes a finding certain, with every
match likely, and the high end of shares possible. Whether the rule reaches a
customer is the question's answer alone; the multiplied share beside it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sluicegate.core.identifiers import PartyId, RuleId
from sluicegate.core.quantities import percent
from sluicegate.core.trace import Figure
from sluicegate.registry.holdings import Bound as End
from sluicegate.registry.holdings import upstream
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.paths import ShareRange
from sluicegate.registry.records import Customer
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate
from sluicegate.services.ownership.fifty_percent import (
    QUESTION,
    Regime,
    fifty_percent_facts,
    parties_below,
)
from sluicegate.services.ownership.methods import BothMethods, CascadeStep, both_methods
from sluicegate.services.world import ListedOn, World

RULES: Mapping[Regime, RuleId] = {
    Regime.OFAC: RuleId("us.ofac_50_percent.owned_by_blocked"),
    Regime.BIS_AFFILIATES: RuleId("us.bis_affiliates.owned_by_listed"),
}
TITLES: Mapping[str, Title] = {
    RULES[Regime.OFAC]: Title(
        "Owned to half or more by blocked parties", "被冻结人员合计持股达到半数"
    ),
    RULES[Regime.BIS_AFFILIATES]: Title(
        "Owned to half or more by listed parties (BIS affiliates)",
        "清单主体合计持股达到半数（BIS关联方）",
    ),
}
_OBLIGATIONS: Mapping[Regime, tuple[str, ...]] = {
    Regime.OFAC: (),
    Regime.BIS_AFFILIATES: ("us.bis_affiliates.apply_most_restrictive",),
}


def listed_owners(world: World, law: Law) -> Iterator[Candidate]:
    """Yield customers below listed parties, for each regime under which these count as owners.

    A customer that is listed itself is no matter of its owners.
    """
    listed = lists_of(world.listed)
    if not listed:
        return
    graph = world.ownership.attributed()
    confirmed = lists_of(world.listed, confirmed_only=True)
    for regime in Regime:
        counting = regime.counting(listed, law)
        reached = parties_below(graph, counting)
        for customer_id, customer in world.customers.items():
            party = PartyId(customer_id)
            if party in reached and party not in counting:
                above = {holding.owner for holding in upstream(graph.holdings, party)}
                every = {one: listed[one] for one in above & listed.keys()}
                sure = {one: confirmed[one] for one in above & confirmed.keys()}
                yield _Asked(world, graph, law, regime, every, sure).candidate(customer)


def lists_of(
    listed: Mapping[PartyId, Sequence[ListedOn]], *, confirmed_only: bool = False
) -> dict[PartyId, frozenset[str]]:
    """Return the lists of each party, of all its matches or of the confirmed ones."""
    found = {}
    for party, matches in listed.items():
        lists: frozenset[str] = frozenset().union(
            *(one.lists for one in matches if one.is_confirmed or not confirmed_only)
        )
        if lists:
            found[party] = lists
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """One customer under one regime, with the listed parties above it."""

    world: World
    graph: OwnershipGraph
    law: Law
    regime: Regime
    every: Mapping[PartyId, frozenset[str]]
    confirmed: Mapping[PartyId, frozenset[str]]

    def candidate(self, customer: Customer) -> Candidate:
        """Return the question at its three bounds, with both methods as figures."""
        party = PartyId(customer.customer_id)
        rule = RULES[self.regime]
        both = both_methods(self.graph, party, self.every, self.regime, self.law)
        return Candidate(
            subject=Subject.of(
                SubjectKind.CUSTOMER, customer.customer_id, customer.name, customer.customer_id
            ),
            rule=rule,
            title=TITLES[rule],
            instrument=self.regime.instrument,
            question=QUESTION,
            facts={
                Bound.LOW: self._facts(party, self.confirmed, End.CERTAIN),
                Bound.CENTRAL: self._facts(party, self.every, End.CERTAIN),
                Bound.HIGH: self._facts(party, self.every, End.POSSIBLE),
            },
            passed=_covers(party),
            obligations=_OBLIGATIONS[self.regime],
            figures=_figures(both, self.world.listed),
        )

    def _facts(
        self, party: PartyId, listed: Mapping[PartyId, frozenset[str]], end: End
    ) -> dict[str, Any]:
        return fifty_percent_facts(
            self.graph, listed, self.regime, party=party, end=end, law=self.law
        )


def _covers(party: PartyId) -> Callable[[Mapping[str, object]], bool]:
    def passed(answer: Mapping[str, object]) -> bool:
        covered = answer["covered_as_written"]
        return isinstance(covered, list) and party in covered

    return passed


def _figures(
    found: BothMethods, listed: Mapping[PartyId, Sequence[ListedOn]]
) -> tuple[Figure, ...]:
    """Return both methods with their paths, and the matches that make owners count."""
    most = found.cascade_at_most
    steps = most.steps if most.is_reached and not found.cascade.is_reached else found.cascade.steps
    cascade = Figure(
        "share in aggregate",
        _range(ShareRange(Fraction(found.cascade.share), Fraction(most.share))),
        method="cascade: an owner that is reached counts in full",
        children=tuple(_step(step) for step in steps),
    )
    chains = tuple(
        Figure(
            "listed owner",
            _range(chain.share),
            children=tuple(Figure("path", " → ".join(path.parties)) for path in chain.paths),
            name=chain.owner,
        )
        for chain in found.multiplied.owners
    )
    multiplied = Figure(
        "multiplied share",
        _range(found.multiplied.share),
        method="products along every chain, added up",
        children=chains,
    )
    matches = tuple(
        _match(chain.owner, one)
        for chain in found.multiplied.owners
        for one in listed.get(chain.owner, ())
    )
    return (cascade, multiplied, *matches)


def _step(step: CascadeStep) -> Figure:
    counted = tuple(
        Figure(
            "listed owner" if one.is_listed else "reached owner",
            percent(one.share),
            name=one.owner,
        )
        for one in step.holdings
    )
    left = tuple(
        Figure("owner that does not count", percent(one.share), name=one.owner)
        for one in step.left_out
    )
    return Figure("owned party", percent(step.aggregate), children=counted + left, name=step.party)


def _match(owner: PartyId, one: ListedOn) -> Figure:
    state = "confirmed by a person" if one.is_confirmed else "not confirmed"
    policies = tuple(Figure("licence policy", text) for text in one.licence_policies)
    ids = tuple(Figure("match", name=match) for match in one.match_ids)
    return Figure(
        "on lists", ", ".join(sorted(one.lists)), None, state, None, policies + ids, owner
    )


def _range(share: ShareRange) -> str:
    if share.low == share.high:
        return percent(share.low)
    return f"{percent(share.low)} – {percent(share.high)}"

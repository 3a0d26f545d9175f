"""Who owns and who controls whom on a day: owners, beneficial owners, groups.

Everything is exact and repeatable; the order of its input plays no part, except
that of several statements about one holding the one recorded first comes first.
Shares that decide (25 %, 50 %) are arguments; rule data holds their values.
Where a share is known as a range, an answer that rests on the low end is
certain and one that needs the high end is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from sluicegate.core.identifiers import CustomerId, PartyId
from sluicegate.registry.affiliates import Affiliation, ControlStep, GroupRule, affiliate
from sluicegate.registry.holdings import (
    Bound,
    Holding,
    Holdings,
    is_scaled,
    shares_held,
    upstream,
)
from sluicegate.registry.nominees import attributed
from sluicegate.registry.paths import (
    Above,
    OwnershipPath,
    OwnershipPaths,
    ShareRange,
    reached,
    runs_in_circles,
)
from sluicegate.registry.records import (
    CustomerKind,
    OwnershipEdge,
    is_in_force,
    prevailing,
)


class AccountHolder(Protocol):
    """What of a customer the graph looks at."""

    @property
    def customer_id(self) -> CustomerId:
        """The customer's id."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def customer_kind(self) -> CustomerKind:
        """What it is in law."""
        ...

    @property
    def country(self) -> str:
        """Its country, ISO alpha-2."""
        ...

    @property
    def account_of(self) -> CustomerId | None:
        """The customer of which it is an account, if of one."""
        ...


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the graph; one known only as owned has no name and no country."""

    party_id: PartyId
    kind: CustomerKind
    name: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """An individual behind a party, and why.

    `owned` is the effective share; `held` adds what companies under the
    individual's control hold. `has_control` is control of the party itself,
    direct or through controlled companies.
    """

    party: Party
    owned: ShareRange
    held: ShareRange
    has_control: bool
    certainty: Bound
    paths: tuple[OwnershipPath, ...]
    has_all_paths: bool

    @property
    def runs_in_circles(self) -> bool:
        """Whether more is owned than the chains come to, as holdings lead back in a circle."""
        return self.has_all_paths and runs_in_circles(self.owned, self.paths)


@dataclass(frozen=True, slots=True)
class ControllingParty:
    """The party at the top of the chain of control, with the chain."""

    party_id: PartyId
    steps: tuple[ControlStep, ...]


@dataclass(frozen=True)
class OwnershipGraph:
    """Holdings between parties on one day."""

    holdings: Holdings
    parties: Mapping[PartyId, Party]
    parents: Mapping[PartyId, PartyId]
    _affiliations: dict[GroupRule, Affiliation] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(
        cls,
        edges: Iterable[OwnershipEdge],
        customers: Iterable[AccountHolder] = (),
        *,
        on: date | None = None,
    ) -> OwnershipGraph:
        """Return the graph of edges in force on a day; without a day all count as in force.

        Of several edges between the same two parties one holds, by the rule of
        `records`; they are not added up. A party that is nowhere named as an
        individual is an entity. An account (`account_of`) without owners of its
        own is held wholly by its parent account.
        """
        stated: dict[tuple[PartyId, PartyId], list[OwnershipEdge]] = {}
        for edge in edges:
            if on is None or is_in_force(edge, on):
                stated.setdefault((edge.owner_id, edge.owned_id), []).append(edge)
        above: dict[PartyId, list[Holding]] = {}
        parties: dict[PartyId, Party] = {}
        for pair in sorted(stated):
            holding = Holding.of(prevailing(stated[pair]))
            above.setdefault(holding.owned, []).append(holding)
            parties[holding.owner] = _owner(holding, parties.get(holding.owner))
        parents: dict[PartyId, PartyId] = {}
        for customer in customers:
            party = PartyId(customer.customer_id)
            parties[party] = Party(party, customer.customer_kind, customer.name, customer.country)
            if customer.account_of is not None and customer.account_of != customer.customer_id:
                parents[party] = PartyId(customer.account_of)
        for account, parent in parents.items():
            if account not in above:
                above[account] = [Holding.of_account(parent, account)]
        frozen = {owned: tuple(found) for owned, found in above.items()}
        return cls(MappingProxyType(frozen), MappingProxyType(parties), MappingProxyType(parents))

    def attributed(self) -> OwnershipGraph:
        """Return the graph in which holdings of nominees are those of their nominators.

        It is made once; seen through twice it is the same.
        """
        return self._attributed

    @cached_property
    def _attributed(self) -> OwnershipGraph:
        holdings = attributed(self.holdings)
        if holdings is self.holdings:
            return self
        found = OwnershipGraph(MappingProxyType(holdings), self.parties, self.parents)
        vars(found)["_attributed"] = found
        return found

    def party(self, party: PartyId) -> Party:
        """Return what is known of a party; one known only as owned counts as an entity."""
        return self.parties.get(party, Party(party, CustomerKind.ENTITY))

    def owners(self, party: PartyId) -> tuple[Holding, ...]:
        """Return the direct holdings in a party, in order of the owners' ids."""
        return tuple(self.holdings.get(party, ()))

    def unknown_holdings(self, party: PartyId) -> tuple[Holding, ...]:
        """Return the holdings above a party whose share is not known; they counted as 0."""
        return tuple(h for h in upstream(self.holdings, party) if h.is_unknown)

    def overstated(self) -> tuple[PartyId, ...]:
        """Return the parties whose certain direct shares add up to more than the whole."""
        return tuple(
            owned
            for owned in sorted(self.holdings)
            if sum(holding.low for holding in self.holdings[owned]) > 1
        )

    def paths(self, owner: PartyId, party: PartyId) -> OwnershipPaths:
        """Return the chains of holdings from an owner down to a party, at most `MOST_PATHS`."""
        return Above.of(upstream(self.holdings, party), party).paths(owner)

    def share_together(self, holders: Iterable[PartyId], party: PartyId) -> ShareRange:
        """Return the economic share of several owners; what runs through two of them once."""
        return self._held_by(frozenset(holders) - {party}, party)

    def effective_share(self, owner: PartyId, party: PartyId) -> ShareRange:
        """Return the economic share of an owner in a party, directly and along all chains."""
        return self._held_by(frozenset({owner}), party)

    def beneficial_owners(
        self, party: PartyId, threshold: Fraction, *, majority: Fraction | None = None
    ) -> tuple[BeneficialOwner, ...]:
        """Return the individuals behind a party, in order of their ids.

        An individual counts who holds at least the threshold, directly,
        through others, or through companies under the individual's control, or
        who has substantial control, also through controlled companies. A
        company is controlled by substantial control and, where `majority` is
        given, by a direct holding of at least that share.

        What several hold together is reckoned only for those whose shares one
        by one come to the threshold: what runs through two of them counts once
        together and twice one by one, so nobody is left out.
        """
        above = upstream(self.holdings, party)
        individuals = sorted({h.owner for h in above if self._is_individual(h.owner)} - {party})
        if not individuals:
            return ()
        owned = {bound: shares_held(self.holdings, party, bound) for bound in Bound}
        may_exceed = is_scaled(self.holdings, party, Bound.POSSIBLE)
        chains = Above.of(above, party)
        down: dict[PartyId, list[PartyId]] = {}
        for holding in above:
            if holding.has_control or (majority is not None and holding.low >= majority):
                down.setdefault(holding.owner, []).append(holding.owned)
        found = []
        for individual in individuals:
            controlled = reached(individual, down)
            has_control = party in controlled
            holders = (controlled | {individual}) - {party}
            most = sum(owned[Bound.POSSIBLE].get(one, Fraction(0)) for one in holders)
            if not has_control and most < threshold and not may_exceed:
                continue
            range_owned = ShareRange(*(owned[b].get(individual, Fraction(0)) for b in Bound))
            held = range_owned if len(holders) == 1 else self._held_by(holders, party)
            if not has_control and held.high < threshold:
                continue
            certain = has_control or held.low >= threshold
            paths = chains.paths(individual)
            found.append(
                BeneficialOwner(
                    party=self.party(individual),
                    owned=range_owned,
                    held=held,
                    has_control=has_control,
                    certainty=Bound.CERTAIN if certain else Bound.POSSIBLE,
                    paths=paths.found,
                    has_all_paths=paths.is_complete,
                )
            )
        return tuple(found)

    def parties_by_beneficial_owner(
        self,
        parties: Iterable[PartyId],
        threshold: Fraction,
        *,
        majority: Fraction | None = None,
        bound: Bound = Bound.CERTAIN,
    ) -> dict[PartyId, tuple[PartyId, ...]]:
        """Return owner → the parties behind which the owner stands; an individual is its own.

        With `Bound.CERTAIN` only owners who are certain count.
        """
        behind: dict[PartyId, list[PartyId]] = {}
        for party in sorted(set(parties)):
            if self._is_individual(party):
                behind.setdefault(party, []).append(party)
            for owner in self.beneficial_owners(party, threshold, majority=majority):
                if bound is Bound.POSSIBLE or owner.certainty is Bound.CERTAIN:
                    behind.setdefault(owner.party.party_id, []).append(party)
        return {owner: tuple(behind[owner]) for owner in sorted(behind)}

    def controlling_party(
        self, party: PartyId, majority: Fraction, *, bound: Bound = Bound.CERTAIN
    ) -> ControllingParty | None:
        """Return the ultimate party that controls a party, or None when nobody does.

        Control is at least the given share, or substantial control where nobody
        holds that share; see `affiliates` for how control runs upward.
        """
        affiliation = self.affiliation(GroupRule(majority, bound=bound))
        steps = affiliation.path(party)
        return ControllingParty(steps[-1].controller, steps) if steps else None

    def affiliate_groups(
        self, parties: Iterable[PartyId], rule: GroupRule
    ) -> dict[PartyId, PartyId]:
        """Return party → the id of its group: the party at the top, or itself."""
        affiliation = self.affiliation(rule)
        return {party: affiliation.head(party) for party in parties}

    def affiliation(self, rule: GroupRule) -> Affiliation:
        """Return who stands under whom by a rule; reckoned once per rule."""
        if rule not in self._affiliations:
            self._affiliations[rule] = affiliate(self.holdings, self.parents, rule)
        return self._affiliations[rule]

    def _is_individual(self, party: PartyId) -> bool:
        return self.party(party).kind is CustomerKind.INDIVIDUAL

    def _held_by(self, holders: frozenset[PartyId], party: PartyId) -> ShareRange:
        """Return what some parties hold together, what runs through two of them once."""
        ends = []
        for bound in Bound:
            held = shares_held(self.holdings, party, bound, holders)
            together = sum((held.get(holder, Fraction(0)) for holder in holders), Fraction(0))
            ends.append(min(together, Fraction(1)))
        return ShareRange(*ends)


def _owner(holding: Holding, known: Party | None) -> Party:
    edge = holding.edge
    if edge is None or (known is not None and known.kind is CustomerKind.INDIVIDUAL):
        return known or Party(holding.owner, CustomerKind.ENTITY)
    return Party(holding.owner, edge.owner_kind, edge.owner_name, edge.owner_country)

"""What is known of a party's ownership on a day, for whoever asks: holdings, owners, methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holding, upstream
from sluicegate.registry.ownership import BeneficialOwner, OwnershipGraph
from sluicegate.registry.records import Customer, OwnershipEdge
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.ownership.exporting import Publication, statements_of
from sluicegate.services.ownership.fifty_percent import Regime, parties_below
from sluicegate.services.ownership.gaps import unknown_remainder
from sluicegate.services.ownership.methods import BothMethods, both_methods
from sluicegate.services.ownership.pictured import ownership_above
from sluicegate.services.ownership.roles import unspecified_of
from sluicegate.services.ownership.statements import Statement, Unspecified
from sluicegate.services.ports import Store
from sluicegate.services.report import Ownership

PARTY = "customer"


@dataclass(frozen=True)
class Standpoint:
    """The registry's ownership on a day, as known at an instant, with the law of that day."""

    graph: OwnershipGraph
    customers: Mapping[str, Customer]
    law: Law

    @classmethod
    def of(
        cls, store: Store, book: RuleBook, as_of: date, known_on: datetime | None = None
    ) -> Standpoint:
        """Read the registry as it held on a day."""
        customers = {
            str(one.customer_id): one
            for one in store.records("customers", as_of=as_of, known_on=known_on)
            if isinstance(one, Customer)
        }
        edges = [
            one
            for one in store.records("ownership", as_of=as_of, known_on=known_on)
            if isinstance(one, OwnershipEdge)
        ]
        day = None if known_on is None else (known_on - timedelta(microseconds=1)).date()
        graph = OwnershipGraph.of(edges, customers.values())
        return cls(graph, customers, Law(book, as_of, day))

    def knows(self, party: PartyId) -> bool:
        """Say whether the registry names a party, as customer, owner or owned."""
        return party in self.graph.parties or party in self.graph.holdings

    @property
    def beneficial_share(self) -> Fraction:
        """The share from which an individual is a beneficial owner."""
        return self.law.share("assess.groups.beneficial_share")

    @property
    def majority(self) -> Fraction:
        """The share from which an owner controls a company."""
        return self.law.share("assess.groups.majority_share")


@dataclass(frozen=True)
class OwnershipShown:
    """The holdings above a party, those nearest first, and the share stated of nobody."""

    party: PartyId
    name: str
    holdings: Sequence[Holding]
    remainder: Fraction
    picture: Ownership | None


@dataclass(frozen=True)
class OwnersShown:
    """The beneficial owners of a party, seen through nominees.

    `not_named` are owners above it whom their source says it cannot name: this
    is something else than nobody having said anything.
    """

    party: PartyId
    owners: Sequence[BeneficialOwner]
    not_named: Sequence[tuple[PartyId, Unspecified]]
    remainder: Fraction


def show(desk: Desk, point: Standpoint, party: PartyId) -> OwnershipShown:
    """Return what is stated of everybody above a party; the reading is an act.

    Raises:
        NotFoundError: the registry names no such party.
    """
    _must_be_there(desk, point, party)
    holdings = upstream(point.graph.holdings, party)
    remainder = unknown_remainder(point.graph.attributed().owners(party))
    name = point.graph.party(party).name or party
    return OwnershipShown(party, name, holdings, remainder, ownership_above(point.graph, [party]))


def owners(desk: Desk, point: Standpoint, party: PartyId) -> OwnersShown:
    """Return the beneficial owners of a party by share and by control; the reading is an act.

    Raises:
        NotFoundError: the registry names no such party.
    """
    _must_be_there(desk, point, party)
    return owners_of(point, party)


def owners_of(point: Standpoint, party: PartyId) -> OwnersShown:
    """Return the beneficial owners of a party, for use cases that have asked for leave."""
    graph = point.graph.attributed()
    found = graph.beneficial_owners(party, point.beneficial_share, majority=point.majority)
    not_named = [
        (holding.owned, told)
        for holding in upstream(graph.holdings, party)
        if holding.edge is not None and (told := unspecified_of(holding.edge.role)) is not None
    ]
    return OwnersShown(party, found, not_named, unknown_remainder(graph.owners(party)))


def fifty_percent(
    desk: Desk,
    point: Standpoint,
    listed: Mapping[PartyId, frozenset[str]],
    regimes: Sequence[Regime],
    party: PartyId | None = None,
) -> Iterator[BothMethods]:
    """Yield both methods for a party, or for every party below one that counts, by regime.

    Raises:
        NotFoundError: the registry names no such party.
    """
    if party is not None:
        _must_be_there(desk, point, party)
    else:
        desk.must(Action.FINDING_READ)
    for regime in regimes:
        counting = regime.counting(listed, point.law)
        below = parties_below(point.graph.attributed(), counting)
        for one in sorted(below - counting.keys()) if party is None else [party]:
            yield both_methods(point.graph, one, listed, regime, point.law)


def export(
    desk: Desk, point: Standpoint, publisher: str, party: PartyId | None = None
) -> Iterator[Statement]:
    """Yield statements about a party and all above it, or about everybody; an act of reading.

    Raises:
        NotFoundError: the registry names no such party.
    """
    if party is not None and not point.knows(party):
        raise NotFoundError(PARTY, party)
    desk.read(Action.CUSTOMER_READ, Resource(PARTY, desk.principal.tenant, party or ""))
    publication = Publication(point.law.day, publisher, point.beneficial_share, point.majority)
    return statements_of(point.graph, point.customers, publication, party=party)


def _must_be_there(desk: Desk, point: Standpoint, party: PartyId) -> None:
    resource = Resource(PARTY, desk.principal.tenant, party)
    if not point.knows(party):
        desk.must(Action.CUSTOMER_READ)
        raise NotFoundError(PARTY, party)
    desk.read(Action.CUSTOMER_READ, resource)

"""What stands above one party and what it holds, read without the rest of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holding
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.ownership.showing import Standpoint
from sluicegate.services.ports import Store


@dataclass(frozen=True, slots=True)
class HeldBy:
    """The direct holdings of a party, and the graph that names whom it holds."""

    holdings: tuple[Holding, ...]
    graph: OwnershipGraph


def held_by(store: Store, party: PartyId, as_of: date, known_on: datetime | None = None) -> HeldBy:
    """Return what a party holds itself on a day, in order of what is owned."""
    edges, stated = Knowledge(store, as_of, known_on).stated_below(party)
    graph = OwnershipGraph.of(edges, stated)
    found = (one for some in graph.holdings.values() for one in some if one.owner == party)
    return HeldBy(tuple(sorted(found, key=lambda one: one.owned)), graph)


def standpoint_above(
    store: Store,
    book: RuleBook,
    party: PartyId,
    as_of: date,
    known_on: datetime | None = None,
) -> Standpoint:
    """Return the standpoint of a day with what stands above a party only.

    Its figures of the party are those of the whole registry. What it holds itself
    comes along, as that may be all that tells its name.
    """
    known = Knowledge(store, as_of, known_on)
    edges, stated = known.stated_above([party])
    owned = {one.owned_id for one in edges}
    edges += [one for one in known.held_by({party}) if one.owned_id not in owned]
    customers = {str(one.customer_id): one for one in stated}
    day = None if known_on is None else (known_on - timedelta(microseconds=1)).date()
    return Standpoint(OwnershipGraph.of(edges, stated), customers, Law(book, as_of, day))

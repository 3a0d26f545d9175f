"""What stands above one party, read without the rest of the registry."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holding
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import CustomerKind
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.ownership.showing import Standpoint
from sluicegate.services.ports import Store


def held_by(point: Standpoint, party: PartyId) -> tuple[Holding, ...]:
    """Return what a party holds itself, in order of what is owned, as far as the graph has it."""
    found = (one for some in point.graph.holdings.values() for one in some if one.owner == party)
    return tuple(sorted(found, key=lambda one: one.owned))


def standpoint_above(
    store: Store,
    book: RuleBook,
    party: PartyId,
    as_of: date,
    known_on: datetime | None = None,
) -> Standpoint:
    """Return the standpoint of a day with what stands above a party only.

    Its figures of the party are those of the whole registry. An individual, and a
    party of whom nothing but holdings in others is stated, is found in the whole,
    with what it holds.
    """
    edges, stated = Knowledge(store, as_of, known_on).stated_above([party])
    if not edges and all(one.customer_kind is CustomerKind.INDIVIDUAL for one in stated):
        return Standpoint.of(store, book, as_of, known_on)
    customers = {str(one.customer_id): one for one in stated}
    day = None if known_on is None else (known_on - timedelta(microseconds=1)).date()
    return Standpoint(OwnershipGraph.of(edges, stated), customers, Law(book, as_of, day))

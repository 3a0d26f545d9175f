"""Who is screened: customers, everyone above them, and who controls them. Each party once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from sluicegate.core.identifiers import CustomerId, PartyId
from sluicegate.registry.holdings import Holdings
from sluicegate.registry.ownership import OwnershipGraph, Party
from sluicegate.registry.records import CustomerKind, OwnershipEdge
from sluicegate.screening.entries import Schema
from sluicegate.services.ports.store import RegistryStore

_SCHEMA = {CustomerKind.INDIVIDUAL: Schema.PERSON, CustomerKind.ENTITY: Schema.ORGANISATION}


@dataclass(frozen=True)
class ScreenedParty:
    """A party of the registry as it is screened: every name that a source gives it.

    Countries are ISO alpha-2; the birth date is YYYY-MM-DD, empty where no
    source states it.
    """

    party_id: str
    names: tuple[str, ...]
    schema: Schema
    countries: tuple[str, ...] = ()
    birth_date: str = ""

    @property
    def name(self) -> str:
        """The name by which it is shown."""
        return self.names[0] if self.names else self.party_id

    @cached_property
    def essence(self) -> str:
        """A digest of what a match rests on, without the id: two alike are screened once."""
        return quick_digest(
            [sorted(self.names), self.schema.value, sorted(self.countries), self.birth_date]
        )

    def queries(self) -> list[dict[str, Any]]:
        """Return what the engine is asked, one query for each name."""
        asked: dict[str, Any] = {"schema": self.schema.value, "countries": list(self.countries)}
        if self.birth_date:
            asked["birth_date"] = self.birth_date
        return [{"query": name, **asked} for name in self.names]


_JSON = json.JSONEncoder(ensure_ascii=False)


def quick_digest(value: Any) -> str:
    """Return a digest of lists and text; a hundred thousand are made in every run.

    >>> quick_digest(["a"]) == quick_digest(["a"])
    True
    """
    return hashlib.sha256(_JSON.encode(value).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Screened:
    """All who are screened on a day, by party id, and which customers stand below whom."""

    parties: Mapping[str, ScreenedParty]
    below: Mapping[str, tuple[str, ...]]
    """Owner, director or control person → the parties directly below."""
    customers: frozenset[str]

    def customers_of(self, party_id: str) -> tuple[str, ...]:
        """Return the customers that a party is, or stands above, in order of their ids."""
        return customers_below(party_id, self.below, self.customers)


def customers_below(
    party_id: str, below: Mapping[str, Iterable[str]], customers: frozenset[str]
) -> tuple[str, ...]:
    """Return the customers at or below a party, in order of their ids."""
    seen = {party_id}
    queue = [party_id]
    for one in queue:
        for owned in below.get(one, ()):
            if owned not in seen:
                seen.add(owned)
                queue.append(owned)
    return tuple(sorted(seen & customers))


def downward(holdings: Holdings) -> dict[str, tuple[str, ...]]:
    """Return owner → the parties that it has anything of, in order; control counts."""
    below: dict[str, list[str]] = {}
    for owned in sorted(holdings):
        for holding in holdings[owned]:
            below.setdefault(str(holding.owner), []).append(str(owned))
    return {owner: tuple(found) for owner, found in below.items()}


class ScreenedCustomer(NamedTuple):
    """What of a customer's record screening looks at."""

    customer_id: CustomerId
    name: str
    customer_kind: CustomerKind
    country: str
    birth_date: date | None
    closed: date | None
    account_of: CustomerId | None


def screened_at(store: RegistryStore, on: date, known_on: datetime | None = None) -> Screened:
    """Return who is screened on a day, as known at an instant."""
    rows = store.columns_of("customers", ScreenedCustomer._fields, known_on=known_on)
    records = store.records("ownership", as_of=on, known_on=known_on)
    return screened_of(
        map(ScreenedCustomer._make, rows),
        (one for one in records if isinstance(one, OwnershipEdge)),
        on=on,
    )


def screened_of(
    customers: Iterable[ScreenedCustomer], edges: Iterable[OwnershipEdge], *, on: date
) -> Screened:
    """Return who is screened on a day: customers that are not closed, and all above them.

    An owner counts however little it holds, a director by the edge that states
    the role. A party that is a customer and an owner is one party. Customers
    closed by the day are left out, with those who stand above them alone.
    `customers` are the statements of every source, of one customer the one that
    holds last; the names of all of them are screened.
    """
    held = list(customers)
    holding = {str(one.customer_id): one for one in held}
    stated = list(edges)
    linked = _linked(holding.values(), stated)
    graph = OwnershipGraph.of(
        stated, (holding[key] for key in sorted(linked & holding.keys())), on=on
    )
    open_ones = {key: one for key, one in holding.items() if one.closed is None or one.closed > on}
    wanted = _upward(graph, (key for key in open_ones if key in linked))
    names: dict[str, dict[str, None]] = {
        key: {one.name: None} for key, one in open_ones.items() if one.name.strip()
    }
    for one in held if len(held) > len(holding) else ():
        if one.name.strip() and one.customer_id in open_ones:
            names.setdefault(str(one.customer_id), {})[one.name] = None
    for edge in sorted(stated, key=lambda one: (one.owner_id, one.owned_id, one.source)):
        if edge.owner_id in wanted and edge.owner_name.strip():
            names.setdefault(str(edge.owner_id), {})[edge.owner_name] = None
    parties = {}
    for key in sorted(names):
        customer = open_ones.get(key)
        known = graph.party(PartyId(key)) if customer is None else customer
        parties[key] = _party(key, known, customer, tuple(names[key]))
    return Screened(parties, downward(graph.holdings), frozenset(open_ones))


def _linked(customers: Iterable[ScreenedCustomer], edges: Iterable[OwnershipEdge]) -> set[str]:
    """Return who has owners, owns, or is an account of another: the others need no graph."""
    found = {str(party) for edge in edges for party in (edge.owner_id, edge.owned_id)}
    for one in customers:
        if one.account_of is not None:
            found |= {str(one.customer_id), str(one.account_of)}
    return found


def _upward(graph: OwnershipGraph, customers: Iterable[str]) -> set[str]:
    """Return the customers and every party above one of them."""
    seen = set(customers)
    queue = sorted(seen)
    for party in queue:
        for holding in graph.holdings.get(PartyId(party), ()):
            if holding.owner not in seen:
                seen.add(str(holding.owner))
                queue.append(str(holding.owner))
    return seen


def _party(
    party_id: str,
    known: Party | ScreenedCustomer,
    customer: ScreenedCustomer | None,
    names: tuple[str, ...],
) -> ScreenedParty:
    kind = known.kind if isinstance(known, Party) else known.customer_kind
    born = None if customer is None else customer.birth_date
    return ScreenedParty(
        party_id=party_id,
        names=names,
        schema=_SCHEMA[kind],
        countries=(known.country,) if known.country else (),
        birth_date="" if born is None else born.isoformat(),
    )

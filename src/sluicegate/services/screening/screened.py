"""Who is screened: customers, everyone above them, and who controls them. Each party once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holdings
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import Customer, CustomerKind, OwnershipEdge
from sluicegate.screening.entries import Schema

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


def quick_digest(value: Any) -> str:
    """Return a digest of lists and text; a hundred thousand are made in every run.

    >>> quick_digest(["a"]) == quick_digest(["a"])
    True
    """
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:32]


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


def screened_of(
    customers: Iterable[Customer], edges: Iterable[OwnershipEdge], *, on: date
) -> Screened:
    """Return who is screened on a day: customers that are not closed, and all above them.

    An owner counts however little it holds, a director by the edge that states
    the role. A party that is a customer and an owner is one party. Customers
    closed by the day are left out, with those who stand above them alone.
    """
    held = list(customers)
    stated = list(edges)
    graph = OwnershipGraph.of(stated, held, on=on)
    open_ones = {str(one.customer_id): one for one in held if one.closed is None or one.closed > on}
    wanted = _upward(graph, open_ones)
    names: dict[str, dict[str, None]] = {
        key: {one.name: None} for key, one in open_ones.items() if one.name.strip()
    }
    for edge in sorted(stated, key=lambda one: (one.owner_id, one.owned_id, one.source)):
        if edge.owner_id in wanted and edge.owner_name.strip():
            names.setdefault(str(edge.owner_id), {})[edge.owner_name] = None
    parties = {
        key: _party(graph, key, open_ones.get(key), tuple(names[key]))
        for key in sorted(wanted)
        if key in names
    }
    return Screened(parties, downward(graph.holdings), frozenset(open_ones))


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
    graph: OwnershipGraph, party_id: str, customer: Customer | None, names: tuple[str, ...]
) -> ScreenedParty:
    known = graph.party(PartyId(party_id))
    country = known.country or ""
    born = "" if customer is None or customer.birth_date is None else str(customer.birth_date)
    return ScreenedParty(
        party_id=party_id,
        names=names,
        schema=_SCHEMA[known.kind],
        countries=(country,) if country else (),
        birth_date=born,
    )

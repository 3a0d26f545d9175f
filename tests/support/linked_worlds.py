"""Customers that share things, made by hand for tests of links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import CustomerId, PartyId
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import AccountSignal, Customer, CustomerKind, OwnershipEdge
from sluicegate.screening.linkage import (
    Evidence,
    Found,
    find_links,
    normal,
    roots_of,
    shipped_policy,
    traits_of,
)

DAY = date(2026, 6, 30)
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""Makes a word of a digest: names that are nothing like each other."""


def customer(key: str, **given: Any) -> Customer:
    """Return an entity of the US with an id and what is given."""
    values: dict[str, Any] = {
        "source": "crm",
        "customer_id": CustomerId(key),
        "name": digest(key)[:20].translate(LETTERS),
        "customer_kind": CustomerKind.ENTITY,
        "country": "US",
    }
    return Customer(**{**values, **given})


def signal(key: str, kind: str, value: str, **given: Any) -> AccountSignal:
    """Return that an account was seen with something."""
    return AccountSignal(
        source="portal", customer_id=CustomerId(key), signal=kind, value=value, **given
    )


def owner(owner_id: str, owned: str, share: str | None, role: str | None = None) -> OwnershipEdge:
    """Return a person's holding."""
    return OwnershipEdge(
        source="register",
        owner_id=PartyId(owner_id),
        owned_id=PartyId(owned),
        owner_name=f"Name of {owner_id}",
        owner_kind=CustomerKind.INDIVIDUAL,
        share=None if share is None else Fraction(share),
        role=role,
    )


def found_among(
    customers: Sequence[Customer],
    signals: Sequence[AccountSignal] = (),
    edges: Iterable[OwnershipEdge] = (),
) -> Found:
    """Return what links customers, by the shipped policy."""
    policy = shipped_policy()
    known: Mapping[str, Customer] = {str(one.customer_id): one for one in customers}
    evidence = Evidence(
        customers=known,
        ownership=OwnershipGraph.of(edges, customers),
        signals=signals,
        beneficial_share=Fraction(1, 4),
        majority_share=Fraction(1, 2),
        day=DAY,
    )
    names = {key: normal.name(one.name, policy) for key, one in known.items()}
    return find_links(traits_of(evidence, policy), names, roots_of(known), policy)


def held(found: Found) -> list[tuple[str, str]]:
    """Return the pairs that are held together."""
    return [bond.pair for bond in found.holding]

"""Graphs of ownership made by hand, and the worked case of cascade against multiplication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import CustomerKind, OwnershipEdge
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book

BOOK = shipped_book()
DAY = date(2026, 6, 30)
LAW = Law(BOOK, DAY)

WORKED = (
    ("SDN-A", "A", "0.03"),
    ("B", "A", "0.47"),
    ("C", "A", "0.50"),
    ("SDN-B", "B", "0.42"),
    ("D", "B", "0.52"),
    ("SDN-D", "D", "0.50"),
    ("person-1", "D", "0.50"),
    ("trust", "C", "0.52"),
    ("E", "C", "0.48"),
    ("SDN-F", "E", "0.81"),
    ("person-2", "E", "0.19"),
)
"""A case in which the cascade and multiplication differ: owner, owned, share."""

WORKED_LISTED = {PartyId(name): frozenset({"sdn"}) for name in ("SDN-A", "SDN-B", "SDN-D", "SDN-F")}


def edge(
    owner: str, owned: str, share: str | Fraction | None = None, **given: Any
) -> OwnershipEdge:
    """Return a holding; `share` is a figure such as 0.25, or two with a bar for a range."""
    low, bar, high = str(share or "").partition("|")
    values: dict[str, Any] = {
        "source": "register",
        "owner_id": PartyId(owner),
        "owned_id": PartyId(owned),
        "owner_name": f"Name of {owner}",
        "owner_kind": CustomerKind.ENTITY,
    }
    if bar:
        values |= {"share_low": Fraction(low), "share_high": Fraction(high)}
    elif share is not None:
        values["share"] = Fraction(share)
    return OwnershipEdge(**{**values, **given})


def individual(owner: str, owned: str, share: str | None = None, **given: Any) -> OwnershipEdge:
    """Return a holding of a human being."""
    return edge(owner, owned, share, owner_kind=CustomerKind.INDIVIDUAL, **given)


def graph(*edges: OwnershipEdge) -> OwnershipGraph:
    """Return the graph of some holdings."""
    return OwnershipGraph.of(edges)


def worked() -> OwnershipGraph:
    """Return the worked case."""
    return graph(*(edge(*one) for one in WORKED))


def listed(**names: str) -> Mapping[PartyId, frozenset[str]]:
    """Return parties with the list that each is on."""
    return {PartyId(name): frozenset({one}) for name, one in names.items()}


def parties(names: Iterable[str]) -> list[PartyId]:
    """Return ids of parties."""
    return [PartyId(name) for name in names]

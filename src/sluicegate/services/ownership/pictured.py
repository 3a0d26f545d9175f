"""The parties above a party and what they hold of one another, as a picture shows them."""

from __future__ import annotations

from collections.abc import Sequence

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holding
from sluicegate.registry.nominees import NOMINATOR, has_role, is_nominee
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import CustomerKind
from sluicegate.services.ownership.roles import has_open_share
from sluicegate.services.report import HoldingEdge, Ownership, PartyNode

MOST_PARTIES = 60
"""Parties in one ownership picture; more cannot be read."""


def ownership_above(graph: OwnershipGraph, start: Sequence[str]) -> Ownership | None:
    """Return the parties above some parties and what they hold; None when nobody holds any."""
    edges: list[HoldingEdge] = []
    found: dict[str, None] = dict.fromkeys(sorted(start))
    waiting = list(found)
    while waiting and len(found) < MOST_PARTIES:
        owned = waiting.pop(0)
        for holding in graph.owners(PartyId(owned)):
            edges.append(_edge(holding))
            if holding.owner not in found:
                found[holding.owner] = None
                waiting.append(holding.owner)
    if not edges:
        return None
    nodes = tuple(_party(graph, party, party in start) for party in found)
    return Ownership(nodes, tuple(edge for edge in edges if edge.owner in found))


def _edge(holding: Holding) -> HoldingEdge:
    is_range = holding.high > holding.low
    return HoldingEdge(
        holding.owner,
        holding.owned,
        None if holding.is_unknown else holding.low,
        holding.has_control,
        holding.high if is_range else None,
        has_open_share(holding),
        is_nominee(holding),
        has_role(holding, NOMINATOR),
    )


def _party(graph: OwnershipGraph, party: str, is_subject: bool) -> PartyNode:
    known = graph.party(PartyId(party))
    return PartyNode(
        party,
        known.name or party,
        known.kind is CustomerKind.INDIVIDUAL,
        known.country or "",
        is_subject,
    )

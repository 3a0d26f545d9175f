"""Comparing with other providers, joined to a node's store, keys and settings."""

from __future__ import annotations

from datetime import date

from sluicegate.core.quantities import whole
from sluicegate.rules.law import Law
from sluicegate.services.desk import Desk
from sluicegate.services.exchange.inputs import Inputs
from sluicegate.services.exchange.sessions import Exchange
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.exchange import Intersection
from sluicegate.wiring.nodes import OpenNode


def exchange_at(node: OpenNode, desk: Desk) -> Exchange:
    """Return comparisons of a node for who works at a desk."""
    from sluicegate.adapters.exchange.keys import OfferKeys

    settings = node.node.settings
    return Exchange(
        desk=desk,
        keys=OfferKeys(node.node.folder.keys),
        name=settings.exchange_name,
        partners=settings.exchange_partners,
        threshold=int(whole(Law(node.book, desk.now().date()).amount("assess.kyc.threshold"))),
    )


def intersection() -> Intersection:
    """Return the library that blinds.

    Raises:
        NoIntersectionError: the extra `psi` is not installed.
    """
    from sluicegate.adapters.exchange.intersection import EcdhIntersection

    return EcdhIntersection()


def inputs_of(parts: NodeParts, as_of: date) -> Inputs:
    """Return what a tenant has to compare up to and including a day.

    `parts` holds the tenant's own store, so that another's use is never entered.
    """
    return Inputs.of(parts.measure(as_of).world())

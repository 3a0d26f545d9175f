"""What a node compares: its affiliate groups with their compute and identifiers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sluicegate.core.quantities import Exact
from sluicegate.kyc.joint_compute import Element, Terms, identifiers_of
from sluicegate.services.world import World

_PADDING = "padding"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Party → compute (central, FLOP), and party → what names it at every provider.

    A party is an affiliate group, so that what is split over accounts of one
    provider counts together.
    """

    compute: Mapping[str, Exact]
    identifiers: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, world: World) -> Inputs:
        """Return what there is to compare in a measured world."""
        compute: dict[str, Exact] = {}
        identifiers: dict[str, list[str]] = {}
        for party, members in world.members().items():
            used = sum(world.totals[one].central for one in members if one in world.totals)
            known = [world.customers[one] for one in members if one in world.customers]
            names = [name for customer in known for name in identifiers_of(customer)]
            if used and names:
                compute[party] = used
                identifiers[party] = list(dict.fromkeys(names))
        return cls(compute, identifiers)


def filled_up(terms: Terms, elements: Sequence[Element]) -> list[Element]:
    """Return a set of the agreed size in a random order, so that neither tells anything."""
    missing = terms.elements - len(elements)
    padding = [Element("", f"{_PADDING}:{secrets.token_hex(32)}", 0) for _ in range(missing)]
    filled = [*elements, *padding]
    secrets.SystemRandom().shuffle(filled)
    return filled

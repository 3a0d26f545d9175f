"""Who stands behind a customer, as far as identification asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import Exact
from sluicegate.kyc.diligence.file import DiligenceFile
from sluicegate.kyc.diligence.items import is_placeholder
from sluicegate.registry.ownership import BeneficialOwner, OwnershipGraph
from sluicegate.registry.records import Customer, CustomerKind


@dataclass(frozen=True)
class Behind:
    """What sources state of a customer on a day, and who owns it.

    `holds` is the statement that counts, None where nobody states who the
    customer is. `owners` are the individuals with any share or control.
    """

    customer_id: str
    day: date
    holds: Customer | None
    graph: OwnershipGraph
    owners: tuple[BeneficialOwner, ...]

    @property
    def kind(self) -> CustomerKind:
        """What the customer is; an entity where nobody says."""
        return CustomerKind.ENTITY if self.holds is None else self.holds.customer_kind

    def holders(self) -> list[dict[str, object]]:
        """Return the individuals as facts of the question `beneficial_owners`."""
        return [
            {
                "holder": str(one.party.party_id),
                "share": one.held.low,
                "substantial_control": one.has_control,
            }
            for one in self.owners
        ]

    def is_named(self, party: str) -> bool:
        """Say whether the registry gives a party a name that is no placeholder."""
        name = self.graph.party(PartyId(party)).name
        return name is not None and name != party and not is_placeholder(name)

    def all_named(self, owners: Collection[str], beneficial_share: Exact) -> bool:
        """Say whether these are all beneficial owners that there can be, each with a name."""
        hides = self.may_hide_an_owner(beneficial_share)
        return bool(owners) and not hides and all(map(self.is_named, owners))

    def may_hide_an_owner(self, share: Exact) -> bool:
        """Say whether what is not known of the direct holdings could be such a share."""
        if self.kind is CustomerKind.INDIVIDUAL:
            return False
        party = PartyId(self.customer_id)
        if self.graph.unknown_holdings(party):
            return True
        known = sum((one.low for one in self.graph.owners(party)), Fraction(0))
        return 1 - known >= share

    def unverified(self, file: DiligenceFile, owners: Iterable[str], day: date) -> tuple[str, ...]:
        """Return the customer, and those of its beneficial owners, who are not verified."""
        parties = [self.customer_id, *(one for one in owners if one != self.customer_id)]
        return tuple(one for one in parties if not file.verified(one, day))

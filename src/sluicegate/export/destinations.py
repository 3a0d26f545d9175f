"""Destinations: the class of a place, and where a consignee stands with its headquarters.

The rules ask twice: where the item goes, and where the one who gets it is
headquartered. "Headquartered in" always means: headquartered there, or with an
ultimate parent headquartered there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law

AIA_LIST = "us.ai_diffusion.aia_list"
GROUPS = "us.country_groups"
UNITED_STATES = "US"


class DestinationClass(Enum):
    """The three classes of 15 CFR 742.6(b)(10)(iii); commentary calls them tiers 1, 2 and 3."""

    AIA = "AIA"
    OTHER = "OTHER"
    D5_OR_MACAU = "D5_OR_MACAU"


def is_in_group(country: str, group: str, law: Law) -> bool:
    """Say whether a place is in a country group, such as `d1`, on the law's day."""
    return counted_as(country) in law.texts(f"{GROUPS}.{group}")


def is_macau(country: str, law: Law) -> bool:
    """Say whether a place is Macau, which the texts name beside Country Group D:5."""
    return is_in_group(country, "macau", law)


def is_d5_or_macau(country: str, law: Law) -> bool:
    """Say whether a place is Macau or in Country Group D:5 on the law's day."""
    return is_macau(country, law) or is_in_group(country, "d5", law)


def is_aia(country: str, law: Law) -> bool:
    """Say whether a place is on the AIA list, 15 CFR 740 Supp. 5(a), the United States included."""
    return counted_as(country) in law.texts(AIA_LIST)


def class_of(country: str, law: Law) -> DestinationClass:
    """Return the class of a place on the law's day; D:5 and Macau come first."""
    if is_d5_or_macau(country, law):
        return DestinationClass.D5_OR_MACAU
    return DestinationClass.AIA if is_aia(country, law) else DestinationClass.OTHER


@dataclass(frozen=True)
class Party:
    """A consignee, end user or applicant: where it is, and where it is headquartered.

    `headquarters` has its own and, when given, that of its ultimate parent.
    The lists are those of the law's day; only what is asked is looked up.
    """

    location: str
    headquarters: tuple[str, ...]
    law: Law = field(repr=False)

    @classmethod
    def of(
        cls,
        facts: Facts,
        law: Law,
        location: str = "destination",
        headquarters: str = "consignee_hq",
        parent: str = "ultimate_parent_hq",
    ) -> Party:
        """Return the party that facts describe; the names are those of the facts."""
        ultimate = facts.maybe_text(parent)
        own = facts.text(headquarters)
        return cls(facts.text(location), (own,) if ultimate is None else (own, ultimate), law)

    @property
    def located_in_us(self) -> bool:
        """Whether it is in the United States, so that nothing is exported to it."""
        return self.location == UNITED_STATES

    @property
    def located_in_d5_or_macau(self) -> bool:
        """Whether it is in Macau or a D:5 destination."""
        return is_d5_or_macau(self.location, self.law)

    @property
    def seats_in_d5_or_macau(self) -> tuple[str, ...]:
        """Those of its headquarters that are in Macau or D:5."""
        return tuple(seat for seat in self.headquarters if is_d5_or_macau(seat, self.law))

    @property
    def headquartered_in_d5_or_macau(self) -> bool:
        """Whether it, or its ultimate parent, is headquartered in Macau or D:5."""
        return any(is_d5_or_macau(seat, self.law) for seat in self.headquarters)

    @property
    def is_d5_or_macau(self) -> bool:
        """Whether Macau or D:5 is met by location or headquarters, which wins over the rest."""
        return self.located_in_d5_or_macau or self.headquartered_in_d5_or_macau

    @property
    def located_in_aia(self) -> bool:
        """Whether it is in a destination of the AIA list."""
        return is_aia(self.location, self.law)

    @property
    def headquartered_in_aia(self) -> bool:
        """Whether it, or its ultimate parent, is headquartered on the AIA list."""
        return any(is_aia(seat, self.law) for seat in self.headquarters)

    @property
    def overlap(self) -> bool:
        """Whether exactly one of location and headquarters is on the AIA list, and none D:5.

        742.6(b)(10)(iii)(A)(2) and (B) then both fit as drafted.
        """
        return self.located_in_aia is not self.headquartered_in_aia and not self.is_d5_or_macau

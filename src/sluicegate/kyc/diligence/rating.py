"""How great the risk of a customer is: factors with points, and the band of their sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.file import Band
from sluicegate.kyc.diligence.settings import DiligenceRules


class Factor(Enum):
    """What adds points to a rating; each has a weight of this name."""

    HIGH_RISK_PROFILE = "high_risk_profile"
    LISTED_OWNER = "listed_owner"
    THRESHOLD_CROSSED = "threshold_crossed"
    THRESHOLD_APPROACHING = "threshold_approaching"
    IDENTITY_NOT_VERIFIED = "identity_not_verified"
    EVIDENCE_EXPIRED = "evidence_expired"
    ITEMS_MISSING = "items_missing"
    OWNERS_UNKNOWN = "owners_unknown"
    PURPOSE_NOT_STATED = "purpose_not_stated"
    PURPOSE_DIFFERS = "purpose_differs"
    BEYOND_CONTRACT = "beyond_contract"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"factor_{self.value}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A factor that was found, its points, and why it was found."""

    factor: Factor
    points: int
    why: Sentence


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A rating as it comes out now: the band, the sum, its factors, and the next review."""

    band: Band
    points: int
    factors: tuple[Weighed, ...]
    reason: Sentence
    review_by: date


def reckon(found: Iterable[tuple[Factor, Sentence]], rules: DiligenceRules, on: date) -> Reckoned:
    """Return the rating for the factors found, on a day.

    Every factor counts once, by the first reason given. The sum is compared
    with the points of the highest band first; exactly at its points the band
    begins, as its setting says.
    """
    once: dict[Factor, Sentence] = {}
    for factor, why in found:
        once.setdefault(factor, why)
    weighed = tuple(
        Weighed(factor, rules.weight(factor.value), once[factor])
        for factor in Factor
        if factor in once
    )
    points = sum(one.points for one in weighed)
    band = Band.LOW
    for higher in (Band.MEDIUM, Band.HIGH):
        if rules.band_from(higher).passed_by(points):
            band = higher
    review_by = rules.review(band).after(on)
    reason = say(
        "{count} factors were found; their points add up to {points}: {band:term}.",
        count=len(weighed),
        points=points,
        band=band.code,
    )
    return Reckoned(band, points, weighed, reason, review_by)


def is_above(one: Band, other: Band) -> bool:
    """Say whether a band is above another.

    >>> is_above(Band.HIGH, Band.LOW), is_above(Band.LOW, Band.LOW)
    (True, False)
    """
    order = list(Band)
    return order.index(one) > order.index(other)

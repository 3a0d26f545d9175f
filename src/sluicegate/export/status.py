"""Enforcement: what the 2025 rule added is not enforced; the requirement of 2023 always is."""

from __future__ import annotations

from sluicegate.core.reasons import Sentence, say
from sluicegate.export.destinations import Party, is_in_group, is_macau
from sluicegate.rules.instruments import Enforcement
from sluicegate.rules.law import Law

DIFFUSION_RULE = "us.ai_diffusion"
REQUIREMENT_OF_2023 = "us.advanced_computing_2023"


def enforcement_of_2025_rule(law: Law, instrument: str = DIFFUSION_RULE) -> str:
    """Return the practice for what the rule of January 2025 added: not due, later suspended.

    `instrument` is the part of the rule that decides. Before the rule there was
    nothing to comply with, so it was not yet due.
    """
    if law.status(instrument) is None:
        return Enforcement.NOT_YET_DUE.value
    return law.enforcement(instrument)


def practice_said(enforcement: str) -> Sentence:
    """Return the sentence with which every answer ends that has a practice."""
    return say("Practice of the agency: {enforcement:term}.", enforcement=enforcement)


def covered_since_2023(party: Party, law: Law) -> bool:
    """Say whether the requirement of 17 November 2023 reaches a transaction in .a or .b items.

    By location: Macau, and D:1, D:4 or D:5 destinations that are not in A:5 or
    A:6 as well. By headquarters: Macau or D:5, anywhere outside the United
    States. It never reaches model weights; the caller looks at the item.
    """
    if party.located_in_us or not law.in_force(REQUIREMENT_OF_2023):
        return False
    return party.headquartered_in_d5_or_macau or _covered_by_location(party.location, law)


def _covered_by_location(place: str, law: Law) -> bool:
    if is_macau(place, law):
        return True
    listed = any(is_in_group(place, group, law) for group in ("d5", "d1", "d4"))
    return listed and not any(is_in_group(place, group, law) for group in ("a5", "a6"))


def enforcement_for(party: Party, law: Law) -> str:
    """Return the practice for a transaction in .a or .b items.

    Enforced where the requirement of 2023 covers it, otherwise the practice
    for what the 2025 rule added.
    """
    if covered_since_2023(party, law):
        return law.enforcement(REQUIREMENT_OF_2023)
    return enforcement_of_2025_rule(law)

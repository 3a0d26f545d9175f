"""Allocation: how much performance may be licensed to a destination from 2025 to 2027."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.export.destinations import Party
from sluicegate.export.review import Policy, aia_prevails, overlap_said
from sluicegate.export.status import (
    DIFFUSION_RULE,
    enforcement_for,
    enforcement_of_2025_rule,
    practice_said,
)
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law


@dataclass(frozen=True, slots=True)
class Count:
    """What an application would add to what is licensed already, in TPP; exact.

    Only what was licensed to the destination since 2025 counts. What was
    shipped before, stands under National VEU authorisations or went under
    licence exceptions does not. The allocation rises by the share that was
    granted after government assurances.
    """

    allocation: Exact
    before: Exact
    after: Exact
    within: bool

    @classmethod
    def of(cls, facts: Facts, law: Law) -> Count:
        """Return the count of an application; "within" is met by the allocation itself."""
        limit = law.limit(f"{DIFFUSION_RULE}.allocation.tpp")
        allocation = whole(limit.times(1 + facts.amount("assurance_increase")))
        before = facts.amount("licensed_tpp_since_2025")
        after = whole(before + facts.amount("application_tpp"))
        return cls(allocation, before, after, limit.comparator.holds(after, allocation))

    @property
    def headroom(self) -> Exact:
        """What is left before the application, not below 0."""
        return max(self.allocation - self.before, 0)


def decide_country_allocation(facts: Facts, law: Law) -> Answer:
    """Say whether an application for .a items fits the allocation of the destination.

    The count is given for every destination; whether it decides is
    `subject_to_allocation`. The rule does not say that a part may be approved,
    so an application that crosses the allocation is not split.
    """
    party = Party.of(facts, law)
    subject = not party.is_d5_or_macau and not aia_prevails(party, law)
    count = Count.of(facts, law)
    policy = Policy.APPROVAL if count.within else Policy.POLICY_OF_DENIAL
    practice = (
        enforcement_for(party, law) if party.is_d5_or_macau else enforcement_of_2025_rule(law)
    )
    return Answer(
        {
            "subject_to_allocation": subject,
            "allocation_tpp": count.allocation,
            "counted_before_tpp": count.before,
            "counted_after_tpp": count.after,
            "headroom_tpp": count.headroom,
            "within": count.within,
            "review_policy": (policy if subject else Policy.NOT_SUBJECT).value,
            "enforcement": practice,
        },
        [
            *overlap_said(party),
            *_reasons(facts, party, subject, count),
            practice_said(practice),
        ],
    )


def _reasons(facts: Facts, party: Party, subject: bool, count: Count) -> Iterator[Sentence]:
    if party.is_d5_or_macau:
        yield say("D:5 or Macau, by location or headquarters, comes before the allocation.")
    elif not subject:
        yield say("Location or headquarters is on the AIA list, so no allocation applies.")
    else:
        yield say("Neither the AIA list nor D:5 nor Macau decides, so the allocation does.")
    yield say(
        "{before:sci} TPP were licensed since 2025 and the application adds {added:sci};"
        " the allocation is {allocation:sci} TPP.",
        before=count.before,
        added=facts.amount("application_tpp"),
        allocation=count.allocation,
    )
    left_out = ("shipped_before_2025_tpp", "nveu_installed_tpp", "licence_exception_tpp")
    if any(facts.amount(name) for name in left_out):
        yield say(
            "Items shipped before 2025, under National VEU authorisations or under licence"
            " exceptions are not counted."
        )
    if subject and not count.within and count.headroom:
        yield say(
            "{headroom:sci} TPP are left, but an application is not split.", headroom=count.headroom
        )

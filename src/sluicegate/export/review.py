"""Review: under which policy a licence application is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.export.destinations import Party
from sluicegate.export.items import Eccn
from sluicegate.export.status import enforcement_for, enforcement_of_2025_rule, practice_said
from sluicegate.rules.answers import Answer
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law, comparison
from sluicegate.rules.showing import member

POLICY_OF_2026 = "us.review_policy_2026"


class Policy(Enum):
    """How an application is reviewed."""

    APPROVAL = "presumption_of_approval"
    DENIAL = "presumption_of_denial"
    POLICY_OF_DENIAL = "policy_of_denial"
    CASE_BY_CASE = "case_by_case"
    DEPENDS = "depends_on_allocation"
    NOT_SUBJECT = "not_subject_to_allocation"


@dataclass(frozen=True, slots=True)
class Review:
    """A policy with its ground, the practice for the provision that decides, and why."""

    policy: Policy
    ground: str
    enforcement: str
    reasons: tuple[Sentence, ...]


def aia_prevails(party: Party, law: Law) -> bool:
    """Say whether the paragraph on the AIA list decides rather than the allocation.

    Both ends on the list: always. Exactly one of them: by the reading chosen,
    as paragraphs (A)(2) and (B) both fit. D:5 and Macau are looked at before.
    """
    if party.overlap:
        return law.reading("location_headquarters_overlap") == "aia"
    return party.located_in_aia


def decide_licence_review(facts: Facts, law: Law) -> Answer:
    """Give the policy under which an application is reviewed.

    Chips and computers: D:5 or Macau by location or headquarters first, denied
    unless the policy of 2026 opens a review case by case. Then .b items are
    presumed approved; .a items by the AIA list, then by the allocation. Weights
    have a paragraph of their own, by headquarters.
    """
    item, party = Eccn(facts.text("eccn")), Party.of(facts, law)
    if item is Eccn.WEIGHTS:
        review = _weights(party, law)
    elif party.is_d5_or_macau:
        review = _d5_or_macau(facts, party, law)
    elif item.is_b:
        review = Review(
            Policy.APPROVAL,
            "below_a_level_outside_d5_and_macau",
            enforcement_for(party, law),
            (say("A .b item, and neither location nor headquarters is D:5 or Macau."),),
        )
    else:
        review = _a_item(facts, party, law)
    return Answer(
        {
            "review_policy": review.policy.value,
            "reason": review.ground,
            "overlap": party.overlap,
            "enforcement": review.enforcement,
        },
        [*review.reasons, practice_said(review.enforcement)],
    )


def _weights(party: Party, law: Law) -> Review:
    """Review model weights, 742.6(b)(14): denied for a headquarters outside the AIA list.

    The text says no more. For a headquarters on the list the reading is that
    D:5 and Macau still come first, and that approval is presumed elsewhere.
    """
    practice = enforcement_of_2025_rule(law)
    if not party.headquartered_in_aia:
        said = say("The end user of the weights is headquartered outside the AIA list.")
        return Review(Policy.DENIAL, "headquarters_outside_aia", practice, (said,))
    if party.is_d5_or_macau:
        said = say("Weights for D:5 or Macau are not presumed approved, whatever the other end.")
        return Review(Policy.DENIAL, _d5_ground(party), practice, (said,))
    said = say("The end user of the weights is headquartered on the AIA list.")
    return Review(Policy.APPROVAL, "aia_location_or_headquarters", practice, (said,))


def _d5_ground(party: Party) -> str:
    by_place = party.located_in_d5_or_macau
    return "d5_or_macau_location" if by_place else "d5_or_macau_headquarters"


def _d5_or_macau(facts: Facts, party: Party, law: Law) -> Review:
    """Review a chip for D:5 or Macau: denied, unless all conditions of 2026 are met."""
    ground = _d5_ground(party)
    said = (
        say("The consignee is located in D:5 or Macau, which comes first.")
        if ground == "d5_or_macau_location"
        else say("The consignee is headquartered in D:5 or Macau, which comes first.")
    )
    conditions = list(_conditions(facts, law))
    reasons = (said, *(condition.said for condition in conditions))
    if conditions and all(condition.met for condition in conditions):
        practice = law.enforcement(POLICY_OF_2026)
        return Review(Policy.CASE_BY_CASE, "case_by_case_conditions_met", practice, reasons)
    return Review(Policy.DENIAL, ground, enforcement_for(party, law), reasons)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the review case by case: whether it is met, and the sentence."""

    met: bool
    said: Sentence


def _conditions(facts: Facts, law: Law) -> Iterator[Condition]:
    """Yield the conditions of the policy of 2026; none before it is in force."""
    if not law.in_force(POLICY_OF_2026):
        return
    lists = {"items": "eccn", "origin": "export_from", "destinations": "destination"}
    given = {name: counted_as(facts.text(fact)) for name, fact in lists.items()}
    outside = [
        name for name, code in given.items() if code not in law.texts(f"{POLICY_OF_2026}.{name}")
    ]
    if outside:
        yield Condition(
            False,
            say(
                "Review case by case is for exports of chips from the United States to China or"
                " Macau; this is {item} from {origin} to {destination}.",
                item=given["items"],
                origin=member(given["origin"]),
                destination=member(given["destinations"]),
            ),
        )
        return
    bandwidth = facts.maybe_amount("dram_bandwidth_gb_per_s")
    yield _below(say("Total processing performance"), "tpp", facts.maybe_amount("tpp"), law)
    yield _below(say("Total DRAM bandwidth"), "dram_bandwidth", bandwidth, law)
    if facts.flag("commercially_available_in_us"):
        yield Condition(True, say("It is sold commercially in the United States."))
    else:
        yield Condition(False, say("It is not sold commercially in the United States."))
    yield _certified(facts, law)


def _below(what: Sentence, name: str, amount: Exact | None, law: Law) -> Condition:
    limit = law.limit(f"{POLICY_OF_2026}.{name}")
    if amount is None:
        return Condition(False, say("{what} is not given.", what=what))
    return Condition(limit.passed_by(amount), comparison(what, amount, limit))


def _certified(facts: Facts, law: Law) -> Condition:
    made = set(facts.texts("certifications"))
    missing = [one for one in law.texts(f"{POLICY_OF_2026}.certifications") if one not in made]
    if missing:
        return Condition(False, say("Certifications are missing: {missing:term}.", missing=missing))
    return Condition(True, say("All certifications are made."))


def _a_item(facts: Facts, party: Party, law: Law) -> Review:
    """Review an .a item outside D:5 and Macau: by the AIA list, then by the allocation."""
    practice = enforcement_of_2025_rule(law)
    first = overlap_said(party)
    if aia_prevails(party, law):
        said = say("Location or headquarters is on the AIA list.")
        reasons = (*first, said)
        return Review(Policy.APPROVAL, "aia_location_or_headquarters", practice, reasons)
    match facts["within_allocation"]:
        case None:
            said = say("Whether the application is within the allocation was not computed.")
            return Review(Policy.DEPENDS, "allocation_not_computed", practice, (*first, said))
        case True:
            said = say("The application is within the allocation of the destination.")
            return Review(Policy.APPROVAL, "within_allocation", practice, (*first, said))
        case _:
            said = say("The allocation of the destination is met.")
            return Review(Policy.POLICY_OF_DENIAL, "allocation_met", practice, (*first, said))


def overlap_said(party: Party) -> tuple[Sentence, ...]:
    """Return the sentence on the overlap of two paragraphs; nothing without one."""
    if not party.overlap:
        return ()
    return (
        say(
            "Only one of location and headquarters is on the AIA list, so paragraphs (A)(2) and"
            " (B) both fit; the reading chosen decides."
        ),
    )

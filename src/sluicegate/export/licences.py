"""Licences: whether a transaction needs one, as written and as enforced."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.core.reasons import Formed, Sentence, Term, say
from sluicegate.export.destinations import Party
from sluicegate.export.items import Eccn
from sluicegate.export.status import (
    DIFFUSION_RULE,
    REQUIREMENT_OF_2023,
    covered_since_2023,
    enforcement_for,
    enforcement_of_2025_rule,
    practice_said,
)
from sluicegate.rules.answers import Answer
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law
from sluicegate.rules.showing import member, members

NAMED_DESTINATIONS = "us.eccn_3a090.b.destinations_by_name"


def decide_licence_required(facts: Facts, law: Law) -> Answer:
    """Say whether a transaction needs a licence, before any exception.

    As written: what the requirement of 2023 covers; from the 2025 rule on also
    .a items and weights to any destination worldwide, and .b items to places
    that the entry names. An export, reexport or transfer has a destination
    outside the United States, so one there needs none. As enforced: what the
    requirement of 2023 covers, and never weights.
    """
    item, party = Eccn(facts.text("eccn")), Party.of(facts, law)
    covered = item is not Eccn.WEIGHTS and covered_since_2023(party, law)
    added = _required_since_2025(item, party, law)
    weights = item is Eccn.WEIGHTS
    practice = enforcement_of_2025_rule(law) if weights else enforcement_for(party, law)
    return Answer(
        {
            "licence_required_as_written": covered or added,
            "licence_required_as_enforced": covered and law.enforced(REQUIREMENT_OF_2023),
            "enforcement": practice,
            "pre_rule_scope_applies": covered,
        },
        [
            *_reasons(item, party, covered, added),
            practice_said(practice),
        ],
    )


def _required_since_2025(item: Eccn, party: Party, law: Law) -> bool:
    """Say whether the text as it stands since the 2025 rule requires a licence by itself."""
    if party.located_in_us or not law.in_force(DIFFUSION_RULE):
        return False
    return not item.is_b or _is_named(counted_as(party.location), law)


def _is_named(place: str, law: Law) -> bool:
    """Say whether the entry of 3A090.b names a place; before its first day it names none."""
    if law.parameter(NAMED_DESTINATIONS).early:
        return False
    return place in law.texts(NAMED_DESTINATIONS)


def _reasons(item: Eccn, party: Party, covered: bool, added: bool) -> Iterator[Sentence]:
    place = member(party.location)
    if party.located_in_us:
        yield say("The item stays in or goes to the United States; nothing is exported to it.")
        return
    if item is Eccn.WEIGHTS:
        yield say("The requirement of November 2023 does not reach model weights.")
    elif covered and party.headquartered_in_d5_or_macau:
        yield say(
            "A headquarters in D:5 or Macau ({places}) brings it under the requirement of"
            " November 2023, anywhere outside the United States.",
            places=members(party.seats_in_d5_or_macau),
        )
    elif covered:
        yield say(
            "The requirement of November 2023 covers {place}: it covers Macau, and every"
            " destination in D:1, D:4 or D:5 that is outside A:5 and A:6.",
            place=place,
        )
    else:
        yield say(
            "The requirement of November 2023 covers neither {place} nor this headquarters.",
            place=place,
        )
    yield _since_2025(item, place, added)


def _since_2025(item: Eccn, place: Term | Formed, added: bool) -> Sentence:
    if added and item.is_b:
        return say("The entry of 3A090.b names {place} beside the country groups.", place=place)
    if added:
        return say(
            "The text since the 2025 rule requires a licence for {item} to any destination.",
            item=item.value,
        )
    if item.is_b:
        return say("For .b items the 2025 rule adds no requirement here.")
    return say("The worldwide requirement of the 2025 rule is not in force yet.")

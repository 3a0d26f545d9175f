"""Compute split over two providers, found by comparing with the other one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from sluicegate.core.identifiers import RuleId
from sluicegate.core.quantities import flop_text
from sluicegate.core.trace import Figure
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.detectors.structuring import INSTRUMENT, THIS_NODE, asked_of
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate
from sluicegate.services.ports.exchange import JointKept
from sluicegate.services.world import World

RULE = RuleId("assess.kyc.structuring_across")
TITLE = Title("Compute split over providers", "跨提供者拆分算力")
OTHER_SAYS = "the other provider's node told its own central estimate, and told it truly"


def joint_use(world: World, law: Law) -> Iterator[Candidate]:
    """Yield parties that cross the threshold together with another provider.

    What the other provider has is known as a least amount of its central
    estimate, so the low bound counts nothing of it and a finding is likely at most.
    """
    members = world.members()
    for one in world.joint:
        group = [key for key in members.get(one.party, ()) if key in world.totals]
        if group:
            yield _candidate(world, law, one, group)


def _candidate(world: World, law: Law, one: JointKept, group: Sequence[str]) -> Candidate:
    parts = {key: world.totals[key] for key in group}
    largest = min(parts, key=lambda key: (-parts[key].central, key))
    is_group = len(world.members()[one.party]) > 1
    kind = SubjectKind.GROUP if is_group else SubjectKind.CUSTOMER
    key = one.party if is_group else largest
    name = world.group_names.get(one.party) or world.customer_name(largest)
    own = {bound: sum(getattr(part, bound.value) for part in parts.values()) for bound in Bound}
    return Candidate(
        subject=Subject.of(kind, key, name, largest),
        rule=RULE,
        title=TITLE,
        instrument=INSTRUMENT,
        question="structuring",
        facts={bound: _facts(law, key, own[bound], one, bound) for bound in Bound},
        passed=partial(_is_split, key),
        obligations=law.book.thresholds["assess.kyc.compute_used"].obligations,
        assumptions=(OTHER_SAYS,),
        figures=(
            Figure("compute here, central", flop_text(own[Bound.CENTRAL]), "FLOP"),
            Figure(
                "compute at the other provider, at least",
                flop_text(one.other_low),
                "FLOP",
                method="private set intersection",
                reference=f"session {one.session}",
                name=one.partner,
            ),
        ),
        window=f"with {one.partner}",
    )


def _is_split(owner: str, answer: Mapping[str, Any]) -> bool:
    return owner in answer["structuring_owners_visible"]


def _facts(law: Law, owner: str, own: Any, one: JointKept, bound: Bound) -> dict[str, Any]:
    there = Fraction(0) if bound is Bound.LOW else one.other_low
    accounts = [
        {
            "account": account,
            "provider": provider,
            "beneficial_owner": owner,
            "compute": flop_text(compute),
            "rate": None,
        }
        for account, provider, compute in (
            (owner, THIS_NODE, own),
            (f"{owner} at {one.partner}", one.partner, there),
        )
    ]
    return asked_of(law, accounts, is_shared=True)

"""Foreign owners behind customers who count as domestic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sluicegate.core.identifiers import PartyId, RuleId
from sluicegate.core.quantities import percent
from sluicegate.core.trace import Figure
from sluicegate.registry.holdings import Bound as Range
from sluicegate.registry.ownership import BeneficialOwner
from sluicegate.registry.records import Customer
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate
from sluicegate.services.world import World

RULE = RuleId("us.iaas_proposal.foreign_beneficial_owner")
TITLE = Title("Foreign beneficial owner behind a domestic customer", "境内客户背后的境外受益所有人")
US = "US"


def foreign_owners(world: World, law: Law) -> Iterator[Candidate]:
    """Yield domestic customers of a US provider with beneficial owners from elsewhere.

    Proposed 15 CFR 7.302 frees an account only when the customer and every
    beneficial owner are US persons. A citizen's country stands for the person's
    status, as the registry states no more; an owner whose country nobody stated
    makes the finding possible, not more.
    """
    if world.country != US:
        return
    share = law.share("assess.groups.beneficial_share")
    majority = law.share("assess.groups.majority_share")
    graph = world.ownership.attributed()
    for customer_id, customer in world.customers.items():
        party = PartyId(customer_id)
        if customer.country != US or not graph.owners(party):
            continue
        owners = graph.beneficial_owners(party, share, majority=majority)
        if any(owner.party.country != US for owner in owners):
            yield _candidate(customer, owners)


def _candidate(customer: Customer, owners: Sequence[BeneficialOwner]) -> Candidate:
    certain = [owner for owner in owners if owner.certainty is Range.CERTAIN]
    known = [owner for owner in certain if owner.party.country is not None]
    return Candidate(
        subject=Subject.of(
            SubjectKind.CUSTOMER, customer.customer_id, customer.name, customer.customer_id
        ),
        rule=RULE,
        title=TITLE,
        instrument="us.iaas_proposal",
        question="iaas_customer_scope",
        facts={
            Bound.LOW: _facts(known),
            Bound.CENTRAL: _facts(known),
            Bound.HIGH: _facts(owners),
        },
        passed=lambda answer: bool(answer["identification_required"]),
        figures=tuple(_figure(owner) for owner in owners),
    )


def _facts(owners: Sequence[BeneficialOwner]) -> dict[str, Any]:
    return {
        "customer_is_us_person": True,
        "beneficial_owners_are_us_persons": [owner.party.country == US for owner in owners],
    }


def _figure(owner: BeneficialOwner) -> Figure:
    paths = tuple(Figure("path", " → ".join(path.parties)) for path in owner.paths)
    control = ("substantial control",) if owner.has_control else ()
    country = Figure("country", owner.party.country or "not stated")
    return Figure(
        "beneficial owner",
        percent(owner.held.low),
        method=", ".join(("effective holding", *control, owner.certainty.value)),
        children=(country, *paths),
        name=owner.party.party_id,
    )

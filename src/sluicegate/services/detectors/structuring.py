"""Compute split over accounts and shell companies under one owner, or over linked customers.

Who stands under one owner is a matter of record. Customers that links hold
together are no group of law: that they act as one is an assumption, so what is
found of them is possible at most, until a person has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import RuleId
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate, estimate_figure
from sluicegate.services.world import World

RULE = RuleId("assess.kyc.structuring")
INSTRUMENT = "paper.egan_heim_2023"
"""The text that describes the pattern; the rule's own settings stand elsewhere."""
SECONDS_PER_DAY = 86_400
THIS_NODE = "this node"
TITLE = Title("Compute split under one owner", "同一所有人名下拆分算力")
LINKED_ACT_AS_ONE = "the linked customers act as one, though no ownership is stated that joins them"


def structured_use(world: World, law: Law) -> Iterator[Candidate]:
    """Yield owners whose accounts may cross together what none crosses alone.

    The accounts of an owner are those through which its customers were billed;
    a customer that was billed through one is an account itself. A customer of
    a group that splits over its own accounts is found as well as the group.
    """
    threshold = law.amount("assess.kyc.threshold")
    for owner, members in world.members().items():
        using = [key for key in members if key in world.totals]
        for key in using:
            yield from _crossing(world, law, threshold, SubjectKind.CUSTOMER, owner, [key])
        if len(using) > 1:
            yield from _crossing(world, law, threshold, SubjectKind.GROUP, owner, using)
    yield from _linked_use(world, law, threshold)


def _crossing(
    world: World,
    law: Law,
    threshold: Exact,
    kind: SubjectKind,
    owner: str,
    customers: Sequence[str],
) -> Iterator[Candidate]:
    """Yield a candidate where the accounts of some customers may cross together."""
    if sum(world.totals[key].high for key in customers) >= threshold:
        parts = _accounts(world, customers)
        if len(parts) > 1:
            yield _candidate(world, law, owner, kind, customers[0], parts)


def _accounts(world: World, customers: Sequence[str]) -> dict[str, Estimate]:
    """Return what each account used: those of a customer where it has several, else itself."""
    parts: dict[str, Estimate] = {}
    for key in customers:
        parts.update(world.accounts.get(key) or {key: world.totals[key]})
    return parts


def _linked_use(world: World, law: Law, threshold: Exact) -> Iterator[Candidate]:
    """Yield groups of linked customers that may cross together what none crosses alone."""
    joined = {} if world.linkage is None else world.linkage.figures
    for group, members in world.linked_members().items():
        parts = {key: world.totals[key] for key in members if key in world.totals}
        if len(parts) < 2 or sum(part.high for part in parts.values()) < threshold:
            continue
        largest = min(parts, key=lambda key: (-parts[key].central, key))
        found = _candidate(world, law, group, SubjectKind.LINKED, largest, parts)
        yield replace(
            found,
            assumptions=(LINKED_ACT_AS_ONE,),
            figures=(*found.figures, *joined.get(group, ())),
            only_possible=True,
        )


def _candidate(
    world: World,
    law: Law,
    owner: str,
    kind: SubjectKind,
    member: str,
    parts: Mapping[str, Estimate],
) -> Candidate:
    key = member if kind is SubjectKind.CUSTOMER else owner
    name = world.group_names.get(owner) or world.customer_name(member)
    rates = _daily_rates(world, parts)
    return Candidate(
        subject=Subject.of(kind, key, name, member),
        rule=RULE,
        title=TITLE,
        instrument=INSTRUMENT,
        question="structuring",
        facts={bound: _facts(law, key, parts, rates, bound) for bound in Bound},
        passed=lambda answer: key in answer["structuring_owners_visible"],
        obligations=law.book.thresholds["assess.kyc.compute_used"].obligations,
        estimate=Estimate.total(parts.values()),
        figures=tuple(estimate_figure("account", part, name=key) for key, part in parts.items()),
    )


def _daily_rates(world: World, parts: Mapping[str, Estimate]) -> dict[str, str]:
    """Return the highest rate of each customer, as the mean over its busiest legal day."""
    rates = {}
    for key in parts:
        days = world.series(Subject.of(SubjectKind.CUSTOMER, key))
        if days:
            busiest = max(one.estimate.central for one in days)
            rates[key] = flop_text(Fraction(busiest) / SECONDS_PER_DAY)
    return rates


def _facts(
    law: Law,
    owner: str,
    parts: Mapping[str, Estimate],
    rates: Mapping[str, str],
    bound: Bound,
) -> dict[str, Any]:
    accounts = [
        {
            "account": account,
            "provider": THIS_NODE,
            "beneficial_owner": owner,
            "compute": flop_text(getattr(estimate, bound.value)),
            "rate": rates.get(account),
        }
        for account, estimate in sorted(parts.items())
    ]
    return asked_of(law, accounts, is_shared=False)


def asked_of(law: Law, accounts: Sequence[Mapping[str, Any]], *, is_shared: bool) -> dict[str, Any]:
    """Return the facts of the question about accounts; `is_shared`: providers pool what they know.

    The threshold and the rate that alerts are the node's own settings.
    """
    return {
        "threshold": flop_text(law.amount("assess.kyc.threshold")),
        "information_shared": is_shared,
        "accounts": list(accounts),
        "rate_alert": flop_text(law.amount("assess.kyc.rate_alert")),
    }

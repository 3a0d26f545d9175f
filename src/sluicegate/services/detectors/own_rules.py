"""Threshold rules that are their own question: what a pass knows of their conditions.

A condition whose fact nobody stated is not taken to fail: the finding is made,
names the fact as an assumption, and is possible at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sluicegate.registry.records import Customer
from sluicegate.rules.conditions import applies
from sluicegate.rules.countries import is_country
from sluicegate.rules.instruments import Condition, FactType, ThresholdRule
from sluicegate.rules.law import Law
from sluicegate.services.findings import SubjectKind
from sluicegate.services.world import ClusterPeak

KNOWN_FACTS: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.CUSTOMER: ("country", "customer_kind"),
    SubjectKind.GROUP: ("country", "customer_kind"),
    SubjectKind.RUN: ("country", "customer_kind", "kind"),
    SubjectKind.CLUSTER: ("country",),
}
"""The facts of conditions that a pass can supply, by what the rule is about."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a rule applies to a subject, with the facts of its conditions.

    `applies` is None while it depends on a fact that nobody stated; then
    `assumptions` name it.
    """

    applies: bool | None = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()


ALWAYS = Relevance()


def known_of_customers(
    customers: Sequence[Customer | None], run_kind: str | None = None
) -> Mapping[str, str]:
    """Return the facts of a customer, of a run's customer, or those that a group agrees on."""
    known = {} if run_kind is None else {"kind": run_kind}
    stated = [one for one in customers if one is not None]
    if stated and len(stated) == len(customers):
        for name, values in (
            ("country", {one.country for one in stated}),
            ("customer_kind", {one.customer_kind.value for one in stated}),
        ):
            if len(values) == 1:
                known[name] = values.pop()
    return known


def known_of_cluster(cluster: ClusterPeak) -> Mapping[str, str]:
    """Return the facts of a cluster: the country of its facility."""
    return {} if cluster.facility is None else {"country": cluster.facility.country}


def relevance(rule: ThresholdRule, known: Mapping[str, str], law: Law) -> Relevance:
    """Say whether a rule applies to a subject of which these facts are known."""
    facts = {one.fact: _usable(one, known.get(one.fact)) for one in rule.conditions}
    relevant = applies(rule.conditions, facts, law)
    unknown = [name for name, value in facts.items() if value is None]
    told = (f"the {', '.join(unknown)} of the subject fits the rule's conditions",)
    return Relevance(relevant, facts, told if relevant is None else ())


def _usable(condition: Condition, value: str | None) -> str | None:
    """Return a known value that is one of the fact's own; anything else is not known."""
    if value is None or condition.type is FactType.BOOLEAN:
        return None
    if condition.type is FactType.ENUM:
        return value if value in condition.choices else None
    if condition.type is FactType.COUNTRY:
        return value if is_country(value) else None
    return value

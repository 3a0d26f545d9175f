"""Facts of a threshold question from a measured subject.

What nobody stated is assumed in the direction in which the duty exists, and
named as an assumption, so that the finding says under which condition it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.registry.records import Customer
from sluicegate.rules.countries import european_union
from sluicegate.rules.instruments import ThresholdRule
from sluicegate.rules.law import Law
from sluicegate.rules.specifications import specifications
from sluicegate.rules.threshold_blocks import PASSED_ON
from sluicegate.rules.thresholds import Gauge
from sluicegate.services.world import ClusterPeak


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, customer or group at one bound: the amount and when it passed the threshold.

    `estimate` is the whole, for questions that look at all its bounds. `gauge` is
    the threshold rule that is asked about, shipped or a node's own.
    """

    amount: Exact
    estimate: Estimate
    passed_on: date | None
    started: date
    customer: Customer | None
    node_country: str
    gauge: Gauge

    @property
    def country(self) -> str:
        """Where the customer sits; the node's country when nobody stated it."""
        return self.customer.country if self.customer else self.node_country


@dataclass(frozen=True, slots=True)
class Bound:
    """Facts for a question, with the assumptions they rest on.

    With `only_possible` an assumption is not the usual case, so that nothing more
    than a possible finding rests on it.
    """

    facts: Mapping[str, Any]
    assumptions: tuple[str, ...] = ()
    only_possible: bool = False


PLACED_IN_UNION = "the model is placed on the Union market"
GENERATES = "the model generates language, images or video"
REVENUE_UNKNOWN = (
    "the revenue of the developer is not known; duties of large developers may be added"
)
OPERATES_IN_US = "the company operates in the US"
ONE_DATA_CENTRE = "the cluster stands in one data centre"
SERVES_ONE_NETWORK = "the cluster serves one network steadily"


def _eu_systemic_risk(one: Measured, _law: Law) -> Bound:
    facts: dict[str, Any] = {"training_compute": flop_text(one.amount)}
    if one.passed_on is not None:
        facts["condition_met_on"] = one.passed_on.isoformat()
    return Bound(facts, (PLACED_IN_UNION,))


def _eu_gpai_duties(one: Measured, _law: Law) -> Bound:
    facts = {
        "training_compute": flop_text(one.amount),
        "generates_language_or_images": True,
        "provider_in_eu": one.country in european_union(),
    }
    return Bound(facts, (PLACED_IN_UNION, GENERATES))


def _sb53_duties(one: Measured, _law: Law) -> Bound:
    facts = {"original_run_compute": flop_text(one.amount), "revenue_previous_year": 0}
    return Bound(facts, (REVENUE_UNKNOWN,))


def _raise_duties(one: Measured, _law: Law) -> Bound:
    return Bound({"training_compute": flop_text(one.amount)}, (REVENUE_UNKNOWN,))


def _korea(one: Measured, _law: Law) -> Bound:
    facts = {"training_compute": flop_text(one.amount), "foreign_provider": one.country != "KR"}
    return Bound(facts, ("the system is offered in Korea",))


def _eo14110(one: Measured, _law: Law) -> Bound:
    return Bound({"training_compute": flop_text(one.amount)})


def _nprm702(one: Measured, _law: Law) -> Bound:
    return Bound({"training_run_compute": flop_text(one.amount)})


def _registration(one: Measured, _law: Law) -> Bound:
    facts = {"operating_in_us": True, "estimate_central": flop_text(one.amount)}
    return Bound(facts, () if one.node_country == "US" else (OPERATES_IN_US,))


def _pause(one: Measured, _law: Law) -> Bound:
    """Give all bounds at once: the pause reaches a new run that may exceed the cap."""
    in_us = one.country == "US"
    facts = {
        "headquartered_in_us": in_us,
        "does_business_in_us": in_us or one.node_country == "US",
        "uses_us_made_chips": True,
        "run_started": one.started.isoformat(),
        "estimate_low": flop_text(one.estimate.low),
        "estimate_central": flop_text(one.estimate.central),
        "estimate_high": flop_text(one.estimate.high),
    }
    return Bound(facts, ("the accelerators count as made in the US",))


def _training_compute(one: Measured, _law: Law) -> Bound:
    runs = [{"role": "base", "compute": flop_text(one.amount)}]
    return Bound({"counting_rule": "us_4e091", "runs": runs})


def _kyc_trigger(one: Measured, law: Law) -> Bound:
    approach = one.gauge.rule.approach
    facts = {
        "compute_used": flop_text(one.amount),
        "threshold": flop_text(one.gauge.limit),
        "approach_share": 1 if approach is None else law.share(approach),
    }
    return Bound(facts)


FACTS_OF: Mapping[str, Callable[[Measured, Law], Bound]] = {
    "eu_systemic_risk": _eu_systemic_risk,
    "eu_gpai_duties": _eu_gpai_duties,
    "sb53_duties": _sb53_duties,
    "raise_duties": _raise_duties,
    "korea_ai_basic_act": _korea,
    "eo14110_report": _eo14110,
    "nprm702_report": _nprm702,
    "kthf_registration": _registration,
    "kthf_pause": _pause,
    "training_compute": _training_compute,
    "kyc_trigger": _kyc_trigger,
}
"""The facts of each question that a threshold on compute names."""


class UnaskableRuleError(ValueError):
    """A threshold rule whose question needs facts that a pass does not know."""


def facts_of(rule: ThresholdRule) -> Callable[[Measured, Law], Bound]:
    """Return what binds the facts of a rule's question.

    A question that needs nothing but the measured amount is bound by it alone,
    so that a node's own rule may name any such question. A rule that is its own
    question is also told when the threshold was passed.
    """

    def amount_alone(one: Measured, _law: Law) -> Bound:
        facts: dict[str, Any] = {rule.fact: flop_text(one.amount)}
        if rule.asks_itself and one.passed_on is not None:
            facts[PASSED_ON] = one.passed_on.isoformat()
        return Bound(facts)

    return FACTS_OF.get(rule.question, amount_alone)


def require_askable(rule: ThresholdRule) -> None:
    """Refuse a rule whose question needs facts that nobody measures or states."""
    known = {**FACTS_OF, **CLUSTER_FACTS_OF, "governor_requirement": None}
    if rule.question in known or rule.asks_itself:
        return
    spec = specifications()[rule.question]
    needed = [field.name for field in spec.facts if field.required and field.name != rule.fact]
    if needed or rule.subject == "cluster":
        facts = ", ".join(needed) or "more than a rate"
        raise UnaskableRuleError(
            f"rule {rule.id}: question {rule.question} needs {facts}, which a pass does not know;"
            f" name one of {', '.join(sorted(known))}"
        )


def _eo14110_cluster(one: ClusterPeak) -> Bound:
    facts = {
        "cluster_co_located": True,
        "cluster_network_gbit_s": one.gbit_per_second or 0,
        "cluster_max_rate": flop_text(one.flop_per_second),
    }
    return Bound(facts, (ONE_DATA_CENTRE,))


def _nprm702_cluster(one: ClusterPeak) -> Bound:
    facts = {
        "cluster_network_gbit_s": one.gbit_per_second or 0,
        "cluster_max_rate_dense": flop_text(one.flop_per_second),
    }
    return Bound(facts)


def _steady_inference(one: ClusterPeak) -> Bound:
    """Give the speed of the cluster, which is about the rate of one network served steadily."""
    facts = {"method": "steady_cluster", "cluster_rate": flop_text(one.flop_per_second)}
    return Bound(facts, (SERVES_ONE_NETWORK,), only_possible=True)


CLUSTER_FACTS_OF: Mapping[str, Callable[[ClusterPeak], Bound]] = {
    "eo14110_report": _eo14110_cluster,
    "nprm702_report": _nprm702_cluster,
    "inference_rate": _steady_inference,
}
"""The facts of each question that a threshold on one cluster's peak names."""


def governor_facts(clusters: list[ClusterPeak], *, linked: bool) -> Bound:
    """Return the facts of `governor_requirement` for clusters on one fabric, or for one."""
    formats = {cluster.numeric_format for cluster in clusters}
    named = next(iter(sorted(formats)))
    facts = {
        "clusters": [
            {"cluster": cluster.cluster_id, "rate": flop_text(cluster.flop_per_second)}
            for cluster in clusters
        ],
        "high_speed_interconnect": any(c.gbit_per_second for c in clusters),
        "linked_to_each_other": linked,
        "numeric_format": named if named in ("fp64", "fp32", "tf32") else f"{named}_dense",
    }
    return Bound(facts)

"""Subjects measured against the threshold rules of every instrument switched on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import RuleId
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.trace import Figure
from sluicegate.metering.forecast import Growth, project
from sluicegate.metering.windows import Window
from sluicegate.rules.instruments import ThresholdRule
from sluicegate.rules.law import Law
from sluicegate.rules.thresholds import Gauge, lowest_level
from sluicegate.services.detectors import binding
from sluicegate.services.detectors.binding import (
    CLUSTER_FACTS_OF,
    Measured,
    facts_of,
    require_askable,
)
from sluicegate.services.detectors.own_rules import (
    ALWAYS,
    Relevance,
    day_passed,
    known_of_cluster,
    known_of_customers,
    relevance,
)
from sluicegate.services.findings import Crossing, Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate, estimate_figure
from sluicegate.services.world import ClusterPeak, World


@dataclass(frozen=True, slots=True)
class _Amount:
    """A subject with its estimate and what binding needs to know of it."""

    subject: Subject
    estimate: Estimate
    started: date
    customer_ids: Sequence[str]
    run_kind: str | None = None

    @property
    def customer_id(self) -> str:
        """The customer, or the first one of a group."""
        return self.customer_ids[0]

    def known(self, world: World) -> Mapping[str, str]:
        """Return what conditions may ask about it."""
        stated = [world.customers.get(key) for key in self.customer_ids]
        return known_of_customers(stated, self.run_kind)


def run_thresholds(world: World, law: Law) -> Iterator[Candidate]:
    """Yield training runs at or above the lowest level of any rule about runs."""
    amounts = [
        _Amount(
            world.run_subject(run),
            run.estimate,
            run.start,
            [run.customer_id],
            None if run.declared is None else run.declared.kind,
        )
        for run in world.runs
    ]
    yield from _compute_candidates(world, law, SubjectKind.RUN, amounts)


def customer_thresholds(world: World, law: Law) -> Iterator[Candidate]:
    """Yield customers whose use is at, near or growing toward a threshold."""
    amounts = [
        _Amount(
            Subject.of(SubjectKind.CUSTOMER, key, world.customer_name(key), key),
            estimate,
            world.as_of,
            [key],
        )
        for key, estimate in world.totals.items()
    ]
    yield from _compute_candidates(world, law, SubjectKind.CUSTOMER, amounts)


def group_thresholds(world: World, law: Law) -> Iterator[Candidate]:
    """Yield affiliate groups of two or more customers; one alone is a customer."""
    amounts = []
    for group, members in world.members().items():
        used = [world.totals[key] for key in members if key in world.totals]
        if len(used) < 2:
            continue
        subject = Subject.of(SubjectKind.GROUP, group, world.group_names.get(group, group), group)
        amounts.append(_Amount(subject, Estimate.total(used), world.as_of, members))
    yield from _compute_candidates(world, law, SubjectKind.GROUP, amounts)


def gauges(law: Law, kind: SubjectKind, measures: Sequence[str]) -> list[Gauge]:
    """Return the threshold rules about a kind of subject with their figures on the day."""
    rules = law.book.thresholds.values()
    chosen = [r for r in rules if r.subject == kind.value and r.measure in measures]
    for rule in chosen:
        require_askable(rule)
    return [Gauge.of(rule, law) for rule in sorted(chosen, key=lambda rule: rule.id)]


def customer_floor(law: Law) -> Fraction | int:
    """Return the amount below which no rule has anything to say of a customer or group."""
    kinds = (SubjectKind.CUSTOMER, SubjectKind.GROUP)
    found = [lowest_level(gauges(law, kind, ("compute_used",))) for kind in kinds]
    least = law.share("assess.growth.least_share")
    return min((level for level in found if level is not None), default=Fraction(0)) * least


def _compute_candidates(
    world: World, law: Law, kind: SubjectKind, amounts: Sequence[_Amount]
) -> Iterator[Candidate]:
    found = gauges(law, kind, ("training_compute", "compute_used"))
    grows = kind is not SubjectKind.RUN
    floor = lowest_level(found)
    if floor is None:
        return
    least = law.share("assess.growth.least_share") if grows else 1
    for lifetime in amounts:
        if lifetime.estimate.high < floor * least:
            continue
        for gauge in found:
            rule = gauge.rule
            relevant = relevance(rule, lifetime.known(world), law) if rule.conditions else ALWAYS
            if relevant.applies is False:
                continue
            one = _in_window(world, lifetime, gauge)
            if one.estimate.high >= gauge.lowest:
                yield _candidate(world, law, one, gauge, relevant)
            elif gauge.rule.window != Window.LIFETIME.value:
                continue
            elif grows and one.estimate.central >= gauge.limit * least:
                growth = project(
                    world.series(one.subject),
                    gauge.limit,
                    as_of=world.as_of,
                    horizon=law.period("assess.approach_horizon"),
                )
                if growth.crossing is not None:
                    yield _candidate(world, law, one, gauge, relevant, growth)


def _rolling_days(rule: ThresholdRule) -> int | None:
    return Window(rule.window).rolling_days


def _in_window(world: World, one: _Amount, gauge: Gauge) -> _Amount:
    """Return the amount of the rule's window, which is never more than that of the lifetime."""
    length = _rolling_days(gauge.rule)
    if length is None:
        return one
    first = world.as_of - timedelta(days=length - 1)
    days = [total.estimate for total in world.series(one.subject) if total.day >= first]
    return replace(one, estimate=Estimate.total(days))


def _candidate(
    world: World,
    law: Law,
    one: _Amount,
    gauge: Gauge,
    relevant: Relevance,
    growth: Growth | None = None,
) -> Candidate:
    days = world.series(one.subject)
    passed_on = {
        bound: day_passed(days, gauge, law, bound.value, _rolling_days(gauge.rule))
        for bound in Bound
    }
    customer = world.customers.get(one.customer_id)
    facts: dict[Bound, Mapping[str, Any]] = {}
    assumptions: tuple[str, ...] = ()
    for bound, amount in bounds_of(one.estimate).items():
        measured = Measured(
            amount, one.estimate, passed_on[bound], one.started, customer, world.country, gauge
        )
        bound_facts = facts_of(gauge.rule)(measured, law)
        facts[bound] = {**bound_facts.facts, **relevant.facts}
        assumptions = (*bound_facts.assumptions, *relevant.assumptions)
    crossing = Crossing(
        passed_on[Bound.HIGH],
        passed_on[Bound.CENTRAL],
        passed_on[Bound.LOW],
        None if growth is None else growth.crossing,
    )
    return Candidate(
        subject=one.subject,
        rule=RuleId(gauge.rule.id),
        title=gauge.rule.title,
        instrument=gauge.rule.instrument,
        question=gauge.rule.question,
        facts=facts,
        passed=gauge.rule.is_passed,
        obligations=gauge.rule.obligations,
        assumptions=assumptions,
        gauge=gauge,
        estimate=one.estimate,
        crossing=crossing,
        monthly_growth=None if growth is None else growth.monthly_factor,
        figures=(
            estimate_figure("compute", one.estimate, world.figures(one.subject), str(one.subject)),
        ),
        window=gauge.rule.window,
        only_possible=relevant.applies is None,
    )


def bounds_of(estimate: Estimate) -> dict[Bound, Exact]:
    """Return the figures of an estimate, central alone when they are all the same."""
    if estimate.low == estimate.high:
        return {Bound.CENTRAL: estimate.central}
    return {
        Bound.LOW: estimate.low,
        Bound.CENTRAL: estimate.central,
        Bound.HIGH: estimate.high,
    }


def cluster_thresholds(world: World, law: Law) -> Iterator[Candidate]:
    """Yield clusters, and clusters on one fabric together, near or above a rate."""
    for gauge in gauges(law, SubjectKind.CLUSTER, ("peak_rate",)):
        if gauge.rule.question == "governor_requirement":
            yield from _fabrics(world, gauge)
            continue
        for cluster in world.clusters:
            if cluster.flop_per_second < gauge.limit:
                continue
            relevant = relevance(gauge.rule, known_of_cluster(cluster), law)
            if relevant.applies is not False:
                yield _one_cluster(gauge, cluster, relevant)


def _one_cluster(gauge: Gauge, cluster: ClusterPeak, relevant: Relevance) -> Candidate:
    rule = gauge.rule
    if not rule.asks_itself:
        return _cluster_candidate(gauge, [cluster], CLUSTER_FACTS_OF[rule.question](cluster))
    facts = {rule.fact: flop_text(cluster.flop_per_second), **relevant.facts}
    candidate = _cluster_candidate(gauge, [cluster], binding.Bound(facts, relevant.assumptions))
    return replace(candidate, only_possible=relevant.applies is None)


def _fabrics(world: World, gauge: Gauge) -> Iterator[Candidate]:
    """Yield each fabric whose clusters together reach the rate; one alone is its own fabric."""
    fabrics: dict[str, list[ClusterPeak]] = {}
    for cluster in world.clusters:
        fabrics.setdefault(cluster.fabric_id or cluster.cluster_id, []).append(cluster)
    for members in fabrics.values():
        total = sum(cluster.flop_per_second for cluster in members)
        if total >= gauge.limit:
            bound = binding.governor_facts(members, linked=len(members) > 1)
            yield _cluster_candidate(gauge, members, bound)


def _cluster_candidate(
    gauge: Gauge, members: Sequence[ClusterPeak], bound: binding.Bound
) -> Candidate:
    first = members[0]
    many = len(members) > 1 and first.fabric_id is not None
    key = first.fabric_id if many and first.fabric_id else first.cluster_id
    return Candidate(
        subject=Subject.of(SubjectKind.CLUSTER, key, " + ".join(c.cluster_id for c in members)),
        rule=RuleId(gauge.rule.id),
        title=gauge.rule.title,
        instrument=gauge.rule.instrument,
        question=gauge.rule.question,
        facts={Bound.CENTRAL: bound.facts},
        passed=gauge.rule.is_passed,
        obligations=gauge.rule.obligations,
        assumptions=bound.assumptions,
        only_possible=bound.only_possible,
        gauge=gauge,
        figures=tuple(_peak_figure(cluster) for cluster in members),
        window=gauge.rule.window,
    )


def _peak_figure(cluster: ClusterPeak) -> Figure:
    return Figure(
        "dense peak of the cluster",
        flop_text(cluster.flop_per_second),
        "FLOP/s",
        f"{cluster.accelerator_count} × {cluster.accelerator}, {cluster.numeric_format}",
        name=cluster.cluster_id,
    )

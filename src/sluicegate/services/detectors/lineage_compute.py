"""Models whose compute over the causal graph is at, near or above a threshold.

Each text is asked by its own way of counting: what a model counts under the rule
that belongs to the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import RuleId
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.visitors import Bound as Figures
from sluicegate.rules.law import Law
from sluicegate.rules.thresholds import Gauge
from sluicegate.services.detectors.binding import Measured, facts_of
from sluicegate.services.detectors.thresholds import bounds_of, gauges
from sluicegate.services.findings import Crossing, Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate
from sluicegate.services.lineage.accounted import AccountedModel, CountedModel
from sluicegate.services.lineage.rated import RatedOutput
from sluicegate.services.world import World

COUNTED_BY: Mapping[str, str] = {
    "kthf.oversight": "kthf",
    "us.eccn_4e091": "us_4e091",
    "us_ca.sb53": "sb53",
    "us_ny.raise_2026": "raise",
    "eu.ai_act": "eu_ai_act",
    "eu.gpai_guidelines": "eu_ai_act",
}
"""Text → the counting rule that belongs to it; other texts say nothing of how to count."""


def model_gauges(law: Law) -> list[Gauge]:
    """Return the thresholds on training compute whose texts have a counting rule."""
    found = gauges(law, SubjectKind.RUN, ("training_compute",))
    return [gauge for gauge in found if gauge.rule.instrument in COUNTED_BY]


def model_floors(law: Law) -> Mapping[str, Exact]:
    """Return by counting rule the amount below which no threshold says anything of a model."""
    found: dict[str, Exact] = {}
    for gauge in model_gauges(law):
        rule = COUNTED_BY[gauge.rule.instrument]
        found[rule] = min(found.get(rule, gauge.lowest), gauge.lowest)
    return found


def lineage_compute(world: World, law: Law) -> Iterator[Candidate]:
    """Yield models at or above the level at which their text begins to look."""
    if not world.models:
        return
    for gauge in model_gauges(law):
        for model in world.models:
            counted = model.counts.get(COUNTED_BY[gauge.rule.instrument])
            if counted is not None and counted.estimate.high >= gauge.lowest:
                yield _candidate(world, law, model, counted, gauge)


def lineage_subject(world: World, kind: SubjectKind, one: AccountedModel | RatedOutput) -> Subject:
    """Return what a finding is about; a developer who is a customer is named."""
    developer = one.developer if one.developer in world.customers else ""
    return Subject.of(kind, one.key, one.name, developer or "")


def _candidate(
    world: World, law: Law, model: AccountedModel, counted: CountedModel, gauge: Gauge
) -> Candidate:
    estimate = counted.estimate
    passed_on = passed_bounds(model.finished, estimate, gauge, world)
    facts: dict[Bound, Mapping[str, Any]] = {}
    assumptions: tuple[str, ...] = ()
    for bound, amount in bounds_of(estimate).items():
        measured = Measured(
            amount,
            estimate,
            passed_on.get(bound),
            model.started or world.as_of,
            world.customers.get(model.developer or ""),
            world.country,
            gauge,
        )
        told = facts_of(gauge.rule)(measured, law)
        facts[bound] = _with_runs(told.facts, counted, bound)
        assumptions = told.assumptions
    return Candidate(
        subject=lineage_subject(world, SubjectKind.MODEL, model),
        rule=RuleId(gauge.rule.id),
        title=gauge.rule.title,
        instrument=gauge.rule.instrument,
        question=gauge.rule.question,
        facts=facts,
        passed=gauge.rule.is_passed,
        obligations=gauge.rule.obligations,
        assumptions=assumptions,
        gauge=gauge,
        estimate=estimate,
        crossing=Crossing(
            passed_on.get(Bound.HIGH), passed_on.get(Bound.CENTRAL), passed_on.get(Bound.LOW)
        ),
        figures=(replace(counted.figure, name=model.name),),
        window=gauge.rule.window,
        caveats=(*not_disclosed(counted), *counted.warnings),
    )


def _with_runs(facts: Mapping[str, Any], counted: CountedModel, bound: Bound) -> Mapping[str, Any]:
    """Give a question that takes runs the runs themselves, in place of one sum."""
    if "runs" not in facts:
        return facts
    return {**facts, "runs": list(counted.runs[Figures(bound.value)])}


def passed_bounds(
    made: date | None, estimate: Estimate, gauge: Gauge, world: World
) -> Mapping[Bound, date]:
    """Return the bounds that pass a threshold, with the day it was made, if it is by now."""
    if made is None or made > world.as_of:
        return {}
    return {
        bound: made
        for bound in Bound
        if gauge.comparator.holds(getattr(estimate, bound.value), gauge.limit)
    }


def not_disclosed(counted: CountedModel | RatedOutput) -> tuple[Sentence, ...]:
    """Return what has to be said of a total that is a lower one."""
    if counted.complete:
        return ()
    return (say("Not every figure behind it is disclosed: the total is a lower bound."),)

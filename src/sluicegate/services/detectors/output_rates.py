"""Systems whose inference compute rate, from one output to the next, is near or above the cap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sluicegate.core.identifiers import RuleId
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.lineage.visitors import Bound as Figures
from sluicegate.rules.law import Law
from sluicegate.rules.thresholds import Gauge, lowest_level
from sluicegate.services.detectors.lineage_compute import (
    lineage_subject,
    not_disclosed,
    passed_bounds,
)
from sluicegate.services.detectors.thresholds import bounds_of, gauges
from sluicegate.services.findings import Crossing, SubjectKind
from sluicegate.services.judging import Bound, Candidate
from sluicegate.services.lineage.rated import RatedOutput
from sluicegate.services.world import World

_QUESTION = "inference_rate"


def rate_gauges(law: Law) -> list[Gauge]:
    """Return the thresholds on a rate that the question of the inference compute rate settles."""
    found = gauges(law, SubjectKind.CLUSTER, ("peak_rate",))
    return [gauge for gauge in found if gauge.rule.question == _QUESTION]


def rate_floor(law: Law) -> Exact | None:
    """Return the rate in FLOP/s below which no threshold says anything; None without one."""
    return lowest_level(rate_gauges(law))


def output_rates(world: World, law: Law) -> Iterator[Candidate]:
    """Yield outputs whose rate is at or above the level at which the text begins to look."""
    if not world.outputs:
        return
    for gauge in rate_gauges(law):
        for output in world.outputs:
            if output.estimate.high >= gauge.lowest:
                yield _candidate(world, output, gauge)


def _candidate(world: World, output: RatedOutput, gauge: Gauge) -> Candidate:
    estimate = output.estimate
    passed_on = passed_bounds(output.made, estimate, gauge, world)
    return Candidate(
        subject=lineage_subject(world, SubjectKind.OUTPUT, output),
        rule=RuleId(gauge.rule.id),
        title=gauge.rule.title,
        instrument=gauge.rule.instrument,
        question=gauge.rule.question,
        facts={
            bound: {
                "method": "per_output",
                "compute_for_next_output": flop_text(output.compute[Figures(bound.value)]),
                "seconds_between_outputs": output.seconds,
            }
            for bound in bounds_of(estimate)
        },
        passed=gauge.rule.is_passed,
        obligations=gauge.rule.obligations,
        gauge=gauge,
        estimate=estimate,
        crossing=Crossing(
            *(passed_on.get(bound) for bound in (Bound.HIGH, Bound.CENTRAL, Bound.LOW))
        ),
        figures=(replace(output.figure, name=output.name),),
        window=gauge.rule.window,
        caveats=(*not_disclosed(output), *output.warnings),
    )

"""Counting rules as visitors of one graph: what each makes of the nodes behind a target.

Every rule sees the same nodes with the same roles. What a rule counts is decided
by `counting`; here the decision is told node by node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from sluicegate.core.quantities import Exact
from sluicegate.lineage.counting import (
    GENERATION,
    RULES,
    TEACHER,
    CountingRule,
    Generator,
    Roles,
    Run,
    Treatment,
)
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law

SCHEME = "kthf"

VISITORS: Mapping[str, CountingRule] = {
    **RULES,
    "raise": replace(RULES["sb53"], threshold="us_ny.raise_2026.frontier_model.training_compute"),
}
"""Counting rules of a graph: those of question training_compute, and RAISE, counted as SB 53."""


class Bound(Enum):
    """Which figure of a node is counted."""

    LOW = "low"
    CENTRAL = "central"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Visited:
    """What a rule makes of nodes, by place.

    `counted` and `unaddressed` give FLOP; what is in neither is left out. `bearing`
    are the nodes on whose compute the counted total depends, `apart` those on whose
    compute what is not addressed does.
    """

    counted: Mapping[int, Exact]
    unaddressed: Mapping[int, Exact]
    bearing: frozenset[int]
    apart: frozenset[int]


def visitor(name: str) -> CountingRule:
    """Return a counting rule; raises ValueError naming those that exist."""
    if name not in VISITORS:
        raise ValueError(f"counting rule {name!r}: is not known; give one of {', '.join(VISITORS)}")
    return VISITORS[name]


def visit(runs: Mapping[int, Run], rule: CountingRule, law: Law) -> Visited:
    """Say of each run whether a rule counts it, with the amount.

    The sums are those of `count_runs` for the same runs.
    """
    roles = Roles.of(rule, law)
    counted: dict[int, Exact] = {}
    unaddressed: dict[int, Exact] = {}
    by_generator: dict[int, Run] = {}
    for place, run in runs.items():
        if rule.generator_share is not None and run.role in (TEACHER, GENERATION):
            by_generator[place] = run
            continue
        treatment = roles.treatment(run)
        if treatment is Treatment.COUNTED:
            counted[place] = run.compute
        elif treatment is Treatment.UNADDRESSED:
            unaddressed[place] = run.compute
    bearing, apart = frozenset(counted), frozenset(unaddressed)
    if rule.generator_share is not None and by_generator:
        added = _visit_generators(by_generator, law.limit(rule.generator_share))
        counted.update(added.counted)
        unaddressed.update(added.unaddressed)
        bearing |= added.bearing
        apart |= added.apart
    return Visited(counted, unaddressed, bearing, apart)


def visit_scheme(runs: Mapping[int, Run], law: Law) -> Visited:
    """Count every node, whatever its role, but those that the scheme leaves out."""
    roles = Roles.of(VISITORS[SCHEME], law)
    counted = {
        place: run.compute
        for place, run in runs.items()
        if roles.treatment(run) is not Treatment.LEFT_OUT
    }
    return Visited(counted, {}, frozenset(counted), frozenset())


@dataclass(frozen=True, slots=True)
class _Source:
    """A generator with the places of its unpublished data and training."""

    figures: Generator
    generation: tuple[int, ...]
    training: tuple[int, ...]


def _sources(runs: Mapping[int, Run]) -> list[_Source]:
    # By key: of two equally large trainings the same counts, whatever the order of the graph.
    keys = sorted({run.generator for run in runs.values()}, key=lambda key: (key is None, key))
    return [_source(key, runs) for key in keys]


def _source(key: str | None, runs: Mapping[int, Run]) -> _Source:
    own = {place: run for place, run in runs.items() if run.generator == key}

    def unpublished(role: str) -> tuple[int, ...]:
        return tuple(p for p, run in own.items() if run.role == role and not run.published)

    return _Source(
        Generator.of(key, list(own.values())), unpublished(GENERATION), unpublished(TEACHER)
    )


def _visit_generators(runs: Mapping[int, Run], limit: Limit) -> Visited:
    """Tell `count_generators` by node: of several generators one training counts, the largest.

    The part of an unsettled generator's training above the largest settled one is
    not addressed; it is told of its nodes in order until it is used up.
    """
    sources = _sources(runs)
    above = [one for one in sources if limit.passed_by(one.figures.share)]
    unsettled = [one for one in sources if one not in above and not one.figures.share_complete]
    largest = max(above, key=lambda one: one.figures.training, default=None)
    counted = _amounts(runs, (place for one in above for place in one.generation))
    if largest is not None:
        counted |= _amounts(runs, largest.training)
    apart = _amounts(runs, (place for one in unsettled for place in one.generation))
    possible = max(unsettled, key=lambda one: one.figures.training, default=None)
    if possible is not None:
        settled = 0 if largest is None else largest.figures.training
        apart |= _above(runs, possible.training, settled)
    return Visited(counted, apart, _places(above), _places(unsettled))


def _places(sources: Iterable[_Source]) -> frozenset[int]:
    return frozenset(place for one in sources for place in (*one.generation, *one.training))


def _amounts(runs: Mapping[int, Run], places: Iterable[int]) -> dict[int, Exact]:
    return {place: runs[place].compute for place in places}


def _above(runs: Mapping[int, Run], places: Iterable[int], settled: Exact) -> dict[int, Exact]:
    """Return what of runs is left once a settled amount is used up, run by run."""
    left = settled
    found: dict[int, Exact] = {}
    for place in places:
        used = min(left, runs[place].compute)
        left -= used
        if runs[place].compute > used or not runs[place].compute:
            found[place] = runs[place].compute - used
    return found

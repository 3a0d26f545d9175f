"""Outputs of kept lineages as a pass sees them: the inference compute rate up to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.quantities import Exact, flop_text, whole
from sluicegate.core.reasons import Sentence
from sluicegate.core.trace import Figure
from sluicegate.lineage.approximations import approximations
from sluicegate.lineage.document import Discard, Interval, Lineage
from sluicegate.lineage.remarks import warnings
from sluicegate.lineage.tallying import Ground, Tally, tally_for
from sluicegate.lineage.totals import scheme_totals
from sluicegate.lineage.visitors import SCHEME, Bound
from sluicegate.rules.law import Law
from sluicegate.services.lineage.accounted import traced_total


@dataclass(frozen=True, slots=True)
class RatedOutput:
    """An output with the rate from the output before it, in FLOP/s with its bounds.

    `key` names it on the node: the lineage's id and the output's, with a slash between.
    `compute` is what the output adds, in FLOP at each bound, over `seconds`. `complete`
    False: a figure was not disclosed, so that the estimate is a lower one. `made` is
    the day of the output, where told.
    """

    key: str
    name: str
    developer: str | None
    made: date | None
    seconds: Exact
    compute: Mapping[Bound, Exact]
    estimate: Estimate
    complete: bool
    warnings: tuple[Sentence, ...]
    figure: Figure


def rated_outputs(
    lineage_id: str, lineage: Lineage, law: Law, least: Exact
) -> Iterator[RatedOutput]:
    """Yield the outputs of a lineage whose rate may be at least an amount of FLOP/s.

    An output adds no more than all that is behind it: one sweep over the graph tells
    which rates stay below. Of several intervals that end with an output the one with
    the highest rate is yielded.
    """
    if not lineage.intervals:
        return
    found: dict[str, RatedOutput] = {}
    sums = scheme_totals(lineage, (one.later for one in lineage.intervals), law)
    for interval, summed in zip(lineage.intervals, sums, strict=True):
        if max(summed.flop, summed.high or 0) < least * interval.seconds:
            continue
        rated = _rated(lineage_id, lineage, interval, law)
        if rated is None or rated.estimate.high < least:
            continue
        before = found.get(interval.later)
        if before is None or rated.estimate.central > before.estimate.central:
            found[interval.later] = rated
    yield from found.values()


def _rated(lineage_id: str, lineage: Lineage, interval: Interval, law: Law) -> RatedOutput | None:
    place = lineage.places[interval.later]
    node = lineage.nodes[place]
    if node.discarded_by is Discard.HUMAN:
        return None
    ground, query = Ground(lineage, law, SCHEME), interval.query()
    tally = tally_for(ground, query)
    compute = _compute(tally)
    low, central, high = (
        whole(Fraction(compute[one]) / Fraction(interval.seconds)) for one in Bound
    )
    short = (one.warning for one in approximations(ground, query, tally))
    return RatedOutput(
        key=f"{lineage_id}/{node.id}",
        name=node.label or node.id,
        developer=node.developer,
        made=node.made_on or node.ended,
        seconds=interval.seconds,
        compute=compute,
        estimate=Estimate(low, central, high, high, Method.DECLARED, source=node.id),
        complete=not tally.undisclosed,
        warnings=(*warnings(ground, query, tally), *(one for one in short if one is not None)),
        figure=_figure(ground, place, interval, tally),
    )


def _compute(tally: Tally) -> Mapping[Bound, Exact]:
    """Return what an output adds at each bound; a high bound that is not known is the central."""
    low, central, high = tally.total(Bound.LOW), tally.total(Bound.CENTRAL), tally.high()
    return {
        Bound.LOW: low,
        Bound.CENTRAL: central,
        Bound.HIGH: central if high is None else high,
    }


def _figure(ground: Ground, place: int, interval: Interval, tally: Tally) -> Figure:
    rate = whole(Fraction(tally.total(Bound.CENTRAL)) / Fraction(interval.seconds))
    added = traced_total(ground, (place,), tally, "compute for the next output")
    seconds = Figure("seconds between the outputs", flop_text(interval.seconds), "s")
    return Figure(
        "inference compute rate",
        flop_text(rate),
        "FLOP/s",
        ground.rule,
        children=(added, seconds, Figure("output before", interval.earlier)),
    )

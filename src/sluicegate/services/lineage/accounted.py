"""Models of kept lineages as a pass sees them: what each counts under every rule of counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Any

from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.quantities import Exact, flop_text, whole
from sluicegate.core.reasons import Sentence
from sluicegate.core.trace import Figure
from sluicegate.lineage.accounting import excluded_from
from sluicegate.lineage.approximations import approximations
from sluicegate.lineage.document import Compute, Discard, Lineage, Node, NodeKind, Quantity, Query
from sluicegate.lineage.remarks import warnings
from sluicegate.lineage.roles import Part
from sluicegate.lineage.tallying import (
    Ground,
    Stated,
    Tally,
    stated_behind,
    tally_behind,
    total,
)
from sluicegate.lineage.totals import scheme_totals
from sluicegate.lineage.visitors import SCHEME, VISITORS, Bound
from sluicegate.rules.law import Law

_SHOWN = 12
"""Largest parts of a total that its trace names; the rest is summed."""


@dataclass(frozen=True, slots=True)
class CountedModel:
    """What a model counts under one rule, with the runs as question training_compute takes them.

    `complete` False: a figure was not disclosed, so that the estimate is a lower one.
    `runs` gives the records at each bound.
    """

    estimate: Estimate
    complete: bool
    runs: Mapping[Bound, tuple[Mapping[str, Any], ...]]
    warnings: tuple[Sentence, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class AccountedModel:
    """A model of a lineage with its counts by counting rule.

    `key` names it on the node: the lineage's id and the node's, with a slash between.
    Rules under which it stays below all that they ask about are left out. `started` and
    `finished` are days of the last run that made it, where told.
    """

    key: str
    name: str
    developer: str | None
    started: date | None
    finished: date | None
    counts: Mapping[str, CountedModel]


def accounted_models(
    lineage_id: str, lineage: Lineage, law: Law, least: Mapping[str, Exact]
) -> Iterator[AccountedModel]:
    """Yield the models of a lineage that may count at least an amount under a rule.

    `least` gives the amount by counting rule. The scheme counts whatever another rule
    does, so that who stays below an amount under the scheme stays below it under every
    rule: one sweep over the graph tells who does, and a model is counted only under the
    rules whose amount its total under the scheme reaches.
    """
    if not least:
        return
    lowest = min(least.values())
    nodes = list(models_of(lineage))
    sums = scheme_totals(lineage, (node.id for node in nodes), law)
    for node, summed in zip(nodes, sums, strict=True):
        if max(summed.flop, summed.high or 0) < lowest:
            continue
        found = _accounted(lineage_id, lineage, node, law, least)
        if found is not None:
            yield found


def models_of(lineage: Lineage) -> Iterator[Node]:
    """Yield what training compute is asked of: models, and runs that nothing follows."""
    followed = set(lineage.parents.tolist())
    for place, node in enumerate(lineage.nodes):
        last = node.kind is NodeKind.RUN and place not in followed
        if (node.kind is NodeKind.MODEL or last) and node.discarded_by is not Discard.HUMAN:
            yield node


def _accounted(
    lineage_id: str, lineage: Lineage, node: Node, law: Law, least: Mapping[str, Exact]
) -> AccountedModel | None:
    place = lineage.places[node.id]
    stated = stated_behind(Ground(lineage, law, SCHEME), [place])
    records = _Records(lineage)
    by_scheme = _counted(lineage, node, SCHEME, law, stated, records)
    if by_scheme.estimate.high < min(least.values()):
        return None
    counts = {SCHEME: by_scheme}
    for rule in VISITORS:
        if rule != SCHEME and rule in least and by_scheme.estimate.high >= least[rule]:
            counts[rule] = _counted(lineage, node, rule, law, stated, records)
    made_by = [one for one in (node, *_causes(lineage, node)) if one.started or one.ended]
    last = max(made_by, key=lambda one: one.started or one.ended or date.min, default=node)
    return AccountedModel(
        key=f"{lineage_id}/{node.id}",
        name=node.label or node.id,
        developer=node.developer,
        started=last.started or last.made_on,
        finished=last.ended or node.made_on,
        counts=counts,
    )


def _causes(lineage: Lineage, node: Node) -> Iterable[Node]:
    place = lineage.places[node.id]
    between = slice(lineage.offsets[place], lineage.offsets[place + 1])
    return (lineage.nodes[one] for one in lineage.parents[between].tolist())


def _counted(
    lineage: Lineage, node: Node, rule: str, law: Law, stated: Stated, records: _Records
) -> CountedModel:
    """Count a model under a rule, with what is behind it over stated causes found before."""
    ground = Ground(lineage, law, rule)
    query = Query((node.id,), Quantity.TRAINING_COMPUTE, rule)
    tally = tally_behind(ground, stated)
    low, central, upper = tally.total(Bound.LOW), tally.total(Bound.CENTRAL), tally.high()
    high = max(central, low) if upper is None else upper
    estimate = Estimate(low, central, max(high, central), high, Method.DECLARED, source=node.id)
    return CountedModel(
        estimate,
        not tally.undisclosed,
        records.of(tally.parts),
        (*warnings(ground, query, tally), *_gaps(ground, query, tally)),
        traced_total(ground, stated.targets, tally, "training compute over the causal graph"),
    )


def _gaps(ground: Ground, query: Query, tally: Tally) -> Iterator[Sentence]:
    """Say where a short sum of the scheme differs from the graph."""
    for one in approximations(ground, query, tally):
        if one.warning is not None:
            yield one.warning


class _Records:
    """The runs behind a model as records; runs that no rule tells apart are one.

    A node of which no role is known is none of them. Rules that give the nodes the same
    parts share their records.
    """

    def __init__(self, lineage: Lineage) -> None:
        self._nodes = lineage.nodes
        self._last: tuple[Mapping[int, Part], Mapping[Bound, tuple[Mapping[str, Any], ...]]]
        self._last = {}, dict.fromkeys(Bound, ())

    def of(self, parts: Mapping[int, Part]) -> Mapping[Bound, tuple[Mapping[str, Any], ...]]:
        """Return the records at each bound."""
        if self._last[0] is not parts:
            sums = self._sums(parts)
            found = {
                bound: tuple(_record(part, flop[bound]) for part, flop in sums) for bound in Bound
            }
            self._last = parts, found
        return self._last[1]

    def _sums(self, parts: Mapping[int, Part]) -> list[tuple[Part, Mapping[Bound, Exact]]]:
        alike: dict[tuple[object, ...], list[int]] = {}
        for place, part in parts.items():
            if part.role is not None and self._nodes[place].compute is not None:
                key = part.role, part.generator, part.published, part.share, part.inferred
                alike.setdefault(key, []).append(place)
        return [
            (parts[places[0]], {bound: self._sum(places, bound) for bound in Bound})
            for places in alike.values()
        ]

    def _sum(self, places: Iterable[int], bound: Bound) -> Exact:
        computes = (self._nodes[place].compute for place in places)
        return total(_at(one, bound) for one in computes if one is not None)


def _record(part: Part, flop: Exact) -> Mapping[str, Any]:
    record: dict[str, Any] = {"role": part.role, "compute": flop_text(flop)}
    if part.generator is not None:
        record["generator"] = part.generator
    if part.published:
        record["published"] = True
    if part.share is not None:
        record["share_of_training"] = part.share
    return record


def _at(compute: Compute, bound: Bound) -> Exact:
    central = compute.low if compute.central is None else compute.central
    if bound is Bound.LOW:
        return compute.low
    return compute.high if bound is Bound.HIGH and compute.high is not None else central


def traced_total(ground: Ground, target: tuple[int, ...], tally: Tally, name: str) -> Figure:
    """Return a total with its largest parts, and the rest as one."""
    nodes, counted = ground.lineage.nodes, tally.counted[Bound.CENTRAL]
    shown = nsmallest(_SHOWN, counted, key=lambda one: (-counted[one], nodes[one].id))
    amount, high = tally.total(Bound.CENTRAL), tally.high()
    parts = [Figure("low", flop_text(tally.total(Bound.LOW)), "FLOP")]
    if high is not None:
        parts.append(Figure("high", flop_text(high), "FLOP"))
    parts += [_part(nodes[place], tally.parts.get(place), counted[place]) for place in shown]
    if len(counted) > len(shown):
        rest = amount - total(counted[place] for place in shown)
        parts.append(Figure("other nodes", flop_text(whole(rest)), "FLOP"))
    excluded = excluded_from(ground, target, tally)
    if excluded:
        named = ", ".join(nodes[place].id for place in excluded[:_SHOWN])
        parts.append(Figure("not counted", named))
    return Figure(name, flop_text(amount), "FLOP", ground.rule, children=tuple(parts))


def _part(node: Node, part: Part | None, flop: Exact) -> Figure:
    role = part.role if part is not None and part.role is not None else node.kind.value
    return Figure("node of the graph", flop_text(flop), "FLOP", role, name=node.label or node.id)

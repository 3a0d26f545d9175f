"""Models of kept lineages as a pass sees them: what each counts under every rule of counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.reasons import Sentence, say
from sluicegate.core.trace import Figure
from sluicegate.lineage.accounting import Account, account
from sluicegate.lineage.document import Compute, Discard, Lineage, Node, NodeKind, Quantity, Query
from sluicegate.lineage.roles import Part
from sluicegate.lineage.totals import scheme_totals
from sluicegate.lineage.visitors import SCHEME, VISITORS, Bound
from sluicegate.rules.law import Law
from sluicegate.services.ports.lineage import LineageStore

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
    `started` and `finished` are days of the last run that made it, where told.
    """

    key: str
    name: str
    developer: str | None
    started: date | None
    finished: date | None
    counts: Mapping[str, CountedModel]


def accounted_models(
    store: LineageStore, law: Law, least: Exact, *, known_on: datetime | None = None
) -> Iterator[AccountedModel]:
    """Yield the models of every kept lineage that count at least an amount under the scheme.

    The scheme counts whatever another rule does, so that who stays below it under the
    scheme stays below it under every rule. One sweep over the graph tells who does.
    """
    for version in store.current(known_on=known_on):
        lineage = store.read(version)
        nodes = list(models_of(lineage))
        sums = scheme_totals(lineage, (node.id for node in nodes), law)
        for node, summed in zip(nodes, sums, strict=True):
            if max(summed.flop, summed.high or 0) < least:
                continue
            found = _accounted(version.lineage_id, lineage, node, law, least)
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
    lineage_id: str, lineage: Lineage, node: Node, law: Law, least: Exact
) -> AccountedModel | None:
    whole = _counted(lineage, node, SCHEME, law)
    if whole.estimate.high < least:
        return None
    counts = {SCHEME: whole}
    counts |= {rule: _counted(lineage, node, rule, law) for rule in VISITORS if rule != SCHEME}
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


def _counted(lineage: Lineage, node: Node, rule: str, law: Law) -> CountedModel:
    told = account(lineage, Query((node.id,), Quantity.TRAINING_COMPUTE, rule), law)
    high = max(told.amount, told.low) if told.high is None else told.high
    estimate = Estimate(
        told.low, told.amount, max(high, told.amount), high, Method.DECLARED, source=node.id
    )
    runs = {bound: tuple(_records(lineage, told, bound)) for bound in Bound}
    return CountedModel(estimate, told.complete, runs, told.warnings, _figure(lineage, told))


def _records(lineage: Lineage, told: Account, bound: Bound) -> Iterator[Mapping[str, Any]]:
    """Yield the runs behind a model; runs that no rule tells apart are one record.

    A node of which no role is known is none of them.
    """
    sums: dict[Part, Exact] = {}
    for node_id, part in told.parts.items():
        compute = lineage.nodes[lineage.places[node_id]].compute
        if compute is not None and part.role is not None:
            sums[part] = sums.get(part, 0) + _at(compute, bound)
    for part, flop in sums.items():
        record: dict[str, Any] = {"role": part.role, "compute": flop_text(flop)}
        if part.generator is not None:
            record["generator"] = part.generator
        if part.published:
            record["published"] = True
        if part.share is not None:
            record["share_of_training"] = part.share
        yield record


def _at(compute: Compute, bound: Bound) -> Exact:
    central = compute.low if compute.central is None else compute.central
    if bound is Bound.LOW:
        return compute.low
    return compute.high if bound is Bound.HIGH and compute.high is not None else central


def _figure(lineage: Lineage, told: Account) -> Figure:
    """Return the total with its largest parts, and the rest as one."""
    largest = sorted(told.counted.items(), key=lambda one: (-one[1], one[0]))
    shown, rest = largest[:_SHOWN], largest[_SHOWN:]
    parts = [Figure("low", flop_text(told.low), "FLOP")]
    if told.high is not None:
        parts.append(Figure("high", flop_text(told.high), "FLOP"))
    parts += [_part(lineage, told, node_id, flop) for node_id, flop in shown]
    if rest:
        parts.append(Figure("other nodes", flop_text(sum(flop for _, flop in rest)), "FLOP"))
    if told.excluded_nodes:
        kept_out = Figure("not counted", ", ".join(told.excluded_nodes[:_SHOWN]))
        parts.append(kept_out)
    return Figure(
        "training compute over the causal graph",
        flop_text(told.amount),
        "FLOP",
        told.counting_rule,
        children=tuple(parts),
    )


def _part(lineage: Lineage, told: Account, node_id: str, flop: Exact) -> Figure:
    node = lineage.nodes[lineage.places[node_id]]
    part = told.parts.get(node_id)
    role = part.role if part is not None and part.role is not None else node.kind.value
    return Figure("node of the graph", flop_text(flop), "FLOP", role, name=node.label or node_id)


def not_disclosed(counted: CountedModel) -> tuple[Sentence, ...]:
    """Return what has to be said of a total that is a lower one."""
    if counted.complete:
        return ()
    return (say("Not every figure behind the model is disclosed: the total is a lower bound."),)

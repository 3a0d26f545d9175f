"""What is asked of lineages, and each answer as a row for people and programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sluicegate.core.collecting import without_collecting
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.reasons import say
from sluicegate.lineage.accounting import Account, Options, Share, account
from sluicegate.lineage.approximations import Approximation
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import (
    Fault,
    GraphError,
    Interval,
    Lineage,
    Node,
    NodeKind,
    Quantity,
    Query,
)
from sluicegate.lineage.visitors import SCHEME
from sluicegate.rules.law import Law
from sluicegate.services.ports.lineage import InputFault, LineageInputError, StatedLineage

_ASKED_OF = {
    NodeKind.MODEL: Quantity.TRAINING_COMPUTE,
    NodeKind.OUTPUT: Quantity.OUTPUT_COMPUTE,
}
"""What is asked of a kind of node when nothing is asked."""

MOST_TRACED = 1_000
"""So many models and outputs are accounted one by one, each with its trace."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What to ask and how: targets in place of the file's queries, a rule in place of theirs."""

    targets: tuple[str, ...] = ()
    quantity: Quantity | None = None
    rule: str | None = None
    seconds_between: Exact | None = None
    options: Options = field(default_factory=Options)


def built(stated: StatedLineage) -> Lineage:
    """Return the graph that a file states, with the intervals of its queries for rates.

    Raises:
        LineageInputError: a part of it could not be read, or a figure lies outside
            its bounds.
        GraphError: it is no graph.
    """
    if stated.faults:
        raise LineageInputError(stated.faults)
    try:
        with without_collecting():
            lineage = lineage_of(stated.nodes, stated.edges, stated.independence)
    except GraphError:
        raise
    except ValueError as error:
        faults = tuple(_out_of_bounds(stated))
        if not faults:
            raise
        raise LineageInputError(faults) from error
    intervals = tuple(_intervals(lineage, stated.queries))
    return replace(lineage, intervals=intervals) if intervals else lineage


def _intervals(lineage: Lineage, queries: Iterable[Query]) -> Iterator[Interval]:
    """Yield what queries state of two outputs that the lineage has, each once."""
    seen = set()
    for one in queries:
        if one.quantity is not Quantity.INFERENCE_COMPUTE_RATE or one.seconds_between is None:
            continue
        if len(one.targets) != 2 or not lineage.places.keys() >= {*one.targets}:
            continue
        found = Interval(*one.targets, one.seconds_between, one.cluster_flop_per_second)
        if found not in seen:
            seen.add(found)
            yield found


def _out_of_bounds(stated: StatedLineage) -> Iterator[InputFault]:
    for place, node in enumerate(stated.nodes):
        one = node.compute
        if one is None:
            continue
        least = one.low if one.central is None else one.central
        if one.low > least:
            field_name, problem = "flop_low", say("is above flop")
        elif one.high is not None and one.high < least:
            field_name, problem = "flop_high", say("is below flop or flop_low")
        else:
            continue
        way_out = say("give flop_low, flop and flop_high in this order of size")
        where = f"nodes[{place}]"
        yield InputFault(where, field_name, (node.id,), problem, way_out, stated.case)


def queries_of(lineage: Lineage, stated: Sequence[Query], asking: Asking) -> Sequence[Query]:
    """Return what to answer: what is asked for, else the file's queries, else the usual ones.

    The usual ones are the training compute of every model and the output compute of
    every output, in the order of the nodes, then the rate over every stated interval.

    Raises:
        GraphError: a target that no node has (dangling).
    """
    if asking.targets:
        queries = _asked_for(lineage, asking)
    elif stated:
        queries = list(stated)
    else:
        queries = [
            Query((node.id,), asking.quantity or _ASKED_OF[node.kind])
            for node in lineage.nodes
            if node.kind in _ASKED_OF
        ]
        queries += [one.query() for one in lineage.intervals]
    if asking.rule is None:
        return queries
    return [replace(query, counting_rule=asking.rule) for query in queries]


def _asked_for(lineage: Lineage, asking: Asking) -> list[Query]:
    missing = [one for one in asking.targets if one not in lineage.places]
    if missing:
        raise GraphError(Fault.DANGLING, missing)
    quantity = asking.quantity
    if quantity in (Quantity.UNION_COMPUTE, Quantity.INFERENCE_COMPUTE_RATE):
        return [Query(asking.targets, quantity, seconds_between=asking.seconds_between)]
    return [Query((one,), quantity or usual_quantity(lineage, one)) for one in asking.targets]


def usual_quantity(lineage: Lineage, target: str) -> Quantity:
    """Return what is asked of a node when nothing is said: output compute of an output only."""
    node = lineage.nodes[lineage.places[target]]
    return _ASKED_OF.get(node.kind, Quantity.TRAINING_COMPUTE)


def account_stated(stated: StatedLineage, law: Law, asking: Asking) -> Sequence[Account]:
    """Answer what is asked of a lineage, in order.

    Raises:
        LineageInputError: a field that cannot be read, or a query that does not fit.
        GraphError: it is no graph, or a query names a node that is not there.
    """
    lineage = built(stated)
    asked = () if asking.targets else stated.queries
    faults = [one for one in stated.left_out if ".queries" in f".{one.place}"]
    if faults and not asking.targets:
        raise LineageInputError(faults)
    return account_all(lineage, queries_of(lineage, asked, asking), law, asking.options)


def account_all(
    lineage: Lineage, queries: Iterable[Query], law: Law, options: Options
) -> Sequence[Account]:
    """Answer queries of one lineage, in order. Raises as `account` does."""
    return [account(lineage, query, law, options) for query in queries]


def is_for_one_sweep(nodes: Sequence[Node], stated: Sequence[Query], asking: Asking) -> bool:
    """Say whether nothing is asked of so many models and outputs that one sweep answers.

    The sweep knows the scheme's own rule only.
    """
    if asking.targets or stated or asking.rule not in (None, SCHEME):
        return False
    return sum(node.kind in _ASKED_OF for node in nodes) > MOST_TRACED


def total_rows(lineage: Lineage, law: Law, asking: Asking) -> Sequence[dict[str, Any]]:
    """Return the totals of every model and output by the scheme, in one sweep, without a trace.

    Rates over stated intervals follow.
    """
    from sluicegate.lineage.totals import scheme_totals

    queries = queries_of(lineage, (), asking)
    plain = [one for one in queries if one.seconds_between is None]
    sums = scheme_totals(lineage, [one.targets[0] for one in plain], law, asking.options)
    rows = [
        _total_row(query, one.flop, one.low, one.high, complete=one.complete)
        for query, one in zip(plain, sums, strict=True)
    ]
    for query in queries[len(plain) :]:
        rate = account(lineage, query, law, asking.options)
        rows.append(_total_row(query, rate.amount, rate.low, rate.high, complete=rate.complete))
    return rows


def _total_row(
    query: Query, amount: Exact, low: Exact, high: Exact | None, *, complete: bool
) -> dict[str, Any]:
    is_rate = query.quantity is Quantity.INFERENCE_COMPUTE_RATE
    return {
        "target": list(query.targets) if is_rate else query.targets[0],
        "quantity": query.quantity.value,
        "counting_rule": query.counting_rule,
        "flop_per_second" if is_rate else "flop": flop_text(amount),
        "low": flop_text(low),
        "high": None if high is None else flop_text(high),
        "complete": complete,
    }


def account_row(
    one: Account,
    case: str | None = None,
    *,
    traced: bool = False,
    language: Language = Language.EN,
) -> dict[str, Any]:
    """Return an account as a row; FLOP are decimal strings, `high` None is unbounded.

    `traced` adds every counted node with its figure and role.
    """
    many = one.quantity in (Quantity.UNION_COMPUTE, Quantity.INFERENCE_COMPUTE_RATE)
    row: dict[str, Any] = {} if case is None else {"case": case}
    row |= {
        "target": list(one.targets) if many else one.targets[0],
        "quantity": one.quantity.value,
        "counting_rule": one.counting_rule,
        "flop_per_second" if one.is_rate else "flop": flop_text(one.amount),
        "low": flop_text(one.low),
        "high": None if one.high is None else flop_text(one.high),
        "complete": one.complete,
        "excluded_nodes": list(one.excluded_nodes),
        "presumption": "on" if one.presumption else "off",
        "threshold": None if one.threshold is None else flop_text(one.threshold),
        "over_threshold": one.over_threshold,
        "counted_nodes": len(one.counted),
        **_shares(one),
        "approximations": [_approximation(each) for each in one.approximations],
        "reasons": [sentence.text(language) for sentence in one.reasons],
        "warnings": [sentence.text(language) for sentence in one.warnings],
    }
    if traced:
        row["counted"] = [_counted(one, node, flop) for node, flop in one.counted.items()]
    return row


def _shares(one: Account) -> Mapping[str, Any]:
    named: Mapping[str, Share] = {
        "explicit": one.explicit,
        "presumed": one.presumed,
        "excluded": one.excluded,
        "unaddressed": one.unaddressed,
        "independent": one.independent,
    }
    return {
        name: {
            "flop": flop_text(share.flop),
            "nodes": len(share.nodes),
            "complete": share.complete,
        }
        for name, share in named.items()
    }


def _approximation(one: Approximation) -> dict[str, Any]:
    return {
        "method": one.method.value,
        "amount": flop_text(one.amount),
        "gap": flop_text(one.gap),
    }


def _counted(one: Account, node: str, flop: Exact) -> dict[str, Any]:
    part = one.parts.get(node)
    return {
        "node": node,
        "flop": flop_text(flop),
        "role": None if part is None else part.role,
        "inferred": part is not None and part.inferred,
    }

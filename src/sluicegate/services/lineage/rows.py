"""Kept lineages, their versions and imports as rows for people and programs."""

from __future__ import annotations

from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text
from sluicegate.lineage.document import (
    Compute,
    HumanChange,
    Interval,
    Lineage,
    Node,
    Quantity,
)
from sluicegate.services.lineage.importing import TakenIn
from sluicegate.services.ports.lineage import InputFault, LineageVersion, Statement


def version_row(one: LineageVersion) -> dict[str, Any]:
    """Return a version of a lineage as a row."""
    return {
        "id": one.lineage_id,
        "source": one.source,
        "lineage": one.name,
        "version": one.version,
        "nodes": one.nodes,
        "edges": one.edges,
        "models": one.models,
        "outputs": one.outputs,
        "undisclosed": one.undisclosed,
        "statements": len(one.statements),
        "format": one.format,
        "recorded": one.at.isoformat(),
        "by": one.by,
        "reason": one.reason or None,
        "digest": one.digest,
        "checksum": one.checksum or None,
        "version_id": one.version_id,
        "supersedes": one.supersedes or None,
    }


def taken_row(one: TakenIn, language: Language = Language.EN) -> dict[str, Any]:
    """Return what became of a lineage of a file as a row."""
    version = one.version
    return {
        "lineage": one.name,
        "id": one.lineage_id,
        "state": one.outcome.value,
        "version": None if version is None else version.version,
        "nodes": None if version is None else version.nodes,
        "edges": None if version is None else version.edges,
        "supersedes": None if version is None else version.supersedes or None,
        "left_out": [fault_row(fault, language) for fault in one.left_out],
        "faults": [fault_row(fault, language) for fault in one.faults],
        "dropped": [statement_row(dropped) for dropped in one.dropped],
    }


def fault_row(one: InputFault, language: Language = Language.EN) -> dict[str, Any]:
    """Return what is wrong in a file as a row."""
    row: dict[str, Any] = {} if one.case is None else {"case": one.case}
    return row | {
        "error": one.field,
        "place": one.place,
        "nodes": list(one.nodes),
        "problem": one.problem.text(language),
        "way_out": one.way_out.text(language),
    }


def statement_row(one: Statement) -> dict[str, Any]:
    """Return what a person stated as a row."""
    return {
        "statement": one.kind.value,
        "cause": one.cause,
        "target": one.target,
        "reason": one.reason,
        "evidence": one.evidence,
        "on": None if one.on is None else one.on.isoformat(),
        "by": one.by,
        "at": one.at.isoformat(),
    }


def lineage_document(lineage: Lineage) -> dict[str, Any]:
    """Return a lineage as `lineage.json` states it."""
    return {
        "nodes": [node_row(node) for node in lineage.nodes],
        "edges": list(_edges(lineage)),
        "independence": [
            {
                "cause": one.cause,
                "target": one.target,
                "reason": one.reason,
                "evidence": one.evidence,
                **({"by": one.by} if one.by else {}),
                **({"on": one.on.isoformat()} if one.on else {}),
            }
            for one in lineage.independence
        ],
        **({"queries": [_query(one) for one in lineage.intervals]} if lineage.intervals else {}),
    }


def _query(one: Interval) -> dict[str, Any]:
    row: dict[str, Any] = {
        "target": [one.earlier, one.later],
        "quantity": Quantity.INFERENCE_COMPUTE_RATE.value,
        "seconds_between": flop_text(one.seconds),
    }
    if one.cluster_flop_per_second is not None:
        row["cluster_flop_per_second"] = flop_text(one.cluster_flop_per_second)
    return row


def _edges(lineage: Lineage) -> list[dict[str, Any]]:
    found = []
    for place, node in enumerate(lineage.nodes):
        for cause in lineage.causes(place):
            edge: dict[str, Any] = {"from": lineage.nodes[cause].id, "to": node.id}
            change = lineage.cuts.get((cause, place))
            found.append(edge if change is None else edge | _cut(change))
    return found


def _cut(change: HumanChange) -> dict[str, Any]:
    told: dict[str, Any] = {"human_substantial_change": True}
    if change.evidence:
        told["evidence"] = change.evidence
    if change.by:
        told["by"] = change.by
    if change.on is not None:
        told["on"] = change.on.isoformat()
    return told


def node_row(node: Node) -> dict[str, Any]:
    """Return a node as `lineage.json` states it; what it does not tell is left out."""
    row: dict[str, Any] = {"id": node.id, "kind": node.kind.value}
    if node.label:
        row["label"] = node.label
    if node.compute is not None:
        row |= _compute_row(node.compute)
    plain = {
        "discarded_by": node.discarded_by and node.discarded_by.value,
        "role": node.role,
        "developer": node.developer,
        "generator": node.generator,
        "share_of_training": node.share_of_training,
        "published": node.published,
        "date": node.made_on and node.made_on.isoformat(),
        "started": node.started and node.started.isoformat(),
        "ended": node.ended and node.ended.isoformat(),
    }
    row |= {name: value for name, value in plain.items() if value is not None}
    lists = {
        "storage": node.storage,
        "accounts": node.accounts,
        "fabrics": node.fabrics,
        "imports": node.imports,
    }
    return row | {name: list(value) for name, value in lists.items() if value}


def _compute_row(one: Compute) -> dict[str, Any]:
    row: dict[str, Any] = {"flop": None if one.central is None else flop_text(one.central)}
    if one.low != (0 if one.central is None else one.central):
        row["flop_low"] = flop_text(one.low)
    if one.high is not None and one.high != one.central:
        row["flop_high"] = flop_text(one.high)
    if one.source:
        row["source"] = one.source
    return row

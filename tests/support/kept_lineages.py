"""Lineages kept in a node, for pages, the API and programs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import drawn_lineages as samples
from sluicegate.core.exact import dump_json
from sluicegate.lineage.document import HumanChange, Lineage
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.importing import ImportOptions, import_file
from sluicegate.services.lineage.keeping import lineage_id_of
from sluicegate.services.lineage.rows import lineage_document
from sluicegate.wiring.lineage import read_lineage_content

SOURCE, NAME = "default", "student_1"
LINEAGE = lineage_id_of(SOURCE, NAME)
TARGET = "student_1"
_LABELS = {
    "teacher-run": "教师的训练",
    "teacher": "教师",
    "answers": "教师的回答",
    "draft-run": "起草模型的训练",
    "drafts": "草稿",
    "book": "成书",
    "student-run": "学生的训练",
    "student": "学生",
}


def student() -> Lineage:
    """Return `drawn_lineages.distillation` with names that are read in both languages."""
    lineage = samples.distillation()
    nodes = tuple(
        replace(node, id=f"{node.id.replace('-', '_')}_1", label=_LABELS[node.id])
        for node in lineage.nodes
    )
    places = {node.id: place for place, node in enumerate(nodes)}
    cuts = {pair: HumanChange("log_1") for pair in lineage.cuts}
    return replace(lineage, nodes=nodes, places=places, cuts=cuts, kept={})


def lineage_json(lineage: Lineage) -> bytes:
    """Return a lineage as a file states it."""
    return dump_json(lineage_document(lineage)).encode("utf-8")


def keep_lineage(desk: Desk, lineage: Lineage | None = None, name: str = NAME) -> str:
    """Keep a lineage (the student's unless given) and return its id; twice changes nothing."""
    read = read_lineage_content(lineage_json(lineage or student()))
    [taken] = import_file(desk, read, ImportOptions(SOURCE, name))
    return taken.lineage_id


def keep_chain(desk: Desk, length: int, name: str) -> str:
    """Keep a chain of runs with a model of id "end" behind them all, and return its id."""
    nodes = [{"id": f"run-{number}", "kind": "run", "flop": 1} for number in range(length)]
    names = [*(node["id"] for node in nodes), "end"]
    edges = [{"from": first, "to": last} for first, last in pairwise(names)]
    stated = {"nodes": [*nodes, {"id": "end", "kind": "model"}], "edges": edges}
    [taken] = import_file(
        desk, read_lineage_content(dump_json(stated).encode()), ImportOptions(SOURCE, name)
    )
    return taken.lineage_id

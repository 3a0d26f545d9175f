"""The job that takes lineages into a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from sluicegate.adapters.work.files import WorkFiles
from sluicegate.core.phrases import Language
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.captions import fault_sentence
from sluicegate.services.lineage.importing import ImportOptions, Outcome, TakenIn, import_file
from sluicegate.services.lineage.keeping import LineageError
from sluicegate.services.ports.lineage import InputFault, LineageInputError
from sluicegate.services.work.kinds import LineageJob
from sluicegate.services.work.running import JobFailedError, Task, both
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.lineage import read_lineage_file
from sluicegate.wiring.nodes import OpenNode

_SHOWN = 50
"""Faults of a file that the result of its job holds."""


@dataclass(frozen=True)
class LineageWorks:
    """What takes lineages in; its results hold names, counts and what is wrong."""

    node: OpenNode
    files: WorkFiles

    def take_in(self, task: Task) -> Mapping[str, Any]:
        """Take every lineage of a file in; a bad one is refused for itself."""
        asked, node = LineageJob.of(task.parameters), self.node
        desk = Desk(task.principal, node.store, authority_of(node), node.clock)
        task.step("reading")
        try:
            read = read_lineage_file(self.files.path(asked.file))
        except LineageInputError as error:
            raise _failed(error.faults[0]) from error
        name = asked.name or PurePath(asked.file.name).stem
        options = ImportOptions(asked.source, name, asked.reason, asked.is_dry_run)
        try:
            taken = import_file(desk, read, options)
        except LineageError as error:
            raise JobFailedError(both(error.sentence)) from error
        if taken and all(one.outcome is Outcome.REFUSED for one in taken):
            raise _failed(next(fault for one in taken for fault in one.faults))
        left = [_told(one) for one in read.left_out[:_SHOWN]]
        rows = [_row(one) for one in taken]
        return {"lineages": rows, "left_out": left, "dry_run": asked.is_dry_run}


def _row(one: TakenIn) -> dict[str, Any]:
    """Return what became of a lineage; what is wrong is told in both languages."""
    faults = (*one.faults, *one.left_out)
    version = one.version
    return {
        "lineage": one.name,
        "id": one.lineage_id,
        "state": one.outcome.value,
        "version": None if version is None else version.version,
        "nodes": None if version is None else version.nodes,
        "edges": None if version is None else version.edges,
        "problems": [_told(fault) for fault in faults[:_SHOWN]],
        "problem_count": len(faults),
    }


def _told(fault: InputFault) -> dict[str, str]:
    sentence = fault_sentence(fault)
    return {one.value: sentence.text(one) for one in Language}


def _failed(fault: InputFault) -> JobFailedError:
    return JobFailedError(both(fault_sentence(fault)))

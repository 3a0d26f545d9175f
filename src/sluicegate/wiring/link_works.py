"""The job that finds what links the customers of a node, and suggests duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.services.desk import Desk
from sluicegate.services.linkage import deciding
from sluicegate.services.linkage.reading import found_row
from sluicegate.services.linkage.suggesting import suggest
from sluicegate.services.ports.links import DuplicatesError
from sluicegate.services.work.kinds import LinksJob
from sluicegate.services.work.running import JobFailedError, Task, both
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.linkage import duplicate_finder
from sluicegate.wiring.nodes import OpenNode


@dataclass(frozen=True)
class LinkWorks:
    """What does the jobs of links; their results hold counts, no customer."""

    node: OpenNode

    def find(self, task: Task) -> Mapping[str, Any]:
        """Find links and keep the groups; where asked, suggest duplicates after that.

        What was found stays when no duplicates can be looked for.
        """
        asked, node = LinksJob.of(task.parameters), self.node
        desk = Desk(task.principal, node.store, authority_of(node), node.clock)
        task.step("links")
        row = found_row(deciding.find(desk, node.book, asked.as_of))
        if asked.least_per_mille is None:
            return {**row, "suggestions": None}
        task.step("duplicates")
        try:
            found = suggest(
                desk,
                node.book,
                duplicate_finder(),
                as_of=asked.as_of,
                least_per_mille=asked.least_per_mille,
            )
        except DuplicatesError as error:
            raise JobFailedError(both(error.sentence)) from error
        return {**row, "suggestions": len(found)}

"""What each node behind a target did for it: the roles of question training_compute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sluicegate.core.quantities import Exact
from sluicegate.lineage.counting import Run
from sluicegate.lineage.document import Lineage


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a node in making a target; `role` None: the texts have no word for it.

    `inferred`: the role follows from the place in the graph, it was not stated.
    """

    role: str | None
    generator: str | None = None
    published: bool = False
    share: Exact | None = None
    inferred: bool = False

    def run(self, compute: Exact) -> Run:
        """Return the part as a run of question training_compute."""
        return Run(self.role or "", compute, self.generator, self.published, self.share, False)


def parts_of(lineage: Lineage, ancestry: Iterable[int]) -> Mapping[int, Part]:
    """Return the part of each node of an ancestry by place, in order of place."""
    found = {}
    for place in sorted(ancestry):
        node = lineage.nodes[place]
        found[place] = Part(node.role, node.generator, bool(node.published), node.share_of_training)
    return found

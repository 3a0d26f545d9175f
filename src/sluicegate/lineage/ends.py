"""Edges by the numbers of their nodes, for lineages too large to hold the ends as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import TYPE_CHECKING, overload

from sluicegate.lineage.document import HumanChange, Node

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]

Edge = tuple[str, str, HumanChange | None]
"""A cause, what it led to, and the human's substantial change between them, if any."""


class NumberedEdges(Sequence[Edge]):
    """Edges in the order given, as numbers of nodes; each is made into text when asked for.

    `causes` and `targets` are places in `ids`, or -1 - k for `strangers[k]`, an id that
    no node has. `changes` are the humans' changes by number of edge.
    """

    def __init__(
        self,
        ids: Sequence[str],
        causes: Places,
        targets: Places,
        strangers: Sequence[str],
        changes: Mapping[int, HumanChange],
    ) -> None:
        self.ids = ids
        self.causes = causes
        self.targets = targets
        self.strangers = strangers
        self.changes = changes

    def __len__(self) -> int:
        return len(self.causes)

    @overload
    def __getitem__(self, number: int) -> Edge: ...

    @overload
    def __getitem__(self, number: slice) -> list[Edge]: ...

    def __getitem__(self, number: int | slice) -> Edge | list[Edge]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        place = range(len(self))[number]
        return (
            self._id(int(self.causes[place])),
            self._id(int(self.targets[place])),
            self.changes.get(place),
        )

    def are_of(self, nodes: Sequence[Node]) -> bool:
        """Say whether the numbers are those of nodes, in this order."""
        return len(nodes) == len(self.ids) and all(map(is_, self.ids, (one.id for one in nodes)))

    def _id(self, place: int) -> str:
        return self.ids[place] if place >= 0 else self.strangers[-1 - place]

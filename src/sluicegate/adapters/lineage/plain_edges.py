"""Edges of `lineage.json` that say nothing but their ends, read in blocks of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.lineage.document import HumanChange
from sluicegate.services.ports.lineage import Edge

_ID = r'"([^"\\\x00-\x1f]+)"'
_PLAIN = rf'\{{"from": ?{_ID}, ?"to": ?{_ID}\}}[ \t\n\r]*,[ \t\n\r]*'
_PLAIN_EDGE = re.compile(_PLAIN)
"""A plain edge with the comma after it: nearly all of a large file."""
PLAIN_EDGES = re.compile(f"(?:{_PLAIN.replace('([', '(?:[')}){{1,16384}}")
"""Not possessive: Python before 3.11.5 ends such a match within the edge that fails."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a text that holds plain edges and nothing else."""

    text: str


class Triples:
    """Takes edges as they are written."""

    def __init__(self) -> None:
        self._edges: list[Edge] = []

    def __len__(self) -> int:
        return len(self._edges)

    def add(self, cause: str, target: str, change: HumanChange | None) -> None:
        """Take one edge."""
        self._edges.append((cause, target, change))

    def add_block(self, text: str) -> None:
        """Take a block of plain edges."""
        self._edges += [(cause, target, None) for cause, target in _PLAIN_EDGE.findall(text)]

    def edges(self) -> Sequence[Edge]:
        """Return all that was taken, in order."""
        return self._edges

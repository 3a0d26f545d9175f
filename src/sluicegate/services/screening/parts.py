"""What a node screens with, as one argument."""

from __future__ import annotations

from dataclasses import dataclass

from sluicegate.services.screening.engine import Lists, Scoring


@dataclass(frozen=True)
class NodeScreening:
    """A node's lists and its way of scoring."""

    lists: Lists
    scoring: Scoring

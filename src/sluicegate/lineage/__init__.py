"""Lineage: what led to a model, and how much of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sluicegate.lineage.counting import (
    decide_inference_rate,
    decide_training_compute,
)
from sluicegate.rules.questions import Question, question

if TYPE_CHECKING:
    from sluicegate.lineage.figures import Total as Total
    from sluicegate.lineage.graph import Graph as Graph

QUESTIONS: tuple[Question, ...] = (
    question("training_compute", decide_training_compute),
    question("inference_rate", decide_inference_rate),
)


def __getattr__(name: str) -> Any:
    """Load the graph when it is first named: the questions need no numpy."""
    if name in ("Graph", "Total"):
        from sluicegate.lineage import graph

        return getattr(graph, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

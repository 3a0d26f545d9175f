"""Lineage: what led to a model, and how much of it counts."""

from sluicegate.lineage.counting import (
    decide_inference_rate,
    decide_training_compute,
)
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("training_compute", decide_training_compute),
    question("inference_rate", decide_inference_rate),
)

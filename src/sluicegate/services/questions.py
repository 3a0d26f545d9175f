"""All questions of all rooms, joined: the lowest place that may see every room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sluicegate import assurance, export, frontier, kyc, lineage, oversight, permits
from sluicegate.rules.questions import Question

ROOMS = (kyc, export, frontier, lineage, permits, oversight, assurance)


@lru_cache(maxsize=1)
def all_questions() -> Mapping[str, Question]:
    """Return every question by name."""
    return {question.name: question for room in ROOMS for question in room.QUESTIONS}


def find_question(name: str) -> Question | None:
    """Return a question by name, or None when there is none."""
    return all_questions().get(name)

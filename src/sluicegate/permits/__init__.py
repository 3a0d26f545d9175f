"""Permits: which clusters compute only with permission."""

from sluicegate.permits.governor import decide_governor_requirement
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (question("governor_requirement", decide_governor_requirement),)

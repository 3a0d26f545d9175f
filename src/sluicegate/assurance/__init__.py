"""Assurance: the risk tier of a system and the liability for it."""

from sluicegate.assurance.liability import (
    decide_compute_safe_harbour,
    decide_liability_regime,
    refuse_compute_safe_harbour,
)
from sluicegate.assurance.tiers import decide_risk_tier, refuse_risk_tier
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("risk_tier", decide_risk_tier, refuse_risk_tier),
    question("compute_safe_harbour", decide_compute_safe_harbour, refuse_compute_safe_harbour),
    question("liability_regime", decide_liability_regime, refuse_compute_safe_harbour),
)

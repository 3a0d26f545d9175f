"""Assurance: risk tiers, liability, AI institutes and the evaluations that they make."""

from sluicegate.assurance.evaluations import (
    decide_evaluation_feasibility,
    decide_result_comparability,
    decide_risk_assessment_gaps,
)
from sluicegate.assurance.institutes import (
    decide_institute_by_acronym,
    decide_institute_name,
    decide_institute_powers,
    decide_network_membership,
    decide_network_name,
)
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
    question("network_membership", decide_network_membership),
    question("network_name", decide_network_name),
    question("institute_name", decide_institute_name),
    question("institute_powers", decide_institute_powers),
    question("institute_by_acronym", decide_institute_by_acronym),
    question("risk_assessment_gaps", decide_risk_assessment_gaps),
    question("evaluation_feasibility", decide_evaluation_feasibility),
    question("result_comparability", decide_result_comparability),
)

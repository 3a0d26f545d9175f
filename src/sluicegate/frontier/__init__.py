"""Frontier reporting: whom and what a text reaches, and by when they report."""

from sluicegate.frontier.european_union import (
    decide_eu_gpai_duties,
    decide_eu_gpai_transition,
    decide_eu_modifier_provider,
    decide_eu_systemic_risk,
)
from sluicegate.frontier.korea import decide_korea_ai_basic_act
from sluicegate.frontier.us_federal import (
    decide_eo14110_report,
    decide_nprm702_notice,
    decide_nprm702_report,
    refuse_nprm702_notice,
)
from sluicegate.frontier.us_states import (
    decide_raise_duties,
    decide_raise_incident_report,
    decide_sb53_duties,
    decide_sb53_incident_report,
)
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("eo14110_report", decide_eo14110_report),
    question("nprm702_report", decide_nprm702_report),
    question("nprm702_notice", decide_nprm702_notice, refuse_nprm702_notice),
    question("eu_systemic_risk", decide_eu_systemic_risk),
    question("eu_gpai_duties", decide_eu_gpai_duties),
    question("eu_modifier_provider", decide_eu_modifier_provider),
    question("eu_gpai_transition", decide_eu_gpai_transition),
    question("sb53_duties", decide_sb53_duties),
    question("sb53_incident_report", decide_sb53_incident_report),
    question("raise_duties", decide_raise_duties),
    question("raise_incident_report", decide_raise_incident_report),
    question("korea_ai_basic_act", decide_korea_ai_basic_act),
)

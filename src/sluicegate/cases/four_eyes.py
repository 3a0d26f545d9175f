"""Which decisions a second person checks, and why.

Confirming, releasing a block and filing always need one. Clearing, blocking
and closing need one by the risk rules of the node.
"""

from __future__ import annotations

from collections.abc import Collection

from sluicegate.cases.case import (
    Case,
    ClockState,
    DecisionKind,
    Judgement,
)
from sluicegate.cases.rules import CaseRules, is_kind
from sluicegate.core.reasons import Sentence, say

ALWAYS = frozenset({DecisionKind.CONFIRM, DecisionKind.RELEASE, DecisionKind.FILE})
"""Decisions that a second person checks, whatever the settings say."""

LAPSED = "lapsed"
SEALED_WITHOUT_FILING = "sealed_without_filing"


def second_person(
    case: Case, decision: DecisionKind, alerts: Collection[str], rules: CaseRules
) -> Sentence | None:
    """Say why a second person must check a decision about alerts; None where none must."""
    if decision in ALWAYS:
        return say("{decision:term}: a second person always checks this.", decision=decision.value)
    if decision in rules.second_decisions:
        return say(
            "{decision:term}: a second person checks this, by a setting of this node.",
            decision=decision.value,
        )
    if decision is DecisionKind.CLEAR:
        return _clearing(case, alerts, rules)
    if decision is DecisionKind.CLOSE:
        return _closing(case, rules)
    return None


def _clearing(case: Case, alerts: Collection[str], rules: CaseRules) -> Sentence | None:
    about = [one for one in case.alerts if one.alert_id in alerts]
    if any(one.judgement is Judgement.CONFIRMED for one in about):
        return say("An alert that was confirmed is cleared only when a second person agrees.")
    if any(is_kind(one.kind, rules.second_clear) for one in about):
        return say("A second person checks the clearing of an alert of this weight.")
    return None


def _closing(case: Case, rules: CaseRules) -> Sentence | None:
    has_lapsed = any(one.is_binding and one.state is ClockState.LAPSED for one in case.clocks)
    if LAPSED in rules.second_close and has_lapsed:
        return say("A due day lapsed in this case, so a second person checks its closing.")
    is_unfiled = case.sealed_for is not None and not case.filings
    if SEALED_WITHOUT_FILING in rules.second_close and is_unfiled:
        return say("A second person checks the closing of a sealed file without a filing.")
    return None

"""Evaluations: evidence in a risk assessment, access that methods need, results side by side."""

from __future__ import annotations

from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law

STATEMENT = "aisi.risk_assessment"
ACCESS = "aisi.evaluation_access"
COMPARABILITY = "aisi.comparability"

EVIDENCE = {
    "actionable": "linked_to_thresholds",
    "transparent": "methods_disclosed",
    "comprehensive": "multiple_methods",
    "multistakeholder": "stakeholders_consulted",
    "iterative": "review_interval_days",
    "reproducible": "replication_documentation",
}
"""Aspect of the joint statement → the fact that shows it."""

CONDITIONS = ("participants", "baseline", "tools_and_sandbox")
"""What a method may need besides access; each is a fact of the same name."""


def decide_risk_assessment_gaps(facts: Facts, law: Law) -> Answer:
    """Say for which aspects a record lacks evidence, joint statement of 20 November 2024.

    An assessment with any interval of repetition is iterative; one without is
    not. The statement binds nobody and its aspects are answered for any day.
    """
    aspects = law.members(f"{STATEMENT}.aspects")
    missing = [
        aspect
        for aspect, fact in EVIDENCE.items()
        if aspect in aspects and not _is_shown(facts, fact)
    ]
    reasons = [
        say("The joint statement is public on this day; it does not bind.")
        if law.status(STATEMENT) is not None
        else say("The joint statement is not public yet on this day; its aspects are used.")
    ]
    interval = facts.maybe_amount("review_interval_days")
    reasons.append(
        say("The assessment is not repeated.")
        if interval is None
        else say("The assessment is repeated every {days} days.", days=interval)
    )
    reasons.append(say("Aspects without evidence: {missing:term}.", missing=missing))
    return Answer({"missing": missing}, reasons)


def _is_shown(facts: Facts, fact: str) -> bool:
    """Say whether a fact is there as evidence: a true one, or a figure."""
    return facts.has(fact) and facts[fact] is not False


def decide_evaluation_feasibility(facts: Facts, law: Law) -> Answer:
    """Say whether a method can be carried out, a synthesis from Concordia AI 2024, sec. 3.3.1.

    Access is a ladder, and a step has all before it. What is missing of access
    is named by the step that the method needs, however far below one stands.
    """
    method, access = facts.text("method"), facts.text("access")
    ladder = law.texts(f"{ACCESS}.ladder")
    granted = ladder[: ladder.index(access) + 1] if access in ladder else ()
    needs = law.texts(f"{ACCESS}.needs.{method}")
    missing = [need for need in needs if not (_is_met(facts, need) or need in granted)]
    return Answer(
        {"feasible": not missing, "missing": missing},
        [
            say("This method needs: {needs:term} ({method:term}).", needs=needs, method=method),
            say("Access granted: {granted:term}.", granted=granted),
            say("Missing: {missing:term}.", missing=missing),
        ],
    )


def _is_met(facts: Facts, need: str) -> bool:
    """Say whether a need is a condition besides access that the facts meet."""
    return need in CONDITIONS and facts.flag(need)


def decide_result_comparability(facts: Facts, law: Law) -> Answer:
    """Say whether two results can be compared, a synthesis from Concordia AI 2024, sec. 4(5).

    Each part has to be on record on both sides and be the same text. A part
    that a side has not recorded is no difference as well. No result of a test
    is a certification by a government.
    """
    left, right = facts["result_a"], facts["result_b"]
    compared = law.texts(f"{COMPARABILITY}.compared")
    unrecorded = [part for part in compared if not (left.has(part) and right.has(part))]
    differences = [
        part for part in compared if part not in unrecorded and left[part] != right[part]
    ]
    return Answer(
        {
            "comparable": not (differences or unrecorded),
            "differences": differences,
            "unrecorded": unrecorded,
            "certification": False,
        },
        [
            say("Compared: {parts:term}.", parts=compared),
            say("Different: {parts:term}.", parts=differences),
            say("Not recorded on both sides: {parts:term}.", parts=unrecorded),
            say("No result of a test is a certification by a government."),
        ],
    )

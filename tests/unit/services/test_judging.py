"""From a candidate to a finding: certainty at each bound, and how the text stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.identifiers import DEFAULT_TENANT, RuleId, TenantId
from sluicegate.rules.instruments import Enforcement, TextState, Title
from sluicegate.rules.thresholds import Level
from sluicegate.services.findings import Certainty, Finding, Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate, Judge
from small_worlds import AS_OF, BOOK, Small, between, declared, exactly, found, limit_of, run

SYSTEMIC = "eu.ai_act.systemic_risk"
WEIGHTS = "us.eccn_4e091.operations"
EU_LIMIT = int(limit_of("eu.ai_act.systemic_risk.training_compute"))
US_LIMIT = int(limit_of("us.eccn_4e091.training_compute"))
FAR = US_LIMIT * 100


def of_run(rule: str, low: int, central: int, high: int, as_of: date = AS_OF) -> Finding | None:
    small = Small(runs=[run("r-1", between(low, central, high))])
    findings = found(small, rule, as_of=as_of, detectors=["run_thresholds"])
    assert len(findings) <= 1
    return findings[0] if findings else None


@pytest.mark.parametrize(
    ("rule", "limit", "first"),
    [(SYSTEMIC, EU_LIMIT, EU_LIMIT + 1), (WEIGHTS, US_LIMIT, US_LIMIT)],
    ids=["greater_than", "at_least"],
)
def test_the_word_says_which_bound_passed(rule: str, limit: int, first: int) -> None:
    """`first` is the least amount that passes; one operation less does not."""
    near = -(-limit * 4 // 5)
    cases = {
        (first, first, first): Certainty.CERTAIN,
        (first, FAR, FAR): Certainty.CERTAIN,
        (first - 1, first, first): Certainty.LIKELY,
        (first - 1, first, FAR): Certainty.LIKELY,
        (first - 1, first - 1, first): Certainty.POSSIBLE,
        (0, 0, first): Certainty.POSSIBLE,
        (first - 1, first - 1, first - 1): Certainty.CLEARED,
        (0, 0, near): Certainty.CLEARED,
        (0, near - 1, near - 1): None,
    }
    for amounts, word in cases.items():
        finding = of_run(rule, *amounts)
        assert (None if finding is None else finding.certainty) is word, amounts
        if finding is not None:
            level = Level.APPROACHING if word is Certainty.CLEARED else Level.PASSED
            assert finding.level is level


def test_a_subject_that_only_approaches_is_asked_for_nothing() -> None:
    finding = of_run(SYSTEMIC, EU_LIMIT, EU_LIMIT, EU_LIMIT)
    assert finding is not None
    assert (finding.level, finding.as_written, finding.as_enforced) == (
        Level.APPROACHING,
        False,
        False,
    )


@given(st.lists(st.integers(0, 2 * EU_LIMIT), min_size=3, max_size=3).map(sorted))
def test_the_probability_agrees_with_the_word(amounts: list[int]) -> None:
    low, central, high = amounts
    finding = of_run(SYSTEMIC, low, central, high)
    if finding is None:
        assert high < EU_LIMIT
        return
    probability = finding.probability
    assert probability is not None
    if finding.certainty is Certainty.CERTAIN:
        assert probability == 1
    elif finding.certainty is Certainty.CLEARED:
        assert probability == 0
    else:
        assert 0 < probability <= 1


def test_a_finding_names_its_threshold_and_shows_the_facts_of_the_bound_that_passed() -> None:
    finding = of_run(SYSTEMIC, 1, 2, EU_LIMIT * 2)
    assert finding is not None
    assert finding.threshold is not None
    assert finding.threshold.as_json() == {
        "parameter": "eu.ai_act.systemic_risk.training_compute",
        "value": str(EU_LIMIT),
        "unit": "FLOP",
        "comparator": "greater_than",
        "reference": finding.threshold.reference,
    }
    assert finding.facts["training_compute"] == str(EU_LIMIT * 2)
    assert finding.facts_by_bound["low"]["training_compute"] == "1"
    assert finding.facts_by_bound["central"]["training_compute"] == "2"
    assert finding.answer["presumed_systemic"] is True


@pytest.mark.parametrize(
    ("rule", "day", "standing"),
    [
        (SYSTEMIC, "2024-07-11", None),
        (SYSTEMIC, "2024-07-12", ("law: published, not_yet_due", False, False)),
        (SYSTEMIC, "2025-08-01", ("law: published, not_yet_due", False, False)),
        (SYSTEMIC, "2025-08-02", ("law: in_force, enforced", True, True)),
        (WEIGHTS, "2025-01-12", None),
        (WEIGHTS, "2025-01-13", ("law: in_force, not_yet_due", True, False)),
        (WEIGHTS, "2025-05-13", ("law: in_force, suspended", True, False)),
        ("us.nprm_702.run", "2024-09-10", None),
        ("us.nprm_702.run", "2024-09-11", ("proposal: proposed, not_binding", True, False)),
        ("us.eo_14110.model", "2025-01-19", ("law: in_force, enforced", True, True)),
        ("us.eo_14110.model", "2025-01-20", None),
        ("eu.gpai_guidelines.indicative", "2026-06-30", ("guidance: in_force, not_binding",)),
        ("kthf.oversight.registration", "2026-06-30", ("hypothetical: proposed, not_binding",)),
        ("us_ny.raise_2026.frontier_model", "2026-12-31", None),
        ("us_ny.raise_2026.frontier_model", "2027-01-01", ("law: in_force, enforced", True, True)),
        ("us_ca.sb53.frontier_developer", "2025-12-31", ("law: published, not_yet_due", False)),
        ("us_ca.sb53.frontier_developer", "2026-01-01", ("law: in_force, enforced", True, True)),
    ],
)
def test_how_the_text_stands_on_the_day(
    rule: str, day: str, standing: tuple[object, ...] | None
) -> None:
    assert rule in BOOK.thresholds
    finding = of_run(rule, FAR, FAR, FAR, date.fromisoformat(day))
    if standing is None:
        assert finding is None
        return
    assert finding is not None
    shown = (finding.legal_status, finding.as_written, finding.as_enforced)
    given_default = (*standing, True, False)[:3] if len(standing) == 1 else standing
    assert shown[: len(given_default)] == given_default


@pytest.mark.parametrize("enforcement", list(Enforcement))
@pytest.mark.parametrize("text", list(TextState))
def test_a_law_asks_for_its_duties_only_in_force_and_enforced_only_then(
    text: TextState, enforcement: Enforcement
) -> None:
    [status, *_] = BOOK.instrument("eu.ai_act").statuses
    statuses = [replace(status, start=None, text=text, enforcement=enforcement)]
    book = BOOK.with_statuses("eu.ai_act", statuses)
    small = Small(runs=[run("r-1", exactly(FAR))])
    findings = found(small, SYSTEMIC, book=book)
    if text in (TextState.REVOKED, TextState.NEVER_IN_FORCE):
        assert findings == []
        return
    [finding] = findings
    assert finding.as_written is (text is TextState.IN_FORCE)
    assert finding.as_enforced is (
        text is TextState.IN_FORCE and enforcement is Enforcement.ENFORCED
    )


def test_what_nobody_stated_is_named_as_an_assumption() -> None:
    small = Small(runs=[run("r-1", exactly(FAR), declaration=declared("r-1"))])
    said = {
        str(finding.rule): " ".join(finding.assumptions)
        for finding in (*found(small, SYSTEMIC), *found(small, "us_ca.sb53.frontier_developer"))
    }
    assert "placed on the Union market" in said[SYSTEMIC]
    assert "revenue" in said["us_ca.sb53.frontier_developer"]
    [registration] = found(small, "kthf.oversight.registration")
    assert registration.assumptions == ()
    abroad = replace(small, country="DE")
    [registration] = found(abroad, "kthf.oversight.registration")
    assert registration.assumptions == ("the company operates in the US",)


def test_a_finding_keeps_its_id_over_days_and_has_another_for_another_tenant() -> None:
    small = Small(runs=[run("r-1", exactly(FAR))])
    [first] = found(small, SYSTEMIC, as_of=date(2026, 5, 31))
    [later] = found(small, SYSTEMIC, as_of=date(2026, 6, 30))
    assert first.id == later.id
    finding = Judge(BOOK, AS_OF, TenantId("other")).judge(_candidate({Bound.CENTRAL: FAR}))
    again = Judge(BOOK, AS_OF, DEFAULT_TENANT).judge(_candidate({Bound.CENTRAL: FAR}))
    assert finding is not None
    assert again is not None
    assert finding.id != again.id


def test_what_could_not_be_known_does_not_count() -> None:
    judge = Judge(BOOK, date(2025, 6, 1), DEFAULT_TENANT, known_on=date(2025, 5, 12))
    candidate = replace(_candidate({Bound.CENTRAL: FAR}), instrument="us.eccn_4e091")
    finding = judge.judge(candidate)
    assert finding is not None
    assert finding.legal_status == "law: in_force, not_yet_due"


def _candidate(
    amounts: Mapping[Bound, int], low: int = EU_LIMIT, high: int = 10 * FAR
) -> Candidate:
    """Return a candidate whose answer says passed from `low` up to `high`."""

    def passed(answer: Mapping[str, Any]) -> bool:
        return bool(answer["presumed_systemic"] and answer["notify_by"] is None)

    return Candidate(
        subject=Subject.of(SubjectKind.RUN, "c-1/r-1"),
        rule=RuleId("eu.ai_act.made_for_a_test"),
        title=Title("A rule made for a test", "测试规则"),
        instrument="eu.ai_act",
        question="eu_systemic_risk",
        facts={
            bound: {"training_compute": str(amount)}
            | ({"condition_met_on": "2026-01-01"} if amount > high else {})
            for bound, amount in amounts.items()
        },
        passed=passed,
    )


@pytest.mark.parametrize(
    ("low", "central", "high", "word"),
    [
        ("yes", "yes", "yes", Certainty.CERTAIN),
        ("yes", "yes", "undone", Certainty.LIKELY),
        ("yes", "undone", "undone", Certainty.POSSIBLE),
        ("below", "yes", "undone", Certainty.LIKELY),
        ("below", "below", "yes", Certainty.POSSIBLE),
        ("below", "undone", "undone", None),
    ],
)
def test_an_answer_that_more_compute_undoes_is_certain_only_at_every_bound(
    low: str, central: str, high: str, word: Certainty | None
) -> None:
    sizes = {"below": EU_LIMIT, "yes": EU_LIMIT + 1, "undone": 10 * FAR + 1}
    bounds = {Bound.LOW: low, Bound.CENTRAL: central, Bound.HIGH: high}
    candidate = _candidate({bound: sizes[name] for bound, name in bounds.items()})
    finding = Judge(BOOK, AS_OF, DEFAULT_TENANT).judge(candidate)
    assert (None if finding is None else finding.certainty) is word
    if finding is not None:
        assert finding.answer["presumed_systemic"]
        assert finding.answer["notify_by"] is None

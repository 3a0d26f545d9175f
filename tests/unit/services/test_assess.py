"""One pass: what is new, changed or gone, in which order, under which regimes, on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.rules.law import Law
from sluicegate.services.asking import ask_question
from sluicegate.services.assess import Scope, assess, stored_form
from sluicegate.services.detectors import DETECTORS
from sluicegate.services.detectors.thresholds import customer_floor
from sluicegate.services.findings import Assessment, FindingChange
from small_worlds import (
    AS_OF,
    BOOK,
    Small,
    assessed,
    between,
    customer,
    declared,
    exactly,
    found,
    holds,
    limit_of,
    run,
)

KYC = int(limit_of("assess.kyc.threshold"))
USE = "assess.kyc.compute_used"


def using(**totals: int) -> Small:
    """Return a world of customers whose use is known exactly."""
    return Small(
        customers=[customer(key) for key in totals],
        totals={key: exactly(amount) for key, amount in totals.items()},
    )


def kept(assessment: Assessment) -> dict[str, Mapping[str, Any]]:
    """Return findings as a store gives them to the next pass."""
    return {one.id: stored_form(one.as_json()) for one in assessment.findings}


def changes(before: Small, after: Small) -> list[tuple[str, str, str, str]]:
    found_now = assessed(after, previous=kept(assessed(before))).changes
    return [_said(change) for change in found_now if change.rule == USE]


def _said(change: FindingChange) -> tuple[str, str, str, str]:
    return (change.kind.value, change.subject, change.before, change.after)


def test_a_pass_over_the_same_world_changes_nothing() -> None:
    small = replace(
        using(a=KYC + 1, b=KYC, c=7),
        runs=[run("r-1", between(KYC, KYC * 2, KYC * 3), "a", declaration=declared("r-1", "a"))],
        edges=[holds("p-1", "a", "0.3", country="FR")],
    )
    first = assessed(small)
    assert len(first.changes) == len(first.findings) > 8
    assert {change.kind.value for change in first.changes} == {"new"}
    again = assessed(small, previous=kept(first))
    assert again.changes == ()
    assert [one.as_json() for one in again.findings] == [one.as_json() for one in first.findings]


def test_a_finding_that_appears_changes_or_vanishes_is_listed() -> None:
    assert changes(using(a=1), using(a=KYC + 1)) == [
        ("new", "customer:a", "none", "certain, enforced")
    ]
    assert changes(using(a=KYC), using(a=KYC + 1)) == [
        ("changed", "customer:a", "approaching", "certain, enforced")
    ]
    assert changes(using(a=KYC + 1), using(a=1)) == [
        ("cleared", "customer:a", "certain, enforced", "none")
    ]


def test_more_use_that_changes_no_word_is_no_change() -> None:
    assert changes(using(a=KYC + 1), using(a=KYC * 2)) == []


def test_a_law_that_comes_into_force_is_a_change() -> None:
    small = Small(runs=[run("r-1", exactly(KYC * 2), start=date(2025, 6, 1))])
    regimes = ["us_ca.sb53"]
    before = assessed(small, as_of=date(2025, 12, 31), regimes=regimes)
    after = assessed(small, as_of=date(2026, 1, 1), regimes=regimes, previous=kept(before))
    [change] = after.changes
    assert _said(change) == (
        "changed",
        "run:c-1/r-1",
        "certain, as written only",
        "certain, enforced",
    )


def test_a_threshold_in_force_on_the_day_decides() -> None:
    """Three days around the day on which Chapter V began to apply, and the text before it."""
    small = Small(runs=[run("r-1", exactly(2 * 10**25), start=date(2024, 7, 1))])
    rule = "eu.ai_act.systemic_risk"
    days = {
        date(2024, 7, 11): [],
        date(2025, 8, 1): [False],
        date(2025, 8, 2): [True],
        date(2025, 8, 3): [True],
    }
    for day, enforced in days.items():
        findings = found(small, rule, as_of=day)
        assert [finding.as_enforced for finding in findings] == enforced, day


def test_findings_come_in_order_of_weight() -> None:
    small = replace(
        using(a=KYC + 1, b=KYC + 1, c=KYC),
        runs=[
            run("r-1", between(1, 1, KYC * 2), "a"),
            run("r-2", between(1, KYC * 2, KYC * 2), "a"),
            run("r-3", exactly(KYC * 2), "a"),
        ],
    )
    findings = assessed(small).findings
    rank = ["certain", "likely", "possible", "cleared"]
    keys = [
        (rank.index(f.certainty.value), not f.as_enforced, f.rule, str(f.subject)) for f in findings
    ]
    assert keys == sorted(keys)
    assert {one[0] for one in keys} == {0, 1, 2, 3}


def test_obligations_come_in_order_of_their_day_open_ones_last() -> None:
    small = replace(using(a=KYC + 1), runs=[run("r-1", exactly(KYC * 2), "a")])
    due = [one.due for one in assessed(small).obligations]
    dated = [day for day in due if day is not None]
    assert len(dated) > 1
    assert due == sorted(dated) + [None] * (len(due) - len(dated))


@pytest.mark.parametrize(
    ("regimes", "instruments"),
    [
        (["eu"], {"eu.ai_act", "eu.gpai_guidelines"}),
        (["eu.ai_act"], {"eu.ai_act"}),
        (["eu.ai"], set()),
        (["eu.ai_act", "us_ca"], {"eu.ai_act", "us_ca.sb53"}),
    ],
)
def test_only_the_regimes_switched_on_are_assessed(
    regimes: list[str], instruments: set[str]
) -> None:
    small = Small(runs=[run("r-1", exactly(KYC * 2))])
    assert {f.instrument for f in assessed(small, regimes=regimes).findings} == instruments
    everything = {f.instrument for f in assessed(small).findings}
    assert instruments < everything


def test_with_no_regimes_named_all_are_covered() -> None:
    assert all(Scope().covers(instrument) for instrument in BOOK.instruments)


def test_progress_names_every_detector_once() -> None:
    told: list[str] = []
    world = using(a=1).world()
    assess(world, BOOK, tenant=DEFAULT_TENANT, previous={}, progress=told.append)
    assert told == list(DETECTORS)


FLOOR = int(customer_floor(Law(BOOK, AS_OF)))


@given(
    st.dictionaries(
        st.sampled_from([f"c-{n}" for n in range(6)]),
        st.one_of(st.integers(0, FLOOR - 1), st.integers(FLOOR, 2 * KYC)),
        min_size=1,
    )
)
def test_customers_settled_by_amount_never_have_a_finding(totals: dict[str, int]) -> None:
    """Below the floor a customer costs no question, and the question would find nothing."""
    small = using(**totals)
    about = {f.subject.id for f in assessed(small, detectors=["customer_thresholds"]).findings}
    settled = {key for key, amount in totals.items() if amount < FLOOR}
    assert not about & settled
    alone = assessed(using(**{key: totals[key] for key in totals if key not in settled}))
    assert {f.id for f in alone.findings} == {f.id for f in assessed(small).findings}
    for key in settled:
        share = Law(BOOK, AS_OF).share("assess.kyc.approach_share")
        facts = {"compute_used": str(totals[key]), "threshold": str(KYC), "approach_share": share}
        asked = ask_question("kyc_trigger", facts, as_of=AS_OF)
        assert asked.answer["state"] == "below"


def test_the_pass_counts_what_it_looked_at() -> None:
    small = replace(
        using(a=1, b=2, c=3),
        edges=[holds("p-1", "a", "0.6"), holds("p-1", "b", "0.6")],
        runs=[run("r-1", exactly(1), "a")],
    )
    assert assessed(small).subjects == {"customers": 3, "groups": 1, "runs": 1, "clusters": 0}

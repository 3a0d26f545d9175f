"""The regimes side by side: one subject under every regime on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sluicegate.rules.facts import BadFactsError
from sluicegate.services.compare import RegimeRow, compare
from small_worlds import AS_OF, BOOK, limit_of

RUN = {"training_compute": "2e26", "revenue_previous_year": 0}


def rows(facts: dict[str, Any], day: date = AS_OF, **options: Any) -> dict[str, RegimeRow]:
    return {row.rule: row for row in compare(facts, as_of=day, book=BOOK, **options)}


def test_a_run_stands_under_every_rule_about_runs_and_no_other() -> None:
    about_runs = {rule.id for rule in BOOK.thresholds.values() if rule.subject == "run"}
    assert set(rows(RUN)) == about_runs
    assert list(rows(RUN)) == sorted(about_runs)


def test_a_row_gives_trigger_margin_duties_recipients_and_deadlines() -> None:
    row = rows(RUN)["eu.ai_act.systemic_risk"]
    assert row.as_json() == {
        "rule": "eu.ai_act.systemic_risk",
        "instrument": BOOK.instrument("eu.ai_act").title.en,
        "title": row.title,
        "status": "law: in_force, enforced",
        "trigger": "> 1e25 FLOP",
        "trigger_value": "10000000000000000000000000",
        "margin": "20",
        "passed": True,
        "binding": True,
        "duties": list(row.duties),
        "recipients": ["European Commission", *row.recipients[1:]],
        "deadlines": ["2 weeks from condition met or known"],
        "needs": [],
        "reasons": list(row.reasons),
    }
    assert row.duties[0] == BOOK.obligations["eu.ai_act.notify_commission"].duty.en
    assert len(row.reasons) > 1


def test_exactly_at_a_threshold_the_comparators_of_the_texts_differ() -> None:
    exactly = rows({**RUN, "training_compute": "1e26"})
    assert exactly["us_ca.sb53.frontier_developer"].passed is False
    assert exactly["us.eccn_4e091.operations"].passed is True
    assert exactly["us_ca.sb53.frontier_developer"].margin == "1"


@pytest.mark.parametrize(
    ("rule", "day", "binding"),
    [
        ("us_ca.sb53.frontier_developer", "2025-12-31", False),
        ("us_ca.sb53.frontier_developer", "2026-01-01", True),
        ("us.eccn_4e091.operations", "2026-06-30", False),
        ("us.nprm_702.run", "2026-06-30", False),
        ("us.eo_14110.model", "2026-06-30", False),
        ("eu.gpai_guidelines.indicative", "2026-06-30", False),
    ],
)
def test_only_a_law_that_is_enforced_on_the_day_binds(rule: str, day: str, binding: bool) -> None:
    assert rows(RUN, date.fromisoformat(day))[rule].binding is binding


def test_facts_that_are_missing_are_named_and_the_row_stays_open() -> None:
    bare = rows({"training_compute": "2e26"})["kthf.oversight.registration"]
    told = rows({"training_compute": "2e26", "operating_in_us": True})[bare.rule]
    assert (bare.passed, bare.needs) == (None, ("operating_in_us",))
    assert (told.passed, told.needs) == (True, ())
    assert bare.trigger == told.trigger


def test_clusters_and_customers_have_their_own_measures() -> None:
    rate = rows({"peak_rate": str(limit_of("kthf.oversight.cluster_verification.peak_rate"))})
    assert all(BOOK.thresholds[rule].subject == "cluster" for rule in rate)
    assert "kthf.oversight.cluster_verification" in rate
    used = rows({"compute_used": "1e27"})
    assert {BOOK.thresholds[rule].subject for rule in used} == {"customer", "group"}
    assert used["assess.kyc.compute_used"].passed is True
    together = rows({"compute_used": "1e27", "peak_rate": "1e18"})
    assert set(together) == set(rate) | set(used)


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({}, "facts"),
        ({"operating_in_us": True}, "facts"),
        ({"training_compute": "much"}, "training_compute"),
        ({"training_compute": None}, "training_compute"),
        ({"peak_rate": "1e18x"}, "peak_rate"),
    ],
)
def test_a_measure_that_is_no_figure_is_refused(facts: dict[str, Any], path: str) -> None:
    with pytest.raises(BadFactsError) as refused:
        rows(facts)
    assert list(refused.value.paths) == [path]


def test_a_negative_measure_is_refused() -> None:
    with pytest.raises(BadFactsError) as refused:
        rows({"training_compute": "-1"})
    assert list(refused.value.paths) == ["training_compute"]


def test_titles_and_duties_come_in_chinese() -> None:
    for rule, row in rows(RUN, language="zh").items():
        assert row.title == BOOK.thresholds[rule].title.zh
        assert row.title != rows(RUN)[rule].title
        duties = [BOOK.obligations[one].duty.zh for one in BOOK.thresholds[rule].obligations]
        assert list(row.duties) == duties

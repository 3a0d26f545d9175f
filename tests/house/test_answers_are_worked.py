"""Every question has worked cases of our own, and they reach all that its answer may say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from case_tables import table_cases
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.loading import shipped_book
from sluicegate.services.coverage import coverage
from sluicegate.services.questions import all_questions, find_question

RULES = Path(__file__).resolve().parents[1] / "rules"
BOOK = shipped_book()
LEAST = 3
"""Worked cases of our own that every question has."""
UNENFORCED = (
    *("acm_exception", "aia_exception_chips", "aia_exception_weights", "diffusion_rule_status"),
    *("lpp_exception", "nveu_headroom", "uveu_shares", "veu_fine_tuning", "weights_4e091"),
)
NEVER = {
    f"{name} answer: enforcement = enforced": "what the rule of 2025 added was never enforced"
    for name in UNENFORCED
}
"""Codes that no case can reach, each with why."""


def own_cases() -> list[Mapping[str, Any]]:
    paths = sorted(RULES.glob("*.yaml"))
    return [one for path in paths for one in read_cases(path.name, path.read_text("utf-8"))]


def test_every_question_and_threshold_rule_has_worked_cases_of_our_own() -> None:
    counts = Counter(str(case["question"]) for case in own_cases())
    few = {name: counts[name] for name in [*all_questions(), *BOOK.thresholds]}
    assert {name: count for name, count in few.items() if count < LEAST} == {}


def test_every_question_has_a_case_that_is_refused_or_nothing_to_refuse() -> None:
    """A question with conditions on its facts has a case for each of them."""
    refused = {
        (case["question"], path)
        for case in own_cases()
        for path in [case["expected"].get("error"), *case["expected"].get("errors", [])]
    }
    wanted = {
        (name, path)
        for name, question in all_questions().items()
        for path, _ in question.spec.bad_input
    }
    assert wanted - refused == set()


def test_the_cases_reach_every_code_reading_and_outcome_of_every_question() -> None:
    found = coverage(own_cases(), BOOK)
    untouched = {
        f"{item.about} {item.kind}: {item.name}"
        for part in found.parts
        if part.about in all_questions()
        for item in part.untouched
    }
    assert untouched - set(NEVER) == set()
    assert set(NEVER) - untouched == set(), "the explanation is stale"


def test_every_row_of_every_table_of_places_is_answered_as_it_says() -> None:
    wrong = [
        (found.id, found.expected, found.got)
        for case in table_cases()
        for found in run_case(case, lambda name: find_question(name, BOOK), BOOK)
    ]
    assert wrong == []

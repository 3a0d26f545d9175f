"""The hardest provisions and three whole areas, read a second time by another reader.

The cases were written from the texts alone, before the encoding was looked at.
One test per case; it fails with the field that came out otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.loading import shipped_book
from sluicegate.services.questions import find_question

CASES: list[Mapping[str, Any]] = [
    case
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for case in read_cases(path.name, path.read_text(encoding="utf-8"))
]
HARDEST = (
    *("licence_required", "licence_review", "country_allocation", "lpp_exception"),
    *("nac_aca_exception", "uveu_shares", "nveu_headroom", "weights_4e091"),
    *("ownership_50_percent", "iaas_training_report", "training_compute"),
)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return shipped_book()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_both_readings_agree(case: Mapping[str, Any], book: RuleBook) -> None:
    found = run_case(case, lambda name: find_question(name, book), book)
    assert [f"{one.field}: expected {one.expected!r}, got {one.got!r}" for one in found] == []


def test_every_case_has_its_own_id_and_says_why() -> None:
    repeated = [name for name, count in Counter(case["id"] for case in CASES).items() if count > 1]
    assert repeated == []
    assert [case["id"] for case in CASES if not (case["why"] and case["citation"])] == []


@pytest.mark.parametrize("question", HARDEST)
def test_a_hard_provision_has_fifteen_cases(question: str) -> None:
    assert sum(case["question"] == question for case in CASES) >= 15

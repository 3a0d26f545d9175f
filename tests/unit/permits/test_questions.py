"""Permission for clusters: the figure at its edge, sums and the largest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import flop_text
from sluicegate.permits import QUESTIONS
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
CASES = Path(__file__).parents[2] / "rules" / "compute_accounting.yaml"
OURS = [c for c in read_cases(CASES.name, CASES.read_text()) if c["question"] in BY_NAME]
FIGURE = "kthf.oversight.cluster_verification.peak_rate"


def governed(
    rates: list[int], *, linked: bool = False, fast: bool = True, book: RuleBook = BOOK
) -> Mapping[str, Any]:
    facts = {
        "clusters": [{"cluster": f"c-{i}", "rate": flop_text(r)} for i, r in enumerate(rates)],
        "high_speed_interconnect": fast,
        "linked_to_each_other": linked,
        "numeric_format": "bf16_dense",
    }
    question = BY_NAME["governor_requirement"]
    return ask(question, facts, as_of=date(2026, 3, 1), book=book).answer


@pytest.mark.parametrize("case", OURS, ids=lambda case: case["id"])
def test_worked_case(case: Mapping[str, Any]) -> None:
    assert run_case(case, BY_NAME.get, BOOK) == []


def test_the_figure_decides_exactly_at_its_value_and_moves_with_the_book() -> None:
    values = BOOK.parameter(FIGURE).values
    old = values[0].value
    assert isinstance(old, int)
    other = BOOK.with_values(FIGURE, [replace(values[0], value=3 * old)])
    for value, book in ((old, BOOK), (3 * old, other)):
        needed = [governed([value + step], book=book)["needed"] for step in (-1, 0, 1)]
        assert needed == [False, True, True]


RATES = st.lists(st.integers(0, 2 * 10**18), max_size=6)


@given(rates=RATES, linked=st.booleans(), fast=st.booleans())
def test_links_and_more_clusters_never_undo_the_need(
    rates: list[int], linked: bool, fast: bool
) -> None:
    got = governed(rates, linked=linked, fast=fast)
    assert got["judged_rate"] == (sum(rates) if linked else max(rates, default=0))
    assert got == governed(rates[::-1], linked=linked, fast=fast)
    assert governed([*rates, 10**17], linked=True, fast=fast)["needed"] >= got["needed"]
    assert not governed(rates, linked=linked, fast=False)["needed"]

"""Every change of the rule files is noticed by a case, a check, a property, or explained."""

from __future__ import annotations

import os
from collections import Counter

import pytest

import mutate_rules
import written_twice
from mutant_detectors import (
    Noticed,
    explanation_of,
    explanations,
    mutants,
    noticed_by,
    told_outcomes,
    worked_cases,
)
from rule_mutants import Changed, Mutant
from rule_properties import PROPERTIES
from sluicegate.rules.loading import shipped_book
from sluicegate.services.questions import all_questions
from writing import DOCS, stale

BOOK = shipped_book()
PART = 1 if os.environ.get("SLUICEGATE_LONG") == "1" else 5
"""One mutant in so many is tried; `make trust` tries all."""
SHARES = 4
"""Tests among which they are divided, so that workers share them."""


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_that_a_rule_file_says_can_change_unnoticed(share: int) -> None:
    drawn = mutate_rules.drawn(PART)[share::SHARES]
    assert drawn
    survivors = [one.id for one in drawn if noticed_by(one) is Noticed.NOTHING]
    assert survivors == [], "write a worked case, or explain why no answer can differ"


def test_the_page_has_the_figures_of_a_full_run_and_no_explanation_is_stale() -> None:
    if PART != 1:
        pytest.skip("a full run belongs to `make trust`")
    found = mutate_rules.results()
    explained = {explanation_of(one) for one, how in found.items() if how is Noticed.EXPLAINED}
    assert {one.pattern for one in explanations()} == explained
    assert stale({mutate_rules.PAGE: mutate_rules.page_of(found)}) == [], mutate_rules.COMMAND


def test_the_page_counts_every_change_of_every_kind() -> None:
    text = (DOCS / mutate_rules.PAGE).read_text(encoding="utf-8")
    counts = Counter(one.kind for one in mutants())
    missing = [
        f"| {kind.value} | {counts[kind]} |"
        for kind in Changed
        if f"| {kind.value} | {counts[kind]} |" not in text
    ]
    assert missing == [], mutate_rules.COMMAND


def test_every_explanation_is_of_some_mutant_and_gives_a_reason() -> None:
    patterns = [one.pattern for one in explanations()]
    assert len(set(patterns)) == len(patterns)
    assert {explanation_of(one) for one in mutants()} >= set(patterns)
    assert all(len(one.reason.split()) > 3 for one in explanations())


def test_mutants_have_ids_of_their_own_and_every_kind_is_tried() -> None:
    ids = [one.id for one in mutants()]
    assert len(set(ids)) == len(ids)
    assert {one.kind for one in mutants()} == set(Changed)
    assert {one.of for one in mutants()} >= set(BOOK.instruments)


def test_rules_that_are_as_they_were_are_noticed_by_nothing() -> None:
    """The detectors answer for the change, not for the looking."""
    limit = "eu.ai_act.systemic_risk.training_compute"
    same = Mutant("eu.ai_act", Changed.VALUE, "as it is", limit, book=lambda book: book)
    assert noticed_by(same) is Noticed.NOTHING
    name = "eu_systemic_risk"
    same = Mutant(name, Changed.OUTCOME, "as it is", name, question=lambda question: question)
    assert noticed_by(same) is Noticed.NOTHING


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__)
def test_the_shipped_rules_have_every_property(holds: mutate_rules.Property) -> None:
    assert [name for name in BOOK.instruments if not holds(BOOK, name)] == []


@pytest.mark.parametrize("instrument", sorted(BOOK.instruments))
def test_standing_duties_and_thresholds_are_as_they_were_written_a_second_time(
    instrument: str,
) -> None:
    assert written_twice.told(BOOK, instrument) == written_twice.written().get(instrument)


def test_the_second_writing_has_no_other_instrument() -> None:
    assert set(written_twice.written()) == set(BOOK.instruments)


@pytest.mark.parametrize("question", sorted(told_outcomes()))
def test_each_worked_case_comes_to_its_outcome(question: str) -> None:
    wanted = told_outcomes()[question]
    cases = {
        str(case.raw["id"]): case
        for case in worked_cases()
        if case.question == question and not case.is_row
    }
    found = {name: cases[name].outcome(BOOK) if name in cases else None for name in wanted}
    assert found == wanted, "tools/mutate_rules.py --write-twice; read the difference"


def test_every_outcome_of_every_question_is_held_by_a_case() -> None:
    missing = {
        name: set(range(1, len(question.spec.outcomes) + 1)) - set(told_outcomes()[name].values())
        for name, question in all_questions().items()
    }
    assert {name: numbers for name, numbers in missing.items() if numbers} == {}

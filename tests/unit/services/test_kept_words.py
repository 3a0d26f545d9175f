"""What was kept in English is read back by its template and told in Chinese."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sluicegate.core.phrases import Language, chinese_phrases
from sluicegate.core.problems import Problem
from sluicegate.rules.loading import shipped_book
from sluicegate.services.findings import Crossing
from sluicegate.services.kept_words import (
    TEMPLATES,
    calculation_text,
    in_language,
    message_text,
    problem_text,
    subject_name,
    way_out_text,
)
from sluicegate.services.obligations import obligations_of
from tiny_world import small_demo

ZH = Language.ZH


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_has_a_chinese_form(template: str) -> None:
    assert template in chinese_phrases()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Dunmere Labs: undeclared run of 2026-03-01", "Dunmere Labs：2026-03-01 开始的未申报运行"),
        ("A: b: undeclared run of 2026-03-01", "A: b：2026-03-01 开始的未申报运行"),
        ("Dunmere Labs: syn-r-1", "Dunmere Labs: syn-r-1"),
        ("undeclared run of yesterday", "undeclared run of yesterday"),
    ],
)
def test_a_kept_name_is_told_in_chinese(name: str, told: str) -> None:
    assert subject_name(name, ZH) == told
    assert subject_name(name, Language.EN) == name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("continuous, from 2026-03-01", "自2026-03-01起持续"),
        ("no period; from quarter end", "无固定期限；自季度末起"),
        ("no period; before training", "无固定期限；训练之前"),
        ("15 days from quarter end, 2026-03-31", "自季度末起15日，自2026-03-31起算"),
        (
            "1 week from discovery, which has not been entered",
            "自发现起1周，该事件尚未登记",
        ),
    ],
)
def test_a_kept_calculation_is_told_in_chinese(text: str, told: str) -> None:
    assert calculation_text(text, ZH) == told


def test_every_calculation_of_a_pass_is_read_back() -> None:
    """What the code writes today fits a template; so does all that it wrote before."""
    _, run = small_demo()
    kept = {one.calculation for one in run.passed.assessment.obligations}
    assert len(kept) > 5
    assert {one for one in kept if calculation_text(one, ZH) == one} == set()


def test_every_duty_of_the_rules_is_counted_in_words_that_are_read_back() -> None:
    _, run = small_demo()
    book = shipped_book()
    finding = run.passed.assessment.findings[0]
    ahead = replace(finding, crossing=Crossing(projected=date(2027, 1, 1)))
    for one in (finding, ahead):
        for owed in obligations_of(one, tuple(book.obligations), book):
            assert calculation_text(owed.calculation, ZH) != owed.calculation, owed.calculation


def test_every_problem_of_the_demo_is_told_in_chinese() -> None:
    _, run = small_demo()
    files = [file for result in run.intake for file in result.files]
    problems: list[Problem] = [one for file in files for one in file.problems]
    assert len(problems) >= 3
    for one in problems:
        assert problem_text(one.problem, ZH) != one.problem, one.problem
        assert way_out_text(one.way_out, ZH) != one.way_out, one.way_out
    for file in files:
        assert message_text(file.message, ZH) != file.message, file.message


def test_what_nobody_wrote_so_stays_as_it_is() -> None:
    assert problem_text("smells of fish", ZH) == "smells of fish"
    assert way_out_text("sing", ZH) == "sing"


def test_a_document_is_told_with_its_names_and_counts() -> None:
    kept = {
        "title": "A: undeclared run of 2026-03-01",
        "subject_name": "A: undeclared run of 2026-03-01",
        "calculation": "continuous, from 2026-03-01",
        "reference": "continuous, from 2026-03-01",
        "due": None,
    }
    told = in_language(kept, ZH)
    assert told["title"] == told["subject_name"] == "A：2026-03-01 开始的未申报运行"
    assert told["calculation"] == "自2026-03-01起持续"
    assert told["reference"] == kept["reference"]
    assert in_language(kept, Language.EN) == kept

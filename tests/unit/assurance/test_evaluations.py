"""Evaluations: evidence of an assessment, access of a method, results side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.assurance import QUESTIONS
from sluicegate.core.phrases import Language
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
DAY = date(2025, 1, 1)
EVIDENCE = {
    "linked_to_thresholds": "actionable",
    "methods_disclosed": "transparent",
    "multiple_methods": "comprehensive",
    "stakeholders_consulted": "multistakeholder",
    "replication_documentation": "reproducible",
}
ACCESS = ("none", "api", "api_pre_deployment", "safeguards_off", "fine_tuning", "white_box")
CONDITIONS = ("participants", "baseline", "tools_and_sandbox")
METHODS = {
    "automated_capability_assessment": {"api"},
    "expert_red_teaming": {"api"},
    "human_uplift_study": {"api", "participants", "baseline"},
    "agent_evaluation": {"api", "tools_and_sandbox"},
    "fine_tuned_elicitation": {"fine_tuning"},
    "white_box_analysis": {"white_box"},
}
TEXTS = st.sampled_from(["a", "b", "A", " a", "", "水"])
RESULTS = st.fixed_dictionaries(
    {
        "model_build": TEXTS,
        "access": st.sampled_from(ACCESS[1:]),
        "language": TEXTS,
        "scorer": TEXTS,
    },
    optional={name: st.none() | TEXTS for name in ("task_version", "prompts", "sampling")},
)


def asked(name: str, facts: Mapping[str, Any], day: date = DAY, book: RuleBook = BOOK) -> Asked:
    return ask(BY_NAME[name], facts, as_of=day, book=book)


def gaps(flags: Mapping[str, bool], interval: int | None, day: date = DAY) -> set[str]:
    facts = {**flags, "review_interval_days": interval}
    return set(asked("risk_assessment_gaps", facts, day).answer["missing"])


def missing(method: str, access: str, *conditions: str) -> set[str]:
    facts = {"method": method, "access": access, **dict.fromkeys(conditions, True)}
    answer = asked("evaluation_feasibility", facts).answer
    assert answer["feasible"] is (not answer["missing"])
    return set(answer["missing"])


def compared(left: Mapping[str, Any], right: Mapping[str, Any]) -> Mapping[str, Any]:
    return asked("result_comparability", {"result_a": left, "result_b": right}).answer


@given(
    flags=st.fixed_dictionaries(dict.fromkeys(EVIDENCE, st.booleans())),
    interval=st.none() | st.integers(1, 10**6),
    day=st.dates(date(2020, 1, 1), date(2031, 1, 1)),
)
def test_an_aspect_is_missing_exactly_when_its_fact_is_absent(
    flags: dict[str, bool], interval: int | None, day: date
) -> None:
    expected = {EVIDENCE[fact] for fact, is_true in flags.items() if not is_true}
    assert gaps(flags, interval, day) == expected | ({"iterative"} if interval is None else set())


@pytest.mark.parametrize("interval", [0, -1, True, "90"])
def test_an_interval_is_a_whole_number_of_days_from_one(interval: Any) -> None:
    with pytest.raises(BadFactsError) as refused:
        gaps(dict.fromkeys(EVIDENCE, True), interval)
    assert refused.value.paths == ["review_interval_days"]


def test_an_answer_says_when_the_statement_was_not_public_yet() -> None:
    facts = {**dict.fromkeys(EVIDENCE, True), "review_interval_days": 1}
    said = {
        day: " ".join(map(str, asked("risk_assessment_gaps", facts, day).reasons))
        for day in (date(2024, 11, 19), date(2024, 11, 20))
    }
    assert ["not public yet" in text for text in said.values()] == [True, False]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("access", ACCESS)
def test_a_method_needs_its_step_of_access_and_its_conditions(method: str, access: str) -> None:
    granted = set(ACCESS[1 : ACCESS.index(access) + 1])
    assert missing(method, access) == METHODS[method] - granted
    assert missing(method, access, *CONDITIONS) == METHODS[method] - granted - set(CONDITIONS)


@given(
    method=st.sampled_from(list(METHODS)),
    steps=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    conditions=st.sets(st.sampled_from(CONDITIONS)),
    more=st.sets(st.sampled_from(CONDITIONS)),
)
def test_more_access_and_more_conditions_never_stand_in_the_way(
    method: str, steps: tuple[int, int], conditions: set[str], more: set[str]
) -> None:
    low, high = sorted(steps)
    assert missing(method, ACCESS[high], *conditions, *more) <= missing(
        method, ACCESS[low], *conditions
    )


def test_the_needs_of_a_method_and_the_ladder_come_from_the_book() -> None:
    ladder = BOOK.parameter("aisi.evaluation_access.ladder").first().value
    assert ladder == ACCESS[1:]
    for method, needs in METHODS.items():
        parameter = BOOK.parameter(f"aisi.evaluation_access.needs.{method}")
        assert set(parameter.first().value) == needs  # type: ignore[arg-type]


@given(left=RESULTS, right=RESULTS)
def test_comparing_is_symmetric_and_a_part_is_unrecorded_or_different_never_both(
    left: dict[str, Any], right: dict[str, Any]
) -> None:
    there, back = compared(left, right), compared(right, left)
    assert there == back
    assert not set(there["unrecorded"]) & set(there["differences"])
    assert there["comparable"] is not bool(there["unrecorded"] or there["differences"])
    assert there["certification"] is False
    for part in there["unrecorded"]:
        assert left.get(part) is None or right.get(part) is None
    for part in there["differences"]:
        assert left[part] != right[part]


@given(result=RESULTS)
def test_a_result_differs_from_itself_in_nothing(result: dict[str, Any]) -> None:
    answer = compared(result, result)
    assert answer["differences"] == []
    recorded = {name for name, value in result.items() if value is not None}
    assert set(answer["unrecorded"]) == {"task_version", "prompts", "sampling"} - recorded


def test_an_empty_text_is_recorded_and_case_counts() -> None:
    full = {"model_build": "b", "access": "api", "language": "en", "scorer": "s"}
    whole = {**full, "task_version": "", "prompts": "", "sampling": ""}
    assert compared(whole, whole)["comparable"] is True
    assert compared(whole, {**whole, "language": "EN"})["differences"] == ["language"]


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "risk_assessment_gaps",
            {**dict.fromkeys(EVIDENCE, False), "review_interval_days": None},
        ),
        ("evaluation_feasibility", {"method": "agent_evaluation", "access": "none"}),
        (
            "result_comparability",
            {
                "result_a": {"model_build": "a", "access": "api", "language": "l", "scorer": "s"},
                "result_b": {"model_build": "b", "access": "api", "language": "l", "scorer": "s"},
            },
        ),
    ],
)
def test_an_answer_can_be_read_in_chinese(name: str, facts: Mapping[str, Any]) -> None:
    answer = asked(name, facts)
    for sentence in (answer.outcome, *answer.reasons):
        text = sentence.text(Language.ZH)
        assert text.endswith("。")
        assert "{" not in text
        assert text != sentence.text(Language.EN)

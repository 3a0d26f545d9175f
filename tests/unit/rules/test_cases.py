"""Worked cases: what counts as equal, by the type of the answer's field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rule_text import spec_of
from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import CaseFileError, matches, read_cases, run_cases
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law
from sluicegate.rules.questions import Question

EQUAL: list[tuple[str, Any, Any]] = [
    ("number", Decimal("1.0049"), Decimal("1")),
    ("number", 1000, 1005),
    ("share", Decimal("0.333"), Decimal("0.3339")),
    ("flop", "1.31e26", "131000000000000000000000001"),
    ("flop", "100001", "100002"),
    ("flop_per_second", "1e20", "100000000000000000000"),
    ("tpp", 4800, 4800),
    ("tpp", Decimal("4800.0000001"), 4800),
    ("integer", 3, 3),
    ("boolean", False, False),
    ("datetime", "2026-01-01T00:00:00+01:00", "2025-12-31T23:00:00Z"),
    ("list[integer]", [1, 2, 2], [2, 1, 2]),
    ("list[enum]", ["a", "a", "b"], ["b", "a"]),
    ("list[string]", ["a", "b"], ["b", "a"]),
    ("list[number]", [1000, 1], [1, 1005]),
    ("map[string,flop]", {"a": "1e3"}, {"a": "1000"}),
    ("map[integer,share]", {2024: Decimal("0.5")}, {"2024": Decimal("0.5")}),
    ("date", None, None),
    ("flop", 0, "0"),
]
DIFFERENT: list[tuple[str, Any, Any]] = [
    ("number", Decimal("1.0051"), Decimal("1.0105")),
    ("number", 0, Decimal("0.0001")),
    ("share", 0, Decimal("0.0005")),
    ("share", Decimal("0.333"), Decimal("0.3341")),
    ("flop", "100000", "100002"),
    ("flop", 0, "1"),
    ("flop", "x", "1"),
    ("tpp", Decimal("4800.000001"), 4800),
    ("integer", 1, True),
    ("boolean", True, 1),
    ("boolean", False, 0),
    ("string", "a", "A"),
    ("integer", 3, "3"),
    ("date", None, "2026-01-01"),
    ("date", "2026-01-01", None),
    ("datetime", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00Z"),
    ("list[integer]", [1, 2], [1, 2, 2]),
    ("list[integer]", [1, 1, 2], [1, 2, 2]),
    ("list[string]", "a", ["a"]),
    ("list[enum]", ["a"], ["a", "b"]),
    ("map[string,flop]", {"a": "1"}, {"a": "1", "b": "1"}),
    ("map[string,flop]", {"a": "1"}, {"b": "1"}),
]


@pytest.mark.parametrize(
    ("kind", "expected", "got", "equal"),
    [(*one, True) for one in EQUAL] + [(*one, False) for one in DIFFERENT],
)
def test_equality_goes_by_the_type(kind: str, expected: Any, got: Any, *, equal: bool) -> None:
    (spec,) = spec_of({}, {"field": {"type": kind, "nullable": True}}).answer
    assert matches(spec, spec.shape, expected, got) is equal


def test_a_record_is_compared_part_by_part() -> None:
    parts = {"a": {"type": "share", "meaning": "A"}, "b": {"type": "string", "meaning": "B"}}
    (spec,) = spec_of({}, {"rows": {"type": "list[record]", "fields": parts}}).answer
    rows = [{"a": Decimal("0.5"), "b": "x"}, {"a": 1, "b": "y"}]
    assert matches(spec, spec.shape, rows[::-1], rows)
    assert matches(spec, spec.shape, [{"b": "y"}, {"b": "x"}], rows)
    assert not matches(spec, spec.shape, [{"b": "y"}, {"b": "y"}], rows)


SPEC = spec_of(
    {"amount": {"type": "integer", "required": True}, "x": {"type": "integer", "default": 1}},
    {"twice": {"type": "integer"}},
    readings={"counting": ["all", "new"]},
)


def _refuse(facts: Facts, law: Law) -> list[BadFact]:
    return [] if facts.amount("amount") else [BadFact("amount", "is zero")]


TOY = Question(
    SPEC,
    lambda facts, law: Answer({"twice": 2 * facts.amount("amount")}, [say("Doubled.")]),
    _refuse,
)


def failures(**case: Any) -> list[tuple[str, Any, Any]]:
    """Return (field, expected, got) of a case of the toy question."""
    whole = {"id": "T-1", "question": "toy", "as_of": "2026-01-01", "facts": {"amount": 2}, **case}
    tested = run_cases([whole], {"toy": TOY}.get, RuleBook.of([]))
    assert tested.passed == (not tested.failed)
    assert [row["id"] for row in tested.as_json()["failed"]] == ["T-1"] * len(tested.failed)
    return [(one.field, one.expected, one.got) for one in tested.failed]


def test_only_what_is_expected_is_checked() -> None:
    assert failures(expected={}) == []
    assert failures(expected={"twice": 4}) == []
    assert failures(expected={"twice": 5}) == [("twice", 5, 4)]
    assert failures(expected={"thrice": 6}) == [("thrice", 6, None)]


def test_the_echo_of_readings_is_checked() -> None:
    assert failures(expected={"readings": {"counting": "all"}}) == []
    assert failures(expected={"readings": {"counting": "new"}}, readings={"counting": "new"}) == []
    assert len(failures(expected={"readings": {"counting": "new"}})) == 1
    assert len(failures(expected={"readings": {"colour": "red"}})) == 1


def test_a_refusal_is_compared_by_its_first_and_by_all_its_paths() -> None:
    bad = {"amount": "2", "x": "1"}
    assert failures(facts=bad, expected={"error": "amount"}) == []
    assert failures(facts=bad, expected={"errors": ["x", "amount"]}) == []
    assert failures(facts=bad, expected={"error": "x"}) == [("error", "x", "amount")]
    assert failures(facts=bad, expected={"errors": ["x"]}) == [("errors", ["x"], ["amount", "x"])]
    assert failures(facts={"amount": 0}, expected={"error": "amount"}) == []


def test_a_refusal_where_an_answer_was_expected_fails_and_the_reverse() -> None:
    assert [one[0] for one in failures(facts={}, expected={"twice": 4})] == ["twice"]
    assert failures(expected={"error": "amount"}) == [("error", "amount", None)]
    assert failures(expected={"errors": ["amount"]}) == [("errors", ["amount"], None)]


def test_a_question_that_is_not_there_fails_with_that_field() -> None:
    assert failures(question="tomorrow", expected={"twice": 4}) == [("question", "tomorrow", None)]
    assert failures(question="tomorrow", expected={"error": "question"}) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- id: a", "cases.yaml: case 1: question is missing"),
        ("- 7", "cases.yaml: case 1: id is missing"),
        ("{id: a}", "is no list of cases"),
        ("", "is no list of cases"),
        ("- id: a\n  id: b", "cases.yaml:2: key 'id' stands twice"),
        ("- [", "cases.yaml:"),
    ],
)
def test_a_file_that_holds_no_cases_says_where(text: str, problem: str) -> None:
    with pytest.raises(CaseFileError, match=problem.replace("(", r"\(")):
        read_cases("cases.yaml", text)
